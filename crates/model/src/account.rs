use std::collections::BTreeMap;

use jiff::Timestamp;
use leastwise_iam::{AccountId, Arn, Partition};
use serde::{Deserialize, Serialize};

use crate::{Group, Known, ManagedPolicy, Missing, Resources, Role, RootCredentials, User};

/// What was read of one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// The account's number.
    pub id: AccountId,
    /// The account's partition.
    pub partition: Partition,
    /// The name in the organisation or the configuration.
    pub name: Option<String>,
    /// Who read it.
    pub caller: Known<Arn>,
    /// The alias in the sign-in address, if the account has one.
    pub alias: Known<Option<String>>,
    /// Counts and the state of the root user, live.
    pub summary: Known<AccountSummary>,
    /// When the credential report was made; `None` if the source does not tell.
    pub credential_report: Known<Option<Timestamp>>,
    /// What the credential report says of the root user.
    pub root: Known<RootCredentials>,
    /// The virtual MFA devices that are assigned to somebody.
    pub virtual_mfa_devices: Known<Vec<VirtualMfaDevice>>,
    /// The account's password policy; `None` where AWS's default is in force.
    pub password_policy: Known<Option<PasswordPolicy>>,
    /// The primary contact.
    pub primary_contact: Known<Option<Contact>>,
    /// The alternate contacts.
    pub alternate_contacts: AlternateContacts,
    /// Identity providers for SAML federation.
    pub saml_providers: Known<Vec<SamlProvider>>,
    /// Identity providers for web identity federation.
    pub oidc_providers: Known<Vec<OidcProvider>>,
    /// TLS certificates stored in IAM.
    pub server_certificates: Known<Vec<ServerCertificate>>,
    /// IAM users.
    pub users: Known<Vec<User>>,
    /// IAM groups.
    pub groups: Known<Vec<Group>>,
    /// IAM roles.
    pub roles: Known<Vec<Role>>,
    /// Managed policies: all of the customer's, and AWS's where they are in use.
    pub policies: Known<Vec<ManagedPolicy>>,
    /// Service last-accessed data by the principal's ARN.
    pub last_accessed: Known<BTreeMap<Arn, Known<Vec<ServiceUse>>>>,
    /// Resources that can have a policy of their own; snapshots of before there were any lack the part.
    #[serde(default = "Resources::not_requested")]
    pub resources: Known<Resources>,
}

impl Account {
    /// An account of which nothing was read, for one reason.
    pub fn unread(id: AccountId, partition: Partition, why: &Missing) -> Self {
        fn unknown<T>(why: &Missing) -> Known<T> {
            Known::Unknown(why.clone())
        }
        Self {
            id,
            partition,
            name: None,
            caller: unknown(why),
            alias: unknown(why),
            summary: unknown(why),
            credential_report: unknown(why),
            root: unknown(why),
            virtual_mfa_devices: unknown(why),
            password_policy: unknown(why),
            primary_contact: unknown(why),
            alternate_contacts: AlternateContacts {
                billing: unknown(why),
                operations: unknown(why),
                security: unknown(why),
            },
            saml_providers: unknown(why),
            oidc_providers: unknown(why),
            server_certificates: unknown(why),
            users: unknown(why),
            groups: unknown(why),
            roles: unknown(why),
            policies: unknown(why),
            last_accessed: unknown(why),
            resources: unknown(why),
        }
    }

    /// The ARN of this account's root user.
    pub fn root_arn(&self) -> Arn {
        Arn::iam(self.partition, self.id, "root")
    }
}

/// The parts of `GetAccountSummary` that are about credentials, and the counts of everything else.
///
/// Source: [GetAccountSummary](https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountSummary.html).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountSummary {
    /// `AccountMFAEnabled`: the root user has MFA.
    pub root_mfa_enabled: Known<bool>,
    /// `AccountAccessKeysPresent`: the root user has access keys.
    pub root_access_keys_present: Known<bool>,
    /// `AccountPasswordPresent`: the root user has a password; without one, root credentials are managed centrally.
    pub root_password_present: Known<bool>,
    /// Everything else, as AWS names it.
    pub counts: BTreeMap<String, i64>,
}

/// A virtual MFA device that is assigned to somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VirtualMfaDevice {
    /// The device's serial number: an ARN.
    pub serial: String,
    /// The user it is assigned to; the root user's ARN ends in `:root`.
    pub user: Option<Arn>,
    /// When it was enabled.
    pub enabled: Option<Timestamp>,
}

/// The account's rules for IAM users' passwords.
///
/// Source: [password policies](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html).
#[allow(clippy::struct_excessive_bools, reason = "these are AWS's own switches")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasswordPolicy {
    /// The least number of characters.
    pub minimum_length: u32,
    /// At least one upper-case letter is required.
    pub require_uppercase: bool,
    /// At least one lower-case letter is required.
    pub require_lowercase: bool,
    /// At least one digit is required.
    pub require_numbers: bool,
    /// At least one symbol is required.
    pub require_symbols: bool,
    /// Users may change their own password.
    pub allow_users_to_change: bool,
    /// Days until a password expires; `None` if it never does.
    pub max_age_days: Option<u32>,
    /// How many previous passwords must not be used again; `None` if any may.
    pub reuse_prevention: Option<u32>,
    /// An expired password can be reset by an administrator only.
    pub hard_expiry: bool,
}

/// Whom AWS writes to. Postal address and telephone are not kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// The name.
    pub name: String,
    /// Title or company.
    pub role: Option<String>,
    /// The e-mail address; the primary contact has none.
    pub email: Option<String>,
}

/// The alternate contacts; `None` where none is registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlternateContacts {
    /// For invoices.
    pub billing: Known<Option<Contact>>,
    /// For operations.
    pub operations: Known<Option<Contact>>,
    /// For security.
    pub security: Known<Option<Contact>>,
}

/// An identity provider for SAML federation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SamlProvider {
    /// The provider's ARN.
    pub arn: Arn,
    /// When its metadata expires.
    pub valid_until: Option<Timestamp>,
}

/// An identity provider for web identity federation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OidcProvider {
    /// The provider's ARN; its last part is the issuer without `https://`.
    pub arn: Arn,
    /// The audiences that may use it.
    pub client_ids: Known<Vec<String>>,
}

/// A TLS certificate stored in IAM.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServerCertificate {
    /// The certificate's name in IAM.
    pub name: String,
    /// The ARN.
    pub arn: Arn,
    /// When it expires.
    pub expires: Known<Timestamp>,
}

/// A service that a principal may use, and when it last did.
///
/// Source: [last accessed information](https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed.html).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceUse {
    /// The service's namespace, such as `s3`.
    pub service: String,
    /// The last authenticated use within AWS's tracking period; `None` if there was none.
    pub last_used: Option<Timestamp>,
}
