use leastwise_model::Severity;

use crate::check::check;
use crate::grants::pass_any_role;
use crate::{Context, Judge, Judged, PolicyOf, Verdict};

check! {
    /// ## What it checks
    /// No policy allows `iam:PassRole` on every role of the account (BP-01), by name, by wildcard or by
    /// `NotAction`, unless a condition on `iam:PassedToService` or `iam:AssociatedResourceArn` names the service, or
    /// the same policy denies it outright. A pattern that fits any service, such as `*.amazonaws.com`, does not.
    /// ## Why it matters
    /// Who can pass any role to a service can use the most powerful role there is.
    /// ## How to fix
    /// Name the roles that may be passed, and the service they are for with `iam:PassedToService`.
    pub static IAM_POLICY_PASS_ROLE = {
        id: "iam-policy-pass-role", title: "no policy lets every role be passed",
        severity: Severity::High, judge: Judge::Policy(iam_policy_pass_role),
    }
}

fn iam_policy_pass_role(of: &PolicyOf<'_>, context: &Context<'_>) -> Judged {
    let account = context.account;
    match pass_any_role(of.document.get()?.document()?, account.partition, account.id) {
        Some(statement) => Verdict::fail(format!("{statement} allows iam:PassRole on every role")),
        None => Verdict::pass("iam:PassRole is not allowed on every role"),
    }
}

#[cfg(test)]
mod tests {
    use leastwise_model::{Known, Status};

    use super::*;
    use crate::testing::{self, managed};

    #[test]
    fn every_role_and_some() {
        let mut account = testing::account();
        account.policies = Known::Known(vec![
            managed("any", r#"{"Statement":{"Effect":"Allow","Action":"iam:PassRole","Resource":"*"}}"#),
            managed(
                "own",
                r#"{"Statement":{"Effect":"Allow","Action":"iam:PassRole","Resource":"arn:aws:iam::123456789012:role/app"}}"#,
            ),
        ]);
        testing::expect(
            &IAM_POLICY_PASS_ROLE,
            &account,
            &[("policy/any", Status::Fail), ("policy/own", Status::Pass)],
        );
    }
}
