use std::collections::{BTreeMap, BTreeSet};

use super::*;

/// All files' texts, by path.
fn tree(seed: u64) -> (BTreeMap<String, String>, String) {
    let layout = Layout::new(seed, 3_000, 40);
    let planted = attacks::plan(seed, &layout);
    let mut sum = Sum::default();
    let mut files = BTreeMap::new();
    for file in &layout.files {
        let (text, own) = contents(seed, &layout, &planted, file);
        sum.events += own.events;
        sum.duplicates.extend(own.duplicates);
        files.insert(file.path(), text);
    }
    (files, truth(&layout, &planted, &sum))
}

#[test]
fn the_same_seed_makes_the_same_logs() {
    assert_eq!(tree(7), tree(7));
    assert_ne!(tree(7), tree(8));
}

#[test]
fn the_truth_is_in_the_logs() {
    let (files, truth) = tree(3);
    let mut ids: BTreeMap<String, usize> = BTreeMap::new();
    let mut accounts = BTreeSet::new();
    for (path, text) in &files {
        let records: Value = serde_json::from_str(text).unwrap();
        for record in records["Records"].as_array().unwrap() {
            *ids.entry(record["eventID"].as_str().unwrap().to_owned()).or_default() += 1;
            assert!(path.contains(record["recipientAccountId"].as_str().unwrap()), "{path}");
            assert!(record["eventTime"].as_str().unwrap().starts_with("2026-01-"), "{record}");
            accounts.insert(record["recipientAccountId"].as_str().unwrap().to_owned());
        }
    }
    let rows: Vec<Value> = truth.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let sum = rows.last().unwrap();
    assert_eq!(ids.len() as u64, sum["events"].as_u64().unwrap());
    assert_eq!(ids.values().filter(|count| **count == 2).count() as u64, sum["duplicates"].as_u64().unwrap());
    let kinds: BTreeSet<&str> = rows.iter().map(|row| row["kind"].as_str().unwrap()).collect();
    assert!(kinds.is_superset(&["attack", "pair", "sum"].into()), "{kinds:?}");
    for row in &rows {
        for id in row["events"].as_array().into_iter().flatten() {
            assert!(ids.contains_key(id.as_str().unwrap()), "{row}");
        }
    }
    assert!(
        rows.iter()
            .filter(|row| row["kind"] == "pair")
            .all(|row| row["events"].as_array().unwrap().len() == 2)
    );
    assert!(accounts.len() > 3);
}
