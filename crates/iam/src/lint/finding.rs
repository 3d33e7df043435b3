use serde::Serialize;

use super::Rule;
use super::spot::Spot;

/// How bad a finding is, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// AWS refuses the document, or the element can never do what it says.
    Error,
    /// The document may allow more than its author meant.
    Security,
    /// The document may not do what its author meant.
    Warning,
    /// It would mean the same in a simpler form.
    Suggestion,
}

impl Severity {
    /// Every severity, worst first.
    pub const ALL: [Self; 4] = [Self::Error, Self::Security, Self::Warning, Self::Suggestion];

    /// The severity in words.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Security => "security",
            Self::Warning => "warning",
            Self::Suggestion => "suggestion",
        }
    }
}

/// What one rule found at one element.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The rule's id; [`find`](super::find) has its documentation.
    pub rule: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// The statement, counted from 0; none for the document as a whole.
    pub statement: Option<usize>,
    /// The element, such as `Statement[1].Action[0]`; empty for the document as a whole.
    pub element: String,
    /// What is wrong there, and what to do.
    pub message: String,
}

/// Takes what one rule finds.
pub(crate) struct Found<'a> {
    rule: &'static Rule,
    findings: &'a mut Vec<Finding>,
}

impl<'a> Found<'a> {
    pub(crate) fn new(rule: &'static Rule, findings: &'a mut Vec<Finding>) -> Self {
        Self { rule, findings }
    }

    /// Something is wrong at this spot.
    pub(crate) fn add(&mut self, spot: Spot<'_>, message: impl Into<String>) {
        self.findings.push(Finding {
            rule: self.rule.id,
            severity: self.rule.severity,
            statement: spot.statement(),
            element: spot.to_string(),
            message: message.into(),
        });
    }
}

/// `1 pattern`, `2 patterns`; for nouns whose plural takes an s.
pub(crate) fn count(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
