//! `temporal_ordered`: events of rules in the order of these rules.

use crate::sigma::{CompiledCorrelation, CorrelationCondition};

use super::window::{Verdict, Witness, as_number, holds};

/// Chains of events in the order of rules: for the last rule of a chain and its length, the two chains that began
/// latest, with different last events. No other chain lives longer; the second one is for an event that matches two
/// rules, because one event is not two steps.
#[derive(Debug)]
pub(super) struct Chains {
    /// By rule, then by length less one; what began latest first.
    latest: Vec<Vec<Vec<Chain>>>,
}

type Chain = Vec<Witness>;

impl Chains {
    pub fn new(rules: usize) -> Self {
        Self { latest: vec![vec![Vec::new(); rules]; rules] }
    }

    pub fn add(
        &mut self,
        correlation: &CompiledCorrelation,
        rule: usize,
        witness: &Witness,
        since: i64,
    ) -> Option<Verdict> {
        let rules = correlation.sources.len();
        let mut longest = Chain::new();
        for length in (0_usize..rules).rev() {
            let chain = match length.checked_sub(1) {
                None => Some(vec![witness.clone()]),
                Some(before) => self.longer(rule, before, witness, since),
            };
            let Some(chain) = chain else { continue };
            if chain.len() > longest.len() {
                longest.clone_from(&chain);
            }
            if let Some(place) = self.latest.get_mut(rule).and_then(|lengths| lengths.get_mut(length)) {
                place.retain(|other| !other.last().is_some_and(|last| last.is(witness)));
                place.push(chain);
                place.sort_by_key(|chain| std::cmp::Reverse(begin(chain)));
                place.truncate(2);
            }
        }
        let number = as_number(longest.len());
        let found = match &correlation.condition {
            CorrelationCondition::AllRules => longest.len() == rules,
            _ => holds(correlation, number),
        };
        found.then(|| {
            *self = Self::new(rules);
            Verdict::of(number, longest.iter())
        })
    }

    /// The chain of that length before this rule that began latest, with this event behind it.
    fn longer(&self, rule: usize, length: usize, witness: &Witness, since: i64) -> Option<Chain> {
        let chains = self.latest.iter().take(rule).filter_map(|lengths| lengths.get(length)).flatten();
        let mut chain = chains
            .filter(|chain| begin(chain).is_some_and(|time| time >= since))
            .filter(|chain| !chain.last().is_some_and(|last| last.is(witness)))
            .max_by_key(|chain| begin(chain))?
            .clone();
        chain.push(witness.clone());
        Some(chain)
    }
}

fn begin(chain: &Chain) -> Option<i64> {
    chain.first().map(|first| first.time)
}
