use leastwise_model::{PasswordPolicy, Severity};

use crate::check::check;
use crate::{Context, Judge, Judged, Verdict};

check! {
    /// ## What it checks
    /// Passwords expire within `thresholds.password_max_age_days`. This is informational (BP-08): guidance has
    /// turned against forced changes, but some regulations still ask for them.
    /// ## Why it matters
    /// An expiry bounds how long a stolen password works; it also makes people choose weaker ones.
    /// ## How to fix
    /// Decide. If you want it, add `--max-password-age 90` to the one command that states every rule, since what
    /// is left out is reset to its default; see `password-policy-length`.
    pub static PASSWORD_POLICY_MAX_AGE = {
        id: "password-policy-max-age", title: "passwords expire",
        severity: Severity::Info, judge: Judge::PasswordPolicy(password_policy_max_age),
    }
}

fn password_policy_max_age(policy: Option<&PasswordPolicy>, context: &Context<'_>) -> Judged {
    let wanted = context.config.thresholds.password_max_age_days;
    match policy.and_then(|policy| policy.max_age_days) {
        None => Verdict::fail("passwords never expire"),
        Some(days) if days > wanted => {
            Verdict::fail(format!("passwords expire after {days} days, not {wanted}"))
        }
        Some(days) => Verdict::pass(format!("passwords expire after {days} days")),
    }
}

#[cfg(test)]
mod tests {
    use leastwise_model::Status;

    use super::*;
    use crate::testing;

    #[test]
    fn ninety_days_at_most() {
        let mut account = testing::account();
        for (days, expected) in [(Some(90), Status::Pass), (Some(91), Status::Fail), (None, Status::Fail)] {
            testing::password_policy(&mut account).max_age_days = days;
            testing::expect(&PASSWORD_POLICY_MAX_AGE, &account, &[("password-policy", expected)]);
        }
    }
}
