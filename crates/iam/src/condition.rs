use std::fmt;

/// One line of a `Condition` block: an operator, a context key and the values it is compared with.
///
/// Source: [IAM JSON policy elements: Condition](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Condition {
    /// How key and values are compared.
    pub operator: Operator,
    /// The context key as written, such as `aws:PrincipalOrgID`; its case does not matter.
    pub key: Box<str>,
    /// The values; one that matches is enough (for negated operators: none may match).
    pub values: Vec<Box<str>>,
}

impl Condition {
    /// True if the condition is about this context key.
    pub fn is_on(&self, key: &str) -> bool {
        self.key.eq_ignore_ascii_case(key)
    }
}

/// A condition operator with its prefix and suffix, such as `ForAnyValue:StringLikeIfExists`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Operator {
    /// The set operator before the colon, if any.
    pub quantifier: Option<Quantifier>,
    /// The comparison, such as `StringLike`, without prefix and suffix; unknown ones are kept as written.
    pub comparison: Box<str>,
    /// True with the suffix `IfExists`: a request without the key satisfies the condition.
    pub if_exists: bool,
}

/// How an operator treats a context key with several values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Quantifier {
    /// `ForAnyValue:` at least one value of the request matches.
    AnyValue,
    /// `ForAllValues:` every value of the request matches; true where the request has none.
    AllValues,
}

impl Operator {
    /// Takes an operator as written in a policy.
    pub(crate) fn parse(text: &str) -> Self {
        let (quantifier, rest) = match text.split_once(':') {
            Some((prefix, rest)) if prefix.eq_ignore_ascii_case("ForAnyValue") => {
                (Some(Quantifier::AnyValue), rest)
            }
            Some((prefix, rest)) if prefix.eq_ignore_ascii_case("ForAllValues") => {
                (Some(Quantifier::AllValues), rest)
            }
            _ => (None, text),
        };
        match rest.split_at_checked(rest.len().saturating_sub("IfExists".len())) {
            Some((comparison, suffix))
                if !comparison.is_empty() && suffix.eq_ignore_ascii_case("IfExists") =>
            {
                Self { quantifier, comparison: comparison.into(), if_exists: true }
            }
            _ => Self { quantifier, comparison: rest.into(), if_exists: false },
        }
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let prefix = match self.quantifier {
            None => "",
            Some(Quantifier::AnyValue) => "ForAnyValue:",
            Some(Quantifier::AllValues) => "ForAllValues:",
        };
        let suffix = if self.if_exists { "IfExists" } else { "" };
        write!(f, "{prefix}{}{suffix}", self.comparison)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_are_taken_apart() {
        let parsed = Operator::parse("ForAllValues:StringLikeIfExists");
        assert_eq!(parsed.quantifier, Some(Quantifier::AllValues));
        assert_eq!(&*parsed.comparison, "StringLike");
        assert!(parsed.if_exists);
        assert_eq!(&*Operator::parse("Null").comparison, "Null");
        for written in ["ü", "Null", "IfExists", "ForAnyValue:", "ForAllValues:IfExists", "Bool:IfExists", ""]
        {
            assert_eq!(Operator::parse(written).to_string(), written);
        }
    }
}
