use std::cmp::Reverse;
use std::collections::BTreeMap;

use leastwise_model::Severity;

use super::{Change, Comparison, Difference};
use crate::View;
use crate::figures::number;
use crate::names::Names;

/// The changes of one check, in one way.
pub(super) struct Block<'a> {
    pub(super) check: &'a str,
    pub(super) title: &'a str,
    pub(super) severity: Severity,
    pub(super) differences: Vec<&'a Difference>,
}

/// The changes of one kind by check, worst first.
pub(super) fn blocks<'a>(comparison: &'a Comparison, change: Change, view: &View) -> Vec<Block<'a>> {
    let mut piles: BTreeMap<&str, Vec<&Difference>> = BTreeMap::new();
    for difference in &comparison.differences {
        if difference.change == change && view.is_severe_enough(difference.severity) {
            piles.entry(difference.check).or_default().push(difference);
        }
    }
    let mut blocks: Vec<Block<'_>> = piles.into_iter().map(|(check, pile)| block(check, pile)).collect();
    blocks.sort_by_key(|block| (Reverse(block.severity), Reverse(block.differences.len())));
    blocks
}

fn block<'a>(check: &'a str, differences: Vec<&'a Difference>) -> Block<'a> {
    Block {
        check,
        title: leastwise_checks::find(check).map_or(check, |check| check.title),
        severity: differences.iter().map(|d| d.severity).max().unwrap_or(Severity::Info),
        differences,
    }
}

/// What is said of a difference: `pass → fail, no MFA device`.
pub(super) fn says(difference: &Difference) -> String {
    format!("{}, {}", difference.transition(), difference.evidence())
}

/// `30 new → pass, 12 pass → gone`.
pub(super) fn transitions(comparison: &Comparison, change: Change) -> String {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for difference in comparison.differences.iter().filter(|difference| difference.change == change) {
        *counts.entry(difference.transition()).or_default() += 1;
    }
    let told: Vec<String> = counts.iter().map(|(what, count)| format!("{} {what}", number(*count))).collect();
    told.join(", ")
}

/// How many differences the view leaves out for their severity.
pub(super) fn hidden(comparison: &Comparison, view: &View) -> usize {
    let shown = |difference: &&Difference| !view.is_severe_enough(difference.severity);
    comparison.differences.iter().filter(shown).count()
}

/// The difference of two scores: `+6.5`.
pub(super) fn step(before: Option<f64>, after: Option<f64>) -> String {
    match (before, after) {
        (Some(before), Some(after)) => {
            format!("{:+.1}", crate::figures::rounded(after) - crate::figures::rounded(before))
        }
        _ => String::new(),
    }
}

pub(super) fn names(comparison: &Comparison) -> Names<'_> {
    Names::new(comparison.accounts.iter().map(|account| (account.id, account.name.as_deref())))
}
