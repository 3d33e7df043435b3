use std::fmt;

use serde::{Deserialize, Serialize};

/// A value, or the reason why it is missing.
///
/// Incompleteness is data: a check that meets a missing value answers *unknown*, never *pass*.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Known<T> {
    /// The value was read.
    Known(T),
    /// The value was not read, or made no sense.
    Unknown(Missing),
}

/// Why a value is missing, and what would mend it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Missing {
    /// The kind of reason.
    pub reason: Reason,
    /// What happened, in words.
    pub detail: String,
    /// The IAM action whose permission would mend it, where that is the remedy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub permission: Option<String>,
}

/// The kinds of reasons for a missing value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// AWS refused the call.
    AccessDenied,
    /// The endpoint does not have the operation.
    NotSupported,
    /// The source does not hold this part, such as a file that is not in the folder.
    NotCollected,
    /// The part is read only when asked for, and was not asked for.
    NotRequested,
    /// The call failed: network, time-out, throttling, an answer that is not AWS's.
    Failed,
    /// The value was read but makes no sense.
    Invalid,
}

impl Reason {
    /// The reason in words.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccessDenied => "access denied",
            Self::NotSupported => "not supported by the endpoint",
            Self::NotCollected => "not collected",
            Self::NotRequested => "not asked for",
            Self::Failed => "failed",
            Self::Invalid => "invalid",
        }
    }
}

impl Missing {
    /// A missing value without a permission that would mend it.
    pub fn new(reason: Reason, detail: impl Into<String>) -> Self {
        Self { reason, detail: detail.into(), permission: None }
    }

    /// A value that the source does not hold.
    pub fn not_collected(detail: impl Into<String>) -> Self {
        Self::new(Reason::NotCollected, detail)
    }

    /// A value that was read but makes no sense.
    pub fn invalid(detail: impl Into<String>) -> Self {
        Self::new(Reason::Invalid, detail)
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.reason.as_str(), self.detail)?;
        match &self.permission {
            Some(permission) => write!(f, " (needs `{permission}`)"),
            None => Ok(()),
        }
    }
}

impl<T> Known<T> {
    /// The value, or why it is missing; made for `?` in checks.
    ///
    /// # Errors
    /// The value is missing.
    pub fn get(&self) -> Result<&T, Missing> {
        match self {
            Self::Known(value) => Ok(value),
            Self::Unknown(missing) => Err(missing.clone()),
        }
    }

    /// The value, if it is there.
    pub const fn value(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Unknown(_) => None,
        }
    }

    /// Why the value is missing, if it is.
    pub const fn missing(&self) -> Option<&Missing> {
        match self {
            Self::Known(_) => None,
            Self::Unknown(missing) => Some(missing),
        }
    }

    /// Changes the value and keeps the reason.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Known<U> {
        match self {
            Self::Known(value) => Known::Known(change(value)),
            Self::Unknown(missing) => Known::Unknown(missing),
        }
    }
}

impl<T> From<Result<T, Missing>> for Known<T> {
    fn from(result: Result<T, Missing>) -> Self {
        match result {
            Ok(value) => Self::Known(value),
            Err(missing) => Self::Unknown(missing),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_read_back() {
        let known: Known<Option<u8>> = Known::Known(None);
        assert_eq!(serde_json::to_string(&known).unwrap(), r#"{"known":null}"#);
        let unknown: Known<u8> = Known::Unknown(Missing {
            reason: Reason::AccessDenied,
            detail: "no".to_owned(),
            permission: Some("iam:ListUsers".to_owned()),
        });
        let text = serde_json::to_string(&unknown).unwrap();
        assert_eq!(
            text,
            r#"{"unknown":{"reason":"access_denied","detail":"no","permission":"iam:ListUsers"}}"#
        );
        assert_eq!(serde_json::from_str::<Known<u8>>(&text).unwrap(), unknown);
    }
}
