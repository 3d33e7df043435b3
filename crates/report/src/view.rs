use std::collections::BTreeSet;

use leastwise_model::{Finding, Severity, Status};

/// Which findings a report shows. Scores, counts and framework results are not changed by it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// The statuses that are shown; empty for the format's own choice: text and Markdown show what failed,
    /// what is unknown and what is manual; JSON and CSV show everything.
    pub statuses: BTreeSet<Status>,
    /// Findings of this severity and worse; `None` for all.
    pub min_severity: Option<Severity>,
    /// How many subjects of a check text and Markdown list at most; `None` for all.
    pub limit: Option<usize>,
}

impl Default for View {
    fn default() -> Self {
        Self { statuses: BTreeSet::new(), min_severity: None, limit: Some(10) }
    }
}

/// What text and Markdown show unless told otherwise.
const TO_ACT_ON: [Status; 3] = [Status::Fail, Status::Unknown, Status::Manual];

impl View {
    /// True if a program that reads the findings gets this one.
    pub(crate) fn lists(&self, finding: &Finding) -> bool {
        (self.statuses.is_empty() || self.statuses.contains(&finding.status))
            && self.is_severe_enough(finding.severity)
    }

    /// True if a report for people shows findings of this status.
    pub(crate) fn shows(&self, status: Status) -> bool {
        if self.statuses.is_empty() { TO_ACT_ON.contains(&status) } else { self.statuses.contains(&status) }
    }

    /// True if the status was asked for by name.
    pub(crate) fn names(&self, status: Status) -> bool {
        self.statuses.contains(&status)
    }

    pub(crate) fn is_severe_enough(&self, severity: Severity) -> bool {
        self.min_severity.is_none_or(|min| severity >= min)
    }

    /// The limit where it is a plain number: without one, nothing is cut.
    pub(crate) fn at_most(&self) -> usize {
        self.limit.unwrap_or(usize::MAX)
    }
}
