//! From the SDK's types to ours: the same fields, name by name.

use aws_sdk_account::types as contact;
use aws_sdk_iam::operation::get_account_authorization_details::GetAccountAuthorizationDetailsOutput;
use aws_sdk_iam::types as iam;
use aws_sdk_organizations::types as org;

use super::account::DeviceOwner;
use super::{
    AlternateContact, AttachedPolicy, AuthorizationDetails, Boundary, Certificate, ContactInformation, Group,
    InlinePolicy, InstanceProfile, Organization, OrganizationAccount, PasswordPolicy, Policy, Role,
    RoleLastUsed, SamlProvider, Tag, User, Version, VirtualMfaDevice,
};
use crate::document::Document;

/// A list that AWS may leave out where it is empty.
fn all<A, B: From<A>>(list: Option<Vec<A>>) -> Vec<B> {
    given(list).unwrap_or_default()
}

/// A list that AWS always sends.
fn given<A, B: From<A>>(list: Option<Vec<A>>) -> Option<Vec<B>> {
    list.map(|list| list.into_iter().map(B::from).collect())
}

impl From<GetAccountAuthorizationDetailsOutput> for AuthorizationDetails {
    fn from(page: GetAccountAuthorizationDetailsOutput) -> Self {
        Self {
            user_detail_list: given(page.user_detail_list),
            group_detail_list: given(page.group_detail_list),
            role_detail_list: given(page.role_detail_list),
            policies: given(page.policies),
            is_truncated: page.is_truncated,
            next_token: page.marker,
        }
    }
}

impl From<iam::UserDetail> for User {
    fn from(user: iam::UserDetail) -> Self {
        Self {
            user_name: user.user_name,
            user_id: user.user_id,
            arn: user.arn,
            create_date: user.create_date.map(Into::into),
            user_policy_list: all(user.user_policy_list),
            group_list: user.group_list,
            attached_managed_policies: given(user.attached_managed_policies),
            permissions_boundary: user.permissions_boundary.map(Into::into),
            tags: all(user.tags),
        }
    }
}

impl From<iam::GroupDetail> for Group {
    fn from(group: iam::GroupDetail) -> Self {
        Self {
            group_name: group.group_name,
            group_id: group.group_id,
            arn: group.arn,
            create_date: group.create_date.map(Into::into),
            group_policy_list: all(group.group_policy_list),
            attached_managed_policies: given(group.attached_managed_policies),
        }
    }
}

impl From<iam::RoleDetail> for Role {
    fn from(role: iam::RoleDetail) -> Self {
        Self {
            role_name: role.role_name,
            role_id: role.role_id,
            arn: role.arn,
            create_date: role.create_date.map(Into::into),
            assume_role_policy_document: role.assume_role_policy_document.as_deref().map(Document::encoded),
            instance_profile_list: all(role.instance_profile_list),
            role_policy_list: all(role.role_policy_list),
            attached_managed_policies: given(role.attached_managed_policies),
            permissions_boundary: role.permissions_boundary.map(Into::into),
            tags: all(role.tags),
            role_last_used: role.role_last_used.map(Into::into),
        }
    }
}

impl From<iam::ManagedPolicyDetail> for Policy {
    fn from(policy: iam::ManagedPolicyDetail) -> Self {
        Self {
            policy_name: policy.policy_name,
            policy_id: policy.policy_id,
            arn: policy.arn,
            default_version_id: policy.default_version_id,
            attachment_count: policy.attachment_count.map(Into::into),
            permissions_boundary_usage_count: policy.permissions_boundary_usage_count.map(Into::into),
            create_date: policy.create_date.map(Into::into),
            policy_version_list: given(policy.policy_version_list),
        }
    }
}

impl From<iam::PolicyVersion> for Version {
    fn from(version: iam::PolicyVersion) -> Self {
        Self {
            document: version.document.as_deref().map(Document::encoded),
            version_id: version.version_id,
            is_default_version: version.is_default_version,
        }
    }
}

impl From<iam::PolicyDetail> for InlinePolicy {
    fn from(policy: iam::PolicyDetail) -> Self {
        Self {
            policy_name: policy.policy_name,
            policy_document: policy.policy_document.as_deref().map(Document::encoded),
        }
    }
}

impl From<iam::AttachedPolicy> for AttachedPolicy {
    fn from(policy: iam::AttachedPolicy) -> Self {
        Self { policy_name: policy.policy_name, policy_arn: policy.policy_arn }
    }
}

impl From<iam::AttachedPermissionsBoundary> for Boundary {
    fn from(boundary: iam::AttachedPermissionsBoundary) -> Self {
        Self { permissions_boundary_arn: boundary.permissions_boundary_arn }
    }
}

impl From<iam::Tag> for Tag {
    fn from(tag: iam::Tag) -> Self {
        Self { key: tag.key, value: tag.value }
    }
}

impl From<iam::InstanceProfile> for InstanceProfile {
    fn from(profile: iam::InstanceProfile) -> Self {
        Self { instance_profile_name: Some(profile.instance_profile_name) }
    }
}

impl From<iam::RoleLastUsed> for RoleLastUsed {
    fn from(used: iam::RoleLastUsed) -> Self {
        Self { last_used_date: used.last_used_date.map(Into::into), region: used.region }
    }
}

impl From<iam::PasswordPolicy> for PasswordPolicy {
    fn from(policy: iam::PasswordPolicy) -> Self {
        Self {
            minimum_password_length: policy.minimum_password_length.map(Into::into),
            require_symbols: policy.require_symbols,
            require_numbers: policy.require_numbers,
            require_uppercase_characters: policy.require_uppercase_characters,
            require_lowercase_characters: policy.require_lowercase_characters,
            allow_users_to_change_password: policy.allow_users_to_change_password,
            expire_passwords: policy.expire_passwords,
            max_password_age: policy.max_password_age.map(Into::into),
            password_reuse_prevention: policy.password_reuse_prevention.map(Into::into),
            hard_expiry: policy.hard_expiry,
        }
    }
}

impl From<iam::VirtualMfaDevice> for VirtualMfaDevice {
    fn from(device: iam::VirtualMfaDevice) -> Self {
        Self {
            serial_number: device.serial_number,
            user: device.user.map(|user| DeviceOwner { arn: Some(user.arn) }),
            enable_date: device.enable_date.map(Into::into),
        }
    }
}

impl From<iam::ServerCertificateMetadata> for Certificate {
    fn from(certificate: iam::ServerCertificateMetadata) -> Self {
        Self {
            server_certificate_name: certificate.server_certificate_name,
            arn: certificate.arn,
            expiration: certificate.expiration.map(Into::into),
        }
    }
}

impl From<iam::SamlProviderListEntry> for SamlProvider {
    fn from(provider: iam::SamlProviderListEntry) -> Self {
        Self { arn: provider.arn.unwrap_or_default(), valid_until: provider.valid_until.map(Into::into) }
    }
}

impl From<contact::ContactInformation> for ContactInformation {
    fn from(contact: contact::ContactInformation) -> Self {
        Self { full_name: contact.full_name, company_name: contact.company_name }
    }
}

impl From<contact::AlternateContact> for AlternateContact {
    fn from(contact: contact::AlternateContact) -> Self {
        Self {
            alternate_contact_type: contact.alternate_contact_type.map(|kind| kind.as_str().to_owned()),
            name: contact.name,
            title: contact.title,
            email_address: contact.email_address,
        }
    }
}

impl From<org::Organization> for Organization {
    fn from(organization: org::Organization) -> Self {
        Self {
            id: organization.id,
            feature_set: organization.feature_set.map(|set| set.as_str().to_owned()),
            master_account_id: organization.master_account_id,
        }
    }
}

impl From<org::Account> for OrganizationAccount {
    fn from(account: org::Account) -> Self {
        Self {
            id: account.id,
            name: account.name,
            email: account.email,
            status: account.status.map(|status| status.as_str().to_owned()),
            state: account.state.map(|state| state.as_str().to_owned()),
        }
    }
}
