use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Merge;

/// How often something happened, first when and last when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tally {
    /// How often.
    pub count: u64,
    /// The first time; none if no record told its time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<Timestamp>,
    /// The last time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<Timestamp>,
}

impl Tally {
    /// Counts one, at this time if it is known.
    pub fn add(&mut self, time: Option<Timestamp>) {
        self.merge(Self { count: 1, first: time, last: time });
    }
}

impl Tally {
    /// True if nothing was counted.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Adds the other.
    pub fn merge(&mut self, other: Self) {
        self.count = self.count.saturating_add(other.count);
        self.first = [self.first, other.first].into_iter().flatten().min();
        self.last = self.last.max(other.last);
    }
}

impl Merge for Tally {
    fn merge(&mut self, other: Self) {
        Self::merge(self, other);
    }

    fn is_empty(&self) -> bool {
        Self::is_empty(self)
    }
}
