//! What changed between two audits.
//!
//! Only what both audits judged is compared: the verdicts of a check that ran in one of them only, and of an
//! account that one of them lacks, are counted as not compared. A subject that is gone because its whole kind
//! could not be read any more is out of sight, not better.

pub mod csv;
pub mod json;
pub mod markdown;
pub mod text;

mod compare;
mod groups;

pub use compare::compare;

use jiff::Timestamp;
use leastwise_checks::Counts;
use leastwise_iam::AccountId;
use leastwise_model::{Severity, Status, Subject};
use serde::Serialize;

/// The difference between two audits.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// The earlier audit.
    pub old: Side,
    /// The later audit.
    pub new: Side,
    /// The accounts of either audit, in the order of their numbers.
    pub accounts: Vec<AccountChange>,
    /// The verdicts that are not as they were, in the order of accounts, checks and subjects.
    pub differences: Vec<Difference>,
    /// How many verdicts are as they were.
    pub unchanged: usize,
    /// How many verdicts were not compared, as their check or account is in one of the audits only.
    pub not_compared: usize,
}

/// One of the two audits as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Side {
    /// The instant that verdicts are as of.
    pub as_of: Timestamp,
    /// The score over all accounts.
    pub score: Option<f64>,
    /// How many verdicts of each kind.
    pub counts: Counts,
}

/// How one account's score changed.
#[derive(Debug, Clone, PartialEq)]
pub struct AccountChange {
    /// The account.
    pub id: AccountId,
    /// Its name, the later one if there are two.
    pub name: Option<String>,
    /// Whether it is in both audits.
    pub presence: Presence,
    /// The score before.
    pub before: Option<f64>,
    /// The score after.
    pub after: Option<f64>,
}

/// Which of the audits has an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// Both.
    Both,
    /// The later one only.
    Added,
    /// The earlier one only.
    Removed,
}

/// A verdict that is not as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What the change means.
    pub change: Change,
    /// The account the subject is in.
    pub account: AccountId,
    /// The check's id.
    pub check: &'static str,
    /// What was judged.
    pub subject: Subject,
    /// How bad a failure is; the later audit's word if they differ.
    pub severity: Severity,
    /// The verdict before; `None` where the subject was not there.
    pub before: Option<Said>,
    /// The verdict after; `None` where the subject is gone.
    pub after: Option<Said>,
}

/// A verdict with its evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Said {
    /// The verdict.
    pub status: Status,
    /// The facts behind it.
    pub evidence: String,
}

/// What a change means, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Fails, and did not: it passed, or is new.
    Worse,
    /// Cannot be told any more.
    LostSight,
    /// Can be told again; it may fail.
    Regained,
    /// Does not fail any more: it passes, does not apply, or is gone.
    Better,
    /// Any other change, such as a new subject that passes.
    Other,
}

impl Change {
    /// Every change, worst first.
    pub const ALL: [Self; 5] = [Self::Worse, Self::LostSight, Self::Regained, Self::Better, Self::Other];

    /// The change in words.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Worse => "worse",
            Self::LostSight => "lost sight",
            Self::Regained => "regained",
            Self::Better => "better",
            Self::Other => "other",
        }
    }

    /// What a section of such changes is called.
    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::Worse => "Got worse",
            Self::LostSight => "Cannot be told any more",
            Self::Regained => "Can be told again",
            Self::Better => "Got better",
            Self::Other => "Changed otherwise",
        }
    }
}

impl Comparison {
    /// How many verdicts changed in this way.
    pub fn count(&self, change: Change) -> usize {
        self.differences.iter().filter(|difference| difference.change == change).count()
    }

    /// True if something may have got worse unseen: it cannot be told any more, it is in one of the audits
    /// only, or the later one told nothing at all. What neither audit could tell is no news.
    pub fn is_incomplete(&self) -> bool {
        let Counts { pass, fail, manual, unknown, not_applicable } = self.new.counts;
        let is_blind = pass + fail + manual == 0 && (unknown > 0 || not_applicable == 0);
        self.count(Change::LostSight) > 0 || self.not_compared > 0 || is_blind
    }
}

impl Difference {
    /// `pass → fail`; `new`, `gone` and `out of sight` for subjects that one audit lacks.
    pub fn transition(&self) -> String {
        let new = if self.change == Change::Regained { "out of sight" } else { "new" };
        let gone = if self.change == Change::LostSight { "out of sight" } else { "gone" };
        let before = self.before.as_ref().map_or(new, |said| said.status.as_str());
        let after = self.after.as_ref().map_or(gone, |said| said.status.as_str());
        format!("{before} → {after}")
    }

    /// The later evidence, or the earlier one where the subject is gone.
    pub fn evidence(&self) -> &str {
        self.after.as_ref().or(self.before.as_ref()).map_or("", |said| &said.evidence)
    }
}

#[cfg(test)]
mod tests;
