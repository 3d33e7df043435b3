use leastwise_model::{Account, Missing, Severity};

use crate::check::check;
use crate::{Context, Judge, Judged, Verdict};

check! {
    /// ## What it checks
    /// The root user has no access key (BP-26, CIS 1.4).
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

fn root_access_key(account: &Account, _: &Context<'_>) -> Judged {
    if has_access_keys(account)? {
        Verdict::fail("the root user has an access key")
    } else {
        Verdict::pass("the root user has no access key")
    }
}

/// From the account summary, which is live; where that is missing, from the credential report.
pub(super) fn has_access_keys(account: &Account) -> Result<bool, Missing> {
    let summary = account.summary.get().and_then(|summary| summary.root_access_keys_present.get().copied());
    summary.or_else(|missing| match account.root.value().and_then(|root| root.access_keys.value()) {
        Some(keys) => Ok(keys.iter().any(|key| key.active)),
        None => Err(missing),
    })
}

#[cfg(test)]
mod tests {
    use leastwise_model::{Known, Status};

    use super::*;
    use crate::testing::{self, missing};

    #[test]
    fn from_the_summary_else_from_the_report() {
        let mut account = testing::account();
        testing::expect(&ROOT_ACCESS_KEY, &account, &[("root", Status::Pass)]);
        testing::summary(&mut account).root_access_keys_present = Known::Known(true);
        testing::expect(&ROOT_ACCESS_KEY, &account, &[("root", Status::Fail)]);
        account.summary = Known::Unknown(missing());
        testing::expect(&ROOT_ACCESS_KEY, &account, &[("root", Status::Pass)]);
        testing::root(&mut account).access_keys = Known::Known(vec![testing::key(1, 10)]);
        testing::expect(&ROOT_ACCESS_KEY, &account, &[("root", Status::Fail)]);
        account.root = Known::Unknown(missing());
        testing::expect(&ROOT_ACCESS_KEY, &account, &[("root", Status::Unknown)]);
    }
}
