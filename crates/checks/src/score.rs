use std::collections::BTreeMap;

use leastwise_model::{Finding, Severity, Status};
use serde::Serialize;

/// How many verdicts of each kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Not as it should be.
    pub fail: usize,
    /// Cannot be told.
    pub unknown: usize,
    /// A person has to look.
    pub manual: usize,
    /// As it should be.
    pub pass: usize,
    /// Not concerned.
    pub not_applicable: usize,
}

impl Counts {
    /// Counts one verdict.
    pub fn add(&mut self, status: Status) {
        match status {
            Status::Fail => self.fail += 1,
            Status::Unknown => self.unknown += 1,
            Status::Manual => self.manual += 1,
            Status::Pass => self.pass += 1,
            Status::NotApplicable => self.not_applicable += 1,
        }
    }

    /// Adds the counts of others.
    pub const fn extend(&mut self, others: Self) {
        self.fail += others.fail;
        self.unknown += others.unknown;
        self.manual += others.manual;
        self.pass += others.pass;
        self.not_applicable += others.not_applicable;
    }

    /// How many verdicts of this kind.
    pub const fn of(self, status: Status) -> usize {
        match status {
            Status::Fail => self.fail,
            Status::Unknown => self.unknown,
            Status::Manual => self.manual,
            Status::Pass => self.pass,
            Status::NotApplicable => self.not_applicable,
        }
    }

    /// The worst kind of verdict that occurs.
    pub fn worst(self) -> Option<Status> {
        Status::ALL.into_iter().find(|status| self.of(*status) > 0)
    }
}

impl<'a> FromIterator<&'a Finding> for Counts {
    fn from_iter<I: IntoIterator<Item = &'a Finding>>(findings: I) -> Self {
        let mut counts = Self::default();
        findings.into_iter().for_each(|finding| counts.add(finding.status));
        counts
    }
}

/// A number from 0 to 100: the share of subjects that pass, for each check, averaged over the checks with
/// their severity as weight (critical 16, high 8, medium 4, low 2, info 1).
///
/// A subject that could not be judged counts as one that does not pass; manual rows and rows that do not
/// apply do not count. `None` where nothing passes or fails.
pub fn score(findings: &[Finding]) -> Option<f64> {
    let mut checks: BTreeMap<&str, (Severity, Counts)> = BTreeMap::new();
    for finding in findings {
        checks.entry(finding.check).or_insert((finding.severity, Counts::default())).1.add(finding.status);
    }
    let (mut reached, mut possible) = (0.0, 0.0);
    for (severity, counts) in checks.values() {
        let judged = counts.pass + counts.fail + counts.unknown;
        if judged > 0 {
            reached += weight(*severity) * ratio(counts.pass, judged);
            possible += weight(*severity);
        }
    }
    let told = checks.values().any(|(_, counts)| counts.pass + counts.fail > 0);
    (told && possible > 0.0).then(|| 100.0 * reached / possible)
}

#[allow(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn ratio(part: usize, whole: usize) -> f64 {
    part as f64 / whole as f64
}

const fn weight(severity: Severity) -> f64 {
    match severity {
        Severity::Info => 1.0,
        Severity::Low => 2.0,
        Severity::Medium => 4.0,
        Severity::High => 8.0,
        Severity::Critical => 16.0,
    }
}

#[cfg(test)]
mod tests {
    use leastwise_model::{Subject, SubjectKind};

    use super::*;

    fn finding(check: &'static str, severity: Severity, status: Status) -> Finding {
        Finding {
            account: "123456789012".parse().unwrap(),
            check,
            subject: Subject::only(SubjectKind::Account),
            arn: None,
            status,
            severity,
            evidence: "".into(),
            missing: None,
        }
    }

    #[test]
    fn severity_weighs_and_unknown_is_not_a_pass() {
        use Severity::{Critical, Low};
        assert_eq!(score(&[]), None);
        assert_eq!(score(&[finding("a", Low, Status::Manual)]), None);
        assert_eq!(score(&[finding("a", Low, Status::Unknown)]), None);
        let unknown = [finding("a", Low, Status::Pass), finding("b", Low, Status::Unknown)];
        assert_eq!(score(&unknown), Some(50.0));
        let half = [finding("a", Low, Status::Pass), finding("a", Low, Status::Fail)];
        assert_eq!(score(&half), Some(50.0));
        let weighed = [finding("a", Critical, Status::Pass), finding("b", Low, Status::Fail)];
        assert_eq!(score(&weighed), Some(100.0 * 16.0 / 18.0));
    }

    #[test]
    fn the_worst_kind_decides() {
        let counts: Counts =
            [&finding("a", Severity::Low, Status::Pass), &finding("a", Severity::Low, Status::Unknown)]
                .into_iter()
                .collect();
        assert_eq!(counts.worst(), Some(Status::Unknown));
        assert_eq!(Counts::default().worst(), None);
    }
}
