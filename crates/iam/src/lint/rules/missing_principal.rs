use crate::lint::finding::Found;
use crate::lint::rule::rule;
use crate::lint::subject::Subject;
use crate::lint::{PolicyKind, Severity};
use crate::{PrincipalKind, Principals};

rule! {
    /// ## What it finds
    /// A `Principal` where the kind of policy has none, or none where it needs one. A resource control policy and the
    /// policy of an endpoint need one; in the former only `*` may stand.
    /// ## Why it matters
    /// AWS refuses the policy.
    /// ## How to fix
    /// Identity policies and service control policies apply to whom they are attached to: remove the element. In
    /// other policies add it.
    ///
    /// Source: [Principal](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html),
    /// [SCP syntax](https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_syntax.html),
    /// [RCP syntax](https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html).
    static MISSING_PRINCIPAL = {
        id: "missing-principal", title: "`Principal` is missing, or is where it may not be",
        severity: Severity::Error, find: missing_principal,
    }
}

fn missing_principal(subject: &Subject<'_>, found: &mut Found<'_>) {
    let kind = subject.kind;
    let takes = !kind.is_identity() && kind != PolicyKind::Scp;
    for facts in &subject.statements {
        let principals = &facts.statement.principals;
        let name = if let Principals::AllBut(_) = principals { "NotPrincipal" } else { "Principal" };
        match principals {
            Principals::Unspecified if takes => {
                found.add(
                    facts.spot(),
                    format!("`Principal` is missing; a policy of kind `{kind}` needs one"),
                );
            }
            Principals::Unspecified => {}
            _ if !takes => {
                found.add(
                    facts.element(name),
                    format!("a policy of kind `{kind}` has no `{name}`; remove it"),
                );
            }
            Principals::Only(entries) | Principals::AllBut(entries) => {
                let everyone = |p: &crate::Principal| p.kind == PrincipalKind::Everyone;
                if kind == PolicyKind::Rcp && (name == "NotPrincipal" || !entries.iter().all(everyone)) {
                    found.add(
                        facts.element(name),
                        "a resource control policy can only have `\"Principal\": \"*\"`",
                    );
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::PolicyKind;
    use crate::lint::testing::check_kind;

    #[test]
    fn kinds() {
        let none = r#""Action":"*","Resource":"*""#;
        let everyone = r#""Principal":"*","Action":"*","Resource":"*""#;
        let account = r#""Principal":{"AWS":"123456789012"},"Action":"*","Resource":"*""#;
        for (kind, statement, message) in [
            (PolicyKind::Managed, none, ""),
            (PolicyKind::Scp, none, ""),
            (PolicyKind::Trust, everyone, ""),
            (PolicyKind::Resource, account, ""),
            (PolicyKind::Rcp, everyone, ""),
            (PolicyKind::Managed, everyone, "Principal: a policy of kind `managed` has no `Principal`"),
            (PolicyKind::Scp, everyone, "has no `Principal`"),
            (PolicyKind::Resource, none, "Statement[0]: `Principal` is missing"),
            (PolicyKind::Endpoint, none, "`Principal` is missing"),
            (PolicyKind::Rcp, account, "can only have"),
        ] {
            check_kind("missing-principal", kind, &[(statement, message)]);
        }
    }
}
