//! Conditions that are judged when a timespan is over.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::sigma::{CompiledCorrelation, CorrelationCondition, CorrelationKind, MAX_WINDOW};

use super::EVENT_IDS;
use super::window::{Addition, Verdict, Witness, as_number, holds, holds_for_rules, number_of};

/// Events since the first one of a timespan.
#[derive(Debug, Default)]
pub(super) struct Fixed {
    /// When the timespan is over; nothing if none has begun.
    pub end: Option<i64>,
    count: usize,
    numbers: Vec<f64>,
    values: BTreeMap<Box<str>, (usize, Option<Witness>)>,
    rules: BTreeSet<usize>,
    last: VecDeque<Witness>,
}

impl Fixed {
    pub fn add(&mut self, correlation: &CompiledCorrelation, addition: Addition<'_>, evicted: &mut u64) {
        let time = addition.witness.time;
        self.end.get_or_insert(time.saturating_add(correlation.timespan.0.saturating_mul(1_000_000)));
        self.count += 1;
        self.rules.insert(addition.source);
        match correlation.kind {
            CorrelationKind::EventCount | CorrelationKind::Temporal | CorrelationKind::TemporalOrdered => {}
            kind if kind == CorrelationKind::ValueCount || is_rarity(correlation) => {
                if self.values.len() < MAX_WINDOW || self.values.contains_key(addition.text) {
                    let value = self.values.entry(addition.text.into()).or_default();
                    value.0 += 1;
                    value.1 = Some(addition.witness.clone());
                } else {
                    *evicted += 1;
                }
            }
            _ if self.numbers.len() < MAX_WINDOW => self.numbers.push(addition.number),
            _ => *evicted += 1,
        }
        self.last.push_back(addition.witness);
        if self.last.len() > EVENT_IDS {
            self.last.pop_front();
        }
    }

    /// Judges what came since the timespan began.
    pub fn judge(&self, correlation: &CompiledCorrelation) -> Option<Verdict> {
        if is_rarity(correlation) {
            return self.rare(correlation);
        }
        let number = match correlation.kind {
            CorrelationKind::ValueCount => as_number(self.values.len()),
            CorrelationKind::Temporal => as_number(self.rules.len()),
            CorrelationKind::EventCount | CorrelationKind::TemporalOrdered => as_number(self.count),
            _ => number_of(correlation, self.numbers.len(), self.numbers.clone()),
        };
        let found = match correlation.kind {
            CorrelationKind::Temporal => holds_for_rules(correlation, &|rule| self.rules.contains(&rule)),
            _ => holds(correlation, number),
        };
        found.then(|| Verdict::of(number, self.last.iter()))
    }

    fn rare(&self, correlation: &CompiledCorrelation) -> Option<Verdict> {
        let share = |count: usize| 100.0 * as_number(count) / as_number(self.count);
        let rare: Vec<_> =
            self.values.iter().filter(|(_, (count, _))| holds(correlation, share(*count))).collect();
        let least = rare.iter().map(|(_, (count, _))| *count).min()?;
        let mut verdict =
            Verdict::of(share(least), rare.iter().filter_map(|(_, (_, witness))| witness.as_ref()));
        verdict.values = rare.into_iter().take(EVENT_IDS).map(|(value, _)| value.to_string()).collect();
        Some(verdict)
    }
}

fn is_rarity(correlation: &CompiledCorrelation) -> bool {
    correlation.kind == CorrelationKind::ValuePercentile
        && matches!(correlation.condition, CorrelationCondition::Number { percentile: None, .. })
}
