use std::collections::{BTreeMap, BTreeSet};

use leastwise_iam::AccountId;
use leastwise_model::{Severity, in_words};
use serde::Deserialize;

/// The contents of `leastwise.toml`: what an audit is told about the organisation it judges.
///
/// Every key is optional; a key that is not known is an error.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Limits that checks compare with.
    pub thresholds: Thresholds,
    /// Who outside may be trusted by roles.
    pub trust: Trust,
    /// Users for emergencies only, as `NAME` or `ACCOUNT/NAME`: they have a password and no group on purpose.
    pub break_glass_users: BTreeSet<String>,
    /// Principals that are administrators on purpose, as `user/NAME`, `group/NAME`, `role/NAME`, or the
    /// same after `ACCOUNT/`.
    pub administrators: BTreeSet<String>,
    /// Root users' mailboxes.
    pub root: Root,
    /// Names of accounts that no organisation names.
    pub account_names: BTreeMap<AccountId, String>,
    /// Severities of checks, by check id, where they differ from the built-in ones.
    pub severities: BTreeMap<String, Severity>,
}

/// Limits that checks compare with.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Thresholds {
    /// Days after which an unused password or access key is a finding (CIS 1.12).
    pub unused_credential_days: u64,
    /// Days after which an access key has to be rotated (CIS 1.14).
    pub access_key_max_age_days: u64,
    /// Days within which a use of the root user is a finding (CIS 1.7).
    pub root_use_days: u64,
    /// Days after which a service that is allowed but not used is a finding.
    pub unused_service_days: u64,
    /// Days after which a role that nobody used is a finding.
    pub unused_role_days: u64,
    /// The least password length (CIS 1.8).
    pub password_min_length: u32,
    /// How many previous passwords must not be used again (CIS 1.9).
    pub password_reuse_prevention: u32,
    /// Days after which a password has to expire; informational.
    pub password_max_age_days: u32,
    /// Seconds after a user's creation within which a key counts as made with the user (CIS 1.11).
    pub initial_access_key_seconds: u64,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            unused_credential_days: 45,
            access_key_max_age_days: 90,
            root_use_days: 90,
            unused_service_days: 90,
            unused_role_days: 90,
            password_min_length: 14,
            password_reuse_prevention: 24,
            password_max_age_days: 90,
            initial_access_key_seconds: 60,
        }
    }
}

/// Who outside the organisation may be trusted by roles.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Trust {
    /// Accounts.
    pub accounts: BTreeSet<AccountId>,
    /// Organisations (`o-…`).
    pub organizations: BTreeSet<String>,
}

/// What is known of root users' mailboxes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Root {
    /// Addresses that reach a group.
    pub group_mailboxes: BTreeSet<String>,
    /// Addresses that reach one person.
    pub people: BTreeSet<String>,
    /// The root e-mail address of accounts that no organisation tells.
    pub emails: BTreeMap<AccountId, String>,
}

/// The text is not a configuration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// No TOML, an unknown key, or a value of the wrong kind; the message shows the place.
    #[error("{0}")]
    Malformed(String),
    /// A severity is given for a check that does not exist.
    #[error(
        "`severities` names the check `{0}`, which does not exist; `leastwise checks list` shows them all"
    )]
    UnknownCheck(String),
    /// An organisation is not written as expected.
    #[error(
        "`trust.organizations` has `{0}`, which is not an organisation's id; write `o-` and 10 to 32 lower-case \
         letters or digits, as AWS Organizations shows it"
    )]
    BadOrganization(String),
    /// An administrator is not written as expected.
    #[error(
        "`administrators` has `{0}`; write `user/NAME`, `group/NAME` or `role/NAME`, if need be after `ACCOUNT/`"
    )]
    BadPrincipal(String),
}

impl Config {
    /// Reads a configuration file's text.
    ///
    /// # Errors
    /// See [`ConfigError`].
    pub fn from_toml(text: &str) -> Result<Self, ConfigError> {
        let config: Self = toml::from_str(text).map_err(|error| ConfigError::Malformed(explain(&error)))?;
        if let Some(id) = config.severities.keys().find(|id| crate::find(id).is_none()) {
            return Err(ConfigError::UnknownCheck(id.clone()));
        }
        if let Some(id) = config.trust.organizations.iter().find(|id| !is_organization(id)) {
            return Err(ConfigError::BadOrganization(id.clone()));
        }
        let bad = config.administrators.iter().find(|entry| !is_principal(entry));
        match bad {
            Some(entry) => Err(ConfigError::BadPrincipal(entry.clone())),
            None => Ok(config),
        }
    }

    /// True if the user is for emergencies only.
    pub fn is_break_glass(&self, account: AccountId, user: &str) -> bool {
        self.break_glass_users.contains(user) || self.break_glass_users.contains(&format!("{account}/{user}"))
    }

    /// True if the principal, such as `role/Admin`, is an administrator on purpose.
    pub fn is_administrator(&self, account: AccountId, principal: &str) -> bool {
        self.administrators.contains(principal)
            || self.administrators.contains(&format!("{account}/{principal}"))
    }
}

/// The message below the line that it is about, in words.
fn explain(error: &toml::de::Error) -> String {
    let text = error.to_string();
    match text.trim_end().rsplit_once('\n') {
        Some((line, message)) => format!("{line}\n{}", in_words(message, "a table")),
        None => in_words(&text, "a table"),
    }
}

/// `o-` and 10 to 32 lower-case letters or digits.
///
/// Source: [Organization](https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html).
fn is_organization(id: &str) -> bool {
    let Some(rest) = id.strip_prefix("o-") else { return false };
    (10..=32).contains(&rest.len()) && rest.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
}

fn is_principal(entry: &str) -> bool {
    let rest = match entry.split_once('/') {
        Some((account, rest)) if account.parse::<AccountId>().is_ok() => rest,
        _ => entry,
    };
    matches!(rest.split_once('/'), Some(("user" | "group" | "role", name)) if !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_file_is_the_default() {
        assert_eq!(Config::from_toml("").unwrap(), Config::default());
    }

    #[test]
    fn what_is_written_is_read() {
        let config = Config::from_toml(
            r#"
            break_glass_users = ["emergency", "123456789012/glass"]
            administrators = ["role/Admin", "123456789012/group/admins"]
            [thresholds]
            unused_credential_days = 30
            [trust]
            accounts = ["999999999999"]
            organizations = ["o-partner1234"]
            [root]
            group_mailboxes = ["aws@example.com"]
            people = ["alice@example.com"]
            [root.emails]
            "123456789012" = "aws@example.com"
            [account_names]
            "123456789012" = "production"
            [severities]
            iam-inline-policy = "info"
            "#,
        )
        .unwrap();
        let account = "123456789012".parse().unwrap();
        assert_eq!(config.thresholds.unused_credential_days, 30);
        assert_eq!(config.thresholds.password_min_length, 14);
        assert!(config.is_break_glass(account, "glass") && config.is_break_glass(account, "emergency"));
        assert!(
            config.is_administrator(account, "group/admins") && !config.is_administrator(account, "user/x")
        );
        assert_eq!(config.severities.get("iam-inline-policy"), Some(&Severity::Info));
    }

    #[test]
    fn mistakes_are_named() {
        let message = |text: &str| Config::from_toml(text).unwrap_err().to_string();
        assert!(message("colour = 1").contains("unknown field `colour`"));
        assert!(message("[thresholds]\nunused = 1").contains("line 2"));
        for (text, expected) in [
            ("thresholds.root_use_days = -1", "from 0 to 18446744073709551615"),
            ("thresholds.password_min_length = 'x'", "expected a whole number from 0 to 4294967295"),
            ("thresholds.root_use_days = 99999999999999999999", "integer `99999999999999999999`, expected"),
            ("thresholds = 1", "integer `1`, expected a table"),
            ("root.emails = []", "list, expected a table"),
            ("severities.root-mfa = 1", "expected a string or a table"),
        ] {
            let message = message(text);
            assert!(message.contains(expected) && message.contains("line 1"), "{message}");
        }
        assert!(message("[trust]\naccounts = [\"12\"]").contains("`12` is not an AWS account id"));
        assert!(message("[severities]\nno-such = \"low\"").contains("`no-such`"));
        for bad in ["x", "", "o-", "o-partner", "o-PARTNER1234", "o-partner_1234", "partner12345"] {
            let text = message(&format!("[trust]\norganizations = ['o-a1b2c3d4e5', '{bad}']"));
            assert!(text.contains("`trust.organizations`") && text.contains(&format!("`{bad}`")), "{text}");
        }
        assert!(message("administrators = [\"Admin\"]").contains("`Admin`"));
    }
}
