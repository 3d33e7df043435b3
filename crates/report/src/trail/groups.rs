//! Hits by rule and by principal.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use leastwise_model::Severity;
use leastwise_trail::hunt::Hit;
use leastwise_trail::sigma::Level;

/// The hits of one rule, in the order of time.
pub(crate) struct OfRule<'h> {
    pub title: &'h str,
    pub rule: &'h str,
    pub level: Level,
    pub tags: &'h [String],
    pub hits: Vec<&'h Hit>,
}

/// The hits of one principal, in the order of time.
pub(crate) struct OfPrincipal<'h> {
    pub principal: &'h str,
    pub level: Level,
    pub hits: Vec<&'h Hit>,
}

/// How an event without a principal is shown.
pub(crate) const NOBODY: &str = "(no principal in the record)";

/// The rules with their hits, the worst first, then those with the most hits.
pub(crate) fn by_rule(hits: &[Hit]) -> Vec<OfRule<'_>> {
    let mut rules: BTreeMap<&str, OfRule<'_>> = BTreeMap::new();
    for hit in hits {
        let info = &*hit.info;
        let new = || OfRule {
            title: &info.title,
            rule: &info.rule,
            level: info.level,
            tags: &info.tags,
            hits: Vec::new(),
        };
        rules.entry(&info.rule).or_insert_with(new).hits.push(hit);
    }
    let mut rules: Vec<_> = rules.into_values().collect();
    rules.sort_by(|a, b| (b.level, b.hits.len(), a.title).cmp(&(a.level, a.hits.len(), b.title)));
    rules
}

/// The principals with their hits, those with the worst first, then those with the most.
pub(crate) fn by_principal(hits: &[Hit]) -> Vec<OfPrincipal<'_>> {
    let mut principals: BTreeMap<&str, OfPrincipal<'_>> = BTreeMap::new();
    for hit in hits {
        let principal = hit.principal.as_deref().unwrap_or(NOBODY);
        let new = || OfPrincipal { principal, level: Level::Informational, hits: Vec::new() };
        let of = principals.entry(principal).or_insert_with(new);
        of.level = of.level.max(hit.info.level);
        of.hits.push(hit);
    }
    let mut principals: Vec<_> = principals.into_values().collect();
    let worst = |of: &OfPrincipal<'_>| of.hits.iter().filter(|hit| hit.info.level == of.level).count();
    principals.sort_by(|a, b| {
        (b.level, worst(b), b.hits.len(), a.principal).cmp(&(a.level, worst(a), a.hits.len(), b.principal))
    });
    principals
}

/// How many hits there are of each level, the worst first; levels without hits are left out.
pub(crate) fn by_level(hits: &[Hit]) -> Vec<(Level, usize)> {
    let count = |level: Level| hits.iter().filter(|hit| hit.info.level == level).count();
    let levels = Level::ALL.into_iter().rev().map(|level| (level, count(level)));
    levels.filter(|(_, count)| *count > 0).collect()
}

/// The different values of something that hits have, each with how often it occurs; the most frequent first.
pub(crate) fn tally<'h>(hits: &[&'h Hit], of: impl Fn(&'h Hit) -> Option<&'h str>) -> Vec<(&'h str, usize)> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for value in hits.iter().filter_map(|hit| of(hit)) {
        *counts.entry(value).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    counts
}

/// The first and last time of hits.
pub(crate) fn span<'h>(hits: impl IntoIterator<Item = &'h Hit>) -> Option<(Timestamp, Timestamp)> {
    let times: BTreeSet<Timestamp> = hits.into_iter().filter_map(|hit| hit.time).collect();
    Some((*times.first()?, *times.last()?))
}

/// The techniques of MITRE ATT&CK among tags, as MITRE writes them: `T1078.004`.
pub(crate) fn techniques(tags: &[String]) -> Vec<String> {
    let name = |tag: &String| {
        let name = tag.strip_prefix("attack.t")?;
        name.starts_with(|c: char| c.is_ascii_digit()).then(|| format!("T{name}"))
    };
    tags.iter().filter_map(name).collect()
}

/// The colour of a level: that of the severity with the same weight.
pub(crate) fn severity(level: Level) -> Severity {
    match level {
        Level::Informational => Severity::Info,
        Level::Low => Severity::Low,
        Level::Medium => Severity::Medium,
        Level::High => Severity::High,
        Level::Critical => Severity::Critical,
    }
}
