//! Rules that are understood.

use super::lower::Expr;
use super::place::{Place, View};
use super::rule::{CorrelationCondition, CorrelationKind, Meta, Span, Tests as Cases};
use super::rules::{Kind, Rules};
use super::test::{self, Ask, Tests};

/// A rule that can be used.
#[derive(Debug)]
pub(crate) struct Compiled {
    pub meta: Meta,
    pub body: CompiledBody,
    /// Fields whose values go to correlations.
    pub captured: Vec<String>,
    /// The same as places; for single and first-seen rules.
    pub captures: Vec<u16>,
    /// Correlations that hear of its hits, each with the number of the rule among those it refers to.
    pub listeners: Vec<(u32, usize)>,
    /// False if it is there for correlations only.
    pub reported: bool,
    /// Rules that ask the very same of several events; what is noted and judged for this one counts for them.
    pub twins: Vec<u32>,
    /// The rule whose twin this is.
    pub twin_of: Option<u32>,
    pub(super) cases: Cases,
}

#[derive(Debug)]
pub(crate) enum CompiledBody {
    Single(Expr),
    FirstSeen { expr: Expr, by: Vec<u16>, value: Vec<u16>, within: Span, learn: Span },
    Correlation(Box<CompiledCorrelation>),
}

/// A correlation whose references are resolved.
#[derive(Debug)]
pub(crate) struct CompiledCorrelation {
    pub kind: CorrelationKind,
    pub timespan: Span,
    pub condition: CorrelationCondition,
    pub group_by: Vec<String>,
    /// The rules it hears of, in its own order.
    pub sources: Vec<RuleSource>,
    pub(super) generate: bool,
}

/// How a correlation sees the hits of one of its rules.
#[derive(Debug)]
pub(crate) struct RuleSource {
    /// The rule that is heard, and the one that was named, which may be its twin.
    pub(super) rule: u32,
    pub(super) named: u32,
    /// Fields of this rule that the correlation calls by other names.
    pub(super) aliases: Vec<(String, String)>,
    /// Names by which a condition may call it.
    pub names: Vec<String>,
    /// For each field of the group, its place among what that rule captures.
    pub group: Vec<usize>,
    /// The same for the fields of the condition.
    pub value: Vec<usize>,
    /// The same for what the correlation itself captures for others.
    pub passed: Vec<usize>,
}

impl CompiledCorrelation {
    /// All that decides on its hits; nothing if that depends on names.
    pub(super) fn asked(&self) -> Option<String> {
        let sources: Vec<_> = self.sources.iter().map(|source| (source.rule, &source.aliases)).collect();
        let depends_on_names = matches!(self.condition, CorrelationCondition::Rules(_));
        let asked = || {
            format!(
                "{:?} {:?} {:?} {:?} {sources:?}",
                self.kind, self.timespan, self.condition, self.group_by
            )
        };
        (!depends_on_names).then(asked)
    }

    /// True if the values of the field must be numbers.
    pub fn needs_number(&self) -> bool {
        match self.kind {
            CorrelationKind::ValueSum | CorrelationKind::ValueAvg | CorrelationKind::ValueMedian => true,
            CorrelationKind::ValuePercentile => {
                matches!(self.condition, CorrelationCondition::Number { percentile: Some(_), .. })
            }
            _ => false,
        }
    }
}

impl Compiled {
    /// The names of the fields of a first-seen rule: who, then what.
    pub fn first_seen_fields(&self, rules: &Rules) -> Vec<String> {
        match &self.body {
            CompiledBody::FirstSeen { by, value, .. } => {
                by.iter().chain(value).filter_map(|place| rules.place_name(*place)).collect()
            }
            _ => Vec::new(),
        }
    }

    pub fn kind(&self) -> Kind {
        match &self.body {
            CompiledBody::Single(_) => Kind::Single,
            CompiledBody::FirstSeen { .. } => Kind::FirstSeen,
            CompiledBody::Correlation(correlation) => Kind::Correlation(correlation.kind),
        }
    }
}

impl CompiledBody {
    pub fn expr(&self) -> Option<&Expr> {
        match self {
            Self::Single(expr) | Self::FirstSeen { expr, .. } => Some(expr),
            Self::Correlation(_) => None,
        }
    }

    pub(super) fn sort_by_cost(&mut self, tests: &Tests) {
        match self {
            Self::Single(expr) | Self::FirstSeen { expr, .. } => {
                expr.sort_by_cost(tests);
            }
            Self::Correlation(_) => {}
        }
    }
}

impl Expr {
    /// True if it holds for the event.
    pub fn holds(&self, tests: &Tests, view: &mut View<'_, '_>, scratch: &mut test::Scratch) -> bool {
        match self {
            Self::And(parts) => parts.iter().all(|part| part.holds(tests, view, scratch)),
            Self::Or(parts) => parts.iter().any(|part| part.holds(tests, view, scratch)),
            Self::Not(inner) => !inner.holds(tests, view, scratch),
            Self::Test(test) => tests.holds(*test, view, scratch),
        }
    }

    /// Puts what is quickly tried first, and returns what trying all of it costs.
    fn sort_by_cost(&mut self, tests: &Tests) -> u32 {
        match self {
            Self::And(parts) | Self::Or(parts) => {
                for part in parts.iter_mut() {
                    part.sort_by_cost(tests);
                }
                parts.sort_by_cached_key(|part| part.clone().sort_by_cost(tests));
                parts.iter_mut().map(|part| part.sort_by_cost(tests)).fold(0, u32::saturating_add)
            }
            Self::Not(inner) => inner.sort_by_cost(tests),
            Self::Test(test) => tests.get(*test).map_or(0, |test| {
                let record = tests.places.get(usize::from(test.place)) == Some(&Place::Record);
                let cost = match &test.ask {
                    Ask::Present | Ask::Absent | Ask::Null => 1,
                    Ask::Text { patterns, .. } if patterns.iter().all(|p| p.as_plain().is_some()) => 2,
                    Ask::Text { .. } | Ask::Number(..) => 4,
                    Ask::Cidr(_) | Ask::Part(..) | Ask::Same { .. } => 8,
                    Ask::Regex { .. } => 20,
                };
                if record { cost + 1000 } else { cost }
            }),
        }
    }
}

impl RuleSource {
    /// What this rule calls a field of the correlation.
    pub(super) fn field<'f>(&'f self, field: &'f str) -> &'f str {
        self.aliases.iter().find(|(alias, _)| alias == field).map_or(field, |(_, field)| field)
    }
}

impl CorrelationCondition {
    /// The fields that it counts or computes with.
    pub fn fields(&self) -> impl Iterator<Item = &String> {
        match self {
            Self::Number { field, .. } => field.iter(),
            _ => [].iter(),
        }
    }
}

impl Compiled {
    /// The number of a field among those that are handed to correlations.
    pub(super) fn capture(&mut self, field: &str) -> usize {
        self.captured.iter().position(|other| other == field).unwrap_or_else(|| {
            self.captured.push(field.to_owned());
            self.captured.len() - 1
        })
    }
}
