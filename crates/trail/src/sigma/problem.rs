//! Rules that cannot be used, and why.

use std::fmt;

use serde::Serialize;

/// A document in a file of rules that is not used.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Problem {
    /// The file, as it was named when rules were loaded.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// Title or id of the rule, if it has one.
    pub rule: Option<String>,
    /// What kind of problem it is.
    pub kind: ProblemKind,
    /// What is wrong.
    pub reason: String,
}

/// Kinds of problems.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProblemKind {
    /// It is not what the specification allows.
    Broken,
    /// It asks for something that is not done here.
    Unsupported,
    /// Another rule has the same id or name.
    Duplicate,
    /// It is about other logs: nothing is wrong with it.
    NotForCloudTrail,
}

impl ProblemKind {
    /// True if a detection is missing because of it.
    pub fn is_loss(self) -> bool {
        self != Self::NotForCloudTrail
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: ", self.file, self.line)?;
        if let Some(rule) = &self.rule {
            write!(f, "`{rule}`: ")?;
        }
        f.write_str(&self.reason)
    }
}

/// Why one document is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub kind: ProblemKind,
    pub line: usize,
    pub reason: String,
}

pub(super) fn broken(line: usize, reason: impl Into<String>) -> Refusal {
    Refusal { kind: ProblemKind::Broken, line, reason: reason.into() }
}

pub(super) fn unsupported(line: usize, reason: impl Into<String>) -> Refusal {
    Refusal { kind: ProblemKind::Unsupported, line, reason: reason.into() }
}

impl Refusal {
    pub fn problem(self, file: &str, rule: Option<&str>) -> Problem {
        Problem {
            file: file.to_owned(),
            line: self.line,
            rule: rule.map(str::to_owned),
            kind: self.kind,
            reason: self.reason,
        }
    }
}
