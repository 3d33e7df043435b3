use leastwise_checks::Assessment;
use leastwise_model::{Finding, Status};

use super::*;
use crate::testing::{self, PRODUCTION, SANDBOX, STAGING, finding};
use crate::{Style, View};

const MFA: &str = "iam-user-console-mfa";

fn user(name: &str, status: Status) -> Finding {
    finding(PRODUCTION, MFA, name, status, &format!("because of {status}"))
}

/// The change of each subject that changed.
fn changes(old: Vec<Finding>, new: Vec<Finding>) -> Vec<(String, Change)> {
    let comparison = compare(&testing::of(old), &testing::of(new));
    comparison.differences.iter().map(|d| (d.subject.to_string(), d.change)).collect()
}

#[test]
fn what_each_transition_means() {
    use Status::{Fail, Manual, NotApplicable, Pass, Unknown};
    let table = [
        (Some(Fail), Some(Pass), Change::Better),
        (Some(Fail), Some(NotApplicable), Change::Better),
        (Some(Fail), None, Change::Better),
        (Some(Fail), Some(Manual), Change::Other),
        (Some(Pass), Some(Fail), Change::Worse),
        (None, Some(Fail), Change::Worse),
        (Some(Manual), Some(Fail), Change::Worse),
        (Some(Pass), Some(Unknown), Change::LostSight),
        (Some(Fail), Some(Unknown), Change::LostSight),
        (Some(Unknown), Some(Fail), Change::Regained),
        (Some(Unknown), Some(Pass), Change::Regained),
        (Some(Unknown), None, Change::Other),
        (None, Some(Pass), Change::Other),
        (Some(Pass), None, Change::Other),
    ];
    for (before, after, expected) in table {
        let findings = |status: Option<Status>| {
            let witness = user("user/witness", Pass);
            status.map(|status| user("user/alice", status)).into_iter().chain([witness]).collect()
        };
        let expected = [("user/alice".to_owned(), expected)];
        assert_eq!(changes(findings(before), findings(after)), expected, "{before:?} to {after:?}");
    }
}

#[test]
fn what_is_out_of_sight_is_not_better() {
    let seen = || vec![user("user/alice", Status::Fail), user("user/bob", Status::Pass)];
    let unseen = || vec![user("user", Status::Unknown)];
    let all = |change| ["user", "user/alice", "user/bob"].map(|name| (name.to_owned(), change));
    assert_eq!(changes(seen(), unseen()), all(Change::LostSight));
    assert_eq!(changes(unseen(), seen()), all(Change::Regained));
}

#[test]
fn keys_of_a_user_whose_keys_are_out_of_sight() {
    let key = |subject: &str, status| finding(PRODUCTION, "iam-access-key-unused", subject, status, "");
    let seen = || {
        let pass = key("access-key/al.b/1", Status::Pass);
        vec![key("access-key/al/1", Status::Fail), pass, key("access-key/alice/1", Status::Fail)]
    };
    let unseen = || vec![key("access-key/al", Status::Unknown), key("access-key/al.b/1", Status::Pass)];
    let lost = [
        ("access-key/al".to_owned(), Change::LostSight),
        ("access-key/al/1".to_owned(), Change::LostSight),
        ("access-key/alice/1".to_owned(), Change::Better),
    ];
    assert_eq!(changes(seen(), unseen()), lost);
    let regained = [
        ("access-key/al".to_owned(), Change::Regained),
        ("access-key/al/1".to_owned(), Change::Regained),
        ("access-key/alice/1".to_owned(), Change::Worse),
    ];
    assert_eq!(changes(unseen(), seen()), regained);
}

#[test]
fn checks_and_accounts_of_one_audit_only_are_not_compared() {
    let old = testing::of(vec![user("user/alice", Status::Fail)]);
    let new = testing::of(vec![
        finding(SANDBOX, MFA, "user/bob", Status::Fail, ""),
        finding(PRODUCTION, "root-access-key", "root", Status::Fail, ""),
    ]);
    let comparison = compare(&old, &new);
    assert_eq!((comparison.differences.len(), comparison.not_compared), (0, 3));
}

#[test]
fn a_comparison_is_incomplete_where_something_may_have_got_worse_unseen() {
    use Status::{Fail, Pass, Unknown};
    let incomplete =
        |old: Vec<Finding>, new: Vec<Finding>| compare(&testing::of(old), &testing::of(new)).is_incomplete();
    let one = |status| vec![user("user/alice", status), user("user/witness", Pass)];
    for (before, after, expected) in [
        (Pass, Pass, false),
        (Pass, Fail, false),
        (Fail, Unknown, true),
        (Pass, Unknown, true),
        (Unknown, Pass, false),
        (Unknown, Unknown, false),
    ] {
        assert_eq!(incomplete(one(before), one(after)), expected, "{before:?} to {after:?}");
    }
    let elsewhere = || {
        let bob = finding(SANDBOX, MFA, "user/bob", Pass, "");
        one(Pass).into_iter().chain([bob]).collect()
    };
    assert!(incomplete(one(Pass), elsewhere()), "an account was added");
    assert!(incomplete(elsewhere(), one(Pass)), "an account is gone");
    assert!(incomplete(Vec::new(), Vec::new()), "there is nothing to compare");
    let blind = || vec![user("user", Unknown)];
    assert!(incomplete(blind(), blind()), "neither tells anything");
}

#[test]
fn an_audit_equals_itself() {
    let assessment = testing::assessment();
    let comparison = compare(&assessment, &assessment);
    assert_eq!(comparison.differences, []);
    assert_eq!(comparison.unchanged, assessment.findings.len());
}

/// The small assessment, some time later.
fn later() -> Assessment {
    let mut findings = testing::assessment().findings;
    for finding in &mut findings {
        let (status, evidence) = match (finding.check, &*finding.subject.name) {
            ("root-access-key", "") => (Status::Pass, "no access key"),
            (MFA, "alice") => (Status::Pass, "has MFA"),
            (MFA, "carol") => (Status::Fail, "has a console password and no MFA device (credential report)"),
            ("password-policy-length", "") => (Status::Unknown, "access denied: refused"),
            _ => continue,
        };
        (finding.status, finding.evidence) = (status, evidence.into());
    }
    findings.retain(|finding| !finding.subject.name.starts_with("robot-1"));
    findings.push(finding(SANDBOX, MFA, "user/gina", Status::Pass, "has MFA"));
    let mut later = testing::of(findings);
    later.as_of = "2026-04-01T12:00:00Z".parse().unwrap();
    later.accounts.retain(|account| account.id.to_string() != STAGING);
    later.findings.retain(|finding| finding.account.to_string() != STAGING);
    later
}

#[test]
fn renderings() {
    let comparison = compare(&testing::assessment(), &later());
    let view = View::default();
    insta::assert_snapshot!("diff_text", text::render(&comparison, &view, &Style::plain(80)));
    insta::assert_snapshot!("diff_markdown", markdown::render(&comparison, &view));
    let mut out = Vec::new();
    csv::write(&comparison, &view, &mut out).unwrap();
    insta::assert_snapshot!("diff_csv", String::from_utf8(out).unwrap());
    let mut out = Vec::new();
    json::write(
        &compare(
            &testing::of(vec![user("user/a", Status::Pass)]),
            &testing::of(vec![user("user/a", Status::Fail)]),
        ),
        &view,
        &mut out,
    )
    .unwrap();
    insta::assert_snapshot!("diff_json", String::from_utf8(out).unwrap());
}
