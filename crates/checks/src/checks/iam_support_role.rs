use leastwise_model::{Account, Severity};

use crate::check::check;
use crate::{Context, Judge, Judged, Verdict};

check! {
    /// ## What it checks
    /// Some role has AWS's policy `AWSSupportAccess` attached (CIS 1.17).
    /// ## Why it matters
    /// In an incident somebody must be able to open a case at AWS without being an administrator.
    /// ## How to fix
    /// Create a role for it, trusted by those who may open cases, and attach `AWSSupportAccess`.
    pub static IAM_SUPPORT_ROLE = {
        id: "iam-support-role", title: "a role can open cases at AWS Support",
        severity: Severity::Low, judge: Judge::Account(iam_support_role),
    }
}

fn iam_support_role(account: &Account, _: &Context<'_>) -> Judged {
    let holder = account.roles.get()?.iter().find(|role| {
        role.policies
            .attached
            .iter()
            .any(|policy| policy.arn.is_owned_by_aws() && policy.arn.name() == "AWSSupportAccess")
    });
    match holder {
        Some(role) => Verdict::pass(format!("role `{}` has AWSSupportAccess", role.name)),
        None => Verdict::fail("no role has AWSSupportAccess"),
    }
}

#[cfg(test)]
mod tests {
    use leastwise_model::{Known, Status};

    use super::*;
    use crate::testing::{self, attach_to, missing, role};

    #[test]
    fn aws_own_policy_counts() {
        let mut account = testing::account();
        let mut lookalike = role("arn:aws:iam::123456789012:role/lookalike", "{}");
        attach_to(&mut lookalike.policies, "arn:aws:iam::123456789012:policy/AWSSupportAccess");
        account.roles = Known::Known(vec![lookalike.clone()]);
        testing::expect(&IAM_SUPPORT_ROLE, &account, &[("account", Status::Fail)]);
        let mut support = role("arn:aws:iam::123456789012:role/support", "{}");
        attach_to(&mut support.policies, "arn:aws:iam::aws:policy/AWSSupportAccess");
        account.roles = Known::Known(vec![lookalike, support]);
        testing::expect(&IAM_SUPPORT_ROLE, &account, &[("account", Status::Pass)]);
        account.roles = Known::Unknown(missing());
        testing::expect(&IAM_SUPPORT_ROLE, &account, &[("account", Status::Unknown)]);
    }
}
