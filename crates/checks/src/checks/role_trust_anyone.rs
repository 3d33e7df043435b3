use leastwise_model::{Role, Severity};

use crate::check::check;
use crate::trust::{Caller, openings};
use crate::{Context, Judge, Judged, Verdict};

check! {
    /// ## What it checks
    /// No role lets anyone assume it (BP-01): a trust policy with the principal `*`, or with `NotPrincipal`,
    /// has to say by a condition which organisation, account or principal calls, or deny it to all others. An
    /// external id or an address range does not say that. A principal of no known form leaves the role unknown.
    /// ## Why it matters
    /// Everyone with an AWS account can use such a role; scanners look for them.
    /// ## How to fix
    /// Name the accounts or roles that need it, or add `aws:PrincipalOrgID` with your organisation.
    pub static ROLE_TRUST_ANYONE = {
        id: "role-trust-anyone", title: "a role cannot be assumed by anyone",
        severity: Severity::Critical, judge: Judge::Role(role_trust_anyone),
    }
}

fn role_trust_anyone(role: &Role, _: &Context<'_>) -> Judged {
    let document = role.trust.get()?.document()?;
    if openings(document).any(|opening| opening.callers().contains(&Caller::Anyone)) {
        return Verdict::fail("the trust policy lets anyone assume the role");
    }
    match openings(document).find_map(|opening| opening.unrecognised()) {
        Some(missing) => Err(missing),
        None => Verdict::pass("the trust policy says who may assume the role"),
    }
}

#[cfg(test)]
mod tests {
    use leastwise_model::{Known, Status};

    use super::*;
    use crate::testing::{self, role};

    const OPEN: &str = r#"{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"}"#;
    const GUARD: &str = r#"{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole","Condition":{"StringNotEquals":{"aws:PrincipalOrgID":"o-a"}}}"#;
    const STRANGE: &str =
        r#"{"Effect":"Allow","Principal":{"AWS":"arn:aws-new:iam::1:root"},"Action":"sts:AssumeRole"}"#;

    fn statements(statements: &str) -> String {
        format!(r#"{{"Statement":[{statements}]}}"#)
    }

    #[test]
    fn open_pinned_and_unreadable() {
        let trust = |condition: &str| {
            format!(
                r#"{{"Statement":{{"Effect":"Allow","Principal":{{"AWS":"*"}},"Action":"sts:AssumeRole"{condition}}}}}"#
            )
        };
        let arn = |name: &str| format!("arn:aws:iam::123456789012:role/{name}");
        let mut account = testing::account();
        account.roles = Known::Known(vec![
            role(&arn("open"), &trust("")),
            role(&arn("external-id"), &trust(r#","Condition":{"StringEquals":{"sts:ExternalId":"x"}}"#)),
            role(&arn("pinned"), &trust(r#","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-a"}}"#)),
            role(&arn("broken"), "{"),
            role(&arn("guarded"), &statements(&format!("{OPEN},{GUARD}"))),
            role(&arn("strange"), &statements(STRANGE)),
            role(&arn("strange-and-open"), &statements(&format!("{STRANGE},{OPEN}"))),
        ]);
        testing::expect(
            &ROLE_TRUST_ANYONE,
            &account,
            &[
                ("role/open", Status::Fail),
                ("role/external-id", Status::Fail),
                ("role/pinned", Status::Pass),
                ("role/broken", Status::Unknown),
                ("role/guarded", Status::Pass),
                ("role/strange", Status::Unknown),
                ("role/strange-and-open", Status::Fail),
            ],
        );
    }
}
