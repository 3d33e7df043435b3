use leastwise_model::{Owner, Role, Severity};

use crate::check::check;
use crate::time::{ago, days_between};
use crate::{Context, Judge, Judged, Verdict};

check! {
    /// ## What it checks
    /// Every role was used within `thresholds.unused_role_days` (BP-01), by what IAM records of the last 400 days. A role
    /// that was never used counts from its creation. With `--trail`, a later use in the logs counts as well: that the
    /// role was assumed, by whomever, or that it called.
    /// ## Why it matters
    /// A role that nobody assumes serves only an intruder, and nobody notices when it is used.
    /// ## How to fix
    /// Find out from its trust policy who was meant to use it, and ask. Take its policies away, wait a month, delete it.
    pub static IAM_ROLE_UNUSED = {
        id: "iam-role-unused", title: "a role is in use",
        severity: Severity::Low, judge: Judge::Role(iam_role_unused),
    }
}

fn iam_role_unused(role: &Role, context: &Context<'_>) -> Judged {
    if role.owner == Owner::ControlTower && context.snapshot.organization.get()?.is_some() {
        return Verdict::not_applicable(format!("the role belongs to {}", role.owner.as_str()));
    }
    let limit = context.config.thresholds.unused_role_days;
    let (what, since) = match &role.last_used {
        Some(used) => ("last used", used.at),
        None => ("never used in 400 days, created", role.created),
    };
    let seen = context.role_seen(role);
    let add = context.logs_add(seen.map(|seen| seen.in_words()), limit);
    let evidence = format!("{what} {}{add}", ago(since, context.now));
    let used =
        seen.and_then(|seen| seen.at).is_some_and(|at| days_between(at, context.now).unwrap_or(0) < limit);
    if used || days_between(since, context.now)? < limit {
        Verdict::pass(evidence)
    } else {
        Verdict::fail(evidence)
    }
}

#[cfg(test)]
mod tests {
    use leastwise_model::{Account, ActionUse, CallerKind, CallerUse, Known, RoleUse, Status};

    use super::*;
    use crate::testing::logs::{self, Logged};
    use crate::testing::{self, days_ago};

    fn role(name: &str, used: Option<i64>, created: i64) -> Role {
        let arn = format!("arn:aws:iam::123456789012:role/team/{name}");
        Role {
            created: days_ago(created),
            last_used: used.map(|days| RoleUse { at: days_ago(days), region: None }),
            ..testing::role(&arn, "{}")
        }
    }

    fn account() -> Account {
        let mut account = testing::account();
        account.roles = Known::Known(vec![
            role("busy", Some(89), 400),
            role("idle", Some(90), 400),
            role("never-new", None, 89),
            role("never-old", None, 90),
            testing::role(
                "arn:aws:iam::123456789012:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX",
                "{}",
            ),
        ]);
        account
    }

    const BY_SNAPSHOT: [(&str, Status); 5] = [
        ("role/busy", Status::Pass),
        ("role/idle", Status::Fail),
        ("role/never-new", Status::Pass),
        ("role/never-old", Status::Fail),
        ("role/AWSServiceRoleForX", Status::NotApplicable),
    ];

    #[test]
    fn used_unused_and_new() {
        testing::expect(&IAM_ROLE_UNUSED, &account(), &BY_SNAPSHOT);
        let rows = testing::judge(&IAM_ROLE_UNUSED, &account(), Some(&logs::covering(120)));
        assert!(rows[1].2.contains("the logs of these 90 days show none"), "{rows:?}");
        let rows = testing::judge(&IAM_ROLE_UNUSED, &account(), Some(&logs::covering(30)));
        assert!(rows[1].2.contains("which proves little: the logs begin on 2026-01-30 only"), "{rows:?}");
        let of_others = rows.iter().map(|row| (row.0.as_str(), row.1)).collect::<Vec<_>>();
        assert_eq!(of_others, BY_SNAPSHOT);
    }

    /// What a caller did with `sts:AssumeRole`, on these roles.
    fn assuming(roles: &[&str], days: &[i64]) -> CallerUse {
        let mut action = ActionUse::default();
        for days in days {
            action.used.tally.add(Some(days_ago(*days)));
        }
        for role in roles {
            action.used.resources.count(&format!("arn:aws:iam::123456789012:role/team/{role}"));
        }
        CallerUse { actions: [("sts:AssumeRole".to_owned(), action)].into(), ..CallerUse::default() }
    }

    #[test]
    fn a_use_in_the_logs_counts_if_it_is_sure() {
        let calling = |days: &[i64]| logs::calling("s3:ListAllMyBuckets", days);
        // Who, and what it did; whether `idle` and `never-old` are in use then.
        let service = (CallerKind::Service, "lambda.amazonaws.com");
        let own = (CallerKind::Role, "arn:aws:iam::123456789012:role/team/idle");
        let pathless = (CallerKind::Role, "arn:aws:iam::123456789012:role/{path}idle");
        let foreign = (CallerKind::Role, "arn:aws:iam::999999999999:role/team/idle");
        let table = [
            (own, calling(&[200, 3]), true, false),
            (pathless, calling(&[3]), true, false),
            (foreign, calling(&[3]), false, false),
            (own, calling(&[91]), false, false),
            (service, assuming(&["idle"], &[200, 3]), true, false),
            // One of the two was assumed 3 days ago, but which?
            (service, assuming(&["idle", "never-old"], &[200, 3]), false, false),
            (service, assuming(&["idle", "never-old"], &[80, 3]), true, true),
            // That was a namesake of before.
            (own, calling(&[401]), false, false),
        ];
        for ((kind, id), what, idle, old) in table {
            let usage = logs::with(logs::covering(420), Logged { kind, id }, what.clone());
            let rows = testing::judge(&IAM_ROLE_UNUSED, &account(), Some(&usage));
            let in_use = |index: usize| rows[index].1 == Status::Pass;
            assert_eq!((in_use(1), in_use(3)), (idle, old), "{id} {what:?} {rows:?}");
            assert!(in_use(0) && in_use(2), "the logs must not take a pass away: {rows:?}");
        }
    }

    #[test]
    fn the_evidence_says_how_often() {
        let own = Logged { kind: CallerKind::Role, id: "arn:aws:iam::123456789012:role/team/idle" };
        let usage = logs::with(logs::covering(1), own, logs::calling("s3:ListAllMyBuckets", &[5, 3]));
        let rows = testing::judge(&IAM_ROLE_UNUSED, &account(), Some(&usage));
        let expected = "last used 90 days ago (2025-12-01); the logs show 2 calls of it, the last on 2026-02-26 or later";
        assert_eq!(rows[1].2, expected);
    }
}
