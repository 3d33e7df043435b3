use leastwise_model::{Account, Severity};

use crate::check::check;
use crate::root::has_access_keys;
use crate::{Context, Judge, Judged, Verdict};

check! {
    /// ## What it checks
    /// The root user has no access key (BP-26, CIS 1.4), not even a deactivated one.
    /// ## Why it matters
    /// A root key can do everything in the account, no policy limits it, and it needs no MFA.
    /// ## How to fix
    /// Sign in as root, find out what uses the key, move that to a role, then deactivate the key and delete
    /// it. In an organisation with central root management, delete it from the management account.
    pub static ROOT_ACCESS_KEY = {
        id: "root-access-key", title: "the root user has no access key",
        severity: Severity::Critical, judge: Judge::Root(root_access_key),
    }
}

fn root_access_key(_: &Account, context: &Context<'_>) -> Judged {
    if has_access_keys(context)? {
        Verdict::fail("the root user has an access key")
    } else {
        Verdict::pass("the root user has no access key")
    }
}

#[cfg(test)]
mod tests {
    use leastwise_model::{AccessKey, Known, Status};

    use super::*;
    use crate::testing::{self, missing};

    #[test]
    fn from_the_summary_else_from_the_report() {
        let mut account = testing::account();
        testing::expect(&ROOT_ACCESS_KEY, &account, &[("root", Status::Pass)]);
        testing::summary(&mut account).root_access_keys_present = Known::Known(true);
        testing::expect(&ROOT_ACCESS_KEY, &account, &[("root", Status::Fail)]);
        account.credential_report = Known::Known(Some(testing::days_ago(2)));
        testing::expect(&ROOT_ACCESS_KEY, &account, &[("root", Status::Unknown)]);
        account.summary = Known::Unknown(missing());
        testing::expect(&ROOT_ACCESS_KEY, &account, &[("root", Status::Pass)]);
        testing::root(&mut account).access_keys =
            Known::Known(vec![AccessKey { active: false, ..testing::key(1, 10) }]);
        testing::expect(&ROOT_ACCESS_KEY, &account, &[("root", Status::Fail)]);
        account.root = Known::Unknown(missing());
        testing::expect(&ROOT_ACCESS_KEY, &account, &[("root", Status::Unknown)]);
    }
}
