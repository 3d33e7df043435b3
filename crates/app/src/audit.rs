//! Auditing a source: load, judge together with what logs show, conclude.

use anyhow::Result;
use jiff::Timestamp;
use leastwise_aws::Watch;
use leastwise_checks::{Assessment, Config, Selection, assess};
use leastwise_model::{Severity, Snapshot, Status, Usage};

use crate::source::{self, Source};

/// What an audit needs to know.
#[derive(Debug, Clone)]
pub struct Request {
    /// What to audit.
    pub source: Source,
    /// Who used what, by CloudTrail's logs, where they are given.
    pub usage: Option<Usage>,
    /// Which checks and frameworks.
    pub selection: Selection,
    /// What the audit is told about the organisation.
    pub config: Config,
    /// The instant of collection, for a source that has none of its own.
    pub now: Timestamp,
    /// The instant that verdicts are as of; that of the snapshot where it is not given.
    pub as_of: Option<Timestamp>,
}

/// What an audit found.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// What was audited.
    pub snapshot: Snapshot,
    /// What was found.
    pub assessment: Assessment,
}

/// What an audit comes to, for scripts: the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conclusion {
    /// Nothing failed at or above the limit, and everything could be judged.
    Clean,
    /// Something failed at or above the limit.
    Findings,
    /// Nothing failed at or above the limit, but not everything could be judged.
    Incomplete,
}

/// Audits a source.
///
/// # Errors
/// As for [`source::load`].
pub async fn run(request: &Request, watch: &Watch) -> Result<Outcome> {
    let snapshot = source::load(&request.source, request.now, watch).await?;
    let as_of = request.as_of.unwrap_or(snapshot.collected_at);
    let usage = request.usage.as_ref();
    let assessment = assess(&snapshot, usage, &request.config, &request.selection, as_of);
    Ok(Outcome { snapshot, assessment })
}

/// Sums an assessment up. Controls that nothing decides make it incomplete only where a framework was asked
/// for by name.
pub fn conclude(
    assessment: &Assessment,
    fail_on: Option<Severity>,
    named_frameworks: bool,
    allow_incomplete: bool,
) -> Conclusion {
    let fails = |limit: Severity| {
        assessment.findings.iter().any(|finding| finding.status == Status::Fail && finding.severity >= limit)
    };
    if fail_on.is_some_and(fails) {
        Conclusion::Findings
    } else if !allow_incomplete && assessment.is_incomplete(named_frameworks) {
        Conclusion::Incomplete
    } else {
        Conclusion::Clean
    }
}
