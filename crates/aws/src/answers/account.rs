use serde::Deserialize;

use crate::instant::Instant;

/// `get-account-password-policy`.
#[allow(clippy::struct_excessive_bools, reason = "these are AWS's own switches")]
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct PasswordPolicy {
    pub minimum_password_length: Option<i64>,
    pub require_symbols: bool,
    pub require_numbers: bool,
    pub require_uppercase_characters: bool,
    pub require_lowercase_characters: bool,
    pub allow_users_to_change_password: bool,
    pub expire_passwords: bool,
    pub max_password_age: Option<i64>,
    pub password_reuse_prevention: Option<i64>,
    pub hard_expiry: Option<bool>,
}

/// An entry of `list-virtual-mfa-devices`. The seed is never in it.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct VirtualMfaDevice {
    pub serial_number: String,
    pub user: Option<DeviceOwner>,
    pub enable_date: Option<Instant>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct DeviceOwner {
    pub arn: Option<String>,
}

/// An entry of `list-server-certificates`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct Certificate {
    pub server_certificate_name: String,
    pub arn: String,
    pub expiration: Option<Instant>,
}

/// An entry of `list-saml-providers`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct SamlProvider {
    pub arn: String,
    pub valid_until: Option<Instant>,
}

/// `get-contact-information`, as far as it is kept.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct ContactInformation {
    pub full_name: String,
    pub company_name: Option<String>,
}

/// `get-alternate-contact`, as far as it is kept.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct AlternateContact {
    pub alternate_contact_type: Option<String>,
    pub name: Option<String>,
    pub title: Option<String>,
    pub email_address: Option<String>,
}
