use leastwise_model::{Severity, User};

use crate::check::check;
use crate::{Context, Judge, Judged, Verdict};

check! {
    /// ## What it checks
    /// No IAM user signs in to the console with a password: people come through IAM Identity Center or
    /// another identity provider (BP-13, CIS 1.21). Break-glass users are not concerned.
    /// ## Why it matters
    /// A directory knows when somebody leaves; an IAM user stays until somebody remembers it.
    /// ## How to fix
    /// Give the person a permission set in IAM Identity Center (or a role trusted by your provider), then
    /// delete the login profile. List emergency users under `break_glass_users` in `leastwise.toml`.
    pub static IAM_USER_CONSOLE_PASSWORD = {
        id: "iam-user-console-password", title: "people sign in through federation",
        severity: Severity::Medium, judge: Judge::User(iam_user_console_password),
    }
}

fn iam_user_console_password(user: &User, context: &Context<'_>) -> Judged {
    if context.is_break_glass(user) {
        return Verdict::not_applicable("a break-glass user");
    }
    match user.credentials.get()?.password.get()? {
        Some(_) => Verdict::fail("an IAM user that signs in to the console with a password"),
        None => Verdict::pass("the user has no console password"),
    }
}

#[cfg(test)]
mod tests {
    use leastwise_model::{Known, Status};

    use super::*;
    use crate::Config;
    use crate::testing::{self, credentials, user};

    #[test]
    fn passwords_and_break_glass() {
        let mut account = testing::account();
        let mut machine = user("machine");
        credentials(&mut machine).password = Known::Known(None);
        account.users = Known::Known(vec![user("alice"), user("glass"), machine]);
        let config = Config::from_toml("break_glass_users = [\"123456789012/glass\"]").unwrap();
        testing::expect_in(
            &IAM_USER_CONSOLE_PASSWORD,
            &testing::snapshot(account),
            &config,
            &[
                ("user/alice", Status::Fail),
                ("user/glass", Status::NotApplicable),
                ("user/machine", Status::Pass),
            ],
        );
    }
}
