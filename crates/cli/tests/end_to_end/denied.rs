//! An audit that lacks one permission, for each permission in turn: what depends on it is unknown, and nothing
//! passes because of it.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::{Lab, Row, audit, row};
use serde_json::Value;

fn verdicts(report: &Value) -> BTreeMap<Row, String> {
    let findings = report["findings"].as_array().unwrap().iter();
    findings.map(|finding| (row(finding), finding["status"].as_str().unwrap().to_owned())).collect()
}

fn deny_each(lab: &Lab, arguments: &[&str]) {
    lab.control("DELETE", "calls", "");
    let before = verdicts(&audit(lab.audit().args(arguments)));
    let actions: BTreeSet<String> = lab.calls().into_iter().collect();
    assert!(actions.len() >= 14, "{actions:?}");
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
        for (row, status) in after {
            let was = before.get(&row);
            let passes = status == "pass" && was.map(String::as_str) != Some("pass");
            assert!(!passes, "without {action}, {row:?} went from {was:?} to {status}");
            let changed = was.is_some_and(|was| *was != status);
            assert!(
                !changed || status == "unknown",
                "without {action}, {row:?} went from {was:?} to {status}"
            );
        }
        if action != "sts:GetCallerIdentity" {
            let unread = report["unread"].as_array().unwrap();
            let named = unread.iter().any(|part| part["permission"].as_str() == Some(action));
            assert!(named, "{action} is not named as what would mend: {unread:#?}");
        }
    }
}

#[test]
fn each_call_of_an_audit() {
    deny_each(&Lab::with("small"), &[]);
}

#[test]
fn each_call_of_an_audit_of_an_organization() {
    deny_each(&Lab::with("organization"), &["--org"]);
}

#[test]
fn everything_at_once() {
    let lab = Lab::with("small");
    lab.control("POST", "deny", r#"{"actions": ["iam:*", "account:*", "organizations:*"]}"#);
    let report = audit(&mut lab.audit());
    let passed = crate::support::rows(&report, &["pass"]);
    assert!(passed.is_empty(), "{passed:#?}");
}
