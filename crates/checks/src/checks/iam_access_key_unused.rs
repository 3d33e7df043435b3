use jiff::Timestamp;
use leastwise_model::{AccessKey, KeyUse, Missing, Severity};

use crate::check::check;
use crate::evidence::{key, key_use};
use crate::time::{ago, day, days_between, source};
use crate::{Context, Judge, Judged, KeyOf, Verdict};

check! {
    /// ## What it checks
    /// Every active access key was used within `thresholds.unused_credential_days` (CIS 1.12). A key that was
    /// never used counts from its creation: "never used" is not a pass. With `--trail`, a call in the logs that the key
    /// signed counts where it is later than what the credential report knows, and the evidence says from where calls
    /// came. That there are none proves nothing: data events are not in every log.
    /// ## Why it matters
    /// A key nobody uses is a key nobody misses when it leaks.
    /// ## How to fix
    /// Deactivate it, wait a week, delete it.
    pub static IAM_ACCESS_KEY_UNUSED = {
        id: "iam-access-key-unused", title: "an active access key is in use",
        severity: Severity::Medium, judge: Judge::AccessKey(iam_access_key_unused),
    }
}

fn iam_access_key_unused(of: &KeyOf<'_>, context: &Context<'_>) -> Judged {
    let limit = context.config.thresholds.unused_credential_days;
    let read = source(of.user.credentials.get()?);
    let told = last_use(of.key);
    let seen = seen(of, context);
    if let Some((seen, at)) = &seen
        && context.logs()?.is_within(*at, limit)
        && told.as_ref().map_or(true, |(_, since)| since < at)
    {
        let told =
            told.map_or("does not tell".to_owned(), |(what, since)| format!("has it {what} {}", day(since)));
        let (ago, seen) = (ago(*at, context.now), key_use(seen));
        return Verdict::pass(format!("last used {ago} by the logs, which show {seen}; the {read} {told}"));
    }
    let (what, since) = told?;
    let add = match &seen {
        Some((seen, _)) => format!("; the logs show {}", key_use(seen)),
        None => some_key(of, context),
    };
    let evidence = format!("{what} {} ({read}){add}", ago(since, context.now));
    if days_between(since, context.now)? < limit { Verdict::pass(evidence) } else { Verdict::fail(evidence) }
}

/// What credential report or live interface tell of the last use, and when that was.
fn last_use(key: &AccessKey) -> Result<(&'static str, Timestamp), Missing> {
    match *key.last_used.get()? {
        Some(used) => Ok(("last used", used)),
        None => Ok(("never used, created", *key.created.get()?)),
    }
}

/// What the logs show of the key, and when it was used last. The credential report does not tell a key's id.
fn seen(of: &KeyOf<'_>, context: &Context<'_>) -> Option<(KeyUse, Timestamp)> {
    let seen = context.logs().ok()?.key(of.user, of.key.id.as_deref()?)?;
    let at = seen.tally.last?;
    Some((seen, at))
}

/// What the logs show of the user's keys, where it is not known which of them this is.
fn some_key(of: &KeyOf<'_>, context: &Context<'_>) -> String {
    let Ok(logs) = context.logs() else { return String::new() };
    let keys: Vec<String> = logs.keys(of.user).into_iter().map(|(id, seen)| key(id, seen)).collect();
    match (of.key.id.is_some(), keys.is_empty()) {
        (true, _) => "; the logs show no call with it".to_owned(),
        (false, true) => "; the logs show no call with a key of the user".to_owned(),
        (false, false) => format!(
            "; the logs show calls with {}, but the report does not tell which key this is",
            keys.join(", ")
        ),
    }
}

#[cfg(test)]
mod tests {
    use leastwise_model::{CallerKind, Known, Status};

    use super::*;
    use crate::testing::logs::{self, Logged};
    use crate::testing::{self, credentials, days_ago, key, missing, user};

    #[test]
    fn used_unused_and_never_used() {
        let used = |slot: u8, days: i64| AccessKey {
            last_used: Known::Known(Some(days_ago(days))),
            ..key(slot, 400)
        };
        let mut account = testing::account();
        let table = [
            ("a", vec![used(1, 44), used(2, 45)]),
            ("b", vec![key(1, 44), key(2, 45)]),
            ("c", vec![AccessKey { active: false, ..key(1, 400) }]),
            ("d", vec![AccessKey { last_used: Known::Unknown(missing()), ..key(1, 400) }]),
            ("e", vec![AccessKey { created: Known::Unknown(missing()), ..key(2, 400) }]),
        ];
        let users = table.into_iter().map(|(name, keys)| {
            let mut user = user(name);
            credentials(&mut user).access_keys = Known::Known(keys);
            user
        });
        account.users = Known::Known(users.collect());
        testing::expect(
            &IAM_ACCESS_KEY_UNUSED,
            &account,
            &[
                ("access-key/a/1", Status::Pass),
                ("access-key/a/2", Status::Fail),
                ("access-key/b/1", Status::Pass),
                ("access-key/b/2", Status::Fail),
                ("access-key/d/1", Status::Unknown),
                ("access-key/e/2", Status::Unknown),
            ],
        );
    }

    #[test]
    fn no_keys_and_unread_keys() {
        let mut account = testing::account();
        testing::expect(&IAM_ACCESS_KEY_UNUSED, &account, &[("access-key", Status::NotApplicable)]);
        let mut unread = user("unread");
        credentials(&mut unread).access_keys = Known::Unknown(missing());
        account.users = Known::Known(vec![unread]);
        testing::expect(&IAM_ACCESS_KEY_UNUSED, &account, &[("access-key/unread", Status::Unknown)]);
        account.users = Known::Unknown(missing());
        testing::expect(&IAM_ACCESS_KEY_UNUSED, &account, &[("access-key", Status::Unknown)]);
    }

    #[test]
    fn calls_in_the_logs_count_and_their_silence_does_not() {
        let alice = Logged { kind: CallerKind::User, id: "arn:aws:iam::123456789012:user/{path}alice" };
        let bob = Logged { kind: CallerKind::User, id: "arn:aws:iam::123456789012:user/bob" };
        let used = |days: Option<i64>| Known::Known(days.map(days_ago));
        let (mine, unnamed) = (Some("AKIAMINE"), None);
        // The key's id and last use; who signs with which key when; the verdict, a part of the evidence.
        let table = [
            (
                mine,
                used(Some(60)),
                alice,
                "AKIAMINE",
                3,
                Status::Pass,
                "last used 3 days ago (2026-02-26) by the logs, which show 1 call, the last on 2026-02-26, from 203.0.113.5; the credential report",
            ),
            (mine, used(None), alice, "AKIAMINE", 3, Status::Pass, "has it never used, created 2025-01-25"),
            (mine, used(Some(60)), alice, "AKIAOTHER", 3, Status::Fail, "the logs show no call with it"),
            (mine, used(Some(60)), bob, "AKIAMINE", 3, Status::Fail, "the logs show no call with it"),
            (
                mine,
                used(Some(60)),
                alice,
                "AKIAMINE",
                50,
                Status::Fail,
                "the logs show 1 call, the last on 2026-01-10",
            ),
            (mine, used(Some(1)), alice, "AKIAMINE", 50, Status::Pass, "last used 1 day ago"),
            (
                unnamed,
                used(Some(60)),
                alice,
                "AKIAMINE",
                3,
                Status::Fail,
                "calls with AKIAMINE (1 call, the last on 2026-02-26, from 203.0.113.5), but the report does not tell which key this is",
            ),
            (unnamed, used(Some(60)), bob, "AKIAMINE", 3, Status::Fail, "no call with a key of the user"),
            (
                mine,
                Known::Unknown(missing()),
                alice,
                "AKIAMINE",
                3,
                Status::Pass,
                "the credential report of 2026-03-01 12:00 UTC does not tell",
            ),
            (mine, Known::Unknown(missing()), alice, "AKIAMINE", 50, Status::Unknown, "refused"),
            (mine, Known::Unknown(missing()), bob, "AKIAMINE", 3, Status::Unknown, "refused"),
        ];
        for (id, last_used, who, signs, days, status, evidence) in table {
            let mut account = testing::account();
            let mut alice = user("alice");
            let id = id.map(str::to_owned);
            credentials(&mut alice).access_keys =
                Known::Known(vec![AccessKey { id, last_used, ..key(1, 400) }]);
            account.users = Known::Known(vec![alice]);
            let usage = logs::with(logs::covering(100), who, logs::signing(signs, &["203.0.113.5"], &[days]));
            let rows = testing::judge(&IAM_ACCESS_KEY_UNUSED, &account, Some(&usage));
            assert_eq!(rows[0].1, status, "{rows:?}");
            assert!(rows[0].2.contains(evidence), "{rows:?}");
        }
    }
}
