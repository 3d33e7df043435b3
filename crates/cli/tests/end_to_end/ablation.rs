//! Every known value of a snapshot made missing in turn: no verdict moves to pass.

use std::collections::BTreeMap;

use crate::evidence::as_the_snapshot_says;
use crate::support::Lab;
use leastwise_checks::{Config, Selection, assess};
use leastwise_iam::AccountId;
use leastwise_model::{Coverage, Snapshot, Status, Subject, Usage};
use serde_json::{Value, json};

type Verdicts = BTreeMap<(AccountId, &'static str, Subject), Status>;

fn verdicts(snapshot: &Snapshot, usage: Option<&Usage>) -> Verdicts {
    let assessment =
        assess(snapshot, usage, &Config::default(), &Selection::default(), snapshot.collected_at);
    let findings = assessment.findings.into_iter();
    findings.map(|finding| ((finding.account, finding.check, finding.subject), finding.status)).collect()
}

/// The places of all known values, as JSON pointers.
fn known_values(value: &Value, place: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            if members.len() == 1 && members.contains_key("known") {
                found.push(place.to_owned());
            }
            for (key, member) in members {
                let key = key.replace('~', "~0").replace('/', "~1");
                known_values(member, &format!("{place}/{key}"), found);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                known_values(item, &format!("{place}/{index}"), found);
            }
        }
        _ => {}
    }
}

/// The reasons that a snapshot file can give. One that says "not asked for" must not excuse anything but what
/// is read only when asked for.
const REASONS: [&str; 3] = ["access_denied", "not_requested", "invalid"];

fn ablate(text: &str) {
    for reason in REASONS {
        let (places, became_unknown) = ablate_because(text, None, reason, "");
        assert!(places > 100 && became_unknown > 100, "{places}, {became_unknown}");
    }
}

/// Ablates what stands below a place; tells how many values that were, and how many verdicts became unknown.
fn ablate_because(text: &str, usage: Option<&Usage>, reason: &str, below: &str) -> (usize, usize) {
    let whole: Value = serde_json::from_str(text).unwrap();
    let before = verdicts(&Snapshot::from_json(text).unwrap(), usage);
    let mut places = Vec::new();
    known_values(&whole, "", &mut places);
    places.retain(|place| place.starts_with(below));
    let (count, mut became_unknown) = (places.len(), 0);
    for place in places {
        let mut ablated = whole.clone();
        *ablated.pointer_mut(&place).unwrap() = json!({"unknown": {"reason": reason, "detail": "ablated"}});
        let snapshot = Snapshot::from_json(&ablated.to_string()).unwrap();
        let on_request = place.ends_with("/last_accessed") || place.ends_with("/resources");
        let optional = reason == "not_requested" && on_request;
        assert!(optional || !snapshot.unread().is_empty(), "{place} is not listed as unread");
        for (key, status) in verdicts(&snapshot, usage) {
            let was = before.get(&key);
            let excused = status == Status::NotApplicable && was.is_some_and(|was| *was != status);
            assert!(optional || !excused, "without {place}, {key:?} went from {was:?} to not applicable");
            assert!(
                status != Status::Pass || was == Some(&Status::Pass),
                "without {place}, {key:?} went from {was:?} to pass"
            );
            became_unknown += usize::from(status == Status::Unknown && was != Some(&Status::Unknown));
        }
    }
    (count, became_unknown)
}

#[test]
fn the_example() {
    ablate(&std::fs::read_to_string(crate::support::example()).unwrap());
}

#[test]
fn a_small_account() {
    ablate(&Lab::with("small").snapshot(&[]).to_string());
}

#[test]
fn an_organization() {
    ablate(&Lab::with("organization").snapshot(&["--org"]).to_string());
}

#[test]
fn an_account_with_its_resources() {
    let text = Lab::with("resources").snapshot(&["--resources"]).to_string();
    for reason in REASONS {
        let (places, _) = ablate_because(&text, None, reason, "/accounts/0/resources");
        assert_eq!(places, 36, "one for each list, policy and block, and two more for each key");
    }
}

/// With logs that agree with the snapshot: a value that is missing moves no verdict to pass, and neither do logs.
#[test]
fn the_example_with_logs() {
    let text = std::fs::read_to_string(crate::support::example()).unwrap();
    let usage = as_the_snapshot_says(&Snapshot::from_json(&text).unwrap());
    let (places, became_unknown) = ablate_because(&text, Some(&usage), "access_denied", "");
    assert!(places > 100 && became_unknown > 100, "{places}, {became_unknown}");
}

/// The logs, a caller of them or a part of what they cover made missing in turn: no verdict moves to pass.
#[test]
fn logs_of_the_example() {
    let text = std::fs::read_to_string(crate::support::example()).unwrap();
    let snapshot = Snapshot::from_json(&text).unwrap();
    let usage = as_the_snapshot_says(&snapshot);
    let before = verdicts(&snapshot, Some(&usage));
    let mut ablated = vec![None];
    for caller in usage.callers.keys() {
        let mut less = usage.clone();
        less.callers.remove(caller);
        ablated.push(Some(less));
    }
    for account in usage.coverage.accounts.keys() {
        let mut less = usage.clone();
        less.coverage.accounts.remove(account);
        ablated.push(Some(less));
    }
    let changes: [fn(&mut Coverage); 3] = [
        |coverage| coverage.management_reads = 0,
        |coverage| coverage.management_writes = 0,
        |coverage| coverage.lost.count("files that could not be read"),
    ];
    for change in changes {
        let mut less = usage.clone();
        change(&mut less.coverage);
        ablated.push(Some(less));
    }
    assert!(ablated.len() > 20, "{}", ablated.len());
    for less in &ablated {
        for (key, status) in verdicts(&snapshot, less.as_ref()) {
            let was = before.get(&key);
            assert!(
                status != Status::Pass || was == Some(&Status::Pass),
                "{key:?} went from {was:?} to pass"
            );
        }
    }
}
