use leastwise_model::Severity;

use crate::check::check;
use crate::grants::allow_not_resource;
use crate::{Context, Judge, Judged, PolicyOf, Verdict};

check! {
    /// ## What it checks
    /// No policy allows something on "everything but" by `NotResource` (BP-01).
    /// ## Why it matters
    /// It also covers every resource that is made tomorrow.
    /// ## How to fix
    /// List the resources that are needed. To keep something out, allow what is needed and add a `Deny`.
    pub static IAM_POLICY_NOT_RESOURCE = {
        id: "iam-policy-not-resource", title: "no policy allows by `NotResource`",
        severity: Severity::Medium, judge: Judge::Policy(iam_policy_not_resource),
    }
}

fn iam_policy_not_resource(of: &PolicyOf<'_>, _: &Context<'_>) -> Judged {
    match allow_not_resource(of.document.get()?.document()?) {
        Some(statement) => Verdict::fail(format!("{statement} allows on all but some resources")),
        None => Verdict::pass("no statement allows by `NotResource`"),
    }
}

#[cfg(test)]
mod tests {
    use leastwise_model::{Known, Status};

    use super::*;
    use crate::testing::{self, managed};

    #[test]
    fn allow_and_deny() {
        let mut account = testing::account();
        account.policies = Known::Known(vec![
            managed(
                "allow",
                r#"{"Statement":{"Effect":"Allow","Action":"s3:*","NotResource":"arn:aws:s3:::x"}}"#,
            ),
            managed(
                "deny",
                r#"{"Statement":{"Effect":"Deny","Action":"s3:*","NotResource":"arn:aws:s3:::x"}}"#,
            ),
        ]);
        testing::expect(
            &IAM_POLICY_NOT_RESOURCE,
            &account,
            &[("policy/allow", Status::Fail), ("policy/deny", Status::Pass)],
        );
    }
}
