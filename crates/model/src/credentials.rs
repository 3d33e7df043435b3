use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Known;

/// The long-term credentials of an IAM user.
///
/// Source: [credential reports](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    /// Where the values come from, and how old they are.
    pub source: CredentialSource,
    /// The console password; `None` for a user without one.
    pub password: Known<Option<Password>>,
    /// True if at least one MFA device is active.
    pub mfa_active: Known<bool>,
    /// The access keys that exist, active or not.
    pub access_keys: Known<Vec<AccessKey>>,
}

/// Where credentials were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CredentialSource {
    /// A credential report, made at this instant; AWS repeats one for four hours.
    Report(Timestamp),
    /// The live interfaces, at this instant.
    Live(Timestamp),
    /// A credential report whose age is not known.
    UndatedReport,
}

/// A console password; never the password itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Password {
    /// The last sign-in with it; `None` if AWS has recorded none.
    pub last_used: Known<Option<Timestamp>>,
    /// When it was last set; `None` if AWS does not tell.
    pub last_changed: Known<Option<Timestamp>>,
}

/// An access key; never the secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessKey {
    /// 1 or 2, as in the credential report.
    pub slot: u8,
    /// The key's id, where a live interface told it; the report does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// False for a key that has been deactivated.
    pub active: bool,
    /// When it was created or last rotated.
    pub created: Known<Timestamp>,
    /// The last call signed with it; `None` if AWS has recorded none.
    pub last_used: Known<Option<Timestamp>>,
}

/// What the credential report says of the root user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RootCredentials {
    /// The last sign-in with the password; `None` if AWS has recorded none.
    pub password_last_used: Known<Option<Timestamp>>,
    /// True if an MFA device is active.
    pub mfa_active: Known<bool>,
    /// The access keys that exist, active or not.
    pub access_keys: Known<Vec<AccessKey>>,
}
