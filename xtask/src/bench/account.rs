//! A large made-up account, always the same.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use jiff::{SignedDuration, Timestamp};
use leastwise_iam::{AccountId, Arn, Partition};
use leastwise_model::{
    AccessKey, Account, Attachment, CredentialSource, Credentials, Group, InlinePolicy, Known, ManagedPolicy,
    Missing, Owner, Password, PolicyText, PrincipalPolicies, Role, SCHEMA_VERSION, Snapshot, User,
    UserDetails,
};

const GROUPS: usize = 40;

/// A snapshot of one account with so many users, roles and customer-managed policies.
pub(crate) fn snapshot(users: usize, roles: usize, policies: usize) -> Result<Snapshot> {
    let plan = Plan { account: "123456789012".parse()?, now: "2026-03-01T00:00:00Z".parse()?, policies };
    let unread =
        Account::unread(plan.account, Partition::Aws, &Missing::not_collected("not in this measurement"));
    let account = Account {
        credential_report: Known::Known(Some(plan.now)),
        users: Known::Known((0..users).map(|n| plan.user(n)).collect::<Result<_>>()?),
        groups: Known::Known((0..GROUPS).map(|n| plan.group(n)).collect::<Result<_>>()?),
        roles: Known::Known((0..roles).map(|n| plan.role(n)).collect::<Result<_>>()?),
        policies: Known::Known((0..policies).map(|n| plan.policy(n)).collect::<Result<_>>()?),
        ..unread
    };
    Ok(Snapshot {
        schema_version: SCHEMA_VERSION,
        collected_at: plan.now,
        organization: Known::Known(None),
        unlisted: None,
        skipped: Vec::new(),
        notices: Vec::new(),
        accounts: vec![account],
    })
}

struct Plan {
    account: AccountId,
    now: Timestamp,
    policies: usize,
}

impl Plan {
    fn arn(&self, kind: &str, name: &str) -> Arn {
        Arn::iam(Partition::Aws, self.account, &format!("{kind}/{name}"))
    }

    fn ago(&self, days: usize) -> Result<Timestamp> {
        let hours = i64::try_from(days).context("too many days")? * 24;
        Ok(self.now.checked_sub(SignedDuration::from_hours(hours))?)
    }

    fn user(&self, n: usize) -> Result<User> {
        let name = format!("user-{n:05}");
        let password = Password {
            last_used: Known::Known(if n.is_multiple_of(5) { None } else { Some(self.ago(n % 90)?) }),
            last_changed: Known::Known(Some(self.ago(n % 200)?)),
        };
        Ok(User {
            arn: self.arn("user", &name),
            created: self.ago(400 + n % 300)?,
            details: Known::Known(UserDetails {
                id: format!("AIDA{n:017}"),
                groups: vec![format!("group-{:02}", n % GROUPS)],
                policies: self.principal_policies(n, n.is_multiple_of(20)),
                boundary: None,
                tags: BTreeMap::from([("team".to_owned(), format!("team-{}", n % 30))]),
            }),
            credentials: Known::Known(Credentials {
                source: CredentialSource::Report(self.now),
                password: Known::Known(n.is_multiple_of(2).then_some(password)),
                mfa_active: Known::Known(!n.is_multiple_of(7)),
                access_keys: Known::Known((1..=n % 3).map(|slot| self.key(n, slot)).collect::<Result<_>>()?),
            }),
            name,
        })
    }

    fn key(&self, n: usize, slot: usize) -> Result<AccessKey> {
        Ok(AccessKey {
            slot: u8::try_from(slot)?,
            id: None,
            active: !n.is_multiple_of(11),
            created: Known::Known(self.ago(n % 180)?),
            last_used: Known::Known(Some(self.ago(n % 60)?)),
        })
    }

    fn group(&self, n: usize) -> Result<Group> {
        let name = format!("group-{n:02}");
        Ok(Group {
            arn: self.arn("group", &name),
            id: format!("AGPA{n:017}"),
            created: self.ago(700)?,
            policies: self.principal_policies(n, true),
            name,
        })
    }

    fn role(&self, n: usize) -> Result<Role> {
        let name = format!("role-{n:05}");
        let arn = self.arn("role", &name);
        let trust = format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"Service":"ecs-tasks.amazonaws.com","AWS":"arn:aws:iam::{}:role/role-{:05}"}},"Action":"sts:AssumeRole","Condition":{{"StringEquals":{{"aws:ResourceTag/team":"team-{}"}}}}}}]}}"#,
            self.account,
            n / 2,
            n % 30
        );
        Ok(Role {
            id: format!("AROA{n:017}"),
            owner: Owner::of_role(&arn),
            created: self.ago(500)?,
            trust: Known::Known(PolicyText::new(&trust)),
            policies: self.principal_policies(n, true),
            boundary: None,
            last_used: None,
            instance_profiles: Vec::new(),
            tags: BTreeMap::new(),
            arn,
            name,
        })
    }

    fn policy(&self, n: usize) -> Result<ManagedPolicy> {
        let name = format!("policy-{n:05}");
        Ok(ManagedPolicy {
            arn: self.arn("policy", &name),
            id: format!("ANPA{n:017}"),
            attachments: 3,
            boundary_uses: 0,
            created: self.ago(500)?,
            default_version: "v2".to_owned(),
            versions: 2,
            document: Known::Known(PolicyText::new(&document(n))),
            name,
        })
    }

    fn principal_policies(&self, n: usize, attached: bool) -> PrincipalPolicies {
        let name = format!("policy-{:05}", n % self.policies.max(1));
        let inline =
            InlinePolicy { name: "own".to_owned(), document: Known::Known(PolicyText::new(&document(n))) };
        PrincipalPolicies {
            attached: if attached {
                vec![Attachment { arn: self.arn("policy", &name), name }]
            } else {
                Vec::new()
            },
            inline: if n.is_multiple_of(10) { vec![inline] } else { Vec::new() },
        }
    }
}

/// About 900 bytes of policy; every hundredth allows everything.
fn document(n: usize) -> String {
    let action = if n % 100 == 99 { "*" } else { "s3:GetObject" };
    let statements: Vec<String> = (0..5)
        .map(|i| {
            format!(
                r#"{{"Sid":"Part{i}","Effect":"Allow","Action":["{action}","s3:ListBucket","dynamodb:Query"],"Resource":["arn:aws:s3:::bucket-{n}-{i}/*","arn:aws:dynamodb:*:*:table/app-{n}"]}}"#
            )
        })
        .collect();
    format!(r#"{{"Version":"2012-10-17","Statement":[{}]}}"#, statements.join(","))
}
