use leastwise_model::Severity;

use crate::check::check;
use crate::time::{ago, days_between, source};
use crate::{Context, Judge, Judged, KeyOf, Verdict};

check! {
    /// ## What it checks
    /// Every active access key was created at most `thresholds.access_key_max_age_days` ago (CIS 1.14).
    /// ## Why it matters
    /// The older a key, the more laptops, logs and backups hold it.
    /// ## How to fix
    /// Create a second key, move its users over, deactivate the old one, wait, delete it. Better: replace the
    /// key by a role.
    pub static IAM_ACCESS_KEY_AGE = {
        id: "iam-access-key-age", title: "an active access key is rotated",
        severity: Severity::Medium, judge: Judge::AccessKey(iam_access_key_age),
    }
}

fn iam_access_key_age(of: &KeyOf<'_>, context: &Context<'_>) -> Judged {
    let created = *of.key.created.get()?;
    let read = source(of.user.credentials.get()?);
    let evidence = format!("created {} ({read})", ago(created, context.now));
    if days_between(created, context.now)? > context.config.thresholds.access_key_max_age_days {
        Verdict::fail(evidence)
    } else {
        Verdict::pass(evidence)
    }
}

#[cfg(test)]
mod tests {
    use leastwise_model::{Known, Status};

    use super::*;
    use crate::testing::{self, credentials, key, user};

    #[test]
    fn ninety_days_at_most() {
        let mut account = testing::account();
        let mut user = user("a");
        credentials(&mut user).access_keys = Known::Known(vec![key(1, 90), key(2, 91)]);
        account.users = Known::Known(vec![user]);
        testing::expect(
            &IAM_ACCESS_KEY_AGE,
            &account,
            &[("access-key/a/1", Status::Pass), ("access-key/a/2", Status::Fail)],
        );
    }
}
