//! What must hold of every decision, asked of arbitrary requests and policies of a small universe.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop")]

mod algebra;
#[expect(dead_code, reason = "the fuzz targets use the rest")]
mod case;
mod catalogue;
mod context;
mod explanation;
mod monotone;
mod universe;
mod words;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};

/// The properties say little if nearly all cases come out alike.
#[test]
fn the_universe_is_not_trivial() {
    let mut runner = TestRunner::deterministic();
    let mut counts = std::collections::BTreeMap::new();
    for _ in 0..2_000 {
        let case = universe::cases().new_tree(&mut runner).unwrap().current();
        *counts.entry(case.verdict()).or_insert(0) += 1;
    }
    assert!(counts.len() == 3 && counts.values().all(|count| *count > 200), "{counts:?}");
}

/// Enough cases to find what one in a thousand shows; `PROPTEST_CASES` asks for more.
fn config() -> Config {
    let wanted = Config::default().cases;
    Config { cases: wanted.max(1_000), failure_persistence: None, ..Config::default() }
}
