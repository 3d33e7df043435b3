use crate::lint::Severity;
use crate::lint::finding::Found;
use crate::lint::rule::rule;
use crate::lint::subject::{Facts, Subject};
use crate::{Condition, Quantifier};

rule! {
    /// ## What it finds
    /// `ForAllValues` in an `Allow`, without a condition that the key is there.
    /// ## Why it matters
    /// `ForAllValues` also holds where the request has no value at all: whoever leaves the key out is allowed.
    /// ## How to fix
    /// Add `"Null": {KEY: "false"}` to the condition; for a key with a single value, leave `ForAllValues` out.
    ///
    /// Source: [Multivalued context keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html).
    static FOR_ALL_VALUES_WITH_ALLOW = {
        id: "for-all-values-with-allow", title: "an `Allow` with `ForAllValues` holds where the key is absent",
        severity: Severity::Security, find: for_all_values_with_allow,
    }
}

fn for_all_values_with_allow(subject: &Subject<'_>, found: &mut Found<'_>) {
    for (facts, condition, spot) in subject.conditions() {
        let all = condition.operator.quantifier == Some(Quantifier::AllValues);
        if all && subject.kind.grants() && facts.allows() && !is_required(subject, facts, &condition.key) {
            let key = &condition.key;
            found.add(
                spot,
                format!(
                    "a request without `{key}` is allowed, too; add `\"Null\": {{\"{key}\": \"false\"}}`"
                ),
            );
        }
    }
}

/// True if a condition of the statement says that the key must be there, or if there is no telling any more.
pub(super) fn is_required(subject: &Subject<'_>, facts: &Facts<'_>, key: &str) -> bool {
    if !subject.spend(facts.statement.conditions.len() as u64) {
        return true;
    }
    let null = |condition: &Condition| {
        &*condition.operator.comparison == "Null"
            && !condition.operator.if_exists
            && condition.is_on(key)
            && condition.values.iter().all(|value| value.eq_ignore_ascii_case("false"))
            && !condition.values.is_empty()
    };
    // So does any comparison that a request without the key fails; a tag in the request makes a list of tag keys.
    let tags = key.eq_ignore_ascii_case("aws:TagKeys");
    let tag = |key: &str| key.get(..15).is_some_and(|start| start.eq_ignore_ascii_case("aws:RequestTag/"));
    let positive = |condition: &Condition| {
        (condition.is_on(key) || tags && tag(&condition.key))
            && !condition.operator.if_exists
            && condition.operator.quantifier != Some(Quantifier::AllValues)
            && crate::lint::operators::comparison_of(&condition.operator)
                .is_some_and(|comparison| !comparison.negated && comparison.name != "Null")
    };
    facts.statement.conditions.iter().any(|condition| null(condition) || positive(condition))
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::check;

    #[test]
    fn conditions() {
        let with = |effect: &str, conditions: &str| {
            format!(r#""Effect":"{effect}","Action":"*","Condition":{{{conditions}}}"#)
        };
        let all = r#""ForAllValues:StringEquals":{"aws:TagKeys":"a"}"#;
        let rule = "for-all-values-with-allow";
        check(
            rule,
            &[
                (&with("Deny", all), ""),
                (&with("Allow", r#""ForAnyValue:StringEquals":{"aws:TagKeys":"a"}"#), ""),
                (&with("Allow", &format!(r#"{all},"Null":{{"AWS:tagkeys":"false"}}"#)), ""),
                (&with("Allow", &format!(r#"{all},"ForAnyValue:StringLike":{{"aws:TagKeys":"*"}}"#)), ""),
                (
                    &with("Allow", &format!(r#"{all},"Null":{{"aws:TagKeys":"true"}}"#)),
                    "without `aws:TagKeys`",
                ),
                (
                    &with("Allow", all),
                    "ForAllValues:StringEquals.aws:TagKeys: a request without `aws:TagKeys`",
                ),
            ],
        );
    }
}
