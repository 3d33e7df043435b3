//! What could not be read never makes an answer surer: each policy, list and tree of the example made missing in turn.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may stop")]

use std::collections::BTreeMap;
use std::path::Path;

use leastwise_access::{Answer, Question};
use leastwise_app::access::who_can;
use leastwise_model::Snapshot;
use serde_json::{Value, json};

/// Members that say nothing of permissions.
const BESIDE: [&str; 12] = [
    "credentials",
    "summary",
    "root",
    "password_policy",
    "primary_contact",
    "alternate_contacts",
    "credential_report",
    "virtual_mfa_devices",
    "server_certificates",
    "oidc_providers",
    "saml_providers",
    "last_accessed",
];

/// The example, with a bucket that its policy opens to everyone, and no other resource.
fn example() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/organization.json");
    let mut example: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    for account in example["accounts"].as_array_mut().unwrap() {
        account["resources"] = resources(&json!([]));
    }
    let open = json!({"Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::acme-public/*"}});
    let bucket = json!({"arn": "arn:aws:s3:::acme-public", "region": "us-east-1",
        "policy": {"known": open}, "public_access_block": {"known": null}});
    example["accounts"][0]["resources"] = resources(&json!([bucket]));
    example
}

fn resources(buckets: &Value) -> Value {
    let none = json!({"known": []});
    let region = json!({"keys": none, "queues": none, "topics": none, "functions": none, "secrets": none,
        "repositories": none});
    json!({"known": {"public_access_block": {"known": null}, "buckets": {"known": buckets},
        "regions": {"us-east-1": region}}})
}

/// The places of all known values, as JSON pointers.
fn places(value: &Value, here: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            if members.len() == 1 && members.contains_key("known") {
                found.push(here.to_owned());
            }
            for (key, member) in members.iter().filter(|(key, _)| !BESIDE.contains(&key.as_str())) {
                places(member, &format!("{here}/{}", key.replace('~', "~0").replace('/', "~1")), found);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                places(item, &format!("{here}/{index}"), found);
            }
        }
        _ => {}
    }
}

fn questions() -> Vec<Question> {
    vec![
        Question::new("s3:GetObject").unwrap().on("arn:aws:s3:::acme-data-lake/x").unwrap(),
        Question::new("iam:CreateUser").unwrap(),
        Question::new("s3:GetObject").unwrap(),
        Question::new("sts:AssumeRole")
            .unwrap()
            .on("arn:aws:iam::405916827342:role/northwatch-monitoring")
            .unwrap(),
    ]
}

/// The answers by question and principal.
fn answers(snapshot: &Value) -> BTreeMap<(usize, String), Answer> {
    let snapshot = Snapshot::from_json(&snapshot.to_string()).unwrap();
    let rows = questions().into_iter().enumerate().flat_map(|(index, question)| {
        let rows = who_can(&snapshot, &question).rows;
        rows.into_iter().map(move |row| ((index, row.principal), row.answer))
    });
    rows.collect()
}

#[test]
fn what_is_missing_makes_no_answer_surer() {
    let whole = example();
    let before = answers(&whole);
    let mut all = Vec::new();
    places(&whole, "", &mut all);
    assert!(all.len() > 100, "{}", all.len());
    let mut moved = 0;
    for place in &all {
        let mut partial = whole.clone();
        *partial.pointer_mut(place).unwrap() =
            json!({"unknown": {"reason": "access_denied", "detail": "no"}});
        for (key, answer) in answers(&partial) {
            let old = before.get(&key).unwrap_or_else(|| panic!("{key:?} appeared without {place}"));
            moved += usize::from(answer != *old);
            assert!(answer != Answer::Always || *old == Answer::Always, "{key:?} without {place}: always");
            assert!(answer != Answer::Never || *old == Answer::Never, "{key:?} without {place}: never");
        }
    }
    assert!(moved > 50, "only {moved} answers changed at all");
}
