use leastwise_model::{Group, Severity};

use crate::check::check;
use crate::{Context, Judge, Judged, Verdict};

check! {
    /// ## What it checks
    /// Every group has a member (BP-07).
    /// ## Why it matters
    /// An empty group keeps permissions ready that nobody needs, for whoever is added by mistake.
    /// ## How to fix
    /// Delete the group, or put the users in that it was made for.
    pub static IAM_GROUP_EMPTY = {
        id: "iam-group-empty", title: "a group has members",
        severity: Severity::Low, judge: Judge::Group(iam_group_empty),
    }
}

fn iam_group_empty(group: &Group, context: &Context<'_>) -> Judged {
    if context.has_members(&group.name)? {
        Verdict::pass("the group has members")
    } else {
        Verdict::fail("no user is in the group")
    }
}

#[cfg(test)]
mod tests {
    use leastwise_model::{Known, Status};

    use super::*;
    use crate::testing::{self, group, missing, user};

    #[test]
    fn members_known_and_unknown() {
        let mut account = testing::account();
        account.groups = Known::Known(vec![group("staff"), group("deserted")]);
        account.users = Known::Known(vec![user("alice")]);
        let both = |deserted| [("group/staff", Status::Pass), ("group/deserted", deserted)];
        testing::expect(&IAM_GROUP_EMPTY, &account, &both(Status::Fail));
        let mut unread = user("unread");
        unread.details = Known::Unknown(missing());
        account.users = Known::Known(vec![user("alice"), unread]);
        testing::expect(&IAM_GROUP_EMPTY, &account, &both(Status::Unknown));
    }
}
