//! Numbers of calls while they are counted.

use jiff::Timestamp;
use leastwise_model::{Calls, Tally};

/// How many calls, when, and how many of them were of some kind; [`Calls`] explains the fields.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lean {
    count: u64,
    /// Seconds since 1970; `i64::MAX` if no time is known.
    first: i64,
    /// Seconds since 1970; `i64::MIN` if no time is known.
    last: i64,
    failed: u64,
    inferred: u64,
    unknown_resource: u64,
}

impl Default for Lean {
    fn default() -> Self {
        Self { count: 0, first: i64::MAX, last: i64::MIN, failed: 0, inferred: 0, unknown_resource: 0 }
    }
}

impl Lean {
    /// One call.
    pub(super) fn one(time: Option<i64>) -> Self {
        let (first, last) = (time.unwrap_or(i64::MAX), time.unwrap_or(i64::MIN));
        Self { count: 1, first, last, ..Self::default() }
    }

    /// One call that failed, that is inferred, that was on what is not known; or not.
    pub(super) fn of(time: Option<i64>, failed: bool, inferred: bool, unknown_resource: bool) -> Self {
        let [failed, inferred, unknown_resource] = [failed, inferred, unknown_resource].map(u64::from);
        Self { failed, inferred, unknown_resource, ..Self::one(time) }
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.count = self.count.saturating_add(other.count);
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
        self.failed = self.failed.saturating_add(other.failed);
        self.inferred = self.inferred.saturating_add(other.inferred);
        self.unknown_resource = self.unknown_resource.saturating_add(other.unknown_resource);
    }

    pub(super) fn count(&self) -> u64 {
        self.count
    }

    pub(super) fn tally(&self) -> Tally {
        let known = self.first <= self.last;
        let time = |seconds| Timestamp::from_second(seconds).ok().filter(|_| known);
        Tally { count: self.count, first: time(self.first), last: time(self.last) }
    }

    /// The calls, without regions and resources.
    pub(super) fn calls(&self) -> Calls {
        Calls {
            tally: self.tally(),
            failed: self.failed,
            inferred: self.inferred,
            unknown_resource: self.unknown_resource,
            ..Calls::default()
        }
    }
}
