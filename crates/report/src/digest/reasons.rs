use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use leastwise_checks::Assessment;
use leastwise_iam::AccountId;
use leastwise_model::{Missing, Reason, Status};

use super::Scope;
use crate::figures::{count, number};
use crate::names::Names;

/// How many different things one line names.
const NAMED: usize = 6;

/// What one reason keeps from being known.
pub(crate) struct Because {
    pub(crate) reason: Reason,
    /// The permission that would mend it.
    pub(crate) permission: Option<String>,
    /// How many parts or verdicts.
    pub(crate) total: usize,
    what: BTreeMap<String, usize>,
    accounts: BTreeSet<AccountId>,
    details: BTreeSet<String>,
}

impl Because {
    /// The reason, and what mends it, without a mark at the end.
    pub(crate) fn title(&self) -> String {
        match &self.permission {
            Some(permission) => format!("{}, allow `{permission}`", self.reason.as_str()),
            None => self.reason.as_str().to_owned(),
        }
    }

    /// What is concerned: `users, credential report`.
    pub(crate) fn what(&self, everything: bool) -> String {
        let room = if everything { usize::MAX } else { NAMED };
        let named = self.what.iter().take(room).map(|(what, times)| match times {
            0 | 1 => what.clone(),
            _ => format!("{what} ({})", number(*times)),
        });
        listed(&named.collect::<Vec<_>>(), self.what.len())
    }

    /// Where: the accounts, or how many of them; nothing for the organisation.
    pub(crate) fn whose(&self, names: &Names<'_>) -> Option<String> {
        match self.accounts.len() {
            0 => None,
            _ if names.is_alone() => None,
            1..=3 => {
                let labels: Vec<_> = self.accounts.iter().map(|id| names.label(*id)).collect();
                Some(labels.join(", "))
            }
            many => Some(count(many, "account")),
        }
    }

    /// What happened in words: the first message, and how many others there are.
    pub(crate) fn detail(&self, everything: bool) -> Option<String> {
        let room = if everything { usize::MAX } else { 1 };
        let shown: Vec<&str> = self.details.iter().take(room).map(String::as_str).collect();
        let more = self.details.len().saturating_sub(shown.len());
        let text = shown.join(" | ");
        match (text.is_empty(), more) {
            (true, _) => None,
            (false, 0) => Some(text),
            (false, more) => Some(format!("{text} (and {})", count(more, "similar message"))),
        }
    }
}

/// `a, b and 3 more`.
fn listed(names: &[String], total: usize) -> String {
    let more = total.saturating_sub(names.len());
    let text = names.join(", ");
    if more == 0 { text } else { format!("{text} and {} more", number(more)) }
}

/// What could not be read.
pub(crate) fn gaps(assessment: &Assessment) -> Vec<Because> {
    let mut heap = Heap::default();
    for gap in &assessment.gaps {
        heap.add(&gap.why, &gap.part, gap.account, false);
    }
    heap.sorted()
}

/// What could not be judged.
pub(crate) fn unknown(scope: Scope<'_>) -> Vec<Because> {
    let mut heap = Heap::default();
    let other = Missing::new(Reason::Failed, "");
    for finding in scope.findings().filter(|finding| finding.status == Status::Unknown) {
        if scope.view.is_severe_enough(finding.severity) {
            let why = finding.missing.as_ref().unwrap_or(&other);
            heap.add(why, finding.check, Some(finding.account), true);
        }
    }
    heap.sorted()
}

type Key = (Reason, Option<String>, Option<String>);

#[derive(Default)]
struct Heap(BTreeMap<Key, Because>);

impl Heap {
    fn add(&mut self, why: &Missing, what: &str, account: Option<AccountId>, counted: bool) {
        let distinct = why.permission.is_none().then(|| why.detail.clone());
        let because =
            self.0.entry((why.reason, why.permission.clone(), distinct)).or_insert_with(|| Because {
                reason: why.reason,
                permission: why.permission.clone(),
                total: 0,
                what: BTreeMap::new(),
                accounts: BTreeSet::new(),
                details: BTreeSet::new(),
            });
        because.total += 1;
        *because.what.entry(what.to_owned()).or_default() += usize::from(counted);
        because.accounts.extend(account);
        because.details.insert(why.detail.clone());
    }

    fn sorted(self) -> Vec<Because> {
        let mut all: Vec<Because> = self.0.into_values().collect();
        all.sort_by_key(|because| Reverse(because.total));
        all
    }
}
