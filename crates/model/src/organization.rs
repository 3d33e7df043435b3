use leastwise_iam::AccountId;
use serde::{Deserialize, Serialize};

use crate::{Known, PolicyText};

/// An organisation in AWS Organizations, as far as the caller may see it.
///
/// Source: [AWS Organizations terminology](https://docs.aws.amazon.com/organizations/latest/userguide/orgs_getting-started_concepts.html).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organization {
    /// The organisation's id (`o-…`).
    pub id: String,
    /// The account that manages it; SCPs do not bind it.
    pub management_account: AccountId,
    /// `ALL`, or `CONSOLIDATED_BILLING` where policies are not available.
    pub feature_set: String,
    /// The member accounts, the management account included.
    pub accounts: Known<Vec<OrganizationAccount>>,
    /// The root and the organisational units.
    pub units: Known<Vec<OrganizationUnit>>,
    /// Service control policies and resource control policies.
    pub policies: Known<Vec<OrganizationPolicy>>,
    /// Accounts to which the management account delegates.
    pub delegated_administrators: Known<Vec<DelegatedAdministrator>>,
    /// Whether root credentials of member accounts are managed centrally.
    pub central_root: Known<CentralRoot>,
}

/// A member account as the organisation knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrganizationAccount {
    /// The account's number.
    pub id: AccountId,
    /// The account's name.
    pub name: String,
    /// The root user's e-mail address.
    pub email: String,
    /// Whether it is in use.
    pub status: AccountStatus,
    /// The root or organisational unit that holds it.
    pub parent: Known<String>,
}

/// The state of a member account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountStatus {
    /// In use.
    Active,
    /// Closed or suspended by AWS: nobody can use it.
    Suspended,
    /// Being closed.
    PendingClosure,
}

/// The root of the organisation's tree, or an organisational unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrganizationUnit {
    /// `r-…` or `ou-…`.
    pub id: String,
    /// The name.
    pub name: String,
    /// What holds it; `None` for the root.
    pub parent: Option<String>,
}

/// A policy of the organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrganizationPolicy {
    /// `p-…`.
    pub id: String,
    /// The name.
    pub name: String,
    /// SCP or RCP.
    pub kind: OrganizationPolicyKind,
    /// True for AWS's own, such as `FullAWSAccess`.
    pub aws_managed: bool,
    /// What it says.
    pub document: Known<PolicyText>,
    /// Roots, units and accounts that it is attached to.
    pub targets: Known<Vec<String>>,
}

/// The kinds of policies that bound permissions in an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrganizationPolicyKind {
    /// Service control policy: bounds principals.
    ServiceControl,
    /// Resource control policy: bounds resources.
    ResourceControl,
}

/// An account to which the management account delegates a service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DelegatedAdministrator {
    /// The account.
    pub account: AccountId,
    /// The services' principals, such as `guardduty.amazonaws.com`.
    pub services: Known<Vec<String>>,
}

/// Central management of member accounts' root users.
///
/// Source: [centralised root access](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user.html#id_root-user-access-management).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CentralRoot {
    /// Root credentials of member accounts can be deleted and audited centrally.
    pub credentials_managed: bool,
    /// Privileged root actions can be taken centrally in short sessions.
    pub sessions: bool,
}
