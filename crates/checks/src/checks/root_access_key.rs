use leastwise_model::{Account, Missing, Severity};

use crate::check::check;
use crate::evidence::{Logs, RootSeen};
use crate::root::has_access_keys;
use crate::{Context, Judge, Judged, Verdict};

check! {
    /// ## What it checks
    /// The root user has no access key (BP-26, CIS 1.4), not even a deactivated one. With `--trail`, the evidence says
    /// how often the key was used, when last and from where; a key that signed calls after the snapshot was made exists,
    /// whatever the snapshot says.
    /// ## Why it matters
    /// A root key can do everything in the account, no policy limits it, and it needs no MFA.
    /// ## How to fix
    /// Sign in as root, find out what uses the key, move that to a role, then deactivate the key and delete
    /// it. In an organisation with central root management, delete it from the management account.
    pub static ROOT_ACCESS_KEY = {
        id: "root-access-key", title: "the root user has no access key",
        severity: Severity::Critical, judge: Judge::Root(root_access_key),
    }
}

fn root_access_key(_: &Account, context: &Context<'_>) -> Judged {
    let seen = context.logs().ok().and_then(Logs::root);
    let keys = seen.as_ref().and_then(RootSeen::keys_in_words);
    let used = seen.as_ref().and_then(RootSeen::key_last_used);
    match (has_access_keys(context), keys) {
        (Ok(true), keys) => {
            let calls = keys.map(|keys| format!("calls with {keys}"));
            let days = context.config.thresholds.root_use_days;
            Verdict::fail(format!("the root user has an access key{}", context.logs_add(calls, days)))
        }
        (_, Some(keys)) if used > Some(context.snapshot.collected_at) => Verdict::fail(format!(
            "the logs show calls with root's access key after the snapshot was made: {keys}"
        )),
        (Ok(false), Some(keys)) => Verdict::pass(format!(
            "the root user has no access key any more; the logs show calls with {keys}"
        )),
        (Ok(false), None) => Verdict::pass("the root user has no access key"),
        (Err(missing), Some(keys)) => Err(Missing {
            detail: format!("{}; the logs show calls with root's access key {keys}", missing.detail),
            ..missing
        }),
        (Err(missing), None) => Err(missing),
    }
}

#[cfg(test)]
mod tests {
    use leastwise_model::{AccessKey, CallerKind, Known, Status};

    use super::*;
    use crate::testing::logs::{self, Logged};
    use crate::testing::{self, missing};

    #[test]
    fn from_the_summary_else_from_the_report() {
        let mut account = testing::account();
        testing::expect(&ROOT_ACCESS_KEY, &account, &[("root", Status::Pass)]);
        testing::summary(&mut account).root_access_keys_present = Known::Known(true);
        testing::expect(&ROOT_ACCESS_KEY, &account, &[("root", Status::Fail)]);
        account.credential_report = Known::Known(Some(testing::days_ago(2)));
        testing::expect(&ROOT_ACCESS_KEY, &account, &[("root", Status::Unknown)]);
        account.summary = Known::Unknown(missing());
        testing::expect(&ROOT_ACCESS_KEY, &account, &[("root", Status::Pass)]);
        testing::root(&mut account).access_keys =
            Known::Known(vec![AccessKey { active: false, ..testing::key(1, 10) }]);
        testing::expect(&ROOT_ACCESS_KEY, &account, &[("root", Status::Fail)]);
        account.root = Known::Unknown(missing());
        testing::expect(&ROOT_ACCESS_KEY, &account, &[("root", Status::Unknown)]);
    }

    #[test]
    fn logs_tell_from_where_a_key_is_used_and_never_excuse_it() {
        let root = Logged { kind: CallerKind::Root, id: "arn:aws:iam::123456789012:root" };
        let other = Logged { kind: CallerKind::Root, id: "arn:aws:iam::999999999999:root" };
        let signing = |days: &[i64]| logs::signing("AKIAROOT", &["203.0.113.5"], days);
        // The key by the summary, who signs when; the verdict, a part of the evidence.
        let table = [
            (
                Some(true),
                root,
                Some(3),
                Status::Fail,
                "calls with AKIAROOT (1 call, the last on 2026-02-26, from 203.0.113.5)",
            ),
            (Some(true), other, Some(3), Status::Fail, "the logs of these 90 days show none"),
            (Some(true), root, None, Status::Fail, "the logs of these 90 days show none"),
            (
                Some(false),
                root,
                Some(3),
                Status::Pass,
                "no access key any more; the logs show calls with AKIAROOT",
            ),
            (Some(false), root, Some(-2), Status::Fail, "after the snapshot was made: AKIAROOT"),
            (Some(false), other, Some(-2), Status::Pass, "the root user has no access key"),
            (
                None,
                root,
                Some(3),
                Status::Unknown,
                "refused; the logs show calls with root's access key AKIAROOT",
            ),
            (None, root, Some(-2), Status::Fail, "after the snapshot was made"),
            (None, other, Some(3), Status::Unknown, "refused"),
        ];
        for (present, who, days, status, evidence) in table {
            let mut account = testing::account();
            testing::summary(&mut account).root_access_keys_present =
                present.map_or(Known::Unknown(missing()), Known::Known);
            if present.is_none() {
                account.root = Known::Unknown(missing());
            } else if present == Some(true) {
                testing::root(&mut account).access_keys = Known::Known(vec![testing::key(1, 10)]);
            }
            let usage = logs::covering(100);
            let usage = match days {
                Some(days) => logs::with(usage, who, signing(&[days])),
                None => usage,
            };
            let rows = testing::judge(&ROOT_ACCESS_KEY, &account, Some(&usage));
            assert_eq!(rows[0].1, status, "{rows:?}");
            assert!(rows[0].2.contains(evidence), "{rows:?}");
        }
    }
}
