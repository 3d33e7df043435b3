//! An audit that lacks one permission, for each permission in turn: what depends on it is unknown, and nothing
//! passes because of it, neither a subject nor a control of a framework.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::{Lab, Row, audit, row};
use serde_json::Value;

fn verdicts(report: &Value) -> BTreeMap<Row, String> {
    let findings = report["findings"].as_array().unwrap().iter();
    findings.map(|finding| (row(finding), finding["status"].as_str().unwrap().to_owned())).collect()
}

/// The status of each control of each framework, over all accounts and in each of them.
fn controls(report: &Value) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for framework in report["frameworks"].as_array().unwrap() {
        for control in framework["controls"].as_array().unwrap() {
            let name = format!("{}/{}", framework["id"].as_str().unwrap(), control["id"].as_str().unwrap());
            for (account, status) in control["accounts"].as_object().unwrap() {
                all.insert(format!("{name} in {account}"), status.as_str().unwrap().to_owned());
            }
            all.insert(name, control["status"].as_str().unwrap().to_owned());
        }
    }
    all
}

/// What changed has become unknown; in particular, it does not pass.
fn expect_unknown<K: Ord + std::fmt::Debug>(
    before: &BTreeMap<K, String>,
    after: &BTreeMap<K, String>,
    action: &str,
) {
    for (key, status) in after {
        let was = before.get(key).map(String::as_str);
        let passes = status == "pass" && was != Some("pass");
        let changed = was.is_some_and(|was| was != status);
        assert!(
            !passes && (!changed || status == "unknown"),
            "without {action}, {key:?} went from {was:?} to {status}"
        );
    }
}

/// Denies each call of an audit in turn; `expected` are among them.
fn deny_each(lab: &Lab, arguments: &[&str], expected: &[&str]) {
    lab.control("DELETE", "calls", "");
    let whole = audit(lab.audit().args(arguments));
    let (before, controls_before) = (verdicts(&whole), controls(&whole));
    assert!(controls_before.values().any(|status| status == "pass"), "some controls can stop passing");
    let actions: BTreeSet<String> = lab.calls().into_iter().collect();
    assert!(actions.len() >= 14 + expected.len(), "{actions:?}");
    for action in expected {
        assert!(actions.contains(*action), "{action} was not called: {actions:?}");
    }
    let mut controls_lost = 0;
    for action in &actions {
        lab.control("POST", "deny", &format!(r#"{{"actions": ["{action}"]}}"#));
        let report = audit(lab.audit().args(arguments));
        lab.control("DELETE", "deny", "");
        let after = verdicts(&report);
        for (account, check, subject) in before.keys().filter(|row| !after.contains_key(row)) {
            let whole =
                after.iter().any(|(row, status)| row.0 == *account && row.1 == *check && status == "unknown");
            let unlisted = report["notices"].to_string().contains("accounts are unknown");
            assert!(whole || unlisted, "without {action}, {check} of {subject} in {account} vanished");
        }
        expect_unknown(&before, &after, action);
        let controls_after = controls(&report);
        let rows = |all: &BTreeMap<String, String>| all.keys().filter(|key| !key.contains(" in ")).count();
        assert_eq!(rows(&controls_before), rows(&controls_after), "without {action}, a control has no row");
        expect_unknown(&controls_before, &controls_after, action);
        controls_lost += usize::from(controls_before != controls_after);
        if action != "sts:GetCallerIdentity" {
            let unread = report["unread"].as_array().unwrap();
            let named = unread.iter().any(|part| part["permission"].as_str() == Some(action));
            assert!(named, "{action} is not named as what would mend: {unread:#?}");
        }
    }
    assert!(controls_lost >= 4, "{controls_lost} refusals changed a control");
}

#[test]
fn each_call_of_an_audit() {
    deny_each(&Lab::with("small"), &[], &[]);
}

#[test]
fn each_call_for_users_that_are_read_live() {
    let expected = [
        "iam:GetAccessKeyLastUsed",
        "iam:GetLoginProfile",
        "iam:GetUser",
        "iam:ListAccessKeys",
        "iam:ListMFADevices",
    ];
    deny_each(&Lab::with("small"), &["--recheck", "alice,key-initial"], &expected);
}

#[test]
fn each_call_for_service_last_accessed_data() {
    let expected = ["iam:GenerateServiceLastAccessedDetails", "iam:GetServiceLastAccessedDetails"];
    deny_each(&Lab::with("small"), &["--last-accessed"], &expected);
}

#[test]
fn each_call_of_an_audit_of_an_organization() {
    deny_each(&Lab::with("organization"), &["--org"], &["sts:AssumeRole"]);
}

#[test]
fn everything_at_once() {
    let lab = Lab::with("small");
    lab.control("POST", "deny", r#"{"actions": ["iam:*", "account:*", "organizations:*"]}"#);
    let report = audit(&mut lab.audit());
    let passed = crate::support::rows(&report, &["pass"]);
    assert!(passed.is_empty(), "{passed:#?}");
    let passing: Vec<_> = controls(&report).into_iter().filter(|(_, status)| status == "pass").collect();
    assert!(passing.is_empty(), "{passing:#?}");
}
