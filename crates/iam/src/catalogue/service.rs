use std::fmt;

use super::{Action, ConditionKey, ResourceType};

/// A service, such as S3.
pub struct Service {
    pub(super) prefix: &'static str,
    pub(super) name: &'static str,
    pub(super) honours_rcps: bool,
    pub(super) actions: &'static [Action],
    pub(super) resource_types: &'static [ResourceType],
    pub(super) condition_keys: &'static [&'static ConditionKey],
}

impl Service {
    /// What stands before the colon of its actions: `s3`.
    pub fn prefix(&self) -> &'static str {
        self.prefix
    }

    /// The name that people use: `Amazon S3`.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Its actions, sorted by lower-case name.
    pub fn actions(&self) -> &'static [Action] {
        self.actions
    }

    /// Its resource types, sorted by lower-case name.
    pub fn resource_types(&self) -> &'static [ResourceType] {
        self.resource_types
    }

    /// The resource type with this name, in any case.
    pub fn resource_type(&self, name: &str) -> Option<&'static ResourceType> {
        self.resource_types.iter().find(|kind| kind.name().eq_ignore_ascii_case(name))
    }

    /// The condition keys of its own table.
    pub fn condition_keys(&self) -> &'static [&'static ConditionKey] {
        self.condition_keys
    }

    /// True if resource control policies apply to the service's actions.
    ///
    /// Source: [List of AWS services that support RCPs](https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html#rcp-supported-services).
    pub fn honours_rcps(&self) -> bool {
        self.honours_rcps
    }
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.prefix)
    }
}
