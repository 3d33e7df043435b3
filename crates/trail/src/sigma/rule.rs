//! What a file of rules says, read but not yet understood: the meaning comes from `lower`.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::condition::Condition;
use super::yaml::Scalar;

/// How bad it is when a rule matches.
///
/// Source: [Sigma rules specification, level](https://sigmahq.io/docs/basics/rules.html).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// To enrich events, not to alert.
    Informational,
    /// Notable, rarely an incident.
    Low,
    /// To be looked at by a person.
    Medium,
    /// To be looked at soon.
    High,
    /// An incident.
    Critical,
}

impl Level {
    /// All of them, the least first.
    pub const ALL: [Self; 5] = [Self::Informational, Self::Low, Self::Medium, Self::High, Self::Critical];

    /// The name in rules and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Informational => "informational",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// The level of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.name() == name)
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// What a rule tells of itself. `level` is medium where the rule gives none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Meta {
    /// The file, as it was named when rules were loaded.
    pub file: String,
    /// The line where the rule begins.
    pub line: usize,
    /// A short title.
    pub title: String,
    /// The unique id; the title where a rule has none.
    pub id: String,
    /// A name by which other rules may refer to it.
    pub name: Option<String>,
    /// `stable`, `test`, `experimental` or `deprecated`.
    pub status: Option<String>,
    /// How bad a hit is.
    pub level: Level,
    /// What is detected.
    pub description: Option<String>,
    /// Why that matters; an extension of ours.
    pub why: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// Pages to read.
    pub references: Vec<String>,
    /// When it matches though nothing is wrong.
    pub falsepositives: Vec<String>,
    /// Tags, such as `attack.t1098`.
    pub tags: Vec<String>,
    /// Fields that help to judge a hit.
    pub fields: Vec<String>,
}

/// A document that can give hits.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Rule {
    pub meta: Meta,
    pub body: Body,
    pub tests: Tests,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Body {
    Detection(Detection),
    Correlation(Correlation),
    FirstSeen(Detection, FirstSeen),
}

/// Events that a rule must match, and must not match. For rules about several events, each case is a list of events.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Tests {
    pub matching: Vec<Case>,
    pub not_matching: Vec<Case>,
}

/// The events of one test, as JSON texts.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Case {
    pub line: usize,
    pub events: Vec<String>,
}

/// Named searches, and how they are combined.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Detection {
    pub searches: Vec<(Box<str>, Search)>,
    /// One of them is enough.
    pub conditions: Vec<(usize, Condition)>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Search {
    /// A map: all items.
    All(Vec<Item>),
    /// A list: one part is enough.
    Any(Vec<Search>),
}

/// `field|modifier: values`; without a field, keywords.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Item {
    pub line: usize,
    pub field: Option<Box<str>>,
    pub modifiers: Vec<Box<str>>,
    pub values: Vec<Scalar>,
}

/// A filter: a condition that is added to other rules.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Filter {
    pub file: String,
    pub line: usize,
    pub title: String,
    /// Ids or names of rules; all rules if nothing.
    pub rules: Option<Vec<String>>,
    pub detection: Detection,
}

/// Source: [Sigma correlation rules](https://sigmahq.io/docs/meta/correlations.html).
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Correlation {
    pub kind: CorrelationKind,
    /// Ids or names of rules.
    pub rules: Vec<String>,
    pub group_by: Vec<String>,
    pub timespan: Span,
    pub condition: CorrelationCondition,
    pub aliases: Vec<Alias>,
    /// True if the rules referred to give hits of their own too.
    pub generate: bool,
}

/// An alias, and by the names of rules the field that it stands for.
pub(super) type Alias = (String, Vec<(String, String)>);

/// The types of correlation rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CorrelationKind {
    /// How many events.
    EventCount,
    /// How many different values of a field.
    ValueCount,
    /// Events of different rules close to each other.
    Temporal,
    /// The same, in the order of the rules.
    TemporalOrdered,
    /// The sum of a field.
    ValueSum,
    /// The mean of a field.
    ValueAvg,
    /// A percentile of a field, or how rare its values are.
    ValuePercentile,
    /// The median of a field.
    ValueMedian,
}

impl CorrelationKind {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::EventCount,
        Self::ValueCount,
        Self::Temporal,
        Self::TemporalOrdered,
        Self::ValueSum,
        Self::ValueAvg,
        Self::ValuePercentile,
        Self::ValueMedian,
    ];

    /// The name in rules.
    pub fn name(self) -> &'static str {
        match self {
            Self::EventCount => "event_count",
            Self::ValueCount => "value_count",
            Self::Temporal => "temporal",
            Self::TemporalOrdered => "temporal_ordered",
            Self::ValueSum => "value_sum",
            Self::ValueAvg => "value_avg",
            Self::ValuePercentile => "value_percentile",
            Self::ValueMedian => "value_median",
        }
    }

    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// True where the condition names a field.
    pub(super) fn has_field(self) -> bool {
        !matches!(self, Self::EventCount | Self::Temporal | Self::TemporalOrdered)
    }

    /// True where it is about which rules matched.
    pub(super) fn is_temporal(self) -> bool {
        matches!(self, Self::Temporal | Self::TemporalOrdered)
    }
}

/// What must hold of a group of events.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum CorrelationCondition {
    /// All rules must have matched.
    AllRules,
    /// Comparisons with the number that the type of correlation is about; all must hold.
    Number { compare: Vec<(Comparison, f64)>, field: Vec<String>, percentile: Option<f64> },
    /// Which rules must have matched.
    Rules(Condition),
}

/// How two numbers compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Comparison {
    Lt,
    Lte,
    Gt,
    Gte,
    Eq,
    Neq,
}

impl Comparison {
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "lt" => Self::Lt,
            "lte" => Self::Lte,
            "gt" => Self::Gt,
            "gte" => Self::Gte,
            "eq" => Self::Eq,
            "neq" => Self::Neq,
            _ => return None,
        })
    }

    /// True if `left` compares so with `right`.
    pub fn holds(self, left: f64, right: f64) -> bool {
        match left.partial_cmp(&right) {
            None => false,
            Some(order) => match self {
                Self::Lt => order.is_lt(),
                Self::Lte => order.is_le(),
                Self::Gt => order.is_gt(),
                Self::Gte => order.is_ge(),
                Self::Eq => order.is_eq(),
                Self::Neq => order.is_ne(),
            },
        }
    }

    /// True if a larger number can only make it hold.
    pub fn asks_for_more(self) -> bool {
        matches!(self, Self::Gt | Self::Gte)
    }
}

/// Our own rule type: what somebody does for the first time.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct FirstSeen {
    /// Whose habit: the values of these fields together.
    pub by: Vec<String>,
    /// What is new: the values of these fields together.
    pub value: Vec<String>,
    /// New is what was not seen in this span before.
    pub within: Span,
    /// Who is judged has been seen for at least this long.
    pub learn: Span,
}

/// A length of time in whole seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span(pub i64);

impl Span {
    /// Reads `30s`, `5m`, `1h`, `7d` or `2w`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let unit = text.chars().last()?;
        let seconds = match unit {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            'd' => 86_400,
            'w' => 7 * 86_400,
            _ => return None,
        };
        let number: u32 = text.strip_suffix(unit)?.parse().ok()?;
        (number > 0).then_some(Self(i64::from(number) * seconds))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans() {
        let cases = [
            ("30s", Some(30)),
            ("5m", Some(300)),
            ("1h", Some(3600)),
            ("7d", Some(604_800)),
            ("2w", Some(1_209_600)),
            ("0s", None),
            ("5", None),
            ("m", None),
            ("-5m", None),
            ("1M", None),
            ("1.5h", None),
            ("", None),
            ("99999999999d", None),
        ];
        for (text, expected) in cases {
            assert_eq!(Span::parse(text).map(|span| span.0), expected, "{text}");
        }
    }

    #[test]
    fn levels() {
        for level in Level::ALL {
            assert_eq!(Level::named(level.name()), Some(level));
        }
        assert!(Level::Critical > Level::Low);
        assert_eq!(Level::named("bad"), None);
    }
}
