use leastwise_model::{CallerKind, Few, Missing};

use super::*;
use crate::testing::logs::{self, Logged};
use crate::testing::{self, days_ago};
use crate::{Config, Selection};

/// Why logs do not cover so many days, if they do not.
fn gap(usage: &Usage, days: u64) -> Option<String> {
    let (snapshot, config, selection) =
        (testing::snapshot(testing::account()), Config::default(), Selection::default());
    let context =
        Context::new(&snapshot, &snapshot.accounts[0], Some(usage), &config, &selection, testing::now());
    context.logs().unwrap().cover(days).err().map(|missing: Missing| missing.detail)
}

#[test]
fn what_silence_is_worth() {
    let without = |region: &str| {
        let mut usage = logs::covering(90);
        let kept = usage.coverage.accounts.remove("123456789012").unwrap();
        let mut regions = Few::default();
        kept.iter().filter(|(name, _)| *name != region).for_each(|(name, stream)| {
            *regions.entry(name) = stream.clone();
        });
        usage.coverage.accounts.insert("123456789012".to_owned(), regions);
        usage
    };
    let change = |change: fn(&mut Usage)| {
        let mut usage = logs::covering(90);
        change(&mut usage);
        usage
    };
    let gapped = {
        let mut usage = logs::covering(30);
        let stream = usage.coverage.accounts.get_mut("123456789012").unwrap().entry("us-east-1");
        stream.add(Some(days_ago(33)));
        stream.add(Some(days_ago(95)));
        usage
    };
    let table: [(Usage, u64, Option<&str>); 12] = [
        (logs::covering(90), 90, None),
        (logs::covering(90), 91, Some("begin on 2025-12-01 only, not 91 days ago")),
        (Usage::default(), 1, Some("no event of account 123456789012")),
        (without("us-east-1"), 90, Some("no event of us-east-1, where global services are logged")),
        (without("eu-west-1"), 90, Some("are of 2 regions only")),
        (
            change(|usage| usage.coverage.management_reads = 0),
            90,
            Some("no management events that read of this account"),
        ),
        (
            change(|usage| usage.coverage.management_writes = 0),
            90,
            Some("no management events that write of this account"),
        ),
        (change(|usage| usage.coverage.lost.count("unreadable files")), 90, Some("(1 unreadable files)")),
        (change(|usage| usage.other_callers.add(None)), 90, Some("too many callers")),
        (gapped.clone(), 90, Some("no event from 2025-11-27 to 2026-01-26")),
        (gapped.clone(), 31, Some("no event from 2026-01-28 to 2026-01-29")),
        (gapped, 30, None),
    ];
    for (usage, days, expected) in table {
        let found = gap(&usage, days);
        match (expected, &found) {
            (None, None) => {}
            (Some(expected), Some(found)) if found.contains(expected) => {}
            _ => panic!("{days} days: {found:?} is not {expected:?}"),
        }
    }
}

#[test]
fn logs_that_end_early_prove_nothing() {
    let mut usage = Usage::default();
    for region in ["us-east-1", "us-east-2", "eu-west-1"] {
        let stream = usage.coverage.accounts.entry("123456789012".to_owned()).or_default().entry(region);
        (2..100).for_each(|days| stream.add(Some(days_ago(days))));
    }
    (usage.coverage.management_reads, usage.coverage.management_writes) = (1, 1);
    assert_eq!(gap(&usage, 90).as_deref(), Some("the logs end on 2026-02-27"));
}

#[test]
fn addresses_with_the_most_calls_come_first() {
    let from = ["203.0.113.1", "203.0.113.9", "203.0.113.9", "203.0.113.2", "203.0.113.3"];
    let who = Logged { kind: CallerKind::Root, id: "arn:aws:iam::123456789012:root" };
    let usage = logs::with(logs::covering(1), who, logs::signing("AKIAROOT", &from, &[5, 3]));
    let row = usage.callers.values().next().unwrap();
    let (id, used) = row.keys.iter().next().unwrap();
    let expected =
        "AKIAROOT (2 calls, the last on 2026-02-26, from 203.0.113.9, 203.0.113.1, 203.0.113.2 and 1 more)";
    assert_eq!(key(id, used), expected);
}
