//! The events of one group of a correlation.

use std::collections::{BTreeMap, VecDeque};

use crate::sigma::{
    Comparison, CompiledCorrelation, Condition, CorrelationCondition, CorrelationKind, MAX_WINDOW, RuleSource,
};

use super::EVENT_IDS;
use super::chains::Chains;
use super::fixed::Fixed;

/// An event that a window remembers.
#[derive(Debug, Clone)]
pub(super) struct Witness {
    pub time: i64,
    pub id: Option<Box<str>>,
}

/// What an event adds to a window.
#[derive(Debug)]
pub(super) struct Addition<'a> {
    /// Which of the correlation's rules it is.
    pub source: usize,
    pub witness: Witness,
    /// The value of the field of the condition, as a text and as a number.
    pub text: &'a str,
    pub number: f64,
}

/// That the condition holds, and for what.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Verdict {
    /// The number that was compared, or how many rules matched.
    pub number: f64,
    pub ids: Vec<String>,
    /// The values that are rare.
    pub values: Vec<String>,
}

/// When a condition is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// At every event, over the timespan that ends with it.
    Sliding,
    /// At every event, by the order of rules.
    Ordered,
    /// When the timespan that began with the first event is over.
    Fixed,
}

impl Mode {
    pub fn of(correlation: &CompiledCorrelation) -> Self {
        if correlation.kind == CorrelationKind::TemporalOrdered {
            return Self::Ordered;
        }
        let asks_for_more = match &correlation.condition {
            CorrelationCondition::AllRules => true,
            CorrelationCondition::Rules(condition) => !has_not(condition),
            CorrelationCondition::Number { compare, percentile, .. } => {
                let is_rarity = correlation.kind == CorrelationKind::ValuePercentile && percentile.is_none();
                !is_rarity && compare.iter().all(|(comparison, _)| comparison.asks_for_more())
            }
        };
        if asks_for_more { Self::Sliding } else { Self::Fixed }
    }
}

fn has_not(condition: &Condition) -> bool {
    match condition {
        Condition::And(parts) | Condition::Or(parts) => parts.iter().any(has_not),
        Condition::Not(_) => true,
        Condition::Search(_) | Condition::Of { .. } => false,
    }
}

/// The memory of one group.
#[derive(Debug)]
pub(super) enum Window {
    Events(VecDeque<(Witness, f64)>),
    Values(Values),
    /// The last event of each rule.
    Rules(Vec<Option<Witness>>),
    Chains(Chains),
    Fixed(Box<Fixed>),
}

impl Window {
    pub fn new(correlation: &CompiledCorrelation) -> Self {
        let rules = correlation.sources.len();
        match (Mode::of(correlation), correlation.kind) {
            (Mode::Fixed, _) => Self::Fixed(Box::default()),
            (Mode::Ordered, _) => Self::Chains(Chains::new(rules)),
            (Mode::Sliding, CorrelationKind::Temporal) => Self::Rules(vec![None; rules]),
            (Mode::Sliding, CorrelationKind::ValueCount) => Self::Values(Values::default()),
            (Mode::Sliding, _) => Self::Events(VecDeque::new()),
        }
    }

    /// Adds an event, and says whether the condition holds now. `evicted` counts what was forgotten. The ids of the
    /// events are left out if nobody asks because it held before.
    pub fn add(
        &mut self,
        correlation: &CompiledCorrelation,
        addition: Addition<'_>,
        held: bool,
        evicted: &mut u64,
    ) -> Option<Verdict> {
        let time = addition.witness.time;
        let since = time.saturating_sub(correlation.timespan.0.saturating_mul(1_000_000));
        match self {
            Self::Events(events) => {
                events.push_back((addition.witness, addition.number));
                while events.front().is_some_and(|(first, _)| first.time < since) {
                    events.pop_front();
                }
                let most = most_events(correlation);
                while events.len() > most {
                    events.pop_front();
                    *evicted += u64::from(correlation.kind != CorrelationKind::EventCount);
                }
                let numbers: Vec<f64> = match correlation.kind {
                    CorrelationKind::EventCount => Vec::new(),
                    _ => events.iter().map(|(_, number)| *number).collect(),
                };
                let number = number_of(correlation, events.len(), numbers);
                holds(correlation, number)
                    .then(|| Verdict::unless(held, number, events.iter().map(|(witness, _)| witness)))
            }
            Self::Values(values) => {
                values.add(addition.text, addition.witness, since, evicted);
                let number = as_number(values.latest.len());
                holds(correlation, number).then(|| Verdict::unless(held, number, values.latest.values()))
            }
            Self::Rules(rules) => {
                if let Some(rule) = rules.get_mut(addition.source) {
                    *rule = Some(addition.witness);
                }
                let seen: Vec<_> =
                    rules.iter().map(|rule| rule.as_ref().filter(|witness| witness.time >= since)).collect();
                let number = as_number(seen.iter().flatten().count());
                holds_for_rules(correlation, &|rule| seen.get(rule).is_some_and(Option::is_some))
                    .then(|| Verdict::unless(held, number, seen.into_iter().flatten()))
            }
            Self::Chains(chains) => chains.add(correlation, addition.source, &addition.witness, since),
            Self::Fixed(fixed) => {
                fixed.add(correlation, addition, evicted);
                None
            }
        }
    }
}

/// As many events as decide whether there are enough of them.
fn most_events(correlation: &CompiledCorrelation) -> usize {
    match &correlation.condition {
        CorrelationCondition::Number { compare, .. } if correlation.kind == CorrelationKind::EventCount => {
            let needed = compare.iter().map(|(_, number)| number.floor() + 1.0).fold(1.0, f64::max);
            (1..MAX_WINDOW + 2).find(|count| as_number(*count) >= needed).unwrap_or(MAX_WINDOW)
        }
        _ => MAX_WINDOW,
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
pub(super) fn as_number(count: usize) -> f64 {
    count as f64
}

/// The number that the correlation compares.
pub(super) fn number_of(correlation: &CompiledCorrelation, events: usize, mut numbers: Vec<f64>) -> f64 {
    match correlation.kind {
        CorrelationKind::ValueSum => numbers.iter().sum(),
        CorrelationKind::ValueAvg => numbers.iter().sum::<f64>() / as_number(events),
        CorrelationKind::ValueMedian => median(&mut numbers),
        CorrelationKind::ValuePercentile => match &correlation.condition {
            CorrelationCondition::Number { percentile: Some(rank), .. } => percentile(&mut numbers, *rank),
            _ => f64::NAN,
        },
        _ => as_number(events),
    }
}

fn median(numbers: &mut [f64]) -> f64 {
    numbers.sort_by(f64::total_cmp);
    let middle = numbers.len() / 2;
    match (numbers.get(middle.wrapping_sub(1)), numbers.get(middle)) {
        (Some(below), Some(above)) if numbers.len().is_multiple_of(2) => f64::midpoint(*below, *above),
        (_, Some(middle)) => *middle,
        _ => f64::NAN,
    }
}

/// The smallest number that at least that percentage of the numbers do not exceed.
fn percentile(numbers: &mut [f64], rank: f64) -> f64 {
    numbers.sort_by(f64::total_cmp);
    let wanted = rank / 100.0 * as_number(numbers.len());
    let place = (1..=numbers.len()).find(|place| as_number(*place) >= wanted);
    place.and_then(|place| numbers.get(place - 1)).copied().unwrap_or(f64::NAN)
}

pub(super) fn holds(correlation: &CompiledCorrelation, number: f64) -> bool {
    match &correlation.condition {
        CorrelationCondition::Number { compare, .. } => {
            compare.iter().all(|(comparison, other): &(Comparison, f64)| comparison.holds(number, *other))
        }
        _ => false,
    }
}

pub(super) fn holds_for_rules(correlation: &CompiledCorrelation, matched: &dyn Fn(usize) -> bool) -> bool {
    let rules = correlation.sources.len();
    match &correlation.condition {
        CorrelationCondition::AllRules => (0..rules).all(matched),
        CorrelationCondition::Rules(condition) => names_hold(condition, &correlation.sources, matched),
        CorrelationCondition::Number { .. } => {
            holds(correlation, as_number((0..rules).filter(|rule| matched(*rule)).count()))
        }
    }
}

fn names_hold(condition: &Condition, sources: &[RuleSource], matched: &dyn Fn(usize) -> bool) -> bool {
    let those = |fits: &dyn Fn(&RuleSource) -> bool| {
        sources
            .iter()
            .enumerate()
            .filter(|(_, source)| fits(source))
            .map(|(index, _)| index)
            .collect::<Vec<_>>()
    };
    match condition {
        Condition::And(parts) => parts.iter().all(|part| names_hold(part, sources, matched)),
        Condition::Or(parts) => parts.iter().any(|part| names_hold(part, sources, matched)),
        Condition::Not(inner) => !names_hold(inner, sources, matched),
        Condition::Search(name) => those(&|source| source.is_named(name)).into_iter().any(matched),
        Condition::Of { all: true, names } => {
            those(&|source| source.is_covered(names)).into_iter().all(matched)
        }
        Condition::Of { all: false, names } => {
            those(&|source| source.is_covered(names)).into_iter().any(matched)
        }
    }
}

impl Verdict {
    fn unless<'w>(held: bool, number: f64, witnesses: impl Iterator<Item = &'w Witness>) -> Self {
        if held { Self { number, ids: Vec::new(), values: Vec::new() } } else { Self::of(number, witnesses) }
    }

    pub fn of<'w>(number: f64, witnesses: impl Iterator<Item = &'w Witness>) -> Self {
        let mut witnesses: Vec<_> = witnesses.collect();
        witnesses.sort_by_key(|witness| witness.time);
        let first = witnesses.len().saturating_sub(EVENT_IDS);
        let mut ids: Vec<String> = Vec::new();
        for id in witnesses.into_iter().skip(first).filter_map(|witness| witness.id.as_deref()) {
            if !ids.iter().any(|other| other == id) {
                ids.push(id.to_owned());
            }
        }
        Self { number, ids, values: Vec::new() }
    }
}

/// Different values, each with its last event.
#[derive(Debug, Default)]
pub(super) struct Values {
    latest: BTreeMap<Box<str>, Witness>,
    /// Values by time; those that came again stand here more than once.
    order: VecDeque<(i64, Box<str>)>,
}

impl Values {
    fn add(&mut self, value: &str, witness: Witness, since: i64, evicted: &mut u64) {
        let time = witness.time;
        let before = self.latest.insert(value.into(), witness);
        if before.is_none_or(|before| before.time != time) {
            self.order.push_back((time, value.into()));
        }
        while self.order.front().is_some_and(|(first, _)| *first < since) {
            self.forget_first();
        }
        while self.latest.len() > MAX_WINDOW {
            let values = self.latest.len();
            self.forget_first();
            *evicted += u64::from(self.latest.len() < values);
        }
        if self.order.len() > 2 * MAX_WINDOW {
            let latest = &self.latest;
            self.order.retain(|(time, value)| latest.get(value).is_some_and(|witness| witness.time == *time));
        }
    }

    fn forget_first(&mut self) {
        if let Some((time, value)) = self.order.pop_front()
            && self.latest.get(&value).is_some_and(|witness| witness.time == time)
        {
            self.latest.remove(&value);
        }
    }
}

impl Witness {
    /// True for the same event.
    pub fn is(&self, other: &Self) -> bool {
        self.id.is_some() && self.id == other.id && self.time == other.time
    }
}
