use jiff::Timestamp;
use leastwise_model::{Missing, Password, Severity, User};

use crate::check::check;
use crate::evidence::{last, times};
use crate::time::{ago, day, days_between, source};
use crate::{Context, Judge, Judged, Verdict};

check! {
    /// ## What it checks
    /// Every console password was used within `thresholds.unused_credential_days` (CIS 1.12). One that was
    /// never used counts from the day it was last set, or the user was created: "never used" is not a pass.
    /// Break-glass users are meant to lie unused; for them it is a manual row. With `--trail`, a sign-in in the logs
    /// counts where it is later than what the credential report knows; where the report does not tell, logs that cover
    /// the time and show no sign-in fail the password, and never pass it.
    /// ## Why it matters
    /// Nobody notices when a password that nobody uses is used by somebody else.
    /// ## How to fix
    /// `aws iam delete-login-profile --user-name NAME`. List emergency users under `break_glass_users` in
    /// `leastwise.toml`.
    pub static IAM_USER_CONSOLE_UNUSED = {
        id: "iam-user-console-unused", title: "a console password is in use",
        severity: Severity::Medium, judge: Judge::User(iam_user_console_unused),
    }
}

fn iam_user_console_unused(user: &User, context: &Context<'_>) -> Judged {
    let credentials = user.credentials.get()?;
    let Some(password) = credentials.password.get()? else {
        return Verdict::not_applicable("the user has no console password");
    };
    let limit = context.config.thresholds.unused_credential_days;
    let read = source(credentials);
    let told = last_use(user, password);
    let logs = context.logs().ok();
    let seen = logs.and_then(|logs| logs.sign_ins(user));
    if let (Some(logs), Some(seen)) = (logs, seen)
        && let Some(at) = seen.last.filter(|at| logs.is_within(*at, limit))
        && told.as_ref().map_or(true, |(_, since)| *since < at)
    {
        let times = times(seen.count, "sign-in");
        let told =
            told.map_or("does not tell".to_owned(), |(what, since)| format!("has it {what} {}", day(since)));
        return Verdict::pass(format!(
            "console password last used {} by the logs, which show {times}; the {read} {told}",
            ago(at, context.now)
        ));
    }
    let (what, since) = match told {
        Ok(told) => told,
        Err(missing) => silent(user, password, context).ok_or(missing)?,
    };
    let words = seen.map(|seen| format!("{}{}", times(seen.count, "console sign-in"), last(seen.last)));
    let add = context.logs_add(words, limit);
    let evidence = format!("console password {what} {} ({read}){add}", ago(since, context.now));
    if days_between(since, context.now)? < limit {
        Verdict::pass(evidence)
    } else if context.is_break_glass(user) {
        Verdict::manual(format!("{evidence}; a break-glass user: see that it still works and is sealed"))
    } else {
        Verdict::fail(evidence)
    }
}

/// What is told of the last use, and when that was.
type Told = (&'static str, Timestamp);

/// What credential report or live interface tell.
fn last_use(user: &User, password: &Password) -> Result<Told, Missing> {
    match *password.last_used.get()? {
        Some(used) => Ok(("last used", used)),
        None => last_change(user, password),
    }
}

fn last_change(user: &User, password: &Password) -> Result<Told, Missing> {
    Ok(match *password.last_changed.get()? {
        Some(changed) => ("never used, set", changed),
        None => ("never used, user created", user.created),
    })
}

/// When the password was set, if that was long ago and the logs would show a sign-in since, but do not: one that was
/// set of late may still wait for its first use.
fn silent(user: &User, password: &Password, context: &Context<'_>) -> Option<Told> {
    let limit = context.config.thresholds.unused_credential_days;
    context.logs().ok()?.cover(limit).ok()?;
    let (_, since) = last_change(user, password).ok()?;
    let old = days_between(since, context.now).ok()? >= limit;
    old.then_some(("not used of late by the logs, set or user created", since))
}

#[cfg(test)]
mod tests {
    use leastwise_model::{CallerKind, Known, Password, Status};

    use super::*;
    use crate::Config;
    use crate::testing::logs::{self, Logged};
    use crate::testing::{self, credentials, days_ago, missing, user};

    fn with_password(name: &str, used: Option<i64>, changed: Option<i64>) -> User {
        let mut user = user(name);
        credentials(&mut user).password = Known::Known(Some(Password {
            last_used: Known::Known(used.map(days_ago)),
            last_changed: Known::Known(changed.map(days_ago)),
        }));
        user
    }

    #[test]
    fn used_unused_and_never_used() {
        let mut account = testing::account();
        let mut untold = with_password("untold", None, None);
        credentials(&mut untold).password = Known::Known(Some(Password {
            last_used: Known::Unknown(missing()),
            last_changed: Known::Known(None),
        }));
        account.users = Known::Known(vec![
            with_password("used-44", Some(44), Some(400)),
            with_password("used-45", Some(45), Some(1)),
            with_password("never-new", None, Some(10)),
            with_password("never-old", None, Some(60)),
            with_password("never-undated", None, None),
            untold,
        ]);
        testing::expect(
            &IAM_USER_CONSOLE_UNUSED,
            &account,
            &[
                ("user/used-44", Status::Pass),
                ("user/used-45", Status::Fail),
                ("user/never-new", Status::Pass),
                ("user/never-old", Status::Fail),
                ("user/never-undated", Status::Fail),
                ("user/untold", Status::Unknown),
            ],
        );
    }

    #[test]
    fn break_glass_is_for_a_person() {
        let mut account = testing::account();
        account.users = Known::Known(vec![with_password("glass", None, Some(300))]);
        let config = Config::from_toml("break_glass_users = [\"glass\"]").unwrap();
        let snapshot = testing::snapshot(account);
        testing::expect_in(&IAM_USER_CONSOLE_UNUSED, &snapshot, &config, &[("user/glass", Status::Manual)]);
    }

    #[test]
    fn a_sign_in_in_the_logs_counts_and_their_silence_never_passes() {
        let alice = Logged { kind: CallerKind::User, id: "arn:aws:iam::123456789012:user/alice" };
        let bob = Logged { kind: CallerKind::User, id: "arn:aws:iam::123456789012:user/bob" };
        let told = |days: Option<i64>| Known::Known(days.map(days_ago));
        let silent = || Known::Unknown(missing());
        // Last use, last change; who signs in when; how many days the logs cover; the verdict, a part of the evidence.
        let table = [
            (
                told(Some(60)),
                told(None),
                alice,
                3,
                100,
                Status::Pass,
                "3 days ago (2026-02-26) by the logs, which show 1 sign-in; the credential report of 2026-03-01 12:00 UTC has it last used 2025-12-31",
            ),
            (
                told(Some(60)),
                told(None),
                bob,
                3,
                100,
                Status::Fail,
                "last used 60 days ago (2025-12-31) (credential report of 2026-03-01 12:00 UTC); the logs of these 45 days show none",
            ),
            (
                told(Some(60)),
                told(None),
                alice,
                50,
                100,
                Status::Fail,
                "the logs show 1 console sign-in, the last on 2026-01-10",
            ),
            (told(Some(60)), told(None), bob, 3, 10, Status::Fail, "which proves little"),
            (told(Some(1)), told(None), alice, 50, 100, Status::Pass, "last used 1 day ago"),
            (silent(), told(None), alice, 3, 1, Status::Pass, "by the logs, which show 1 sign-in"),
            (silent(), told(Some(50)), alice, 60, 100, Status::Fail, "not used of late by the logs"),
            (silent(), told(Some(50)), bob, 3, 100, Status::Fail, "the logs of these 45 days show none"),
            (silent(), told(Some(50)), bob, 3, 10, Status::Unknown, "refused"),
            (silent(), told(Some(10)), bob, 3, 100, Status::Unknown, "refused"),
            (silent(), silent(), bob, 3, 100, Status::Unknown, "refused"),
            // That was a namesake of before.
            (told(None), told(None), alice, 401, 420, Status::Fail, "never used, user created 400 days ago"),
        ];
        for (last_used, last_changed, who, days, covered, status, evidence) in table {
            let mut account = testing::account();
            let mut alice = user("alice");
            credentials(&mut alice).password = Known::Known(Some(Password { last_used, last_changed }));
            account.users = Known::Known(vec![alice]);
            let usage = logs::with(logs::covering(covered), who, logs::signing_in(&[days]));
            let rows = testing::judge(&IAM_USER_CONSOLE_UNUSED, &account, Some(&usage));
            assert_eq!(rows[0].1, status, "{rows:?}");
            assert!(rows[0].2.contains(evidence), "{rows:?}");
        }
    }
}
