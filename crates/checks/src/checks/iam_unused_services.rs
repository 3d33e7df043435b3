use leastwise_model::{Missing, Reason, ServiceUse, Severity};

use crate::check::check;
use crate::time::days_between;
use crate::{Context, Judge, Judged, PrincipalOf, Verdict};

check! {
    /// ## What it checks
    /// Every service that a principal may use was used within `thresholds.unused_service_days` (BP-01), by AWS's
    /// last-accessed data. That data takes a while to read, so it is read with `--last-accessed` only; without it
    /// the check does not apply, unless it is asked for by name: then the answer is unknown.
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
        return not_read(missing, context);
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
    let shown = unused.iter().take(SHOWN).copied().collect::<Vec<_>>().join(", ");
    let more = if unused.len() > SHOWN { ", …" } else { "" };
    Verdict::fail(format!("{} of {} services are not used: {shown}{more}", unused.len(), services.len()))
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
    use leastwise_model::{Known, Status};

    use super::*;
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
            let assessment = assess(&snapshot, &Config::default(), &selection, testing::now());
            let row = assessment.findings.iter().find(|row| row.check == IAM_UNUSED_SERVICES.id).unwrap();
            assert_eq!(row.status, expected, "{selection:?}");
            let told = row.evidence.contains("`--last-accessed`");
            assert!(told || expected == Status::NotApplicable, "{}", row.evidence);
        }
    }
}
