use crate::lint::Severity;
use crate::lint::finding::Found;
use crate::lint::rule::rule;
use crate::lint::spot::Spot;
use crate::lint::subject::{Subject, action_element, resource_element};
use crate::{Principals, Scope};

rule! {
    /// ## What it finds
    /// A list without entries: of actions, resources, principals or values of a condition, or of statements.
    /// ## Why it matters
    /// Nothing matches an empty list, so the statement does nothing; with `NotAction`, `NotResource` or a negated
    /// operator, everything does. AWS refuses most of them.
    /// ## How to fix
    /// Remove the statement or the condition, or add what was to be there.
    ///
    /// Source: [grammar](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html),
    /// [validation checks](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html) ("Empty array action" and others).
    static EMPTY_LIST = {
        id: "empty-list", title: "a list is empty",
        severity: Severity::Warning, find: empty_list,
    }
}

fn empty_list(subject: &Subject<'_>, found: &mut Found<'_>) {
    if subject.statements.is_empty() {
        found.add(Spot::Document, "there is no statement, so that nothing is allowed or denied");
    }
    for facts in &subject.statements {
        let statement = facts.statement;
        let empty = |scope: &Scope| *scope != Scope::Unspecified && scope.patterns().is_empty();
        let principals =
            if let Principals::AllBut(_) = statement.principals { "NotPrincipal" } else { "Principal" };
        let lists = [
            (empty(&statement.actions), action_element(&statement.actions)),
            (empty(&statement.resources), resource_element(&statement.resources)),
            (
                statement.principals != Principals::Unspecified && statement.principals.entries().is_empty(),
                principals,
            ),
        ];
        for (_, name) in lists.into_iter().filter(|(empty, _)| *empty) {
            found
                .add(facts.element(name), format!("`{name}` has no entry; add one, or remove the statement"));
        }
    }
    for (_, condition, spot) in subject.conditions() {
        if condition.values.is_empty() {
            found.add(spot, "there is no value to compare with; add one, or remove the condition");
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::PolicyKind;
    use crate::lint::testing::{check, check_kind, found};

    #[test]
    fn lists() {
        let id = "empty-list";
        check(
            id,
            &[
                (r#""Action":"*""#, ""),
                (r#""Action":[]"#, "Statement[0].Action: `Action` has no entry"),
                (r#""Action":"*","NotResource":[]"#, "Statement[0].NotResource"),
                (
                    r#""Action":"*","Condition":{"StringEquals":{"aws:username":[]}}"#,
                    "aws:username: there is no value",
                ),
            ],
        );
        check_kind(id, PolicyKind::Trust, &[(r#""NotPrincipal":{},"Action":"*""#, ".NotPrincipal")]);
        assert_eq!(found(id, PolicyKind::Managed, r#"{"Statement":[]}"#).len(), 1);
    }
}
