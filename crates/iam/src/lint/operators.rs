use crate::Operator;
use crate::catalogue::KeyType;

/// What an operator compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    String,
    Numeric,
    Date,
    Bool,
    Binary,
    IpAddress,
    Arn,
    Null,
}

/// A comparison of the policy language.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Comparison {
    pub(crate) name: &'static str,
    pub(crate) family: Family,
    /// True for those that hold where the values differ; where a request lacks the key, these hold.
    pub(crate) negated: bool,
}

const fn comparison(name: &'static str, family: Family, negated: bool) -> Comparison {
    Comparison { name, family, negated }
}

/// Every comparison.
///
/// Source: [Condition operators](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html).
pub(crate) static COMPARISONS: [Comparison; 27] = [
    comparison("StringEquals", Family::String, false),
    comparison("StringNotEquals", Family::String, true),
    comparison("StringEqualsIgnoreCase", Family::String, false),
    comparison("StringNotEqualsIgnoreCase", Family::String, true),
    comparison("StringLike", Family::String, false),
    comparison("StringNotLike", Family::String, true),
    comparison("NumericEquals", Family::Numeric, false),
    comparison("NumericNotEquals", Family::Numeric, true),
    comparison("NumericLessThan", Family::Numeric, false),
    comparison("NumericLessThanEquals", Family::Numeric, false),
    comparison("NumericGreaterThan", Family::Numeric, false),
    comparison("NumericGreaterThanEquals", Family::Numeric, false),
    comparison("DateEquals", Family::Date, false),
    comparison("DateNotEquals", Family::Date, true),
    comparison("DateLessThan", Family::Date, false),
    comparison("DateLessThanEquals", Family::Date, false),
    comparison("DateGreaterThan", Family::Date, false),
    comparison("DateGreaterThanEquals", Family::Date, false),
    comparison("Bool", Family::Bool, false),
    comparison("BinaryEquals", Family::Binary, false),
    comparison("IpAddress", Family::IpAddress, false),
    comparison("NotIpAddress", Family::IpAddress, true),
    comparison("ArnEquals", Family::Arn, false),
    comparison("ArnLike", Family::Arn, false),
    comparison("ArnNotEquals", Family::Arn, true),
    comparison("ArnNotLike", Family::Arn, true),
    comparison("Null", Family::Null, false),
];

/// The comparison of an operator, if the language has it.
pub(crate) fn comparison_of(operator: &Operator) -> Option<&'static Comparison> {
    COMPARISONS.iter().find(|comparison| *comparison.name == *operator.comparison)
}

impl Family {
    /// True if keys of this type can be compared so. Texts and ARNs go both ways; what else has many forms as text.
    pub(crate) fn suits(self, key: KeyType) -> bool {
        let types: &[KeyType] = match self {
            Self::Null => return true,
            Self::String | Self::Arn => &[KeyType::String, KeyType::Arn],
            // `aws:EpochTime` is a date that is also a number.
            Self::Numeric => &[KeyType::Numeric, KeyType::Date],
            Self::Date => &[KeyType::Date],
            Self::Bool => &[KeyType::Bool],
            Self::IpAddress => &[KeyType::IpAddress],
            Self::Binary => &[KeyType::Binary],
        };
        types.contains(&key)
    }
}

/// The operators that suit a key of this type, for messages.
pub(crate) const fn suitable(key: KeyType) -> &'static str {
    match key {
        KeyType::String => "`StringEquals` or `StringLike`",
        KeyType::Arn => "`ArnEquals` or `ArnLike`",
        KeyType::Bool => "`Bool`",
        KeyType::Date => "`DateLessThan` or `DateGreaterThan`",
        KeyType::Numeric => "`NumericEquals`, `NumericLessThan` or `NumericGreaterThan`",
        KeyType::IpAddress => "`IpAddress` or `NotIpAddress`",
        KeyType::Binary => "`BinaryEquals`",
    }
}
