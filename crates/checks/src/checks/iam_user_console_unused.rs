use leastwise_model::{Severity, User};

use crate::check::check;
use crate::time::{ago, days_between, source};
use crate::{Context, Judge, Judged, Verdict};

check! {
    /// ## What it checks
    /// Every console password was used within `thresholds.unused_credential_days` (CIS 1.12). One that was
    /// never used counts from the day it was last set, or the user was created: "never used" is not a pass.
    /// Break-glass users are meant to lie unused; for them it is a manual row.
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
    let (what, since) = match *password.last_used.get()? {
        Some(used) => ("last used", used),
        None => match *password.last_changed.get()? {
            Some(changed) => ("never used, set", changed),
            None => ("never used, user created", user.created),
        },
    };
    let read = source(credentials);
    let evidence = format!("console password {what} {} ({read})", ago(since, context.now));
    if days_between(since, context.now)? < context.config.thresholds.unused_credential_days {
        Verdict::pass(evidence)
    } else if context.is_break_glass(user) {
        Verdict::manual(format!("{evidence}; a break-glass user: see that it still works and is sealed"))
    } else {
        Verdict::fail(evidence)
    }
}

#[cfg(test)]
mod tests {
    use leastwise_model::{Known, Password, Status};

    use super::*;
    use crate::Config;
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
}
