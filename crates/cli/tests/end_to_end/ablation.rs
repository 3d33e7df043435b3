//! Every known value of a snapshot made missing in turn: no verdict moves to pass.

use std::collections::BTreeMap;

use crate::support::Lab;
use leastwise_checks::{Config, Selection, assess};
use leastwise_iam::AccountId;
use leastwise_model::{Snapshot, Status, Subject};
use serde_json::{Value, json};

type Verdicts = BTreeMap<(AccountId, &'static str, Subject), Status>;

fn verdicts(snapshot: &Snapshot) -> Verdicts {
    let assessment = assess(snapshot, None, &Config::default(), &Selection::default(), snapshot.collected_at);
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
        let (places, became_unknown) = ablate_because(text, reason, "");
        assert!(places > 100 && became_unknown > 100, "{places}, {became_unknown}");
    }
}

/// Ablates what stands below a place; tells how many values that were, and how many verdicts became unknown.
fn ablate_because(text: &str, reason: &str, below: &str) -> (usize, usize) {
    let whole: Value = serde_json::from_str(text).unwrap();
    let before = verdicts(&Snapshot::from_json(text).unwrap());
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
        for (key, status) in verdicts(&snapshot) {
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
        let (places, _) = ablate_because(&text, reason, "/accounts/0/resources");
        assert_eq!(places, 36, "one for each list, policy and block, and two more for each key");
    }
}
