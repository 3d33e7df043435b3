use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Days, Few, Merge, Tally};

/// What the logs cover. That something was not seen is worth only as much as this says.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Coverage {
    /// All events, first and last.
    pub events: Tally,
    /// By account (twelve digits; `unknown` if a record told none), then by region.
    pub accounts: BTreeMap<String, Few<64, Stream>>,
    /// Events of accounts above [`Coverage::MOST_ACCOUNTS`].
    #[serde(default, skip_serializing_if = "super::is_zero")]
    pub other_accounts: u64,
    /// Management events that only read: if there are none, the trail may leave them out.
    pub management_reads: u64,
    /// Other management events.
    pub management_writes: u64,
    /// Data events, by the service: what a trail logs only if told to.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub data: Few<64>,
    /// Events of a record without a time, or with one before `CloudTrail` began or after this century.
    #[serde(default, skip_serializing_if = "super::is_zero")]
    pub undated: u64,
    /// What was lost in reading, in words, such as `files that could not be read`.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub lost: Few<64>,
}

/// The events of one account in one region.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stream {
    /// How many, first and last.
    #[serde(flatten)]
    pub events: Tally,
    /// The days (UTC) with events; a day without is a quiet one or a gap in delivery.
    pub days: Days,
}

impl Merge for Stream {
    fn merge(&mut self, other: Self) {
        self.events.merge(other.events);
        self.days.merge(other.days);
    }

    fn is_empty(&self) -> bool {
        self.events.is_empty()
    }
}

impl Stream {
    /// Counts one event.
    pub fn add(&mut self, time: Option<Timestamp>) {
        self.events.add(time);
        if let Some(time) = time {
            self.days.add(time);
        }
    }
}

impl Coverage {
    /// How many accounts are kept apart.
    pub const MOST_ACCOUNTS: usize = 20_000;

    /// Adds the other.
    pub fn merge(&mut self, other: Self) {
        self.events.merge(other.events);
        for (account, regions) in other.accounts {
            self.accounts.entry(account).or_default().merge(regions);
        }
        self.other_accounts.merge(other.other_accounts);
        while self.accounts.len() > Self::MOST_ACCOUNTS {
            let Some((_, regions)) = self.accounts.pop_last() else { break };
            let all = regions.iter().map(|(_, stream)| stream).chain([regions.other()]);
            all.for_each(|stream| self.other_accounts.merge(stream.events.count));
        }
        self.management_reads.merge(other.management_reads);
        self.management_writes.merge(other.management_writes);
        self.data.merge(other.data);
        self.undated.merge(other.undated);
        self.lost.merge(other.lost);
    }

    /// The days on which an account had events in any region.
    pub fn days_of(&self, account: &str) -> Days {
        let mut days = Days::default();
        if let Some(regions) = self.accounts.get(account) {
            regions.iter().map(|(_, stream)| stream).chain([regions.other()]).for_each(|stream| {
                days.merge(stream.days.clone());
            });
        }
        days
    }
}
