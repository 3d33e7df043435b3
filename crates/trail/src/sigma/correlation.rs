//! What correlation rules may ask for.

use super::compiled::RuleSource;
use super::condition::{Condition, covers};
use super::listed;
use super::problem::{Refusal, broken, unsupported};
use super::rule::{Comparison, Correlation, CorrelationCondition, CorrelationKind};

/// As many events or values as one group of a correlation remembers.
pub(crate) const MAX_WINDOW: usize = 10_000;

/// Refuses what makes no sense, or would need more memory than a group may take.
pub(super) fn check(line: usize, correlation: &Correlation, sources: &[RuleSource]) -> Result<(), Refusal> {
    for (alias, fields) in &correlation.aliases {
        let stranger = fields.iter().find(|(rule, _)| !sources.iter().any(|source| source.is_named(rule)));
        if let Some((rule, _)) = stranger {
            return Err(broken(
                line,
                format!("the alias `{alias}` is for `{rule}`, which is not among the rules"),
            ));
        }
    }
    match &correlation.condition {
        CorrelationCondition::AllRules => Ok(()),
        CorrelationCondition::Rules(condition) => {
            if correlation.kind == CorrelationKind::TemporalOrdered {
                return Err(unsupported(
                    line,
                    "a condition with names of rules says nothing about their order",
                ));
            }
            check_names(line, condition, sources)
        }
        CorrelationCondition::Number { compare, .. } => check_numbers(line, correlation, compare),
    }
}

fn check_names(line: usize, condition: &Condition, sources: &[RuleSource]) -> Result<(), Refusal> {
    match condition {
        Condition::And(parts) | Condition::Or(parts) => {
            parts.iter().try_for_each(|part| check_names(line, part, sources))
        }
        Condition::Not(inner) => check_names(line, inner, sources),
        Condition::Search(name) if sources.iter().any(|source| source.is_named(name)) => Ok(()),
        Condition::Of { names, .. } if sources.iter().any(|source| source.is_covered(names)) => Ok(()),
        Condition::Search(name) | Condition::Of { names: name, .. } => {
            let known = listed(sources.iter().filter_map(|source| source.names.first()).map(String::as_str));
            Err(broken(line, format!("the condition names `{name}`; the rules are {known}")))
        }
    }
}

fn check_numbers(
    line: usize,
    correlation: &Correlation,
    compare: &[(Comparison, f64)],
) -> Result<(), Refusal> {
    let counts = matches!(correlation.kind, CorrelationKind::EventCount | CorrelationKind::ValueCount);
    #[expect(clippy::cast_precision_loss, reason = "the bound is far below 2^53")]
    let most = MAX_WINDOW as f64;
    if let Some((_, number)) = compare.iter().find(|(_, number)| counts && *number > most) {
        return Err(unsupported(
            line,
            format!("{number} is more than the {MAX_WINDOW} events that a group remembers"),
        ));
    }
    if correlation.kind == CorrelationKind::TemporalOrdered {
        #[expect(clippy::cast_precision_loss, reason = "nobody lists 2^53 rules")]
        let all = correlation.rules.len() as f64;
        let fits = |(comparison, number): &(Comparison, f64)| {
            comparison.asks_for_more() || (*comparison == Comparison::Eq && *number >= all)
        };
        if !compare.iter().all(fits) {
            return Err(unsupported(line, "of `temporal_ordered`, only `gt` and `gte` are judged"));
        }
    }
    Ok(())
}

impl RuleSource {
    /// True if a rule refers to it by this name.
    pub fn is_named(&self, name: &str) -> bool {
        self.names.iter().any(|other| other == name)
    }

    /// True if a pattern covers its name.
    pub fn is_covered(&self, pattern: &str) -> bool {
        self.names.iter().any(|name| covers(pattern, name))
    }
}
