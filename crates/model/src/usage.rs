//! Who used what: what CloudTrail's logs come to, summed up by caller, action and resource.
//!
//! A [`Usage`] is data, as a snapshot is: it says what was seen, what the logs cover, and what could not be told.
//! Two of them [merge](Usage::merge) into what one reading of both logs would have given.
//!
//! Whatever grows with the logs is bounded: see [`Few`]. What is over a bound is counted, and the kept part does not
//! depend on the order of events or of merging.

mod caller;
mod calls;
mod coverage;
mod days;
mod few;
mod tally;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use caller::{Caller, CallerKind, CallerUse, KeyUse};
pub use calls::{ActionUse, Calls};
pub use coverage::{Coverage, Stream};
pub use days::Days;
pub use few::{Few, LONGEST_NAME, Merge};
pub use tally::Tally;

use crate::in_words;

/// The version of the usage file that this crate writes and reads.
pub const USAGE_SCHEMA_VERSION: u32 = 1;

/// How many callers are kept apart; calls of further ones are counted together.
pub const MOST_CALLERS: usize = 100_000;

/// What was used, by whom, on what and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Usage {
    /// Always [`USAGE_SCHEMA_VERSION`].
    pub schema_version: u32,
    /// What the logs cover: what it is worth that something was not seen.
    pub coverage: Coverage,
    /// What each caller did.
    #[serde(with = "caller::list")]
    pub callers: BTreeMap<Caller, CallerUse>,
    /// Calls of callers above [`MOST_CALLERS`].
    #[serde(default, skip_serializing_if = "Tally::is_empty")]
    pub other_callers: Tally,
    /// API calls of which it is not known what permission they need: `EVENT_SOURCE EVENT_NAME`.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub unmapped: Few<1024, Tally>,
    /// API calls that need one of several actions, where the record does not tell which: `EVENT_SOURCE EVENT_NAME`.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub ambiguous: Few<256, Tally>,
    /// API calls that need no permission, such as `sts.amazonaws.com GetCallerIdentity`.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub permissionless: Few<256, Tally>,
    /// Events that are no API calls, by their type, such as `AwsServiceEvent`.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub no_calls: Few<64>,
    /// Records of calls that the log of another account has too, and that were counted there (`sharedEventID`).
    #[serde(default, skip_serializing_if = "is_zero")]
    pub shared_twice: u64,
    /// Shared calls whose pair may have been out of the window that is searched for it: they may count twice.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub shared_unsearched: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// The text is not a usage file.
#[derive(Debug, thiserror::Error)]
pub enum UsageError {
    /// The text is cut off, is no JSON, or holds what a usage file does not.
    #[error("not a usage file: {0}; read the logs again, or undo the change by hand")]
    Malformed(String),
    /// The file was written by another version.
    #[error(
        "the usage file has schema version {found}, this program reads version {USAGE_SCHEMA_VERSION}; read the logs again, or use the program that wrote it"
    )]
    WrongVersion {
        /// The version the file names.
        found: u64,
    },
}

#[derive(Deserialize)]
struct Header {
    schema_version: u64,
}

impl Default for Usage {
    fn default() -> Self {
        Self {
            schema_version: USAGE_SCHEMA_VERSION,
            coverage: Coverage::default(),
            callers: BTreeMap::new(),
            other_callers: Tally::default(),
            unmapped: Few::default(),
            ambiguous: Few::default(),
            permissionless: Few::default(),
            no_calls: Few::default(),
            shared_twice: 0,
            shared_unsearched: 0,
        }
    }
}

impl Usage {
    /// Adds what another reading of logs came to. The logs must not overlap, or what is in both counts twice.
    pub fn merge(&mut self, other: Self) {
        self.coverage.merge(other.coverage);
        for (caller, calls) in other.callers {
            self.callers.entry(caller).or_default().merge(calls);
        }
        self.other_callers.merge(other.other_callers);
        self.bound_callers(MOST_CALLERS);
        self.unmapped.merge(other.unmapped);
        self.ambiguous.merge(other.ambiguous);
        self.permissionless.merge(other.permissionless);
        self.no_calls.merge(other.no_calls);
        self.shared_twice = self.shared_twice.saturating_add(other.shared_twice);
        self.shared_unsearched = self.shared_unsearched.saturating_add(other.shared_unsearched);
    }

    /// Keeps the first callers in their order, and counts the calls of the others together.
    fn bound_callers(&mut self, most: usize) {
        while self.callers.len() > most {
            let Some((_, calls)) = self.callers.pop_last() else { return };
            self.other_callers.merge(calls.total());
        }
    }

    /// One line of JSON, which [`Usage::from_json`] reads.
    ///
    /// # Errors
    /// Never for what is in memory; the type is the serializer's.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }

    /// Reads what [`Usage::to_json`] wrote.
    ///
    /// # Errors
    /// The text is cut off, was changed by hand, or was written by another version.
    pub fn from_json(text: &[u8]) -> Result<Self, UsageError> {
        let malformed =
            |error: &serde_json::Error| UsageError::Malformed(in_words(&error.to_string(), "an object"));
        let header: Header = serde_json::from_slice(text).map_err(|error| malformed(&error))?;
        if header.schema_version != u64::from(USAGE_SCHEMA_VERSION) {
            return Err(UsageError::WrongVersion { found: header.schema_version });
        }
        serde_json::from_slice(text).map_err(|error| malformed(&error))
    }
}

#[cfg(test)]
mod tests;
