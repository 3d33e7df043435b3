//! Running rules over events: [`Hunt`] is the analysis that gives [`Hit`]s.
//!
//! Rules about single events are decided where the events are read, in parts. What correlation rules and first-seen
//! rules need of an event is noted in the part and judged when parts are joined, in the order of (event time, event
//! id), whatever the order of files: notes wait in a buffer until [`BUFFER`] of them are there, and then the oldest
//! quarter is judged. A note that is older than what was judged already is *late*: it is left out, and counted. With
//! no more than [`BUFFER`] notes in all, nothing is ever late.
//!
//! Memory is bounded by the constants here. What is forgotten because of them is counted in the [`Summary`], and so
//! are events that correlations cannot place. What was forgotten may hide a hit, so reports must say so.
//!
//! What the specification of correlations leaves open is decided so:
//! - A condition that only asks for more (`gt`, `gte`, all rules, names of rules without `not`) is judged at every
//!   event, over the timespan that ends with it. It gives one hit when it begins to hold, and none while it goes on
//!   to hold. After a hit of `temporal_ordered` its group begins anew.
//! - Any other condition (`lt`, `lte`, `eq`, `neq`, `not`) is judged when the timespan that began with the first
//!   event of a group is over, or the logs are; the next event begins the next one.
//! - An event without a value for a field of `group-by`, or for the field of the condition, takes no part; it is
//!   counted.
//! - `value_percentile` with `percentile` is that percentile (nearest rank) of the values. Without, it is about how
//!   rare values are: the share of each value in percent, judged when the timespan is over.
//! - A rule that a correlation refers to gives no hits of its own unless a correlation that refers to it says
//!   `generate: true`.

mod buffer;
mod chains;
mod first_seen;
mod fixed;
mod groups;
mod hit;
mod judge;
mod page;
mod part;
mod statistics;
#[cfg(test)]
mod tests;
mod window;

use std::sync::Arc;

use crate::sigma::{Level, Rules};
use crate::{Analysis, Event};

pub use hit::{Hit, RuleInfo};
pub use judge::Whole;
pub use part::Part;
pub use statistics::{RuleCount, Summary};

/// As many notes as wait to be judged in the order of time.
pub const BUFFER: usize = 1 << 20;
/// As many hits as are kept; more are only counted.
pub const HITS: usize = 1 << 19;
/// As many groups as each correlation rule remembers.
pub const GROUPS: usize = 100_000;
/// As many principals, and values of principals, as each first-seen rule remembers.
pub const SEEN: usize = 500_000;
/// As many event ids as a hit shows.
pub const EVENT_IDS: usize = 20;

/// The hunt for what rules describe.
#[derive(Debug)]
pub struct Hunt<'r> {
    rules: &'r Rules,
    infos: Vec<Arc<RuleInfo>>,
    level: Level,
    buffer: usize,
    /// Hits also of rules that are there for correlations only.
    everything: bool,
}

/// What a hunt came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// All hits, by time, event id and rule.
    pub hits: Vec<Hit>,
    /// What was counted on the way.
    pub summary: Summary,
}

impl<'r> Hunt<'r> {
    /// A hunt with these rules, for hits of any level.
    pub fn new(rules: &'r Rules) -> Self {
        let infos = rules.used.iter().map(|rule| Arc::new(RuleInfo::new(rule))).collect();
        Self { rules, infos, level: Level::Informational, buffer: BUFFER, everything: false }
    }

    /// Keeps only hits of this level and above. Others are counted.
    #[must_use]
    pub fn with_level(mut self, level: Level) -> Self {
        self.level = level;
        self
    }

    /// Lets another number of notes wait than [`BUFFER`].
    #[must_use]
    pub fn with_buffer(mut self, notes: usize) -> Self {
        self.buffer = notes.max(1);
        self
    }

    /// Gives hits also of rules that are there for correlations only, as tests of rules need it.
    pub(crate) fn with_everything(mut self) -> Self {
        self.everything = true;
        self
    }

    /// A whole without events.
    pub fn whole(&self) -> Whole {
        Whole::new(self)
    }

    /// Judges what still waits, and sorts the hits.
    pub fn finish(&self, whole: Whole) -> Outcome {
        whole.finish(self)
    }

    /// True if hits of the rule are asked for.
    fn reports(&self, rule: u32) -> bool {
        self.rules.get(rule).is_some_and(|rule| self.everything || rule.reported)
    }
}

impl Analysis for Hunt<'_> {
    type Part = Part;
    type Whole = Whole;

    fn part(&self) -> Part {
        Part::default()
    }

    fn event(&self, part: &mut Part, event: &Event<'_>) {
        part.event(self, event);
    }

    fn join(&self, whole: &mut Whole, part: Part) {
        whole.join(self, part);
    }
}
