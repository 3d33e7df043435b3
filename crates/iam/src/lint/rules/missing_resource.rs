use crate::lint::finding::Found;
use crate::lint::rule::rule;
use crate::lint::subject::Subject;
use crate::lint::{PolicyKind, Severity};
use crate::{Principals, Scope};

rule! {
    /// ## What it finds
    /// A statement without `Resource` or `NotResource` where the kind of policy needs one.
    /// ## Why it matters
    /// AWS refuses the policy. Only a trust policy, whose resource is the role it belongs to, has none, and there AWS
    /// refuses one.
    /// ## How to fix
    /// Add `Resource`; in a trust policy remove it.
    ///
    /// Source: [Resource](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html),
    /// [grammar](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html).
    static MISSING_RESOURCE = {
        id: "missing-resource", title: "`Resource` is missing, or is where it may not be",
        severity: Severity::Error, find: missing_resource,
    }
}

fn missing_resource(subject: &Subject<'_>, found: &mut Found<'_>) {
    for facts in &subject.statements {
        let given = facts.statement.resources != Scope::Unspecified;
        match (subject.kind, given) {
            (PolicyKind::Trust, true) => {
                found.add(facts.element("Resource"), "a trust policy has no `Resource`; remove it");
            }
            // Policies of some resources, such as those of container registries, are about the resource alone.
            (PolicyKind::Trust, false) | (_, true) => {}
            (PolicyKind::Resource, false) if facts.statement.principals != Principals::Unspecified => {}
            (_, false) => found.add(facts.spot(), "`Resource` or `NotResource` is missing; add one"),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::PolicyKind;
    use crate::lint::testing::{check_kind, found};

    #[test]
    fn kinds() {
        let id = "missing-resource";
        let none = r#"{"Statement":[{"Effect":"Allow","Action":"s3:*"}]}"#;
        assert_eq!(found(id, PolicyKind::Managed, none).len(), 1);
        let all = r#""Principal":"*","Action":"sts:AssumeRole","Resource":"*""#;
        check_kind(id, PolicyKind::Trust, &[(all, "Resource: a trust policy has no `Resource`")]);
        check_kind(id, PolicyKind::Trust, &[(r#""Principal":"*","Action":"sts:AssumeRole""#, "")]);
        check_kind(id, PolicyKind::Resource, &[(r#""Principal":"*","Action":"ecr:*""#, "")]);
        check_kind(id, PolicyKind::Scp, &[(r#""Action":"s3:*""#, "Statement[0]: … missing")]);
    }
}
