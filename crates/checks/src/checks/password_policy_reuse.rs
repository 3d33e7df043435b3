use leastwise_model::{PasswordPolicy, Severity};

use crate::check::check;
use crate::{Context, Judge, Judged, Verdict};

check! {
    /// ## What it checks
    /// The last `thresholds.password_reuse_prevention` passwords cannot be used again (BP-08, CIS 1.9).
    /// ## Why it matters
    /// A password that leaked once is tried for years.
    /// ## How to fix
    /// One command states every rule, since what is left out is reset to its default: `aws iam
    /// update-account-password-policy --minimum-password-length 14 --require-uppercase-characters
    /// --require-lowercase-characters --require-numbers --require-symbols --password-reuse-prevention 24
    /// --allow-users-to-change-password`. Or use Terraform's `aws_iam_account_password_policy`.
    pub static PASSWORD_POLICY_REUSE = {
        id: "password-policy-reuse", title: "the password policy prevents reuse",
        severity: Severity::Medium, judge: Judge::PasswordPolicy(password_policy_reuse),
    }
}

fn password_policy_reuse(policy: Option<&PasswordPolicy>, context: &Context<'_>) -> Judged {
    let wanted = context.config.thresholds.password_reuse_prevention;
    match policy.and_then(|policy| policy.reuse_prevention) {
        None if wanted == 0 => {
            Verdict::pass("any previous password can be used again, as the threshold says")
        }
        None if policy.is_none() => {
            Verdict::fail("no password policy: any previous password can be used again")
        }
        None => Verdict::fail("any previous password can be used again"),
        Some(kept) if kept < wanted => {
            Verdict::fail(format!("only the last {kept} passwords are barred, not {wanted}"))
        }
        Some(kept) => Verdict::pass(format!("the last {kept} passwords are barred")),
    }
}

#[cfg(test)]
mod tests {
    use leastwise_model::{Known, Status};

    use super::*;
    use crate::{Config, testing};

    #[test]
    fn twenty_four_are_enough() {
        let mut account = testing::account();
        for (kept, expected) in [(Some(24), Status::Pass), (Some(23), Status::Fail), (None, Status::Fail)] {
            testing::password_policy(&mut account).reuse_prevention = kept;
            testing::expect(&PASSWORD_POLICY_REUSE, &account, &[("password-policy", expected)]);
        }
        account.password_policy = Known::Known(None);
        testing::expect(&PASSWORD_POLICY_REUSE, &account, &[("password-policy", Status::Fail)]);
        for (wanted, expected) in [(0, Status::Pass), (1, Status::Fail)] {
            let config =
                Config::from_toml(&format!("thresholds.password_reuse_prevention = {wanted}")).unwrap();
            let snapshot = testing::snapshot(account.clone());
            testing::expect_in(&PASSWORD_POLICY_REUSE, &snapshot, &config, &[("password-policy", expected)]);
        }
    }
}
