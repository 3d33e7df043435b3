//! What the operators of conditions demand.
//!
//! Source: [condition operators](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html),
//! [conditions on keys with several values](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html).

use leastwise_iam::{Condition, Operator, Quantifier};

const TEXT: [&str; 3] = ["StringEquals", "StringEqualsIgnoreCase", "StringLike"];
const ARN: [&str; 2] = ["ArnEquals", "ArnLike"];
const NOT_TEXT: [&str; 3] = ["StringNotEquals", "StringNotEqualsIgnoreCase", "StringNotLike"];
const NOT_ARN: [&str; 2] = ["ArnNotEquals", "ArnNotLike"];

/// True if a request passes only with a text under the key that one of the values matches.
pub(crate) fn demands_text(condition: &Condition) -> bool {
    demands(condition, &TEXT)
}

/// As [`demands_text`], for keys that hold ARNs: the comparisons of ARNs will do as well.
pub(crate) fn demands_arn(condition: &Condition) -> bool {
    demands(condition, &TEXT) || demands(condition, &ARN)
}

/// True if a request *escapes* the condition only with a text under the key that one of the values matches:
/// the negated comparisons hold for a request without the key, with `IfExists` or not. The exception is
/// `ForAnyValue:`, which does not.
pub(crate) fn demands_no_text(condition: &Condition) -> bool {
    demands_no(condition, &NOT_TEXT)
}

/// As [`demands_no_text`], for keys that hold ARNs.
pub(crate) fn demands_no_arn(condition: &Condition) -> bool {
    demands_no(condition, &NOT_TEXT) || demands_no(condition, &NOT_ARN)
}

/// True if the comparison is one of texts that is not negated, whatever its prefix and suffix.
pub(crate) fn compares_text(operator: &Operator) -> bool {
    is_one_of(operator, &TEXT)
}

/// True if the comparison is one with wildcards that is not negated, whatever its prefix and suffix.
pub(crate) fn compares_patterns(operator: &Operator) -> bool {
    is_one_of(operator, &["StringLike", "ArnLike"])
}

/// A request that lacks the key fails plain and `ForAnyValue:` forms, and so does every request if there
/// is no value.
fn demands(condition: &Condition, comparisons: &[&str]) -> bool {
    let operator = &condition.operator;
    !operator.if_exists
        && operator.quantifier != Some(Quantifier::AllValues)
        && !condition.values.is_empty()
        && is_one_of(operator, comparisons)
}

fn demands_no(condition: &Condition, comparisons: &[&str]) -> bool {
    condition.operator.quantifier != Some(Quantifier::AnyValue)
        && !condition.values.is_empty()
        && is_one_of(&condition.operator, comparisons)
}

pub(crate) fn is_one_of(operator: &Operator, comparisons: &[&str]) -> bool {
    comparisons.iter().any(|name| name.eq_ignore_ascii_case(&operator.comparison))
}

#[cfg(test)]
mod tests {
    use leastwise_iam::Document;

    use super::*;

    fn condition(operator: &str, values: &str) -> Condition {
        let text = format!(
            r#"{{"Statement":{{"Effect":"Allow","Action":"*","Condition":{{"{operator}":{{"key":{values}}}}}}}}}"#
        );
        Document::parse(&text).unwrap().statements.remove(0).conditions.remove(0)
    }

    #[test]
    fn which_operators_demand_a_match() {
        // The operator, whether it demands a text, whether an ARN.
        let table = [
            ("StringEquals", true, true),
            ("stringlike", true, true),
            ("ForAnyValue:StringLike", true, true),
            ("ArnLike", false, true),
            ("arnequals", false, true),
            ("NumericEquals", false, false),
            ("Bool", false, false),
            ("IpAddress", false, false),
            ("StringNotEquals", false, false),
            ("StringEqualsIfExists", false, false),
            ("ForAllValues:StringEquals", false, false),
            ("Null", false, false),
            ("Unheard", false, false),
        ];
        for (operator, text, arn) in table {
            let condition = condition(operator, r#""x""#);
            assert_eq!((demands_text(&condition), demands_arn(&condition)), (text, arn), "{operator}");
        }
        assert!(!demands_text(&condition("StringEquals", "[]")));
    }

    #[test]
    fn which_operators_demand_no_match() {
        let table = [
            ("StringNotEquals", true, true),
            ("StringNotLikeIfExists", true, true),
            ("ForAllValues:StringNotEquals", true, true),
            ("ArnNotLike", false, true),
            ("StringEquals", false, false),
            ("ForAnyValue:StringNotLike", false, false),
            ("NumericNotEquals", false, false),
            ("NotIpAddress", false, false),
        ];
        for (operator, text, arn) in table {
            let condition = condition(operator, r#""x""#);
            assert_eq!((demands_no_text(&condition), demands_no_arn(&condition)), (text, arn), "{operator}");
        }
        assert!(!demands_no_text(&condition("StringNotEquals", "[]")));
    }
}
