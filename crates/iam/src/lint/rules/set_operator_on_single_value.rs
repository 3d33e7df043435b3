use crate::lint::Severity;
use crate::lint::finding::Found;
use crate::lint::keys::KeyForm;
use crate::lint::rule::rule;
use crate::lint::subject::Subject;

rule! {
    /// ## What it finds
    /// `ForAnyValue` or `ForAllValues` on a context key that has a single value.
    /// ## Why it matters
    /// `ForAllValues` then only adds that the condition holds where the key is absent, which is rarely meant.
    /// ## How to fix
    /// Leave the set operator out. Several values in the policy need none: one that matches is enough.
    ///
    /// Source: [Multivalued context keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html).
    static SET_OPERATOR_ON_SINGLE_VALUE = {
        id: "set-operator-on-single-value", title: "a key with a single value has a set operator",
        severity: Severity::Warning, find: set_operator_on_single_value,
    }
}

fn set_operator_on_single_value(subject: &Subject<'_>, found: &mut Found<'_>) {
    for (_, condition, spot) in subject.conditions() {
        let set = condition.operator.quantifier.is_some();
        match subject.key(&condition.key) {
            KeyForm::Known(key) if set && !key.is_multivalued() => {
                let mut plain = condition.operator.clone();
                plain.quantifier = None;
                found.add(spot, format!("`{}` has a single value; write `{plain}`", condition.key));
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
            ("StringEquals", "aws:username", ""),
            ("ForAllValues:StringEquals", "nosuch:key", ""),
            ("ForAllValues:StringEqualsIfExists", "aws:username", "write `StringEqualsIfExists`"),
        ] {
            check("set-operator-on-single-value", &[(&on(operator, key), message)]);
        }
    }
}
