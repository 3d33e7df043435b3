//! What a hunt counted on its way.

use serde::Serialize;

use crate::sigma::{Level, Problem};

/// Counts, and everything that may have hidden a hit.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Summary {
    /// Events that were looked at.
    pub events: u64,
    /// Rules that were used.
    pub rules: usize,
    /// How often each rule matched, also those whose hits are not asked for; by id.
    pub matched: Vec<RuleCount>,
    /// Hits beyond the number that is kept.
    pub not_kept: u64,
    /// Events that came so late that correlations and first-seen rules could not use them.
    pub late: u64,
    /// Events without a readable time, which correlations and first-seen rules could not use.
    pub without_time: u64,
    /// Events without a value for a field by which a correlation or first-seen rule groups or counts.
    pub without_fields: u64,
    /// Groups and values of correlations that were forgotten to save memory.
    pub evicted: u64,
    /// Principals and values of first-seen rules that were forgotten to save memory.
    pub evicted_seen: u64,
    /// Rules that could not be used, and why.
    pub problems: Vec<Problem>,
}

/// How often a rule matched.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct RuleCount {
    /// The rule's id.
    pub rule: String,
    /// The rule's title.
    pub title: String,
    /// How bad it is.
    pub level: Level,
    /// `single`, `first_seen`, or the type of the correlation.
    pub kind: &'static str,
    /// How often it matched.
    pub matched: u64,
}

impl Summary {
    /// True if nothing was left out: every rule was used on every event, and every hit was kept.
    pub fn is_complete(&self) -> bool {
        let lost = [self.not_kept, self.late, self.without_time, self.evicted, self.evicted_seen];
        lost.iter().all(|count| *count == 0) && !self.problems.iter().any(|problem| problem.kind.is_loss())
    }
}
