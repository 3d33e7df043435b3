use super::for_all_values_with_allow::is_required;
use crate::lint::Severity;
use crate::lint::finding::Found;
use crate::lint::keys::is_always_there;
use crate::lint::operators::comparison_of;
use crate::lint::rule::rule;
use crate::lint::subject::Subject;

rule! {
    /// ## What it finds
    /// A negated operator (`StringNotEquals`, `NotIpAddress`, …) in an `Allow`, on a key that a request may lack.
    /// ## Why it matters
    /// Negated operators hold where the key is absent: whoever leaves it out is allowed.
    /// ## How to fix
    /// Say what is allowed instead of what is not, or add `"Null": {KEY: "false"}`.
    ///
    /// Source: [Condition operators](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html),
    /// "If the key … is not present".
    static NEGATED_OPERATOR_ON_ABSENT_KEY = {
        id: "negated-operator-on-absent-key", title: "an `Allow` with a negated operator holds where the key is absent",
        severity: Severity::Security, find: negated_operator_on_absent_key,
    }
}

fn negated_operator_on_absent_key(subject: &Subject<'_>, found: &mut Found<'_>) {
    for (facts, condition, spot) in subject.conditions() {
        let negated = comparison_of(&condition.operator).is_some_and(|comparison| comparison.negated);
        let key = &*condition.key;
        let matters = negated && subject.kind.grants() && facts.allows() && !is_always_there(key);
        // `ForAllValues` has a rule of its own, and `ForAnyValue` fails without a value.
        if matters && condition.operator.quantifier.is_none() && !is_required(subject, facts, key) {
            found.add(
                spot,
                format!(
                    "a request without `{key}` is allowed, too; add `\"Null\": {{\"{key}\": \"false\"}}`"
                ),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::check;

    #[test]
    fn conditions() {
        let on = |effect: &str, operator: &str, key: &str| {
            format!(r#""Effect":"{effect}","Action":"*","Condition":{{"{operator}":{{"{key}":"x"}}}}"#)
        };
        for (effect, operator, key, message) in [
            ("Allow", "StringEquals", "aws:SourceVpc", ""),
            ("Deny", "StringNotEquals", "aws:SourceVpc", ""),
            ("Allow", "StringNotEquals", "aws:PrincipalArn", ""),
            ("Allow", "ForAnyValue:StringNotEquals", "aws:TagKeys", ""),
            ("Allow", "StringNotEquals", "aws:SourceVpc", "without `aws:SourceVpc` is allowed, too"),
        ] {
            check("negated-operator-on-absent-key", &[(&on(effect, operator, key), message)]);
        }
        let both = r#""Action":"*","Condition":{"StringNotLike":{"a:b":"x"},"Null":{"a:b":false}}"#;
        check("negated-operator-on-absent-key", &[(both, "")]);
    }
}
