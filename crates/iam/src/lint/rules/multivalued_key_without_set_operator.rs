use crate::lint::Severity;
use crate::lint::finding::Found;
use crate::lint::keys::KeyForm;
use crate::lint::rule::rule;
use crate::lint::subject::Subject;

rule! {
    /// ## What it finds
    /// A condition on a context key that can have several values, without `ForAnyValue` or `ForAllValues`.
    /// ## Why it matters
    /// The language has no rule for it; what a request with two values comes to is anybody's guess.
    /// ## How to fix
    /// Write `ForAnyValue:` if one matching value is enough, `ForAllValues:` if all must match.
    ///
    /// Source: [Multivalued context keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html).
    static MULTIVALUED_KEY_WITHOUT_SET_OPERATOR = {
        id: "multivalued-key-without-set-operator", title: "a key with several values lacks a set operator",
        severity: Severity::Warning, find: multivalued_key_without_set_operator,
    }
}

fn multivalued_key_without_set_operator(subject: &Subject<'_>, found: &mut Found<'_>) {
    for (_, condition, spot) in subject.conditions() {
        let plain = condition.operator.quantifier.is_none() && &*condition.operator.comparison != "Null";
        match subject.key(&condition.key) {
            KeyForm::Known(key) if plain && key.is_multivalued() => {
                let operator = &condition.operator;
                let message = format!(
                    "`{}` can have several values; write `ForAnyValue:{operator}` or `ForAllValues:{operator}`",
                    condition.key
                );
                found.add(spot, message);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::check;

    #[test]
    fn operators() {
        let on = |operator: &str, key: &str| {
            format!(r#""Action":"*","Condition":{{"{operator}":{{"{key}":"true"}}}}"#)
        };
        for (operator, key, message) in [
            ("ForAnyValue:StringEquals", "aws:CalledVia", ""),
            ("Null", "aws:CalledVia", ""),
            ("StringEquals", "aws:username", ""),
            ("StringEquals", "aws:CalledVia", "write `ForAnyValue:StringEquals`"),
        ] {
            check("multivalued-key-without-set-operator", &[(&on(operator, key), message)]);
        }
    }
}
