//! What is collected: the same for the same answers, nothing secret, and live where the report is stale.

use crate::support::{Lab, audit, leastwise, rows, run};
use serde_json::Value;

/// Later than any report of the lab, which follows the clock.
const NOW: [&str; 2] = ["--now", "2099-03-01T00:00:00Z"];

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
    let live = audit(lab.audit().args(NOW).arg("--save-snapshot").arg(&saved));
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
fn a_report_of_the_future_is_not_believed() {
    let lab = Lab::with("small");
    lab.control("POST", "report", r#"{"stale": true}"#);
    let before = audit(&mut lab.audit());
    lab.control("POST", "report", r#"{"generated": "2099-01-01T00:00:00Z"}"#);
    let live = audit(&mut lab.audit());
    let saved = lab.folder().join("saved.json");
    std::fs::write(&saved, lab.snapshot(&[]).to_string()).unwrap();
    let mut offline = leastwise();
    offline.arg("audit").arg(lab.export()).arg("--config").arg(lab.configuration());
    let mut file = leastwise();
    file.arg("audit").arg(&saved).arg("--config").arg(lab.configuration());
    for report in [live, audit(&mut offline), audit(&mut file)] {
        assert!(report["notices"].to_string().contains("dated 2099-01-01"), "{}", report["notices"]);
        assert_ne!(&report["as_of"].as_str().unwrap()[..4], "2099");
        let unknown = rows(&report, &["unknown"]);
        let depends = |check: &str| unknown.iter().any(|(_, other, _)| other == check);
        for check in ["root-recent-use", "iam-user-console-mfa", "iam-access-key-unused"] {
            assert!(depends(check), "{check}");
        }
        let passes = rows(&report, &["pass"]);
        assert!(passes.is_subset(&rows(&before, &["pass"])));
        assert!(passes.iter().any(|(_, check, _)| check == "root-mfa"), "the summary tells");
    }
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
