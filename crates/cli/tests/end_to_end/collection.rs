//! What is collected: the same for the same answers, nothing secret, and live where the report is stale.

use crate::support::{Lab, audit, leastwise, rows, run};
use serde_json::Value;

const NOW: [&str; 2] = ["--now", "2026-03-01T00:00:00Z"];

#[test]
fn the_same_answers_give_the_same_bytes_whatever_the_page_size() {
    let lab = Lab::with("small");
    lab.control("POST", "report", r#"{"stale": true}"#);
    let collect = || run(lab.leastwise("snapshot").args(NOW)).stdout;
    let first = collect();
    assert_eq!(first, collect());
    for size in [1, 7] {
        lab.control("POST", "page", &format!(r#"{{"max_items": {size}}}"#));
        assert_eq!(first, collect(), "with pages of {size}");
    }
}

#[test]
fn a_snapshot_is_judged_like_the_account_it_was_taken_from() {
    let lab = Lab::with("small");
    let saved = lab.folder().join("snapshot.json");
    let live = audit(lab.audit().args(["--now", "2026-12-01T00:00:00Z"]).arg("--save-snapshot").arg(&saved));
    let offline = audit(leastwise().arg("audit").arg(&saved).arg("--config").arg(lab.configuration()));
    assert_eq!(live, offline);
}

#[test]
fn a_stale_report_is_rechecked_live() {
    let lab = Lab::with("small");
    let find = |report: &Value| {
        rows(report, &["fail"])
            .iter()
            .any(|(_, check, subject)| check == "iam-user-console-mfa" && subject == "user/bob")
    };
    lab.control("POST", "report", r#"{"stale": true}"#);
    assert!(find(&audit(&mut lab.audit())), "bob has a password and no MFA");
    lab.control("POST", "backdate", r#"{"users": {"bob": {"mfa_serial": "GAHT12345678"}}}"#);
    assert!(find(&audit(&mut lab.audit())), "the report does not know better yet");
    assert!(!find(&audit(lab.audit().args(["--recheck", "bob"]))), "read live, bob has MFA");
    let ran = run(lab.audit().args(["--recheck", "nobody"]));
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("nobody"), "{}", ran.stderr);
}

#[test]
fn every_call_is_in_the_printed_policy() {
    let recheck = ["--recheck", "break-glass"];
    every_call_is_permitted("organization", &["--org", "--last-accessed"], &recheck);
    every_call_is_permitted("resources", &["--resources"], &[]);
}

fn every_call_is_permitted(scenario: &str, modes: &[&str], others: &[&str]) {
    let lab = Lab::with(scenario);
    lab.control("DELETE", "calls", "");
    audit(lab.audit().args(modes).args(others));
    let printed = run(leastwise().arg("permissions").args(modes)).stdout;
    let policy: Value = serde_json::from_str(&printed).unwrap();
    let documented = std::fs::read_to_string(crate::support::root().join("docs/aws-reality.md")).unwrap();
    for action in lab.calls() {
        assert!(
            action == "sts:GetCallerIdentity" || policy.to_string().contains(&format!("\"{action}\"")),
            "{action} is missing in {printed}"
        );
        assert!(documented.contains(&format!("`{action}`")), "docs/aws-reality.md does not list {action}");
    }
}
