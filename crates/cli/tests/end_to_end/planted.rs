//! Planted defects: all of them are found, and nothing else is.

use std::collections::BTreeSet;

use crate::support::{Lab, Row, audit, rows};
use serde_json::Value;

fn expect_the_truth(lab: &Lab, report: &Value) {
    let (found, planted) = (rows(report, &["fail"]), lab.planted());
    let missed: Vec<&Row> = planted.difference(&found).collect();
    let invented: Vec<&Row> = found.difference(&planted).collect();
    assert!(missed.is_empty() && invented.is_empty(), "missed: {missed:#?}\ninvented: {invented:#?}");
}

#[test]
fn a_small_account() {
    let lab = Lab::with("small");
    expect_the_truth(&lab, &audit(&mut lab.audit()));
}

#[test]
fn a_large_account_in_few_calls() {
    let lab = Lab::with("large");
    lab.control("DELETE", "calls", "");
    let report = audit(&mut lab.audit());
    let calls = lab.calls();
    assert!(calls.len() <= 30, "{} calls: {calls:#?}", calls.len());
    expect_the_truth(&lab, &report);
}

#[test]
fn an_organization_in_one_run() {
    let lab = Lab::with("organization");
    // One of the members is entered by a role of another name; see the lab's description.
    let report = audit(lab.audit().arg("--org"));
    let accounts = report["accounts"].as_array().unwrap();
    assert_eq!(accounts.len(), 3);
    assert_eq!(report["skipped"].as_array().unwrap().len(), 1, "the suspended account");
    let entered = accounts.iter().filter(|account| account["score"].as_f64() > Some(0.0)).count();
    assert_eq!(entered, 2, "{accounts:#?}");
    let unread: BTreeSet<&str> = accounts
        .iter()
        .filter(|account| account["counts"]["pass"] == 0)
        .map(|account| account["name"].as_str().unwrap())
        .collect();
    assert_eq!(unread, BTreeSet::from(["sandbox"]));
}

#[test]
fn service_last_accessed_data() {
    let lab = Lab::with("small");
    let report = audit(lab.audit().args(["--last-accessed", "--check", "iam-unused-services"]));
    let planted: BTreeSet<Row> =
        lab.truth()["fail_with_last_accessed"].as_array().unwrap().iter().map(crate::support::row).collect();
    assert_eq!(rows(&report, &["fail"]), planted);
}
