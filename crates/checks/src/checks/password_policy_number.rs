use leastwise_model::{PasswordPolicy, Severity};

use crate::check::check;
use crate::{Context, Judge, Judged, Verdict};

check! {
    /// ## What it checks
    /// The password policy demands a digit (BP-05).
    /// ## Why it matters
    /// Every kind of character that may occur makes a password harder to guess.
    /// ## How to fix
    /// One command states every rule, since what is left out is reset to its default: `aws iam
    /// update-account-password-policy --minimum-password-length 14 --require-uppercase-characters
    /// --require-lowercase-characters --require-numbers --require-symbols --password-reuse-prevention 24
    /// --allow-users-to-change-password`. Or use Terraform's `aws_iam_account_password_policy`.
    pub static PASSWORD_POLICY_NUMBER = {
        id: "password-policy-number", title: "the password policy demands a digit",
        severity: Severity::Medium, judge: Judge::PasswordPolicy(password_policy_number),
    }
}

fn password_policy_number(policy: Option<&PasswordPolicy>, _: &Context<'_>) -> Judged {
    match policy {
        None => Verdict::fail("no password policy: AWS's default demands three of four kinds of characters"),
        Some(policy) if policy.require_numbers => Verdict::pass("passwords need a digit"),
        Some(_) => Verdict::fail("passwords need not contain a digit"),
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
        testing::expect(&PASSWORD_POLICY_NUMBER, &account, &[("password-policy", Status::Pass)]);
        testing::password_policy(&mut account).require_numbers = false;
        testing::expect(&PASSWORD_POLICY_NUMBER, &account, &[("password-policy", Status::Fail)]);
        account.password_policy = Known::Known(None);
        testing::expect(&PASSWORD_POLICY_NUMBER, &account, &[("password-policy", Status::Fail)]);
    }
}
