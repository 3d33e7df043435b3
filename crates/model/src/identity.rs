use std::collections::BTreeMap;

use jiff::Timestamp;
use leastwise_iam::Arn;
use serde::{Deserialize, Serialize};

use crate::{Credentials, Known, PolicyText};

/// An IAM user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct User {
    /// The name, unique in the account whatever its case.
    pub name: String,
    /// The ARN, with the path.
    pub arn: Arn,
    /// When the user was created.
    pub created: Timestamp,
    /// Groups and policies.
    pub details: Known<UserDetails>,
    /// Password, MFA and access keys.
    pub credentials: Known<Credentials>,
}

/// What authorization details say of a user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UserDetails {
    /// The unique id (`AIDA…`).
    pub id: String,
    /// Names of the groups the user is in.
    pub groups: Vec<String>,
    /// The user's own policies.
    pub policies: PrincipalPolicies,
    /// The managed policy that bounds the user's permissions.
    pub boundary: Option<Arn>,
    /// Tags by key.
    pub tags: BTreeMap<String, String>,
}

/// Policies attached to a principal or embedded in it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrincipalPolicies {
    /// Managed policies.
    pub attached: Vec<Attachment>,
    /// Policies embedded in the principal.
    pub inline: Vec<InlinePolicy>,
}

/// A managed policy attached to a principal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attachment {
    /// The policy's name.
    pub name: String,
    /// The policy's ARN.
    pub arn: Arn,
}

/// A policy embedded in one principal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InlinePolicy {
    /// The name, unique within the principal.
    pub name: String,
    /// What it says.
    pub document: Known<PolicyText>,
}

/// An IAM group. Its members are the users that name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// The name, unique in the account.
    pub name: String,
    /// The ARN, with the path.
    pub arn: Arn,
    /// The unique id (`AGPA…`).
    pub id: String,
    /// When the group was created.
    pub created: Timestamp,
    /// The group's policies.
    pub policies: PrincipalPolicies,
}

/// An IAM role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// The name, unique in the account.
    pub name: String,
    /// The ARN, with the path.
    pub arn: Arn,
    /// The unique id (`AROA…`).
    pub id: String,
    /// Who can change the role.
    pub owner: Owner,
    /// When the role was created.
    pub created: Timestamp,
    /// Who may assume it.
    pub trust: Known<PolicyText>,
    /// The role's policies.
    pub policies: PrincipalPolicies,
    /// The managed policy that bounds the role's permissions.
    pub boundary: Option<Arn>,
    /// The last use within AWS's tracking period (400 days); `None` if there was none.
    pub last_used: Option<RoleUse>,
    /// Names of the instance profiles that hold the role.
    pub instance_profiles: Vec<String>,
    /// Tags by key.
    pub tags: BTreeMap<String, String>,
}

impl Role {
    /// True if customers can neither make nor change such a role, nor say who may assume it.
    pub const fn is_reserved(&self) -> bool {
        matches!(self.owner, Owner::ServiceLinked | Owner::IdentityCenter)
    }
}

/// The last use of a role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleUse {
    /// When.
    pub at: Timestamp,
    /// In which region, where AWS tells.
    pub region: Option<String>,
}

/// A managed policy: the customer's own, or AWS's where it is in use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManagedPolicy {
    /// The name.
    pub name: String,
    /// The ARN; its account is `aws` for AWS-managed policies.
    pub arn: Arn,
    /// The unique id (`ANPA…`).
    pub id: String,
    /// How many users, groups and roles it is attached to.
    pub attachments: u32,
    /// How many users and roles it bounds.
    pub boundary_uses: u32,
    /// When the policy was created.
    pub created: Timestamp,
    /// The version in force, such as `v3`.
    pub default_version: String,
    /// How many versions are kept.
    pub versions: u32,
    /// What the version in force says.
    pub document: Known<PolicyText>,
}

/// Who can change a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Owner {
    /// The customer.
    Customer,
    /// AWS: a service-linked role.
    ServiceLinked,
    /// IAM Identity Center, from a permission set.
    IdentityCenter,
    /// AWS Control Tower.
    ControlTower,
}

impl Owner {
    /// Who can change the role with this ARN. Customers can create a role neither under the reserved
    /// paths, nor change Control Tower's roles in an account that it manages.
    ///
    /// Source: [service-linked roles](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html),
    /// [AWS Control Tower roles](https://docs.aws.amazon.com/controltower/latest/userguide/roles-how.html).
    pub fn of_role(arn: &Arn) -> Self {
        const CONTROL_TOWER: [&str; 9] = [
            "role/AWSControlTowerExecution",
            "role/service-role/AWSControlTowerAdmin",
            "role/service-role/AWSControlTowerStackSetRole",
            "role/service-role/AWSControlTowerCloudTrailRole",
            "role/service-role/AWSControlTowerConfigAggregatorRoleForOrganizations",
            "role/aws-controltower-AdministratorExecutionRole",
            "role/aws-controltower-ConfigRecorderRole",
            "role/aws-controltower-ForwardSnsNotificationRole",
            "role/aws-controltower-ReadOnlyExecutionRole",
        ];
        let resource = arn.resource();
        if resource.starts_with("role/aws-service-role/") {
            Self::ServiceLinked
        } else if resource.starts_with("role/aws-reserved/") {
            Self::IdentityCenter
        } else if CONTROL_TOWER.contains(&resource) {
            Self::ControlTower
        } else {
            Self::Customer
        }
    }

    /// The owner in words.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Customer => "the customer",
            Self::ServiceLinked => "an AWS service",
            Self::IdentityCenter => "IAM Identity Center",
            Self::ControlTower => "AWS Control Tower",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_paths_and_exact_names_belong_to_aws() {
        let table = [
            ("role/aws-service-role/support.amazonaws.com/AWSServiceRoleForSupport", Owner::ServiceLinked),
            (
                "role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin_0123",
                Owner::IdentityCenter,
            ),
            ("role/AWSControlTowerExecution", Owner::ControlTower),
            ("role/AWSControlTowerExecutionToo", Owner::Customer),
            ("role/AWSReservedSSO_Admin_0123", Owner::Customer),
            ("role/service-role/lambda-basic", Owner::Customer),
        ];
        for (resource, owner) in table {
            let arn = format!("arn:aws:iam::123456789012:{resource}").parse().unwrap();
            assert_eq!(Owner::of_role(&arn), owner, "{resource}");
        }
    }
}
