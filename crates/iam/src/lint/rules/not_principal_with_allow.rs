use crate::Principals;
use crate::lint::Severity;
use crate::lint::finding::Found;
use crate::lint::rule::rule;
use crate::lint::subject::Subject;

rule! {
    /// ## What it finds
    /// `NotPrincipal` in an `Allow`.
    /// ## Why it matters
    /// It allows everyone but those named, also people without an AWS account.
    /// ## How to fix
    /// Name whom to allow in `Principal`.
    ///
    /// Source: [NotPrincipal](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html).
    static NOT_PRINCIPAL_WITH_ALLOW = {
        id: "not-principal-with-allow", title: "an `Allow` has `NotPrincipal`",
        severity: Severity::Security, find: not_principal_with_allow,
    }
}

fn not_principal_with_allow(subject: &Subject<'_>, found: &mut Found<'_>) {
    for facts in subject.statements.iter().filter(|facts| facts.allows()) {
        if let Principals::AllBut(_) = facts.statement.principals {
            let message = "everyone but those named is allowed, also anonymous callers; use `Principal`";
            found.add(facts.element("NotPrincipal"), message);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::PolicyKind;
    use crate::lint::testing::check_kind;

    #[test]
    fn statements() {
        let not = r#""NotPrincipal":{"AWS":"123456789012"},"Action":"*","Resource":"*""#;
        let deny = format!(r#""Effect":"Deny",{not}"#);
        check_kind(
            "not-principal-with-allow",
            PolicyKind::Resource,
            &[(not, ".NotPrincipal: everyone"), (&deny, "")],
        );
    }
}
