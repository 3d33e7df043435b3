use leastwise_model::{Missing, PrincipalPolicies, Reason, ServiceUse, Severity};

use crate::check::check;
use crate::evidence::Logs;
use crate::grants::Services;
use crate::time::days_between;
use crate::{Context, Judge, Judged, PrincipalOf, Verdict};

check! {
    /// ## What it checks
    /// Every service that a principal may use was used within `thresholds.unused_service_days` (BP-01), by AWS's
    /// last-accessed data. That data takes a while to read, so it is read with `--last-accessed` only. Without it, logs
    /// decide where they are given with `--trail` and cover that time: a service of which the policies of a principal, and
    /// those of its groups, allow an action, and which it is not seen to use, is unused; for a group, what its members
    /// use counts. Whether a service with data events is unused can be told only if the logs hold data events of it.
    /// Without either the check does not apply, unless it is asked for by name: then the answer is unknown.
    /// ## Why it matters
    /// Permission that nobody uses serves only an intruder.
    /// ## How to fix
    /// Take the services out of the principal's policies.
    pub static IAM_UNUSED_SERVICES = {
        id: "iam-unused-services", title: "a principal uses the services it may use",
        severity: Severity::Low, judge: Judge::Principal(iam_unused_services),
    }
}

const SHOWN: usize = 8;

fn iam_unused_services(principal: &PrincipalOf<'_>, context: &Context<'_>) -> Judged {
    let arn = match principal {
        PrincipalOf::User(user) => &user.arn,
        PrincipalOf::Group(group) => &group.arn,
        PrincipalOf::Role(role) => &role.arn,
    };
    let last_accessed = &context.account.last_accessed;
    if let Some(missing) = last_accessed.missing().filter(|missing| missing.reason == Reason::NotRequested) {
        return match context.logs() {
            Ok(logs) => by_logs(principal, logs, context),
            Err(_) => not_read(missing, context),
        };
    }
    let Some(services) = last_accessed.get()?.get(arn) else {
        return Err(Missing::not_collected("no last-accessed data for this principal"));
    };
    let services = services.get()?;
    let mut unused: Vec<&str> = Vec::new();
    for service in services {
        if is_unused(service, context)? {
            unused.push(&service.service);
        }
    }
    if unused.is_empty() {
        return Verdict::pass("every service it may use is used");
    }
    if unused.len() == services.len() {
        return Verdict::fail(format!("none of the {} services it may use is used", services.len()));
    }
    Verdict::fail(format!("{} of {} services are not used: {}", unused.len(), services.len(), names(&unused)))
}

/// The first names of a list.
fn names(services: &[&str]) -> String {
    let shown = services.iter().take(SHOWN).copied().collect::<Vec<_>>().join(", ");
    let more = if services.len() > SHOWN { ", …" } else { "" };
    format!("{shown}{more}")
}

/// What the logs say of the services that the policies allow.
fn by_logs(principal: &PrincipalOf<'_>, logs: Logs<'_>, context: &Context<'_>) -> Judged {
    let limit = context.config.thresholds.unused_service_days;
    let granted = granted(principal, context)?;
    let used = logs.services(principal, context, limit)?;
    let unseen: Vec<&str> = granted.granted().filter(|service| !used.contains(service)).collect();
    let all = granted.granted().count();
    if all == 0 {
        return Verdict::not_applicable("its policies allow nothing");
    }
    if unseen.is_empty() {
        return Verdict::pass(format!("every service it may use is used, by the logs of {limit} days"));
    }
    logs.cover(limit)?;
    let (untold, unused): (Vec<&str>, Vec<&str>) =
        unseen.into_iter().partition(|service| logs.may_miss(service));
    let open = if untold.is_empty() {
        String::new()
    } else {
        format!("; the logs do not tell of {} more: {}", untold.len(), names(&untold))
    };
    if unused.is_empty() {
        return Err(Missing::not_collected(format!(
            "the logs may not hold every use of {}: they have no data events of it, or calls of unknown permission",
            names(&untold)
        )));
    }
    let (count, names) = (unused.len(), names(&unused));
    Verdict::fail(format!(
        "{count} of {all} services are not used, by the logs of {limit} days: {names}{open}"
    ))
}

/// The services that a principal's policies allow, and for a user those of its groups.
fn granted(principal: &PrincipalOf<'_>, context: &Context<'_>) -> Result<Services, Missing> {
    let mut services = Services::default();
    add(&mut services, principal.policies()?, context)?;
    if let PrincipalOf::User(user) = principal {
        for group in &user.details.get()?.groups {
            add(&mut services, &context.group(group)?.policies, context)?;
        }
    }
    Ok(services)
}

fn add(services: &mut Services, policies: &PrincipalPolicies, context: &Context<'_>) -> Result<(), Missing> {
    for attachment in &policies.attached {
        let Some(policy) = context.policy(&attachment.arn)? else {
            let why = format!("the policy `{}` is not in the snapshot", attachment.name);
            return Err(Missing::not_collected(why));
        };
        services.add(policy.document.get()?.document()?);
    }
    for policy in &policies.inline {
        services.add(policy.document.get()?.document()?);
    }
    Ok(())
}

/// Nobody asked for the data, and nobody misses it; unless this very check was asked for.
fn not_read(missing: &Missing, context: &Context<'_>) -> Judged {
    if !context.selection.checks.contains(IAM_UNUSED_SERVICES.id) {
        return Verdict::not_applicable(missing.to_string());
    }
    let remedy = "service last-accessed data was not read; audit the account, or collect the snapshot, with \
                  `--last-accessed`";
    Err(Missing::new(Reason::NotRequested, remedy))
}

fn is_unused(service: &ServiceUse, context: &Context<'_>) -> Result<bool, Missing> {
    let limit = context.config.thresholds.unused_service_days;
    match service.last_used {
        None => Ok(true),
        Some(at) => Ok(days_between(at, context.now)? >= limit),
    }
}

#[cfg(test)]
mod tests {
    use leastwise_model::{Account, CallerKind, Known, Status, Usage};

    use super::*;
    use crate::testing::logs::{self, Logged};
    use crate::testing::{self, days_ago, missing, user};
    use crate::{Config, Selection, assess};

    #[test]
    fn used_unused_and_unread() {
        let mut account = testing::account();
        let service = |name: &str, days: Option<i64>| ServiceUse {
            service: name.to_owned(),
            last_used: days.map(days_ago),
        };
        let (busy, idle, unread, absent) = (user("busy"), user("idle"), user("unread"), user("absent"));
        let table = [
            (busy.arn.clone(), Known::Known(vec![service("s3", Some(89))])),
            (idle.arn.clone(), Known::Known(vec![service("s3", Some(90)), service("sqs", None)])),
            (unread.arn.clone(), Known::Unknown(missing())),
        ];
        account.users = Known::Known(vec![busy, idle, unread, absent]);
        account.last_accessed = Known::Known(table.into_iter().collect());
        let rows = |statuses: [Status; 4]| {
            ["user/busy", "user/idle", "user/unread", "user/absent"]
                .into_iter()
                .zip(statuses)
                .collect::<Vec<_>>()
        };
        let expected = rows([Status::Pass, Status::Fail, Status::Unknown, Status::Unknown]);
        testing::expect(&IAM_UNUSED_SERVICES, &account, &expected);
    }

    #[test]
    fn data_that_was_not_asked_for_is_missed_only_by_who_asks_for_the_check() {
        let mut account = testing::account();
        account.users = Known::Known(vec![user("alice")]);
        account.last_accessed = Known::Unknown(Missing::new(Reason::NotRequested, "it takes calls"));
        let snapshot = testing::snapshot(account);
        let named = |ids: &[&str], frameworks: &[&str]| Selection {
            checks: ids.iter().map(|&id| id.to_owned()).collect(),
            frameworks: frameworks.iter().map(|&id| id.to_owned()).collect(),
        };
        for (selection, expected) in [
            (Selection::default(), Status::NotApplicable),
            (named(&[], &["bp"]), Status::NotApplicable),
            (named(&["root-mfa", IAM_UNUSED_SERVICES.id], &[]), Status::Unknown),
            (named(&[IAM_UNUSED_SERVICES.id], &["bp"]), Status::Unknown),
        ] {
            let assessment = assess(&snapshot, None, &Config::default(), &selection, testing::now());
            let row = assessment.findings.iter().find(|row| row.check == IAM_UNUSED_SERVICES.id).unwrap();
            assert_eq!(row.status, expected, "{selection:?}");
            let told = row.evidence.contains("`--last-accessed`");
            assert!(told || expected == Status::NotApplicable, "{}", row.evidence);
        }
    }

    const ALICE: Logged = Logged { kind: CallerKind::User, id: "arn:aws:iam::123456789012:user/alice" };

    /// A user in a group, and a role; nobody asked for last-accessed data.
    fn unasked(own: &str, of_group: &str) -> Account {
        let mut account = testing::account();
        let allow = |action: &str| {
            format!(r#"{{"Statement":{{"Effect":"Allow","Action":{action},"Resource":"*"}}}}"#)
        };
        let (mut alice, mut staff) = (user("alice"), testing::group("staff"));
        testing::embed(&mut alice, "own", &allow(own));
        account.policies = Known::Known(vec![testing::managed("of-group", &allow(of_group))]);
        testing::attach_to(&mut staff.policies, "arn:aws:iam::123456789012:policy/of-group");
        account.users = Known::Known(vec![alice]);
        account.groups = Known::Known(vec![staff]);
        account.roles = Known::Known(vec![testing::role("arn:aws:iam::123456789012:role/empty", "{}")]);
        account.last_accessed = Known::Unknown(Missing::new(Reason::NotRequested, "it takes calls"));
        account
    }

    fn using(usage: Usage, actions: &[(&str, i64)]) -> Usage {
        let call =
            |usage, (action, days): &(&str, i64)| logs::with(usage, ALICE, logs::calling(action, &[*days]));
        actions.iter().fold(usage, call)
    }

    #[test]
    fn logs_decide_where_they_cover_the_time() {
        let data = |mut usage: Usage| {
            usage.coverage.data.count("s3.amazonaws.com");
            usage
        };
        let unmapped = |mut usage: Usage| {
            usage.unmapped.entry("ec2.amazonaws.com SomethingNew").add(None);
            usage
        };
        let long = || logs::covering(100);
        let used = [("ec2:RunInstances", 89), ("kms:Decrypt", 3)];
        // What alice may use of her own, the logs; her verdict, that of her group (`kms:*`), a part of her evidence.
        let table = [
            (r#""ec2:*""#, using(long(), &used), Status::Pass, Status::Pass, "by the logs of 90 days"),
            (r#""ec2:*""#, using(logs::covering(5), &used), Status::Pass, Status::Pass, "is used"),
            (
                r#""ec2:*""#,
                long(),
                Status::Fail,
                Status::Fail,
                "2 of 2 services are not used, by the logs of 90 days: ec2, kms",
            ),
            (
                r#""ec2:*""#,
                logs::covering(5),
                Status::Unknown,
                Status::Unknown,
                "the logs begin on 2026-02-24 only",
            ),
            (
                r#""ec2:*""#,
                using(long(), &[("ec2:RunInstances", 90)]),
                Status::Fail,
                Status::Fail,
                "ec2, kms",
            ),
            (
                r#""ec2:*""#,
                unmapped(long()),
                Status::Fail,
                Status::Fail,
                "1 of 2 services are not used, by the logs of 90 days: kms; the logs do not tell of 1 more: ec2",
            ),
            (
                r#"["ec2:*","s3:Get*"]"#,
                using(long(), &used),
                Status::Unknown,
                Status::Pass,
                "may not hold every use of s3",
            ),
            (
                r#"["ec2:*","s3:Get*"]"#,
                using(data(long()), &used),
                Status::Fail,
                Status::Pass,
                "1 of 3 services are not used, by the logs of 90 days: s3",
            ),
            (
                r#""ec2:*""#,
                using(long(), &[("sts:GetFederationToken", 3)]),
                Status::Unknown,
                Status::Unknown,
                "federated sessions",
            ),
        ];
        for (own, usage, status, of_group, evidence) in table {
            let rows = testing::judge(&IAM_UNUSED_SERVICES, &unasked(own, r#""kms:*""#), Some(&usage));
            let statuses: Vec<Status> = rows.iter().map(|row| row.1).collect();
            assert_eq!(statuses, [status, of_group, Status::NotApplicable], "{rows:?}");
            assert!(rows[0].2.contains(evidence), "{rows:?}");
        }
    }

    #[test]
    fn denied_calls_are_no_use_and_unread_policies_no_pass() {
        let mut denied = logs::calling("ec2:RunInstances", &[3]);
        let action = denied.actions.values_mut().next().unwrap();
        std::mem::swap(&mut action.used, &mut action.denied);
        let usage = logs::with(logs::covering(100), ALICE, denied);
        let mut account = unasked(r#""ec2:*""#, r#""ec2:*""#);
        let statuses = |account: &Account, usage: &Usage| {
            let rows = testing::judge(&IAM_UNUSED_SERVICES, account, Some(usage));
            (rows[0].1, rows[1].1)
        };
        assert_eq!(statuses(&account, &usage), (Status::Fail, Status::Fail));
        let usage = using(usage, &[("ec2:RunInstances", 3)]);
        assert_eq!(statuses(&account, &usage), (Status::Pass, Status::Pass));
        account.policies = Known::Unknown(missing());
        assert_eq!(statuses(&account, &usage), (Status::Unknown, Status::Unknown));
    }
}
