use crate::lint::Severity;
use crate::lint::finding::Found;
use crate::lint::keys::KeyForm;
use crate::lint::operators::{comparison_of, suitable};
use crate::lint::rule::rule;
use crate::lint::subject::Subject;

rule! {
    /// ## What it finds
    /// An operator that does not compare what the context key holds, such as `IpAddress` on a text, or
    /// `StringEquals` on an IP address.
    /// ## Why it matters
    /// The comparison fails, or compares texts that have many forms: `StringEquals` with `10.0.0.0/8` never holds.
    /// ## How to fix
    /// Use an operator of the key's type.
    ///
    /// Source: [Condition operators](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html).
    static OPERATOR_DOES_NOT_FIT_KEY = {
        id: "operator-does-not-fit-key", title: "an operator does not compare what the key holds",
        severity: Severity::Warning, find: operator_does_not_fit_key,
    }
}

fn operator_does_not_fit_key(subject: &Subject<'_>, found: &mut Found<'_>) {
    for (_, condition, spot) in subject.conditions() {
        let KeyForm::Known(key) = subject.key(&condition.key) else { continue };
        let Some(comparison) = comparison_of(&condition.operator) else { continue };
        if !comparison.family.suits(key.key_type()) {
            let message = format!(
                "`{}` does not compare {}, which is what `{}` holds; use {}",
                comparison.name,
                key.key_type(),
                condition.key,
                suitable(key.key_type())
            );
            found.add(spot, message);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::check;

    #[test]
    fn types() {
        let on = |operator: &str, key: &str| {
            format!(r#""Action":"*","Condition":{{"{operator}":{{"{key}":"x"}}}}"#)
        };
        for (operator, key, message) in [
            ("StringLike", "aws:PrincipalArn", ""),
            ("ArnLike", "aws:PrincipalArn", ""),
            ("NotIpAddress", "aws:SourceIp", ""),
            ("NumericLessThan", "aws:MultiFactorAuthAge", ""),
            ("DateLessThan", "aws:CurrentTime", ""),
            ("Null", "aws:SourceIp", ""),
            ("Unheard", "aws:SourceIp", ""),
            ("StringEquals", "aws:SourceIp", "`StringEquals` does not compare IP address … use `IpAddress`"),
            ("StringEquals", "aws:SecureTransport", "use `Bool`"),
            ("Bool", "aws:username", "use `StringEquals`"),
            ("StringLessThan", "aws:CurrentTime", ""),
        ] {
            check("operator-does-not-fit-key", &[(&on(operator, key), message)]);
        }
    }
}
