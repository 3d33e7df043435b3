use std::fmt;

use serde::{Deserialize, Serialize};

use super::{ConditionKey, ResourceType, global_condition_keys};

/// The number of an action: its place in [`Catalogue::actions`](super::Catalogue::actions). Ids are dense, and
/// hold for one catalogue version only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ActionId(pub(super) u32);

impl ActionId {
    /// The number, for bit sets and tables.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// What an action lets its user do.
///
/// Source: [Access levels in policy summaries](https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_understand-policy-summary-access-level-summaries.html).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum AccessLevel {
    /// See that resources exist.
    List,
    /// Read what resources hold.
    Read,
    /// Create, change or delete resources.
    Write,
    /// Grant or change permissions.
    PermissionsManagement,
    /// Change tags only.
    Tagging,
}

impl fmt::Display for AccessLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::List => "list",
            Self::Read => "read",
            Self::Write => "write",
            Self::PermissionsManagement => "permissions management",
            Self::Tagging => "tagging",
        })
    }
}

/// An action of a service, such as `s3:GetObject`.
pub struct Action {
    pub(super) id: ActionId,
    pub(super) full_name: &'static str,
    pub(super) lower_name: &'static str,
    pub(super) access_level: AccessLevel,
    pub(super) honours_rcps: bool,
    pub(super) resources: &'static [ActionResource],
    pub(super) condition_keys: &'static [&'static ConditionKey],
    pub(super) dependent_actions: &'static [ActionId],
}

impl Action {
    /// The action's number.
    pub fn id(&self) -> ActionId {
        self.id
    }

    /// Service and name as AWS writes them: `s3:GetObject`.
    pub fn full_name(&self) -> &'static str {
        self.full_name
    }

    /// The full name in lower case: `s3:getobject`.
    pub fn lower_name(&self) -> &'static str {
        self.lower_name
    }

    /// The name without the service: `GetObject`.
    pub fn name(&self) -> &'static str {
        self.full_name.split_once(':').map_or(self.full_name, |(_, name)| name)
    }

    /// The service's prefix: `s3`.
    pub fn service(&self) -> &'static str {
        self.full_name.split_once(':').map_or(self.full_name, |(service, _)| service)
    }

    /// What the action lets its user do.
    pub fn access_level(&self) -> AccessLevel {
        self.access_level
    }

    /// The resource types that the action can be restricted to.
    pub fn resources(&self) -> &'static [ActionResource] {
        self.resources
    }

    /// True if the action can be restricted to resources. Where it is false, only `*` in `Resource` matches it.
    pub fn is_resource_level(&self) -> bool {
        !self.resources.is_empty()
    }

    /// The condition keys of the action itself; those of its resource types come on top.
    pub fn condition_keys(&self) -> &'static [&'static ConditionKey] {
        self.condition_keys
    }

    /// Actions that the caller needs besides this one. AWS lists only what a call always or often needs.
    ///
    /// ```
    /// # use leastwise_iam::catalogue::Catalogue;
    /// let catalogue = Catalogue::get();
    /// let create = catalogue.action("lambda:CreateFunction").unwrap();
    /// let needs = create.dependent_actions().iter().filter_map(|id| catalogue.action_by_id(*id));
    /// assert!(needs.map(|action| action.full_name()).any(|name| name == "iam:PassRole"));
    /// ```
    pub fn dependent_actions(&self) -> &'static [ActionId] {
        self.dependent_actions
    }

    /// True if resource control policies apply to the action: its service supports them, and the action is not the
    /// one exception, `kms:RetireGrant`.
    ///
    /// Source: [Resource control policies](https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html#actions-not-restricted-by-rcps).
    pub fn honours_rcps(&self) -> bool {
        self.honours_rcps
    }

    /// True if AWS lists the key for this action, or for one of its resource types.
    ///
    /// A key of the `aws:` family may be in the request all the same: see
    /// [`supports_condition_key`](Self::supports_condition_key).
    pub fn lists_condition_key(&self, key: &str) -> bool {
        let own = self.condition_keys.iter().any(|own| own.matches(key));
        own || self.resources.iter().any(|resource| resource.lists_condition_key(key))
    }

    /// True if the key can be in the action's request: it is a global key, or AWS lists it for this action.
    ///
    /// This is generous: AWS sets `aws:RequestTag/…`, `aws:TagKeys` and `aws:ResourceTag/…` only for actions that
    /// list them ([`lists_condition_key`](Self::lists_condition_key) tells).
    pub fn supports_condition_key(&self, key: &str) -> bool {
        self.lists_condition_key(key) || global_condition_keys().iter().any(|global| global.matches(key))
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.full_name)
    }
}

impl fmt::Debug for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.full_name)
    }
}

/// A resource type that an action can be restricted to.
#[derive(Debug)]
pub struct ActionResource {
    pub(super) resource_type: &'static ResourceType,
    pub(super) required: bool,
    pub(super) condition_keys: &'static [&'static ConditionKey],
}

impl ActionResource {
    /// The resource type.
    pub fn resource_type(&self) -> &'static ResourceType {
        self.resource_type
    }

    /// True if every call names a resource of this type (the `*` of AWS's tables). Where a call names one of
    /// several, as `s3:GetObject` an object of a bucket or of an access point, none of them is required.
    pub fn is_required(&self) -> bool {
        self.required
    }

    /// Condition keys that this action has only together with this resource type.
    pub fn condition_keys(&self) -> &'static [&'static ConditionKey] {
        self.condition_keys
    }

    fn lists_condition_key(&self, key: &str) -> bool {
        self.condition_keys.iter().chain(self.resource_type.condition_keys()).any(|own| own.matches(key))
    }
}
