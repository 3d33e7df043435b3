//! A healthy account to start from, and the one function that tests of checks go through.

pub(crate) mod logs;

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use leastwise_iam::{Arn, Partition};
use leastwise_model::{
    AccessKey, Account, AccountStatus, AccountSummary, AlternateContacts, Attachment, CentralRoot, Contact,
    CredentialSource, Credentials, Finding, Group, InlinePolicy, Known, ManagedPolicy, Missing, Organization,
    OrganizationAccount, Owner, Password, PasswordPolicy, PolicyText, PrincipalPolicies, Reason, Role,
    RootCredentials, SCHEMA_VERSION, Snapshot, Status, Usage, User, UserDetails,
};

use crate::{Check, Config, Selection, assess};

/// How long ago [`user()`] was created.
pub(crate) const USER_AGE_DAYS: i64 = 400;

/// A document that allows everything.
pub(crate) const ADMIN: &str = r#"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;

pub(crate) fn now() -> Timestamp {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

pub(crate) fn days_ago(days: i64) -> Timestamp {
    now() - SignedDuration::from_hours(24 * days)
}

pub(crate) fn missing() -> Missing {
    Missing::new(Reason::AccessDenied, "refused")
}

/// An account without users, groups, roles and policies that is as it should be.
pub(crate) fn account() -> Account {
    let contact =
        || Contact { name: "Security".to_owned(), role: None, email: Some("s@example.com".to_owned()) };
    Account {
        primary_contact: Known::Known(Some(contact())),
        alternate_contacts: AlternateContacts {
            billing: Known::Known(Some(contact())),
            operations: Known::Known(Some(contact())),
            security: Known::Known(Some(contact())),
        },
        summary: Known::Known(AccountSummary {
            root_mfa_enabled: Known::Known(true),
            root_access_keys_present: Known::Known(false),
            root_password_present: Known::Known(true),
            counts: BTreeMap::new(),
        }),
        credential_report: Known::Known(Some(now())),
        root: Known::Known(RootCredentials {
            password_last_used: Known::Known(None),
            mfa_active: Known::Known(true),
            access_keys: Known::Known(Vec::new()),
        }),
        virtual_mfa_devices: Known::Known(Vec::new()),
        password_policy: Known::Known(Some(strong_password_policy())),
        saml_providers: Known::Known(Vec::new()),
        oidc_providers: Known::Known(Vec::new()),
        server_certificates: Known::Known(Vec::new()),
        users: Known::Known(Vec::new()),
        groups: Known::Known(Vec::new()),
        roles: Known::Known(Vec::new()),
        policies: Known::Known(Vec::new()),
        last_accessed: Known::Known(BTreeMap::new()),
        resources: leastwise_model::Resources::not_requested(),
        ..Account::unread("123456789012".parse().unwrap(), Partition::Aws, &missing())
    }
}

fn strong_password_policy() -> PasswordPolicy {
    PasswordPolicy {
        minimum_length: 14,
        require_uppercase: true,
        require_lowercase: true,
        require_numbers: true,
        require_symbols: true,
        allow_users_to_change: true,
        max_age_days: Some(90),
        reuse_prevention: Some(24),
        hard_expiry: false,
    }
}

/// A snapshot of one standalone account.
pub(crate) fn snapshot(account: Account) -> Snapshot {
    Snapshot {
        schema_version: SCHEMA_VERSION,
        collected_at: now(),
        organization: Known::Known(None),
        unlisted: None,
        skipped: Vec::new(),
        notices: Vec::new(),
        accounts: vec![account],
    }
}

pub(crate) fn organization(id: &str, accounts: &[&str]) -> Organization {
    let member = |id: &&str| OrganizationAccount {
        id: id.parse().unwrap(),
        name: (*id).to_owned(),
        email: format!("{id}@example.com"),
        status: AccountStatus::Active,
        parent: Known::Unknown(missing()),
    };
    Organization {
        id: id.to_owned(),
        management_account: accounts[0].parse().unwrap(),
        feature_set: "ALL".to_owned(),
        accounts: Known::Known(accounts.iter().map(member).collect()),
        units: Known::Known(Vec::new()),
        policies: Known::Known(Vec::new()),
        delegated_administrators: Known::Known(Vec::new()),
        central_root: Known::Known(CentralRoot { credentials_managed: false, sessions: false }),
    }
}

/// A member of `staff` with a used console password, MFA, no keys and no policies of its own.
pub(crate) fn user(name: &str) -> User {
    User {
        name: name.to_owned(),
        arn: format!("arn:aws:iam::123456789012:user/{name}").parse().unwrap(),
        created: days_ago(USER_AGE_DAYS),
        details: Known::Known(UserDetails {
            id: "AIDA".to_owned(),
            groups: vec!["staff".to_owned()],
            policies: PrincipalPolicies::default(),
            boundary: None,
            tags: BTreeMap::new(),
        }),
        credentials: Known::Known(Credentials {
            source: CredentialSource::Report(now()),
            password: Known::Known(Some(Password {
                last_used: Known::Known(Some(days_ago(1))),
                last_changed: Known::Known(Some(days_ago(30))),
            })),
            mfa_active: Known::Known(true),
            access_keys: Known::Known(Vec::new()),
        }),
    }
}

/// An active key that was created so many days ago and never used.
pub(crate) fn key(slot: u8, age_days: i64) -> AccessKey {
    AccessKey {
        slot,
        id: None,
        active: true,
        created: Known::Known(days_ago(age_days)),
        last_used: Known::Known(None),
    }
}

pub(crate) fn group(name: &str) -> Group {
    Group {
        name: name.to_owned(),
        arn: format!("arn:aws:iam::123456789012:group/{name}").parse().unwrap(),
        id: "AGPA".to_owned(),
        created: days_ago(USER_AGE_DAYS),
        policies: PrincipalPolicies::default(),
    }
}

pub(crate) fn role(arn: &str, trust: &str) -> Role {
    let arn: Arn = arn.parse().unwrap();
    Role {
        name: arn.name().to_owned(),
        id: "AROA".to_owned(),
        owner: Owner::of_role(&arn),
        created: days_ago(USER_AGE_DAYS),
        trust: Known::Known(PolicyText::new(trust)),
        policies: PrincipalPolicies::default(),
        boundary: None,
        last_used: None,
        instance_profiles: Vec::new(),
        tags: BTreeMap::new(),
        arn,
    }
}

/// A customer-managed policy that is attached to one principal.
pub(crate) fn managed(name: &str, document: &str) -> ManagedPolicy {
    ManagedPolicy {
        name: name.to_owned(),
        arn: format!("arn:aws:iam::123456789012:policy/{name}").parse().unwrap(),
        id: "ANPA".to_owned(),
        attachments: 1,
        boundary_uses: 0,
        created: days_ago(USER_AGE_DAYS),
        default_version: "v1".to_owned(),
        versions: 1,
        document: Known::Known(PolicyText::new(document)),
    }
}

fn known<T>(known: &mut Known<T>) -> &mut T {
    match known {
        Known::Known(value) => value,
        Known::Unknown(missing) => panic!("the fixture lacks it: {missing}"),
    }
}

pub(crate) fn summary(account: &mut Account) -> &mut AccountSummary {
    known(&mut account.summary)
}

pub(crate) fn root(account: &mut Account) -> &mut RootCredentials {
    known(&mut account.root)
}

pub(crate) fn password_policy(account: &mut Account) -> &mut PasswordPolicy {
    known(&mut account.password_policy).as_mut().unwrap()
}

pub(crate) fn credentials(user: &mut User) -> &mut Credentials {
    known(&mut user.credentials)
}

pub(crate) fn details(user: &mut User) -> &mut UserDetails {
    known(&mut user.details)
}

pub(crate) fn attach_to(policies: &mut PrincipalPolicies, arn: &str) {
    let arn: Arn = arn.parse().unwrap();
    policies.attached.push(Attachment { name: arn.name().to_owned(), arn });
}

pub(crate) fn attach(user: &mut User, arn: &str) {
    attach_to(&mut details(user).policies, arn);
}

fn embed_to(policies: &mut PrincipalPolicies, name: &str, document: &str) {
    let document = Known::Known(PolicyText::new(document));
    policies.inline.push(InlinePolicy { name: name.to_owned(), document });
}

pub(crate) fn embed(user: &mut User, name: &str, document: &str) {
    embed_to(&mut details(user).policies, name, document);
}

pub(crate) fn embed_in_role(role: &mut Role, name: &str, document: &str) {
    embed_to(&mut role.policies, name, document);
}

/// The verdicts of one check on one account, with the default configuration.
pub(crate) fn expect(check: &Check, account: &Account, expected: &[(&str, Status)]) {
    expect_in(check, &snapshot(account.clone()), &Config::default(), expected);
}

/// The verdicts of one check on a snapshot.
pub(crate) fn expect_in(check: &Check, snapshot: &Snapshot, config: &Config, expected: &[(&str, Status)]) {
    let selection = Selection { checks: [check.id.to_owned()].into(), ..Selection::default() };
    let assessment = assess(snapshot, None, config, &selection, now());
    let verdicts: Vec<(String, Status)> =
        assessment.findings.iter().map(|finding| (finding.subject.to_string(), finding.status)).collect();
    let expected: Vec<(String, Status)> =
        expected.iter().map(|(subject, status)| ((*subject).to_owned(), *status)).collect();
    assert_eq!(verdicts, expected, "{:#?}", assessment.findings);
}

/// Subject, status and evidence of one check on one account, joined with logs.
pub(crate) fn judge(
    check: &Check,
    account: &Account,
    usage: Option<&Usage>,
) -> Vec<(String, Status, String)> {
    let selection = Selection { checks: [check.id.to_owned()].into(), ..Selection::default() };
    let assessment = assess(&snapshot(account.clone()), usage, &Config::default(), &selection, now());
    let row = |finding: Finding| (finding.subject.to_string(), finding.status, finding.evidence.into_owned());
    assessment.findings.into_iter().map(row).collect()
}
