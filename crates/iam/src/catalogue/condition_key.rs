use std::fmt;

use serde::{Deserialize, Serialize};

use super::template;

/// The type of a condition key's values, which says what operators suit it.
///
/// Source: [Condition operators](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum KeyType {
    /// Text.
    String,
    /// An ARN.
    Arn,
    /// `true` or `false`.
    Bool,
    /// A date and time, or seconds since 1970.
    Date,
    /// A number.
    Numeric,
    /// An IP address.
    IpAddress,
    /// Bytes, in base 64.
    Binary,
}

impl fmt::Display for KeyType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::String => "string",
            Self::Arn => "ARN",
            Self::Bool => "boolean",
            Self::Date => "date",
            Self::Numeric => "number",
            Self::IpAddress => "IP address",
            Self::Binary => "binary",
        })
    }
}

/// A condition key, such as `s3:prefix` or `aws:ResourceTag/${TagKey}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConditionKey {
    pub(super) name: &'static str,
    pub(super) key_type: KeyType,
    pub(super) multivalued: bool,
    pub(super) global: bool,
}

impl ConditionKey {
    /// The name as AWS writes it; `${…}` and `<…>` stand for a part that the policy's author chooses.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The type of its values.
    pub fn key_type(&self) -> KeyType {
        self.key_type
    }

    /// True if a request can hold several values, so that `ForAnyValue` and `ForAllValues` make sense.
    pub fn is_multivalued(&self) -> bool {
        self.multivalued
    }

    /// True if it is one of [`global_condition_keys`](super::global_condition_keys).
    pub fn is_global(&self) -> bool {
        self.global
    }

    /// True if part of the name is the policy author's to choose, as in `aws:ResourceTag/${TagKey}`.
    pub fn is_template(&self) -> bool {
        self.name.contains("${") || self.name.contains('<')
    }

    /// True if the text, as it stands in a policy's condition, names this key. Case does not matter.
    ///
    /// ```
    /// # use leastwise_iam::catalogue::Catalogue;
    /// let key = Catalogue::get().condition_key("aws:resourcetag/team").unwrap();
    /// assert_eq!(key.name(), "aws:ResourceTag/${TagKey}");
    /// assert!(key.matches("aws:ResourceTag/Cost Centre") && !key.matches("aws:ResourceTag/"));
    /// ```
    pub fn matches(&self, text: &str) -> bool {
        if self.is_template() {
            template::fills(self.name, text, template::Case::Ignored)
        } else {
            self.name.eq_ignore_ascii_case(text)
        }
    }
}

impl fmt::Display for ConditionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}
