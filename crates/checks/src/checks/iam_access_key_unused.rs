use leastwise_model::Severity;

use crate::check::check;
use crate::time::{ago, days_between, source};
use crate::{Context, Judge, Judged, KeyOf, Verdict};

check! {
    /// ## What it checks
    /// Every active access key was used within `thresholds.unused_credential_days` (CIS 1.12). A key that was
    /// never used counts from its creation: "never used" is not a pass.
    /// ## Why it matters
    /// A key nobody uses is a key nobody misses when it leaks.
    /// ## How to fix
    /// Deactivate it, wait a week, delete it.
    pub static IAM_ACCESS_KEY_UNUSED = {
        id: "iam-access-key-unused", title: "an active access key is in use",
        severity: Severity::Medium, judge: Judge::AccessKey(iam_access_key_unused),
    }
}

fn iam_access_key_unused(of: &KeyOf<'_>, context: &Context<'_>) -> Judged {
    let (what, since) = match *of.key.last_used.get()? {
        Some(used) => ("last used", used),
        None => ("never used, created", *of.key.created.get()?),
    };
    let read = source(of.user.credentials.get()?);
    let evidence = format!("{what} {} ({read})", ago(since, context.now));
    if days_between(since, context.now)? < context.config.thresholds.unused_credential_days {
        Verdict::pass(evidence)
    } else {
        Verdict::fail(evidence)
    }
}

#[cfg(test)]
mod tests {
    use leastwise_model::{AccessKey, Known, Status};

    use super::*;
    use crate::testing::{self, credentials, days_ago, key, missing, user};

    #[test]
    fn used_unused_and_never_used() {
        let used = |slot: u8, days: i64| AccessKey {
            last_used: Known::Known(Some(days_ago(days))),
            ..key(slot, 400)
        };
        let mut account = testing::account();
        let table = [
            ("a", vec![used(1, 44), used(2, 45)]),
            ("b", vec![key(1, 44), key(2, 45)]),
            ("c", vec![AccessKey { active: false, ..key(1, 400) }]),
            ("d", vec![AccessKey { last_used: Known::Unknown(missing()), ..key(1, 400) }]),
            ("e", vec![AccessKey { created: Known::Unknown(missing()), ..key(2, 400) }]),
        ];
        let users = table.into_iter().map(|(name, keys)| {
            let mut user = user(name);
            credentials(&mut user).access_keys = Known::Known(keys);
            user
        });
        account.users = Known::Known(users.collect());
        testing::expect(
            &IAM_ACCESS_KEY_UNUSED,
            &account,
            &[
                ("access-key/a/1", Status::Pass),
                ("access-key/a/2", Status::Fail),
                ("access-key/b/1", Status::Pass),
                ("access-key/b/2", Status::Fail),
                ("access-key/d/1", Status::Unknown),
                ("access-key/e/2", Status::Unknown),
            ],
        );
    }

    #[test]
    fn no_keys_and_unread_keys() {
        let mut account = testing::account();
        testing::expect(&IAM_ACCESS_KEY_UNUSED, &account, &[("access-key", Status::NotApplicable)]);
        let mut unread = user("unread");
        credentials(&mut unread).access_keys = Known::Unknown(missing());
        account.users = Known::Known(vec![unread]);
        testing::expect(&IAM_ACCESS_KEY_UNUSED, &account, &[("access-key/unread", Status::Unknown)]);
        account.users = Known::Unknown(missing());
        testing::expect(&IAM_ACCESS_KEY_UNUSED, &account, &[("access-key", Status::Unknown)]);
    }
}
