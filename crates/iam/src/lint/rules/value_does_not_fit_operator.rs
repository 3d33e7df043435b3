use crate::lint::Severity;
use crate::lint::finding::Found;
use crate::lint::operators::{Family, comparison_of};
use crate::lint::rule::rule;
use crate::lint::spot::Spot;
use crate::lint::subject::Subject;

rule! {
    /// ## What it finds
    /// A value that the operator cannot compare with: a `Bool` that is neither `true` nor `false`, a number with
    /// letters, an IP address that is none.
    /// ## Why it matters
    /// The condition never holds (a negated one always does), and AWS refuses most of them.
    /// ## How to fix
    /// Correct the value.
    ///
    /// Source: [Condition operators](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html).
    static VALUE_DOES_NOT_FIT_OPERATOR = {
        id: "value-does-not-fit-operator", title: "an operator cannot compare with the value",
        severity: Severity::Error, find: value_does_not_fit_operator,
    }
}

fn value_does_not_fit_operator(subject: &Subject<'_>, found: &mut Found<'_>) {
    for (facts, condition, _) in subject.conditions() {
        let Some(comparison) = comparison_of(&condition.operator) else { continue };
        for (i, value) in condition.values.iter().enumerate() {
            // What a variable stands for is not known here.
            if !value.contains("${")
                && let Some(why) = why_unfit(comparison.family, value)
            {
                let spot = Spot::Value(facts.index, condition, i);
                found.add(spot, format!("`{value}` cannot be compared by `{}`: {why}", comparison.name));
            }
        }
    }
}

fn why_unfit(family: Family, value: &str) -> Option<&'static str> {
    let (fits, expected) = match family {
        Family::String => (true, ""),
        Family::Bool | Family::Null => {
            (["true", "false"].iter().any(|b| value.eq_ignore_ascii_case(b)), "`true` or `false` is expected")
        }
        Family::Numeric => (value.parse::<f64>().is_ok_and(f64::is_finite), "a number is expected"),
        Family::Date => (is_date(value), "a date such as `2026-01-31T23:59:59Z`, or seconds, is expected"),
        Family::Binary => (is_base64(value), "text in base 64 is expected"),
        Family::IpAddress => {
            (is_network(value), "an address or a network such as `203.0.113.0/24` is expected")
        }
        Family::Arn => {
            (value == "*" || value.starts_with("arn:") || value.starts_with('*'), "an ARN is expected")
        }
    };
    (!fits).then_some(expected)
}

/// An address, or a network in CIDR notation.
fn is_network(value: &str) -> bool {
    let (address, prefix) = value.split_once('/').map_or((value, None), |(a, p)| (a, Some(p)));
    match address.parse::<std::net::IpAddr>() {
        Ok(address) => {
            let most = if address.is_ipv4() { 32 } else { 128 };
            prefix.is_none_or(|prefix| prefix.parse::<u8>().is_ok_and(|bits| bits <= most))
        }
        Err(_) => false,
    }
}

/// One of the forms of ISO 8601 that AWS names, or seconds since 1970.
fn is_date(value: &str) -> bool {
    if value.parse::<i64>().is_ok() {
        return true;
    }
    let digits_then = |text: &str, length: usize| {
        text.len() >= length && text.bytes().take(length).all(|b| b.is_ascii_digit())
    };
    let allowed = value.bytes().all(|b| b.is_ascii_digit() || b"-:.+TZtz".contains(&b));
    allowed && digits_then(value, 4) && value.len() >= 7 && value.as_bytes().get(4) == Some(&b'-')
}

fn is_base64(value: &str) -> bool {
    let text = value.trim_end_matches('=');
    value.len().is_multiple_of(4)
        && value.len() - text.len() <= 2
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"+/".contains(&b))
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::check;

    #[test]
    fn values() {
        for (operator, value, fits) in [
            ("Bool", "true", true),
            ("Bool", "True", true),
            ("Bool", "yes", false),
            ("Null", "false", true),
            ("Null", "", false),
            ("NumericLessThan", "-1.5", true),
            ("NumericLessThan", "many", false),
            ("NumericLessThan", "${aws:MultiFactorAuthAge}", true),
            ("DateLessThan", "2026-01-31T23:59:59Z", true),
            ("DateLessThan", "2026-01", true),
            ("DateLessThan", "1700000000", true),
            ("DateLessThan", "tomorrow", false),
            ("BinaryEquals", "QmluYXJ5VmFsdWVJbkJhc2U2NA==", true),
            ("BinaryEquals", "not base 64", false),
            ("IpAddress", "203.0.113.0/24", true),
            ("IpAddress", "2001:db8::/32", true),
            ("IpAddress", "203.0.113.0/33", false),
            ("IpAddress", "everywhere", false),
            ("ArnLike", "arn:aws:iam::*:role/x", true),
            ("ArnLike", "role/x", false),
            ("StringEquals", "", true),
        ] {
            let statement = format!(r#""Action":"*","Condition":{{"{operator}":{{"a:b":"{value}"}}}}"#);
            let message = if fits { "" } else { "cannot be compared" };
            check("value-does-not-fit-operator", &[(&statement, message)]);
        }
    }
}
