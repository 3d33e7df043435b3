use leastwise_model::{PasswordPolicy, Severity};

use crate::check::check;
use crate::{Context, Judge, Judged, Verdict};

check! {
    /// ## What it checks
    /// IAM users' passwords have at least `thresholds.password_min_length` characters (BP-05, CIS 1.8).
    /// Without a policy of its own an account has
    /// [AWS's default](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html) of 8.
    /// ## Why it matters
    /// Length is what makes guessing expensive.
    /// ## How to fix
    /// One command states every rule, since what is left out is reset to its default: `aws iam
    /// update-account-password-policy --minimum-password-length 14 --require-uppercase-characters
    /// --require-lowercase-characters --require-numbers --require-symbols --password-reuse-prevention 24
    /// --allow-users-to-change-password`. Or use Terraform's `aws_iam_account_password_policy`.
    pub static PASSWORD_POLICY_LENGTH = {
        id: "password-policy-length", title: "the password policy demands long passwords",
        severity: Severity::Medium, judge: Judge::PasswordPolicy(password_policy_length),
    }
}

/// What AWS demands where an account has no password policy.
const DEFAULT_LENGTH: u32 = 8;

fn password_policy_length(policy: Option<&PasswordPolicy>, context: &Context<'_>) -> Judged {
    let wanted = context.config.thresholds.password_min_length;
    match policy {
        None if DEFAULT_LENGTH < wanted => Verdict::fail(format!(
            "no password policy: AWS's default demands {DEFAULT_LENGTH} characters, not {wanted}"
        )),
        None => Verdict::pass(format!(
            "no password policy: AWS's default demands {DEFAULT_LENGTH} characters, which is enough for {wanted}"
        )),
        Some(policy) if policy.minimum_length < wanted => {
            Verdict::fail(format!("passwords need {} characters, not {wanted}", policy.minimum_length))
        }
        Some(policy) => Verdict::pass(format!("passwords need {} characters", policy.minimum_length)),
    }
}

#[cfg(test)]
mod tests {
    use leastwise_model::{Known, Status};

    use super::*;
    use crate::{Config, testing};

    #[test]
    fn fourteen_is_enough() {
        let mut account = testing::account();
        for (length, expected) in [(14, Status::Pass), (13, Status::Fail)] {
            testing::password_policy(&mut account).minimum_length = length;
            testing::expect(&PASSWORD_POLICY_LENGTH, &account, &[("password-policy", expected)]);
        }
        account.password_policy = Known::Known(None);
        testing::expect(&PASSWORD_POLICY_LENGTH, &account, &[("password-policy", Status::Fail)]);
        for (wanted, expected) in [(1, Status::Pass), (8, Status::Pass), (9, Status::Fail)] {
            let config = Config::from_toml(&format!("thresholds.password_min_length = {wanted}")).unwrap();
            let snapshot = testing::snapshot(account.clone());
            testing::expect_in(&PASSWORD_POLICY_LENGTH, &snapshot, &config, &[("password-policy", expected)]);
        }
        account.password_policy = Known::Unknown(testing::missing());
        testing::expect(&PASSWORD_POLICY_LENGTH, &account, &[("password-policy", Status::Unknown)]);
    }
}
