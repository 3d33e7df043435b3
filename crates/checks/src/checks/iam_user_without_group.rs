use leastwise_model::{Severity, User};

use crate::check::check;
use crate::{Context, Judge, Judged, Verdict};

check! {
    /// ## What it checks
    /// Every user is in at least one group (BP-07). Break-glass users are not concerned.
    /// ## Why it matters
    /// A user outside every group is outside every review by job.
    /// ## How to fix
    /// Add the user to the group of their team or task, or delete the user.
    pub static IAM_USER_WITHOUT_GROUP = {
        id: "iam-user-without-group", title: "a user is in a group",
        severity: Severity::Low, judge: Judge::User(iam_user_without_group),
    }
}

fn iam_user_without_group(user: &User, context: &Context<'_>) -> Judged {
    if context.is_break_glass(user) {
        return Verdict::not_applicable("a break-glass user");
    }
    let groups = &user.details.get()?.groups;
    if groups.is_empty() {
        Verdict::fail("in no group")
    } else {
        Verdict::pass(format!("in {}", groups.join(", ")))
    }
}

#[cfg(test)]
mod tests {
    use leastwise_model::{Known, Status};

    use super::*;
    use crate::testing::{self, details, user};

    #[test]
    fn in_a_group_or_not() {
        let mut account = testing::account();
        let mut lone = user("lone");
        details(&mut lone).groups.clear();
        account.users = Known::Known(vec![user("member"), lone]);
        testing::expect(
            &IAM_USER_WITHOUT_GROUP,
            &account,
            &[("user/member", Status::Pass), ("user/lone", Status::Fail)],
        );
    }
}
