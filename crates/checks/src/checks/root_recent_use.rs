use jiff::Timestamp;
use leastwise_model::{Account, Known, Missing, Severity};

use crate::check::check;
use crate::root::report_reaches_now;
use crate::time::{ago, days_between};
use crate::{Context, Judge, Judged, Verdict};

check! {
    /// ## What it checks
    /// The root user was not used within `thresholds.root_use_days`: neither its password nor either access
    /// key, whichever was used last (CIS 1.7; a part of BP-25).
    /// ## Why it matters
    /// Root is for the few tasks that nobody else can do. Its use for daily work means that its credentials
    /// are at hand, and that nobody would notice a stranger using them.
    /// ## How to fix
    /// Find out from CloudTrail what root was used for, give a role the permission for that, and lock root's
    /// credentials away.
    pub static ROOT_RECENT_USE = {
        id: "root-recent-use", title: "the root user is not in use",
        severity: Severity::High, judge: Judge::Root(root_recent_use),
    }
}

fn root_recent_use(account: &Account, context: &Context<'_>) -> Judged {
    let limit = context.config.thresholds.root_use_days;
    let uses = uses(account)?;
    let known = uses.iter().filter_map(|(what, at)| Some((*what, (*at.value()?)?)));
    let last = known.max_by_key(|(_, at)| *at);
    if let Some((what, at)) = last
        && days_between(at, context.now)? <= limit
    {
        return Verdict::fail(format!("root's {what} was used {}", ago(at, context.now)));
    }
    if let Some(missing) = uses.iter().find_map(|(_, at)| at.missing()) {
        return Err(missing.clone());
    }
    report_reaches_now(context)?;
    Verdict::pass(match last {
        Some((what, at)) => format!("root's {what} was last used {}", ago(at, context.now)),
        None => "no use of root is recorded".to_owned(),
    })
}

/// A credential, and when it was last used.
type Use = (&'static str, Known<Option<Timestamp>>);

/// The last use of each of root's credentials.
fn uses(account: &Account) -> Result<Vec<Use>, Missing> {
    let root = account.root.get()?;
    let mut uses = vec![("password", root.password_last_used.clone())];
    match &root.access_keys {
        Known::Known(keys) => uses.extend(keys.iter().map(|key| ("access key", key.last_used.clone()))),
        Known::Unknown(missing) => uses.push(("access key", Known::Unknown(missing.clone()))),
    }
    Ok(uses)
}

#[cfg(test)]
mod tests {
    use leastwise_model::Status;

    use super::*;
    use crate::testing::{self, days_ago, missing};

    #[test]
    fn whichever_was_used_last() {
        let mut account = testing::account();
        testing::expect(&ROOT_RECENT_USE, &account, &[("root", Status::Pass)]);
        testing::root(&mut account).password_last_used = Known::Known(Some(days_ago(91)));
        testing::expect(&ROOT_RECENT_USE, &account, &[("root", Status::Pass)]);
        let mut key = testing::key(2, 400);
        key.last_used = Known::Known(Some(days_ago(3)));
        testing::root(&mut account).access_keys = Known::Known(vec![key]);
        testing::expect(&ROOT_RECENT_USE, &account, &[("root", Status::Fail)]);
    }

    #[test]
    fn a_known_use_fails_whatever_else_is_missing() {
        let mut account = testing::account();
        testing::root(&mut account).access_keys = Known::Unknown(missing());
        testing::expect(&ROOT_RECENT_USE, &account, &[("root", Status::Unknown)]);
        testing::root(&mut account).password_last_used = Known::Known(Some(days_ago(1)));
        testing::expect(&ROOT_RECENT_USE, &account, &[("root", Status::Fail)]);
    }

    #[test]
    fn an_old_report_tells_nothing_of_the_time_since() {
        let mut account = testing::account();
        for made in [Some(days_ago(30)), None] {
            account.credential_report = Known::Known(made);
            testing::expect(&ROOT_RECENT_USE, &account, &[("root", Status::Unknown)]);
        }
    }
}
