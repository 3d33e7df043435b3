use std::collections::BTreeMap;
use std::fmt;

use leastwise_checks::{ControlResult, FrameworkResult};
use leastwise_model::{Finding, Status};

use super::{Group, Item, Rest, Scope, cut, group};
use crate::figures::number;

/// How a control stands, in the words of reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verdict {
    /// As its checks say.
    Judged(Status),
    /// Nothing in this version decides it, or not all of it.
    NotDecided,
    /// Its checks, or some of them, did not run.
    NotRun,
}

impl Verdict {
    pub(crate) fn of(result: &ControlResult) -> Self {
        match result.status {
            Status::Unknown if result.counts.unknown == 0 && result.control.undecided.is_some() => {
                Self::NotDecided
            }
            Status::Unknown if result.counts.unknown == 0 => Self::NotRun,
            status => Self::Judged(status),
        }
    }

    /// The status by which a view chooses and a colour is found.
    pub(crate) const fn status(self) -> Status {
        match self {
            Self::Judged(status) => status,
            Self::NotDecided | Self::NotRun => Status::Unknown,
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Judged(status) => status.as_str(),
            Self::NotDecided => "not decided",
            Self::NotRun => "not run",
        })
    }
}

/// The order in which totals are told.
const TOLD: [Verdict; 7] = [
    Verdict::Judged(Status::Pass),
    Verdict::Judged(Status::Fail),
    Verdict::Judged(Status::Manual),
    Verdict::Judged(Status::NotApplicable),
    Verdict::Judged(Status::Unknown),
    Verdict::NotDecided,
    Verdict::NotRun,
];

/// `9 pass, 7 fail, 2 manual, 40 not decided`.
pub(crate) fn totals(result: &FrameworkResult) -> String {
    let mut counts: BTreeMap<Verdict, usize> = BTreeMap::new();
    for control in &result.controls {
        *counts.entry(Verdict::of(control)).or_default() += 1;
    }
    let told = TOLD.into_iter().filter_map(|verdict| {
        let count = counts.get(&verdict)?;
        Some(format!("{} {verdict}", number(*count)))
    });
    told.collect::<Vec<_>>().join(", ")
}

/// A control with the subjects that fail it; of each group of them, the check is said.
pub(crate) struct Row<'a> {
    pub(crate) result: &'a ControlResult,
    pub(crate) verdict: Verdict,
    pub(crate) failing: Vec<Group<'a>>,
    pub(crate) rest: Rest,
}

/// The rows of a framework that the view shows, and how many it leaves out; each with at most `room` subjects.
pub(crate) fn controls<'a>(
    scope: Scope<'a>,
    framework: &'a FrameworkResult,
    room: usize,
) -> (Vec<Row<'a>>, usize) {
    let mut failing: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in scope.findings().filter(|finding| finding.status == Status::Fail) {
        if breaks_a_control(finding) && scope.view.is_severe_enough(finding.severity) {
            failing.entry(finding.check).or_default().push(finding);
        }
    }
    let wanted =
        |row: &Row<'_>| scope.view.statuses.is_empty() || scope.view.statuses.contains(&row.verdict.status());
    let rows = framework.controls.iter().map(|result| row(scope, result, &failing, room));
    let rows: Vec<_> = rows.filter(wanted).collect();
    let left_out = framework.controls.len() - rows.len();
    (rows, left_out)
}

/// What fails for information only does not; the severity that is configured plays no part.
fn breaks_a_control(finding: &Finding) -> bool {
    leastwise_checks::find(finding.check).is_none_or(|check| !check.informs())
}

fn row<'a>(
    scope: Scope<'a>,
    result: &'a ControlResult,
    failing: &BTreeMap<&str, Vec<&'a Finding>>,
    room: usize,
) -> Row<'a> {
    let findings = result.control.checks.iter().filter_map(|check| failing.get(check.as_str())).flatten();
    let items = findings.map(|finding| Item {
        account: finding.account,
        subject: &finding.subject,
        says: finding.check,
    });
    let (items, rest) = cut(items.collect(), room);
    let groups = group(&items, &scope.names());
    Row { result, verdict: Verdict::of(result), failing: groups, rest }
}

#[cfg(test)]
mod tests {
    use leastwise_model::Severity;

    use super::*;
    use crate::View;
    use crate::testing::{self, PRODUCTION, finding};

    #[test]
    fn a_configured_severity_hides_no_subject_that_breaks_a_control() {
        let table = [("password-policy-length", "BP-05", 1), ("password-policy-max-age", "BP-08", 0)];
        for (check, control, expected) in table {
            for severity in [Severity::Info, Severity::High] {
                let mut failing = finding(PRODUCTION, check, "password-policy", Status::Fail, "");
                failing.severity = severity;
                let assessment = testing::of(vec![failing]);
                let view = View::default();
                let scope = Scope::all(&assessment, &view);
                let (rows, _) = controls(scope, &assessment.frameworks[0], 9);
                let row = rows.iter().find(|row| row.result.control.id == control).unwrap();
                assert_eq!(row.failing.len(), expected, "{check} as {severity:?}");
            }
        }
    }
}
