use super::for_all_values_with_allow::is_required;
use crate::Condition;
use crate::lint::Severity;
use crate::lint::finding::Found;
use crate::lint::keys::is_always_there;
use crate::lint::operators::{Comparison, comparison_of};
use crate::lint::rule::rule;
use crate::lint::subject::{Facts, Subject};

rule! {
    /// ## What it finds
    /// `IfExists` where it gives more than it seems to, or does nothing: in an `Allow`; in a `Deny` with an operator
    /// that is not negated (but for AWS's own pattern with `aws:MultiFactorAuthPresent`); on negated operators,
    /// which hold without the key anyway; with `Null`, which AWS refuses. And where it is missing: in a `Deny` without
    /// MFA.
    /// ## Why it matters
    /// With `IfExists`, a request without the key satisfies the condition: an `Allow` with
    /// `BoolIfExists aws:MultiFactorAuthPresent true` also allows access keys, which never have MFA.
    /// ## How to fix
    /// Leave `IfExists` out where the key has to be there.
    ///
    /// Source: [IfExists](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IfExists).
    static IF_EXISTS_TRAP = {
        id: "if-exists-trap", title: "`IfExists` gives more than it seems to, or does nothing",
        severity: Severity::Warning, find: if_exists_trap,
    }
}

fn if_exists_trap(subject: &Subject<'_>, found: &mut Found<'_>) {
    for (facts, condition, spot) in subject.conditions() {
        if let Some(comparison) = comparison_of(&condition.operator)
            && let Some(message) = trap(subject, facts, condition, comparison)
        {
            found.add(spot, message);
        }
    }
}

fn trap(
    subject: &Subject<'_>,
    facts: &Facts<'_>,
    condition: &Condition,
    comparison: &Comparison,
) -> Option<String> {
    let key = &condition.key;
    let mfa = condition.is_on("aws:MultiFactorAuthPresent");
    if !condition.operator.if_exists {
        let absent = mfa && !facts.allows() && comparison.name == "Bool" && says_false(condition);
        let message =
            "access keys have no `aws:MultiFactorAuthPresent` and are not denied; write `BoolIfExists`";
        return absent.then(|| message.to_owned());
    }
    if comparison.name == "Null" {
        return Some("`Null` cannot have `IfExists`; leave it out".to_owned());
    }
    if comparison.negated {
        let name = comparison.name;
        return Some(format!("`{name}` holds without `{key}` anyway; `IfExists` does nothing, leave it out"));
    }
    if is_always_there(key) || is_required(subject, facts, key) {
        return None;
    }
    if facts.allows() {
        return subject.kind.grants().then(|| format!("a request without `{key}` is allowed, too"));
    }
    // AWS's pattern to demand MFA denies where it is absent or false.
    (!mfa).then(|| format!("a request without `{key}` is denied, too"))
}

fn says_false(condition: &Condition) -> bool {
    condition.values.iter().any(|value| value.eq_ignore_ascii_case("false"))
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::check;

    #[test]
    fn conditions() {
        let on = |effect: &str, operator: &str, key: &str| {
            format!(r#""Effect":"{effect}","Action":"*","Condition":{{"{operator}":{{"{key}":"false"}}}}"#)
        };
        let mfa = "aws:MultiFactorAuthPresent";
        for (effect, operator, key, message) in [
            ("Allow", "Bool", mfa, ""),
            ("Deny", "Bool", mfa, "are not denied; write `BoolIfExists`"),
            ("Deny", "Bool", "aws:SecureTransport", ""),
            ("Deny", "BoolIfExists", mfa, ""),
            ("Allow", "StringEqualsIfExists", "aws:userid", ""),
            ("Allow", "UnheardIfExists", "a:b", ""),
            ("Allow", "BoolIfExists", mfa, "without `aws:MultiFactorAuthPresent` is allowed"),
            ("Deny", "StringEqualsIfExists", "aws:SourceVpc", "without `aws:SourceVpc` is denied"),
            ("Deny", "StringNotEqualsIfExists", "aws:SourceVpc", "`IfExists` does nothing"),
            ("Allow", "NullIfExists", "aws:SourceVpc", "`Null` cannot have `IfExists`"),
        ] {
            check("if-exists-trap", &[(&on(effect, operator, key), message)]);
        }
    }
}
