use leastwise_model::{PasswordPolicy, Severity};

use crate::check::check;
use crate::{Context, Judge, Judged, Verdict};

check! {
    /// ## What it checks
    /// The password policy demands a lower-case letter (BP-05).
    /// ## Why it matters
    /// Every kind of character that may occur makes a password harder to guess.
    /// ## How to fix
    /// One command states every rule, since what is left out is reset to its default: `aws iam
    /// update-account-password-policy --minimum-password-length 14 --require-uppercase-characters
    /// --require-lowercase-characters --require-numbers --require-symbols --password-reuse-prevention 24
    /// --allow-users-to-change-password`. Or use Terraform's `aws_iam_account_password_policy`.
    pub static PASSWORD_POLICY_LOWERCASE = {
        id: "password-policy-lowercase", title: "the password policy demands a lower-case letter",
        severity: Severity::Medium, judge: Judge::PasswordPolicy(password_policy_lowercase),
    }
}

fn password_policy_lowercase(policy: Option<&PasswordPolicy>, _: &Context<'_>) -> Judged {
    match policy {
        None => Verdict::fail("no password policy: AWS's default demands three of four kinds of characters"),
        Some(policy) if policy.require_lowercase => Verdict::pass("passwords need a lower-case letter"),
        Some(_) => Verdict::fail("passwords need not contain a lower-case letter"),
    }
}

#[cfg(test)]
mod tests {
    use leastwise_model::{Known, Status};

    use super::*;
    use crate::testing;

    #[test]
    fn demanded_or_not() {
        let mut account = testing::account();
        testing::expect(&PASSWORD_POLICY_LOWERCASE, &account, &[("password-policy", Status::Pass)]);
        testing::password_policy(&mut account).require_lowercase = false;
        testing::expect(&PASSWORD_POLICY_LOWERCASE, &account, &[("password-policy", Status::Fail)]);
        account.password_policy = Known::Known(None);
        testing::expect(&PASSWORD_POLICY_LOWERCASE, &account, &[("password-policy", Status::Fail)]);
    }
}
