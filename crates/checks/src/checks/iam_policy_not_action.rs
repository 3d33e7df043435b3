use leastwise_model::Severity;

use crate::check::check;
use crate::grants::allow_not_action;
use crate::{Context, Judge, Judged, PolicyOf, Verdict};

check! {
    /// ## What it checks
    /// No policy allows "everything but" by `NotAction` (BP-01).
    /// ## Why it matters
    /// It also allows every action that AWS adds tomorrow, in services nobody thought of.
    /// ## How to fix
    /// List the actions that are needed. To keep something out, allow what is needed and add a `Deny`.
    pub static IAM_POLICY_NOT_ACTION = {
        id: "iam-policy-not-action", title: "no policy allows by `NotAction`",
        severity: Severity::Medium, judge: Judge::Policy(iam_policy_not_action),
    }
}

fn iam_policy_not_action(of: &PolicyOf<'_>, _: &Context<'_>) -> Judged {
    match allow_not_action(of.document.get()?.document()?) {
        Some(statement) => Verdict::fail(format!("{statement} allows all but some actions")),
        None => Verdict::pass("no statement allows by `NotAction`"),
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
            managed("allow", r#"{"Statement":{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}}"#),
            managed("deny", r#"{"Statement":{"Effect":"Deny","NotAction":"iam:*","Resource":"*"}}"#),
            managed("broken", "{}"),
        ]);
        testing::expect(
            &IAM_POLICY_NOT_ACTION,
            &account,
            &[
                ("policy/allow", Status::Fail),
                ("policy/deny", Status::Pass),
                ("policy/broken", Status::Unknown),
            ],
        );
    }
}
