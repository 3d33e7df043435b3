use serde::{Deserialize, Serialize};

use super::{Few, Merge, Tally};

/// What a caller did with one action.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActionUse {
    /// Calls that were allowed, whether they then succeeded or not.
    #[serde(default, skip_serializing_if = "Calls::is_empty")]
    pub used: Calls,
    /// Calls that were denied. They are no use.
    #[serde(default, skip_serializing_if = "Calls::is_empty")]
    pub denied: Calls,
}

impl ActionUse {
    /// Adds the other.
    pub fn merge(&mut self, other: Self) {
        self.used.merge(other.used);
        self.denied.merge(other.denied);
    }
}

/// Calls of one caller with one action.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calls {
    /// How many, first and last.
    #[serde(flatten)]
    pub tally: Tally,
    /// How many of them ended in an error other than a denial. Some errors, such as throttling, come before the
    /// permission is looked at.
    #[serde(default, skip_serializing_if = "super::is_zero")]
    pub failed: u64,
    /// How many of them were not logged themselves, but follow from another call: `iam:PassRole` from a call that
    /// passes a role.
    #[serde(default, skip_serializing_if = "super::is_zero")]
    pub inferred: u64,
    /// Calls in which no resource could be told, of an action that has resources. It is not known what they were on.
    #[serde(default, skip_serializing_if = "super::is_zero")]
    pub unknown_resource: u64,
    /// The regions that served them.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub regions: Few<48>,
    /// Services that called in the caller's name (`invokedBy`): the caller needed the permission all the same.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub via: Few<32>,
    /// The ARNs of resources. `{path}` in the ARN of a user, role, group, policy or instance profile stands for a
    /// path that the record does not tell; `-??????` ends that of a secret of which only the name is known.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub resources: Few<256>,
}

impl Calls {
    /// True if there was none.
    pub fn is_empty(&self) -> bool {
        self.tally.is_empty()
    }

    /// Adds the other.
    pub fn merge(&mut self, other: Self) {
        self.tally.merge(other.tally);
        self.failed.merge(other.failed);
        self.inferred.merge(other.inferred);
        self.unknown_resource.merge(other.unknown_resource);
        self.regions.merge(other.regions);
        self.via.merge(other.via);
        self.resources.merge(other.resources);
    }
}
