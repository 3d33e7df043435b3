use std::collections::BTreeMap;

use jiff::Timestamp;
use leastwise_checks::{AccountAssessment, Assessment, ControlResult, Counts, FrameworkResult, Gap};
use leastwise_iam::{AccountId, Arn};
use leastwise_model::{Finding, Missing, Reason, Severity, Skipped, Status, Subject};
use serde::{Serialize, Serializer};

use super::{Each, SCHEMA_VERSION};
use crate::View;
use crate::citations::Citations;
use crate::figures::rounded;
use crate::logs::Logs;

/// The object, written while the assessment is walked.
pub(super) struct Report<'a> {
    assessment: &'a Assessment,
    view: &'a View,
    citations: Citations,
}

impl<'a> Report<'a> {
    pub(super) fn new(assessment: &'a Assessment, view: &'a View) -> Self {
        let citations = Citations::of(assessment.frameworks.iter().map(|result| result.framework));
        Self { assessment, view, citations }
    }

    fn findings(&self) -> impl Iterator<Item = FindingRow<'_>> {
        let listed = self.assessment.findings.iter().filter(|finding| self.view.lists(finding));
        listed.map(|finding| FindingRow::new(finding, &self.citations))
    }
}

impl Serialize for Report<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let assessment = self.assessment;
        let object = Object {
            schema_version: SCHEMA_VERSION,
            as_of: assessment.as_of,
            organization: assessment.organization.as_deref(),
            score: assessment.score().map(rounded),
            counts: assessment.counts(),
            accounts: Each(|| assessment.accounts.iter().map(AccountRow::new)),
            skipped: &assessment.skipped,
            notices: &assessment.notices,
            logs: assessment.logs.as_ref().map(Logs::new),
            unread: Each(|| assessment.gaps.iter().map(GapRow::new)),
            frameworks: Each(|| assessment.frameworks.iter().map(FrameworkRow::new)),
            findings: Each(|| self.findings()),
        };
        object.serialize(serializer)
    }
}

#[derive(Serialize)]
struct Object<'a, A: Serialize, U: Serialize, W: Serialize, F: Serialize> {
    schema_version: u32,
    as_of: Timestamp,
    organization: Option<&'a str>,
    score: Option<f64>,
    counts: Counts,
    accounts: A,
    skipped: &'a [Skipped],
    notices: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    logs: Option<Logs<'a>>,
    unread: U,
    frameworks: W,
    findings: F,
}

#[derive(Serialize)]
struct AccountRow<'a> {
    id: AccountId,
    name: Option<&'a str>,
    score: Option<f64>,
    counts: Counts,
    credential_report: Option<Timestamp>,
}

impl<'a> AccountRow<'a> {
    fn new(account: &'a AccountAssessment) -> Self {
        Self {
            id: account.id,
            name: account.name.as_deref(),
            score: account.score.map(rounded),
            counts: account.counts,
            credential_report: account.credential_report,
        }
    }
}

#[derive(Serialize)]
struct GapRow<'a> {
    account: Option<AccountId>,
    part: &'a str,
    reason: Reason,
    detail: &'a str,
    permission: Option<&'a str>,
}

impl<'a> GapRow<'a> {
    fn new(gap: &'a Gap) -> Self {
        Self {
            account: gap.account,
            part: &gap.part,
            reason: gap.why.reason,
            detail: &gap.why.detail,
            permission: gap.why.permission.as_deref(),
        }
    }
}

#[derive(Serialize)]
struct FrameworkRow<'a> {
    id: &'a str,
    title: &'a str,
    controls: Vec<ControlRow<'a>>,
}

impl<'a> FrameworkRow<'a> {
    fn new(result: &'a FrameworkResult) -> Self {
        let framework = result.framework;
        let controls = result.controls.iter().map(ControlRow::new).collect();
        Self { id: &framework.id, title: &framework.title, controls }
    }
}

#[derive(Serialize)]
struct ControlRow<'a> {
    id: &'a str,
    title: &'a str,
    section: &'a str,
    level: Option<&'a str>,
    status: Status,
    counts: Counts,
    checks: &'a [String],
    undecided: Option<&'a str>,
    accounts: &'a BTreeMap<AccountId, Status>,
}

impl<'a> ControlRow<'a> {
    fn new(result: &'a ControlResult) -> Self {
        let control = result.control;
        Self {
            id: &control.id,
            title: &control.title,
            section: &control.section,
            level: control.level.as_deref(),
            status: result.status,
            counts: result.counts,
            checks: &control.checks,
            undecided: control.undecided.as_deref(),
            accounts: &result.accounts,
        }
    }
}

#[derive(Serialize)]
struct FindingRow<'a> {
    account: AccountId,
    check: &'a str,
    title: &'a str,
    severity: Severity,
    status: Status,
    subject: &'a Subject,
    arn: Option<&'a Arn>,
    evidence: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    missing: Option<&'a Missing>,
    controls: &'a [String],
}

impl<'a> FindingRow<'a> {
    fn new(finding: &'a Finding, citations: &'a Citations) -> Self {
        Self {
            account: finding.account,
            check: finding.check,
            title: leastwise_checks::find(finding.check).map_or(finding.check, |check| check.title),
            severity: finding.severity,
            status: finding.status,
            subject: &finding.subject,
            arn: finding.arn.as_ref(),
            evidence: &finding.evidence,
            missing: finding.missing.as_ref(),
            controls: citations.get(finding.check),
        }
    }
}
