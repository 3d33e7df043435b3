mod conditions;
mod error;
mod once;
mod place;
mod principals;
mod print;
mod read;
mod root;
mod statement;
#[cfg(test)]
mod tests;
mod values;

pub use error::DocumentError;

use crate::{Condition, Pattern, Principals};

/// A policy document: identity, resource, trust, boundary or organisation policy.
///
/// It is read with [`Document::parse`], or by serde wherever a document stands inside other JSON, and
/// printed with [`Document::to_json_pretty`] or by serde. What was read and printed reads back as the same
/// value; a single value and a list of one are the same.
///
/// Source: [IAM JSON policy language grammar](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Document {
    /// The language version; absent means [`Version::V2008`].
    pub version: Version,
    /// The optional `Id`.
    pub id: Option<Box<str>>,
    /// The statements in the order written.
    pub statements: Vec<Statement>,
}

/// A version of the policy language.
///
/// Source: [IAM JSON policy elements: Version](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Version {
    /// `2008-10-17`: no policy variables.
    V2008,
    /// `2012-10-17`: the current version.
    V2012,
}

/// One statement of a policy.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Statement {
    /// The optional `Sid`.
    pub sid: Option<Box<str>>,
    /// What a match does.
    pub effect: Effect,
    /// Whom the statement is about; unspecified in identity policies.
    pub principals: Principals,
    /// Which actions.
    pub actions: Scope,
    /// Which resources; unspecified in trust policies.
    pub resources: Scope,
    /// Every one of them must hold.
    pub conditions: Vec<Condition>,
}

/// What a matching statement does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Allows the request, unless something denies it.
    Allow,
    /// Denies the request.
    Deny,
}

/// The actions or resources of a statement.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Scope {
    /// The element is not there.
    Unspecified,
    /// `Action`, `Resource`: whatever one of the patterns matches.
    Only(Vec<Pattern>),
    /// `NotAction`, `NotResource`: whatever none of the patterns matches.
    AllBut(Vec<Pattern>),
}

impl Version {
    /// The version as it stands in a policy.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V2008 => "2008-10-17",
            Self::V2012 => "2012-10-17",
        }
    }
}

impl Effect {
    /// The effect as it stands in a policy.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "Allow",
            Self::Deny => "Deny",
        }
    }
}

impl Scope {
    /// The patterns of either form; none where the element is not there.
    pub fn patterns(&self) -> &[Pattern] {
        match self {
            Self::Unspecified => &[],
            Self::Only(patterns) | Self::AllBut(patterns) => patterns,
        }
    }
}

impl Document {
    /// The longest text that is read, in bytes: 1 MiB.
    ///
    /// The longest document that AWS takes anywhere is far shorter (32 KiB for the policy of a KMS key; AWS's
    /// own managed policies reach 150,000 characters), so a longer text is a mistake or an attack.
    ///
    /// Source: [KMS quotas](https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html).
    pub const MAX_BYTES: usize = 1 << 20;

    /// Reads a document from JSON text.
    ///
    /// An element or key that is given twice is an error, where JSON readers commonly take the last one and
    /// drop the other: the author of `{"Effect": "Deny", …, "Effect": "Allow"}` and its reader would see two
    /// policies. IAM refuses such documents, and keys of one operator that differ in case only
    /// ([Troubleshoot IAM policies](https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_policies.html),
    /// "More than one `Statement` element" and the sections after it;
    /// [validation check reference](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html),
    /// "Duplicate keys with different case").
    ///
    /// Time and memory are in proportion to the text, whatever it says.
    ///
    /// # Errors
    /// The text is longer than [`Document::MAX_BYTES`] or no JSON, or an element is missing, unknown, given
    /// twice or of the wrong kind. The message names the element, such as `Statement[1].Effect`, and line and
    /// column.
    pub fn parse(text: &str) -> Result<Self, DocumentError> {
        read::text(text)
    }

    /// Reads a document from bytes, which must be UTF-8.
    ///
    /// # Errors
    /// As [`Document::parse`]; for bytes that are not UTF-8 the error names the position of the first.
    pub fn from_slice(bytes: &[u8]) -> Result<Self, DocumentError> {
        if bytes.len() > Self::MAX_BYTES {
            return Err(DocumentError::too_long(bytes.len()));
        }
        let text = std::str::from_utf8(bytes).map_err(|e| DocumentError::not_utf8(bytes, e.valid_up_to()))?;
        Self::parse(text)
    }
}
