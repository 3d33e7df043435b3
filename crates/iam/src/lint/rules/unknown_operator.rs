use crate::lint::Severity;
use crate::lint::finding::Found;
use crate::lint::operators::{COMPARISONS, comparison_of};
use crate::lint::rule::rule;
use crate::lint::subject::Subject;

rule! {
    /// ## What it finds
    /// A condition operator that the policy language does not have.
    /// ## Why it matters
    /// AWS refuses the policy.
    /// ## How to fix
    /// Take the operator from AWS's list. Set operators stand before it (`ForAnyValue:StringLike`), `IfExists` after it.
    ///
    /// Source: [Condition operators](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html).
    static UNKNOWN_OPERATOR = {
        id: "unknown-operator", title: "there is no such condition operator",
        severity: Severity::Error, find: unknown_operator,
    }
}

fn unknown_operator(subject: &Subject<'_>, found: &mut Found<'_>) {
    for (_, condition, spot) in subject.conditions() {
        let written = &*condition.operator.comparison;
        if comparison_of(&condition.operator).is_none() {
            let hint = subject.did_you_mean(written, COMPARISONS.iter().map(|comparison| comparison.name));
            found.add(spot, format!("`{written}` is not a condition operator{hint}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::check;

    #[test]
    fn operators() {
        check(
            "unknown-operator",
            &[
                (
                    r#""Action":"*","Condition":{"ForAnyValue:StringLikeIfExists":{"a:b":"c"},"Null":{"a:b":true}}"#,
                    "",
                ),
                (r#""Action":"*","Condition":{"StringEqual":{"a:b":"c"}}"#, "did you mean `StringEquals`?"),
                (r#""Action":"*","Condition":{"forSome:Bool":{"a:b":"c"}}"#, "`forSome:Bool` is not"),
            ],
        );
    }
}
