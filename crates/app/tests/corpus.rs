//! The corpus of requests and decisions, each with its page of AWS's documentation.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may stop")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use leastwise_app::simulate::Simulator;
use serde_json::Value;

/// The least number of cases with an expected decision.
const ENOUGH: usize = 400;

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|extension| extension == "jsonl")).collect()
}

#[test]
fn every_case_comes_out_as_documented() {
    let mut simulator = Simulator::default();
    let mut wrong = Vec::new();
    for file in files() {
        let text = std::fs::read_to_string(&file).unwrap();
        for (line, number) in text.lines().zip(1..) {
            let case: Value = serde_json::from_str(line).unwrap();
            let malformed = case["malformed"] == true;
            let outcome = simulator.run(line.as_bytes());
            if outcome.differs() || outcome.result.is_err() != malformed {
                wrong.push(format!("{}:{number}: {outcome:?}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(simulator.summary().expected >= ENOUGH, "{:?}", simulator.summary());
}

#[test]
fn every_case_has_a_name_of_its_own_and_cites_aws() {
    let mut names = BTreeSet::new();
    for file in files() {
        for line in std::fs::read_to_string(&file).unwrap().lines() {
            let case: Value = serde_json::from_str(line).unwrap();
            let name = case["name"].as_str().unwrap().to_owned();
            let source = case["source"].as_str().unwrap_or_default();
            assert!(source.starts_with("https://docs.aws.amazon.com/"), "{name} cites `{source}`");
            assert!(case["why"].as_str().is_some_and(|why| !why.is_empty()), "{name} does not say why");
            assert!(names.insert(name.clone()), "{name} occurs twice");
        }
    }
}

#[test]
fn every_choice_is_explained() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let page = std::fs::read_to_string(root.join("docs/semantics.md")).unwrap();
    let choices = std::fs::read_to_string(root.join("corpus/choices.jsonl")).unwrap();
    let mut names = BTreeSet::new();
    for line in choices.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        names.insert(format!("`{}`", case["name"].as_str().unwrap()));
    }
    let missing: Vec<_> = names.iter().filter(|name| !page.contains(name.as_str())).collect();
    assert!(!names.is_empty() && missing.is_empty(), "`docs/semantics.md` does not name {missing:?}");
    let named = page.split('`').filter(|word| word.starts_with("choice-"));
    let gone: Vec<_> = named.filter(|word| !names.contains(&format!("`{word}`"))).collect();
    assert!(gone.is_empty(), "`docs/semantics.md` names {gone:?}, which are no choices");
}
