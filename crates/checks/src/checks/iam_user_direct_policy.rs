use leastwise_model::{Severity, User};

use crate::check::check;
use crate::{Context, Judge, Judged, Verdict};

check! {
    /// ## What it checks
    /// No policy is attached to a user or embedded in one (BP-07, CIS 1.15).
    /// ## Why it matters
    /// Permissions that come through groups are given by job, reviewed in one place, and go when the person
    /// changes teams. Those given to a person stay.
    /// ## How to fix
    /// Attach the policy to the group the user belongs to, check that the user can still work, then detach it
    /// from the user.
    pub static IAM_USER_DIRECT_POLICY = {
        id: "iam-user-direct-policy", title: "a user has permissions through groups only",
        severity: Severity::Low, judge: Judge::User(iam_user_direct_policy),
    }
}

fn iam_user_direct_policy(user: &User, _: &Context<'_>) -> Judged {
    let policies = &user.details.get()?.policies;
    let attached = policies.attached.iter().map(|attachment| format!("`{}`", attachment.name));
    let inline = policies.inline.iter().map(|policy| format!("`{}` (inline)", policy.name));
    let names: Vec<String> = attached.chain(inline).collect();
    if names.is_empty() {
        Verdict::pass("no policy is given to the user directly")
    } else {
        Verdict::fail(format!("given directly: {}", names.join(", ")))
    }
}

#[cfg(test)]
mod tests {
    use leastwise_model::{Known, Status};

    use super::*;
    use crate::testing::{self, attach, embed, missing, user};

    #[test]
    fn attached_embedded_and_unread() {
        let mut account = testing::account();
        let (mut attached, mut embedded, mut unread) = (user("attached"), user("embedded"), user("unread"));
        attach(&mut attached, "arn:aws:iam::aws:policy/ReadOnlyAccess");
        embed(&mut embedded, "p", r#"{"Statement":[]}"#);
        unread.details = Known::Unknown(missing());
        account.users = Known::Known(vec![user("clean"), attached, embedded, unread]);
        testing::expect(
            &IAM_USER_DIRECT_POLICY,
            &account,
            &[
                ("user/clean", Status::Pass),
                ("user/attached", Status::Fail),
                ("user/embedded", Status::Fail),
                ("user/unread", Status::Unknown),
            ],
        );
    }
}
