use std::cmp::Reverse;
use std::collections::BTreeMap;

use leastwise_checks::{Check, Counts};
use leastwise_model::{Finding, Severity, Status};

use super::{Group, Item, Rest, Scope, cut, group};

/// The findings of one check with one status.
pub(crate) struct Block<'a> {
    /// The check's id.
    pub(crate) id: &'a str,
    pub(crate) check: Option<&'static Check>,
    pub(crate) severity: Severity,
    /// How many subjects have the status.
    pub(crate) found: usize,
    /// How many subjects passed, failed, or could not be judged.
    pub(crate) judged: usize,
    pub(crate) groups: Vec<Group<'a>>,
    pub(crate) rest: Rest,
}

impl Block<'_> {
    /// What is true of a subject that passes.
    pub(crate) fn title(&self) -> &str {
        self.check.map_or(self.id, |check| check.title)
    }
}

#[derive(Default)]
struct Pile<'a> {
    findings: Vec<&'a Finding>,
    counts: Counts,
}

/// A block for each check that has findings with the status, worst first.
pub(crate) fn blocks(scope: Scope<'_>, status: Status) -> Vec<Block<'_>> {
    let mut piles: BTreeMap<&str, Pile<'_>> = BTreeMap::new();
    for finding in scope.findings() {
        let pile = piles.entry(finding.check).or_default();
        pile.counts.add(finding.status);
        if finding.status == status && scope.view.is_severe_enough(finding.severity) {
            pile.findings.push(finding);
        }
    }
    let mut blocks: Vec<_> = piles.into_iter().filter_map(|(id, pile)| block(scope, id, &pile)).collect();
    let place = |block: &Block<'_>| leastwise_checks::all().iter().position(|check| check.id == block.id);
    blocks.sort_by_key(|block| (Reverse(block.severity), Reverse(block.found), place(block)));
    blocks
}

fn block<'a>(scope: Scope<'a>, id: &'a str, pile: &Pile<'a>) -> Option<Block<'a>> {
    let severity = pile.findings.iter().map(|finding| finding.severity).max()?;
    let items = pile.findings.iter().map(|finding| Item {
        account: finding.account,
        subject: &finding.subject,
        says: &finding.evidence,
    });
    let (items, rest) = cut(items.collect(), scope.view.at_most());
    Some(Block {
        id,
        check: leastwise_checks::find(id),
        severity,
        found: pile.findings.len(),
        judged: pile.counts.pass + pile.counts.fail + pile.counts.unknown,
        groups: group(&items, &scope.names()),
        rest,
    })
}
