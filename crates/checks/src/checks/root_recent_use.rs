use jiff::Timestamp;
use leastwise_model::{Account, Known, Missing, Severity};

use crate::check::check;
use crate::evidence::{Logs, RootSeen};
use crate::root::report_reaches_now;
use crate::time::{ago, days_between};
use crate::{Context, Judge, Judged, Verdict};

check! {
    /// ## What it checks
    /// The root user was not used within `thresholds.root_use_days`: neither its password nor either access
    /// key, whichever was used last (CIS 1.7; a part of BP-25). With `--trail`, sign-ins and calls of root in the logs
    /// count as well; that there are none in them does not make up for a credential report that is old or missing.
    /// ## Why it matters
    /// Root is for the few tasks that nobody else can do. Its use for daily work means that its credentials
    /// are at hand, and that nobody would notice a stranger using them.
    /// ## How to fix
    /// Find out from CloudTrail what root was used for, give a role the permission for that, and lock root's
    /// credentials away.
    pub static ROOT_RECENT_USE = {
        id: "root-recent-use", title: "the root user is not in use",
        severity: Severity::High, judge: Judge::Root(root_recent_use),
    }
}

fn root_recent_use(account: &Account, context: &Context<'_>) -> Judged {
    let limit = context.config.thresholds.root_use_days;
    let seen = context.logs().ok().and_then(Logs::root);
    let add = || context.logs_add(seen.as_ref().map(RootSeen::in_words), limit);
    let uses = uses(account);
    let reported = uses.as_deref().unwrap_or_default();
    let known = reported.iter().filter_map(|(what, at)| Some((*what, (*at.value()?)?)));
    let last = known.max_by_key(|(_, at)| *at);
    if let Some((what, at)) = last
        && days_between(at, context.now)? <= limit
    {
        return Verdict::fail(format!("root's {what} was used {}{}", ago(at, context.now), add()));
    }
    if let Some(seen) = &seen
        && let Some((what, at)) = seen.last_use()
        && days_between(at, context.now).unwrap_or(0) <= limit
    {
        let seen = seen.in_words();
        return Verdict::fail(format!(
            "root's {what} was used {} by the logs, which show {seen}",
            ago(at, context.now)
        ));
    }
    if let Some(missing) = uses?.iter().find_map(|(_, at)| at.missing()) {
        return Err(missing.clone());
    }
    report_reaches_now(context)?;
    let told = match last {
        Some((what, at)) => format!("root's {what} was last used {}", ago(at, context.now)),
        None => "no use of root is recorded".to_owned(),
    };
    Verdict::pass(format!("{told}{}", add()))
}

/// A credential, and when it was last used.
type Use = (&'static str, Known<Option<Timestamp>>);

/// The last use of each of root's credentials.
fn uses(account: &Account) -> Result<Vec<Use>, Missing> {
    let root = account.root.get()?;
    let mut uses = vec![("password", root.password_last_used.clone())];
    match &root.access_keys {
        Known::Known(keys) => uses.extend(keys.iter().map(|key| ("access key", key.last_used.clone()))),
        Known::Unknown(missing) => uses.push(("access key", Known::Unknown(missing.clone()))),
    }
    Ok(uses)
}

#[cfg(test)]
mod tests {
    use leastwise_model::{CallerKind, Status};

    use super::*;
    use crate::testing::logs::{self, Logged};
    use crate::testing::{self, days_ago, missing};

    #[test]
    fn whichever_was_used_last() {
        let mut account = testing::account();
        testing::expect(&ROOT_RECENT_USE, &account, &[("root", Status::Pass)]);
        testing::root(&mut account).password_last_used = Known::Known(Some(days_ago(91)));
        testing::expect(&ROOT_RECENT_USE, &account, &[("root", Status::Pass)]);
        let mut key = testing::key(2, 400);
        key.last_used = Known::Known(Some(days_ago(3)));
        testing::root(&mut account).access_keys = Known::Known(vec![key]);
        testing::expect(&ROOT_RECENT_USE, &account, &[("root", Status::Fail)]);
    }

    #[test]
    fn a_known_use_fails_whatever_else_is_missing() {
        let mut account = testing::account();
        testing::root(&mut account).access_keys = Known::Unknown(missing());
        testing::expect(&ROOT_RECENT_USE, &account, &[("root", Status::Unknown)]);
        testing::root(&mut account).password_last_used = Known::Known(Some(days_ago(1)));
        testing::expect(&ROOT_RECENT_USE, &account, &[("root", Status::Fail)]);
    }

    #[test]
    fn an_old_report_tells_nothing_of_the_time_since() {
        let mut account = testing::account();
        for made in [Some(days_ago(30)), None] {
            account.credential_report = Known::Known(made);
            testing::expect(&ROOT_RECENT_USE, &account, &[("root", Status::Unknown)]);
        }
    }

    #[test]
    fn uses_in_the_logs_count_and_their_silence_does_not() {
        let root = Logged { kind: CallerKind::Root, id: "arn:aws:iam::123456789012:root" };
        let via = |days: &[i64], services: u64| {
            let mut caller = logs::calling("s3:ListAllMyBuckets", days);
            let calls = &mut caller.actions.values_mut().next().unwrap().used;
            *calls.via.entry("cloudformation.amazonaws.com") = services;
            caller
        };
        let denied = |days: &[i64]| {
            let mut caller = logs::calling("s3:ListAllMyBuckets", days);
            let action = caller.actions.values_mut().next().unwrap();
            std::mem::swap(&mut action.used, &mut action.denied);
            caller
        };
        let failed = leastwise_model::CallerUse {
            failed_sign_ins: logs::signing_in(&[3]).sign_ins,
            ..Default::default()
        };
        // What the logs show, the verdict, and that without a credential report.
        let table = [
            (
                logs::signing_in(&[200, 3]),
                Status::Fail,
                Status::Fail,
                "password was used 3 days ago (2026-02-26) by the logs",
            ),
            (
                logs::signing("AKIAROOT", &["203.0.113.5"], &[90]),
                Status::Fail,
                Status::Fail,
                "from 203.0.113.5",
            ),
            (logs::calling("iam:ListUsers", &[3]), Status::Fail, Status::Fail, "1 call of its own"),
            (denied(&[3]), Status::Fail, Status::Fail, "1 call of its own"),
            (via(&[3], 1), Status::Pass, Status::Unknown, "the logs of these 90 days show none"),
            // One of the calls was root's own: of 200 days ago, as far as it is known.
            (via(&[200, 3], 1), Status::Pass, Status::Unknown, "1 call of its own"),
            (via(&[30, 3], 1), Status::Fail, Status::Fail, "session was used 30 days ago"),
            (failed, Status::Pass, Status::Unknown, "the logs of these 90 days show none"),
            (
                logs::signing_in(&[91]),
                Status::Pass,
                Status::Unknown,
                "1 sign-in of root, the last on 2025-11-30",
            ),
            (logs::signing_in(&[-20]), Status::Fail, Status::Fail, "password was used"),
        ];
        for (what, status, alone, evidence) in table {
            let usage = logs::with(logs::covering(100), root, what);
            let mut account = testing::account();
            let rows = testing::judge(&ROOT_RECENT_USE, &account, Some(&usage));
            assert_eq!(rows[0].1, status, "{rows:?}");
            assert!(rows[0].2.contains(evidence), "{rows:?}");
            account.root = Known::Unknown(missing());
            account.credential_report = Known::Unknown(missing());
            let rows = testing::judge(&ROOT_RECENT_USE, &account, Some(&usage));
            assert_eq!(rows[0].1, alone, "{rows:?}");
        }
    }
}
