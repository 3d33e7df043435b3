use leastwise_model::{Severity, User};

use crate::check::check;
use crate::time::source;
use crate::{Context, Judge, Judged, Verdict};

check! {
    /// ## What it checks
    /// No user has two active access keys (CIS 1.13).
    /// ## Why it matters
    /// The second slot is for the days of a rotation. Two keys in use are twice the places to leak from.
    /// ## How to fix
    /// Move everything to the newer key, deactivate the older one, wait a week, delete it.
    pub static IAM_USER_TWO_ACCESS_KEYS = {
        id: "iam-user-two-access-keys", title: "a user has at most one active access key",
        severity: Severity::Medium, judge: Judge::User(iam_user_two_access_keys),
    }
}

fn iam_user_two_access_keys(user: &User, _: &Context<'_>) -> Judged {
    let credentials = user.credentials.get()?;
    let keys = credentials.access_keys.get()?;
    match keys.iter().filter(|key| key.active).count() {
        0 => Verdict::not_applicable("the user has no active access key"),
        1 => Verdict::pass(format!("one active access key ({})", source(credentials))),
        active => Verdict::fail(format!("{active} active access keys ({})", source(credentials))),
    }
}

#[cfg(test)]
mod tests {
    use leastwise_model::{Known, Status};

    use super::*;
    use crate::testing::{self, credentials, key, user};

    #[test]
    fn only_active_keys_count() {
        let mut account = testing::account();
        let mut two = user("two");
        credentials(&mut two).access_keys = Known::Known(vec![key(1, 10), key(2, 5)]);
        let mut rotated = user("rotated");
        let mut old = key(1, 100);
        old.active = false;
        credentials(&mut rotated).access_keys = Known::Known(vec![old, key(2, 5)]);
        account.users = Known::Known(vec![two, rotated, user("none")]);
        testing::expect(
            &IAM_USER_TWO_ACCESS_KEYS,
            &account,
            &[
                ("user/two", Status::Fail),
                ("user/rotated", Status::Pass),
                ("user/none", Status::NotApplicable),
            ],
        );
    }
}
