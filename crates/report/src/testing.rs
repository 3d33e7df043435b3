//! A small made-up assessment.

use std::collections::BTreeMap;

use jiff::Timestamp;
use leastwise_checks::{
    AccountAssessment, Assessment, ControlResult, Counts, FrameworkResult, Gap, frameworks, score,
};
use leastwise_iam::AccountId;
use leastwise_model::{Finding, Missing, Reason, Share, Skipped, Status, Subject};

pub(crate) const PRODUCTION: &str = "111122223333";
pub(crate) const SANDBOX: &str = "444455556666";
pub(crate) const STAGING: &str = "777788889999";

pub(crate) fn denied() -> Missing {
    Missing {
        reason: Reason::AccessDenied,
        detail: "User: arn:aws:sts::777788889999:assumed-role/audit/me is not authorized to perform: \
                 iam:GetCredentialReport"
            .to_owned(),
        permission: Some("iam:GetCredentialReport".to_owned()),
    }
}

fn as_of() -> Timestamp {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

/// A finding; the subject as in its text.
pub(crate) fn finding(account: &str, check: &str, subject: &str, status: Status, evidence: &str) -> Finding {
    let check = leastwise_checks::find(check).unwrap();
    Finding {
        account: account.parse().unwrap(),
        check: check.id,
        subject: subject_of(subject),
        arn: None,
        status,
        severity: check.severity,
        evidence: evidence.to_owned().into(),
        missing: (status == Status::Unknown).then(denied),
    }
}

pub(crate) fn subject_of(text: &str) -> Subject {
    serde_json::from_value(serde_json::Value::String(text.to_owned())).unwrap()
}

fn findings() -> Vec<Finding> {
    use Status::{Fail, Manual, NotApplicable, Pass, Unknown};
    let mut all = vec![
        finding(PRODUCTION, "root-access-key", "root", Fail, "one active access key, last used 3 days ago"),
        finding(SANDBOX, "root-access-key", "root", Pass, "no access key"),
        finding(STAGING, "root-access-key", "root", Unknown, &denied().to_string()),
        finding(
            PRODUCTION,
            "root-email-group",
            "root",
            Manual,
            "see whether root's address `root@example.com` reaches a group, then list it in `leastwise.toml` under `root.group_mailboxes` or `root.people`",
        ),
        finding(
            PRODUCTION,
            "password-policy-length",
            "password-policy",
            Fail,
            "no password policy is set: AWS's default of 8 is in force",
        ),
        finding(
            SANDBOX,
            "password-policy-length",
            "password-policy",
            Fail,
            "no password policy is set: AWS's default of 8 is in force",
        ),
        finding(STAGING, "password-policy-length", "password-policy", Pass, "at least 14 characters"),
        finding(
            PRODUCTION,
            "iam-user-console-mfa",
            "user/alice",
            Fail,
            "has a console password and no MFA device (credential report)",
        ),
        finding(
            PRODUCTION,
            "iam-user-console-mfa",
            "user/bob",
            Fail,
            "has a console password and no MFA device (credential report)",
        ),
        finding(PRODUCTION, "iam-user-console-mfa", "user/carol", Pass, "has MFA"),
        finding(
            SANDBOX,
            "iam-user-console-mfa",
            "user/dora",
            Fail,
            "has a console password and no MFA device (read live)",
        ),
        finding(STAGING, "iam-user-console-mfa", "user/erin", Unknown, &denied().to_string()),
        finding(STAGING, "iam-user-console-mfa", "user/frank", Unknown, &denied().to_string()),
        finding(SANDBOX, "iam-group-empty", "group", NotApplicable, "the account has none"),
        finding(
            SANDBOX,
            "role-trust-foreign-account",
            "role/partner-integration-for-invoices",
            Fail,
            "trusts arn:aws:iam::999900001111:role/a-path/that-is-rather-long/and-does-not-break/partner-service without an external id",
        ),
    ];
    all.extend((1..=25).map(|number| {
        let evidence = format!("last used {} days ago (credential report)", 50 + number % 3);
        finding(SANDBOX, "iam-access-key-unused", &format!("access-key/robot-{number:02}/1"), Fail, &evidence)
    }));
    all.sort_by_key(|finding| finding.account);
    all
}

pub(crate) fn assessment() -> Assessment {
    let gap = |account: Option<&str>, part: &str, why: Missing| Gap {
        account: account.map(|id| id.parse().unwrap()),
        part: part.to_owned(),
        share: part.strip_prefix("credentials of user ").map(|name| Share {
            what: "credentials".to_owned(),
            kind: "user",
            name: name.to_owned(),
        }),
        why,
    };
    let mut assessment = of(findings());
    assessment.gaps = vec![
        gap(None, "organisation policies", Missing::not_collected("the snapshot was made without `--org`")),
        gap(Some(STAGING), "credential report", denied()),
        gap(Some(STAGING), "credentials of user erin", denied()),
        gap(Some(STAGING), "credentials of user frank", denied()),
    ];
    let (id, why) = ("000011112222".parse().unwrap(), "suspended".to_owned());
    assessment.skipped = vec![Skipped { id, name: Some("attic".to_owned()), why }];
    assessment
}

/// An assessment with these findings.
pub(crate) fn of(findings: Vec<Finding>) -> Assessment {
    let names = [(PRODUCTION, "production"), (SANDBOX, "sandbox"), (STAGING, "staging")];
    let account = |(id, name): (&str, &str)| {
        let id: AccountId = id.parse().unwrap();
        let own: Vec<Finding> = findings.iter().filter(|finding| finding.account == id).cloned().collect();
        AccountAssessment {
            id,
            name: Some(name.to_owned()),
            score: score(&own),
            counts: own.iter().collect(),
            credential_report: (name != "staging").then(|| "2026-03-01T08:30:00Z".parse().unwrap()),
        }
    };
    Assessment {
        as_of: as_of(),
        organization: Some("o-a1b2c3d4e5".to_owned()),
        accounts: names.into_iter().map(account).collect(),
        notices: Vec::new(),
        logs: None,
        skipped: Vec::new(),
        gaps: Vec::new(),
        frameworks: framework_results(&findings),
        findings,
    }
}

fn framework_results(findings: &[Finding]) -> Vec<FrameworkResult> {
    let result = |framework: &'static leastwise_checks::Framework| FrameworkResult {
        framework,
        controls: framework.controls.iter().map(|control| control_result(control, findings)).collect(),
    };
    frameworks().iter().map(result).collect()
}

fn control_result(control: &'static leastwise_checks::Control, findings: &[Finding]) -> ControlResult {
    let cited = |finding: &&Finding| control.checks.iter().any(|check| check == finding.check);
    let status = |counts: Counts| match counts.worst() {
        Some(Status::Fail) => Status::Fail,
        Some(status) if control.undecided.is_none() => status,
        _ => Status::Unknown,
    };
    let mut accounts: BTreeMap<AccountId, Counts> =
        [PRODUCTION, SANDBOX, STAGING].map(|id| (id.parse().unwrap(), Counts::default())).into();
    for finding in findings.iter().filter(cited) {
        accounts.entry(finding.account).or_default().add(finding.status);
    }
    let mut counts = Counts::default();
    for own in accounts.values() {
        counts.extend(*own);
    }
    let accounts = accounts.into_iter().map(|(id, own)| (id, status(own))).collect();
    ControlResult { control, status: status(counts), counts, accounts }
}

/// The text without the escape sequences of colours, and of nothing else.
pub(crate) fn without_colors(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let mut plain = parts.next().unwrap().to_owned();
    for part in parts {
        let (codes, rest) = part.split_once('m').unwrap();
        assert!(codes.chars().all(|c| c.is_ascii_digit() || c == ';'), "{part:?}");
        plain.push_str(rest);
    }
    plain
}
