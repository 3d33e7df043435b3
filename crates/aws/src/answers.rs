//! What AWS answers, in the shape in which the AWS CLI prints it.
//!
//! Live answers and files meet here, so that both become a snapshot in the same way. Everything is
//! optional, since a file may lack anything; what is missing where it must not be makes the part that it
//! belongs to `Unknown`.

#![allow(clippy::struct_field_names, reason = "the fields have the names that AWS gives them")]

mod account;
mod identity;
mod live;
mod organization;

pub(crate) use account::{
    AlternateContact, Certificate, ContactInformation, PasswordPolicy, SamlProvider, VirtualMfaDevice,
};
pub(crate) use identity::{
    AttachedPolicy, AuthorizationDetails, Boundary, Group, InlinePolicy, InstanceProfile, Policy, Role,
    RoleLastUsed, Tag, User, Version,
};
pub(crate) use organization::{Organization, OrganizationAccount};
