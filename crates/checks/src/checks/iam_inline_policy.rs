use leastwise_model::Severity;

use crate::check::check;
use crate::{Context, Judge, Judged, PolicyOf, Verdict};

check! {
    /// ## What it checks
    /// No policy is embedded in a user, group or role that customers can change (BP-06).
    /// ## Why it matters
    /// A managed policy has versions to go back to, is reviewed once, and changes everywhere at once. An
    /// embedded one has its place where a permission must never outlive or leave its one principal.
    /// ## How to fix
    /// Make a managed policy with the same document, attach it, delete the embedded one.
    pub static IAM_INLINE_POLICY = {
        id: "iam-inline-policy", title: "policies are managed, not embedded",
        severity: Severity::Low, judge: Judge::InlinePolicy(iam_inline_policy),
    }
}

fn iam_inline_policy(_: &PolicyOf<'_>, _: &Context<'_>) -> Judged {
    Verdict::fail("an embedded policy")
}

#[cfg(test)]
mod tests {
    use leastwise_model::{Known, Status};

    use super::*;
    use crate::testing::{self, embed, embed_in_role, role, user};

    #[test]
    fn where_customers_can_change_it() {
        let mut account = testing::account();
        testing::expect(&IAM_INLINE_POLICY, &account, &[("inline-policy", Status::NotApplicable)]);
        let mut alice = user("alice");
        embed(&mut alice, "mine", "broken");
        account.users = Known::Known(vec![alice]);
        let mut linked = role("arn:aws:iam::123456789012:role/aws-service-role/x.amazonaws.com/Linked", "{}");
        embed_in_role(&mut linked, "p", "{}");
        account.roles = Known::Known(vec![linked]);
        testing::expect(
            &IAM_INLINE_POLICY,
            &account,
            &[
                ("inline-policy/user/alice/mine", Status::Fail),
                ("inline-policy/role/Linked/p", Status::NotApplicable),
            ],
        );
    }
}
