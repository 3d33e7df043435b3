//! Making rules ready together: references, filters, and what correlations ask of the rules they hear.

use std::collections::{BTreeMap, BTreeSet};

use super::compiled::{Compiled, CompiledBody, CompiledCorrelation, RuleSource};
use super::lower::{self, Expr};
use super::place::Place;
use super::problem::{Problem, ProblemKind, Refusal, broken};
use super::rule::{Body, Correlation, Filter, FirstSeen, Meta, Rule, Tests as Cases};
use super::test::Tests;
use super::{Placeholders, listed};

pub(super) struct Loading<'p> {
    placeholders: &'p Placeholders,
    pub tests: Tests,
    pub problems: Vec<Problem>,
    /// Ids and names, with the number of the rule; nothing if that rule cannot be used.
    names: BTreeMap<String, Option<u32>>,
    /// What rules ask, and the first one that asks it.
    asked: BTreeMap<String, u32>,
}

impl<'p> Loading<'p> {
    pub fn new(placeholders: &'p Placeholders) -> Self {
        Self {
            placeholders,
            tests: Tests::default(),
            problems: Vec::new(),
            names: BTreeMap::new(),
            asked: BTreeMap::new(),
        }
    }

    /// Rules whose ids and names nobody has before them.
    pub fn unique(&mut self, rules: Vec<Rule>) -> Vec<Rule> {
        let mut seen: BTreeMap<String, String> = BTreeMap::new();
        let mut unique = Vec::new();
        for rule in rules {
            let place = format!("{}:{}", rule.meta.file, rule.meta.line);
            let names: Vec<_> = std::iter::once(&rule.meta.id).chain(&rule.meta.name).cloned().collect();
            if let Some((name, other)) = names.iter().find_map(|name| Some((name, seen.get(name)?))) {
                let reason = format!("the id or name `{name}` belongs to the rule in {other} already");
                let refusal = Refusal { kind: ProblemKind::Duplicate, line: rule.meta.line, reason };
                self.refuse(&rule.meta, refusal);
            } else {
                seen.extend(names.into_iter().map(|name| (name, place.clone())));
                unique.push(rule);
            }
        }
        unique
    }

    fn refuse(&mut self, meta: &Meta, refusal: Refusal) {
        self.problems.push(refusal.problem(&meta.file, Some(&meta.title)));
        for name in std::iter::once(&meta.id).chain(&meta.name) {
            self.names.entry(name.clone()).or_insert(None);
        }
    }

    pub fn compile(&mut self, rules: Vec<Rule>, filters: &[Filter]) -> Vec<Compiled> {
        let mut compiled: Vec<Compiled> = Vec::new();
        let mut correlations = Vec::new();
        for rule in rules {
            let body = match &rule.body {
                Body::Detection(detection) => {
                    lower::detection(detection, &mut self.tests, self.placeholders).map(CompiledBody::Single)
                }
                Body::FirstSeen(detection, first_seen) => {
                    lower::detection(detection, &mut self.tests, self.placeholders)
                        .and_then(|expr| self.first_seen(rule.meta.line, expr, first_seen))
                }
                Body::Correlation(correlation) => {
                    correlations.push((rule.meta, correlation.clone(), rule.tests));
                    continue;
                }
            };
            match body {
                Ok(body) => self.add(&mut compiled, rule.meta, body, rule.tests),
                Err(refusal) => self.refuse(&rule.meta, refusal),
            }
        }
        self.filter(&mut compiled, filters);
        self.pair_all(&mut compiled);
        self.correlate(&mut compiled, correlations);
        self.capture(&mut compiled);
        compiled
    }

    fn add(&mut self, compiled: &mut Vec<Compiled>, meta: Meta, body: CompiledBody, cases: Cases) {
        let number = u32::try_from(compiled.len()).unwrap_or(u32::MAX);
        for name in std::iter::once(&meta.id).chain(&meta.name) {
            self.names.insert(name.clone(), Some(number));
        }
        compiled.push(Compiled {
            meta,
            body,
            captured: Vec::new(),
            captures: Vec::new(),
            listeners: Vec::new(),
            reported: true,
            twins: Vec::new(),
            twin_of: None,
            cases,
        });
    }

    /// Finds out whether the rule asks what another one does; `asked` must be different for what is different.
    fn pair(&mut self, compiled: &mut [Compiled], number: u32, asked: String) {
        let first = *self.asked.entry(asked).or_insert(number);
        if first == number {
            return;
        }
        if let Some(rule) = compiled.get_mut(number as usize) {
            rule.twin_of = Some(first);
        }
        if let Some(rule) = compiled.get_mut(first as usize) {
            rule.twins.push(number);
        }
    }

    fn pair_all(&mut self, compiled: &mut [Compiled]) {
        for number in (0..).take(compiled.len()) {
            let asked = match compiled.get(number as usize).map(|rule| &rule.body) {
                Some(CompiledBody::Single(expr)) => format!("{expr:?}"),
                Some(CompiledBody::FirstSeen { expr, by, value, within, learn }) => {
                    format!("{expr:?} {by:?} {value:?} {within:?} {learn:?}")
                }
                Some(CompiledBody::Correlation(_)) | None => continue,
            };
            self.pair(compiled, number, asked);
        }
    }

    fn first_seen(&mut self, line: usize, expr: Expr, rule: &FirstSeen) -> Result<CompiledBody, Refusal> {
        let mut places = |names: &[String]| -> Result<Vec<u16>, Refusal> {
            let place = |name: &String| Place::named(name).and_then(|place| self.tests.place(place));
            names
                .iter()
                .map(place)
                .collect::<Result<_, _>>()
                .map_err(|why| super::problem::unsupported(line, why))
        };
        let (by, value) = (places(&rule.by)?, places(&rule.value)?);
        Ok(CompiledBody::FirstSeen { expr, by, value, within: rule.within, learn: rule.learn })
    }

    /// Adds the conditions of filters to the rules they are for.
    fn filter(&mut self, compiled: &mut [Compiled], filters: &[Filter]) {
        for filter in filters {
            if let Err(refusal) = self.filter_one(compiled, filter) {
                self.problems.push(refusal.problem(&filter.file, Some(&filter.title)));
            }
        }
    }

    fn filter_one(&mut self, compiled: &mut [Compiled], filter: &Filter) -> Result<(), Refusal> {
        let condition = lower::detection(&filter.detection, &mut self.tests, self.placeholders)?;
        let numbers: BTreeSet<u32> = match &filter.rules {
            None => (0..).take(compiled.len()).collect(),
            Some(names) => {
                let known: BTreeSet<_> = names.iter().filter_map(|name| *self.names.get(name)?).collect();
                let missing: Vec<_> =
                    names.iter().filter(|name| !matches!(self.names.get(*name), Some(Some(_)))).collect();
                if !missing.is_empty() {
                    let missing = listed(missing.into_iter().map(String::as_str));
                    let reason = format!("it is for rules that are not there or cannot be used: {missing}");
                    let refusal = broken(filter.line, reason);
                    self.problems.push(refusal.problem(&filter.file, Some(&filter.title)));
                }
                known
            }
        };
        for number in numbers {
            if let Some(rule) = compiled.get_mut(number as usize) {
                match &mut rule.body {
                    CompiledBody::Single(expr) | CompiledBody::FirstSeen { expr, .. } => {
                        *expr = lower::all(vec![expr.clone(), condition.clone()]);
                    }
                    CompiledBody::Correlation(_) => {}
                }
            }
        }
        Ok(())
    }

    /// Adds correlations, each after those it refers to; what is left in the end refers to itself.
    fn correlate(&mut self, compiled: &mut Vec<Compiled>, mut waiting: Vec<(Meta, Correlation, Cases)>) {
        loop {
            let names: BTreeSet<String> = waiting
                .iter()
                .flat_map(|(meta, ..)| std::iter::once(&meta.id).chain(&meta.name))
                .filter(|name| !self.names.contains_key(*name))
                .cloned()
                .collect();
            let is_ready =
                |correlation: &Correlation| !correlation.rules.iter().any(|rule| names.contains(rule));
            let (ready, rest): (Vec<_>, Vec<_>) =
                waiting.into_iter().partition(|(_, correlation, _)| is_ready(correlation));
            waiting = rest;
            if ready.is_empty() {
                break;
            }
            for (meta, correlation, cases) in ready {
                match self.correlation(compiled, &meta, &correlation) {
                    Ok(body) => {
                        self.add(compiled, meta, body, cases);
                        self.listen(compiled);
                    }
                    Err(refusal) => self.refuse(&meta, refusal),
                }
            }
        }
        for (meta, ..) in waiting {
            let refusal = broken(meta.line, "it refers to itself, over other correlations or directly");
            self.refuse(&meta, refusal);
        }
    }

    fn correlation(
        &mut self,
        compiled: &[Compiled],
        meta: &Meta,
        correlation: &Correlation,
    ) -> Result<CompiledBody, Refusal> {
        let mut sources = Vec::new();
        for name in &correlation.rules {
            let number = match self.names.get(name) {
                Some(Some(number)) => *number,
                Some(None) => {
                    return Err(broken(
                        meta.line,
                        format!("it refers to `{name}`, and that rule cannot be used"),
                    ));
                }
                None => {
                    return Err(broken(
                        meta.line,
                        format!("it refers to `{name}`, and there is no such rule"),
                    ));
                }
            };
            let source = compiled.get(number as usize);
            let source = source.ok_or_else(|| broken(meta.line, format!("there is no rule `{name}`")))?;
            let mut names = vec![name.clone(), source.meta.id.clone()];
            names.extend(source.meta.name.clone());
            let aliases = correlation.aliases.iter().filter_map(|(alias, fields)| {
                let field = fields.iter().find(|(rule, _)| names.contains(rule));
                field.map(|(_, field)| (alias.clone(), field.clone()))
            });
            sources.push(RuleSource {
                rule: source.twin_of.unwrap_or(number),
                named: number,
                aliases: aliases.collect(),
                names,
                group: Vec::new(),
                value: Vec::new(),
                passed: Vec::new(),
            });
        }
        super::correlation::check(meta.line, correlation, &sources)?;
        let fields = correlation.group_by.iter().chain(correlation.condition.fields());
        for (field, source) in fields.flat_map(|field| sources.iter().map(move |source| (field, source))) {
            let place = Place::named(source.field(field)).and_then(|place| self.tests.place(place));
            place.map_err(|reason| super::problem::unsupported(meta.line, reason))?;
        }
        Ok(CompiledBody::Correlation(Box::new(CompiledCorrelation {
            kind: correlation.kind,
            timespan: correlation.timespan,
            condition: correlation.condition.clone(),
            group_by: correlation.group_by.clone(),
            sources,
            generate: correlation.generate,
        })))
    }

    /// Tells the rules of the last correlation who listens to them, unless another one hears the same already.
    fn listen(&mut self, compiled: &mut [Compiled]) {
        let listener = u32::try_from(compiled.len().saturating_sub(1)).unwrap_or(u32::MAX);
        let Some(Compiled { body: CompiledBody::Correlation(correlation), .. }) = compiled.last() else {
            return;
        };
        let heard: Vec<_> = correlation.sources.iter().map(|source| source.rule).collect();
        if let Some(asked) = correlation.asked() {
            self.pair(compiled, listener, asked);
        }
        if compiled.last().is_some_and(|rule| rule.twin_of.is_some()) {
            return;
        }
        for (index, number) in heard.into_iter().enumerate() {
            if let Some(rule) = compiled.get_mut(number as usize) {
                rule.listeners.push((listener, index));
            }
        }
    }

    /// Finds out which values each rule hands to correlations, and which rules are for correlations only.
    ///
    /// Correlations stand behind the rules they refer to, so that going backwards all that is asked of a rule is
    /// known before it asks others.
    fn capture(&mut self, compiled: &mut [Compiled]) {
        let mut quiet = BTreeSet::new();
        let mut heard = BTreeSet::new();
        for number in (0..compiled.len()).rev() {
            let Some(Compiled { body: CompiledBody::Correlation(correlation), captured, .. }) =
                compiled.get_mut(number)
            else {
                continue;
            };
            let passed = std::mem::take(captured);
            let values: Vec<_> = correlation.condition.fields().cloned().collect();
            let groups = correlation.group_by.clone();
            let mut sources = std::mem::take(&mut correlation.sources);
            if correlation.generate { &mut heard } else { &mut quiet }
                .extend(sources.iter().map(|s| s.named));
            for source in &mut sources {
                let Some(rule) = compiled.get_mut(source.rule as usize) else { continue };
                let mut places = |fields: &[String]| -> Vec<usize> {
                    fields.iter().map(|field| rule.capture(source.field(field))).collect()
                };
                let (group, value, passed) = (places(&groups), places(&values), places(&passed));
                (source.group, source.value, source.passed) = (group, value, passed);
            }
            if let Some(Compiled { body: CompiledBody::Correlation(correlation), captured, .. }) =
                compiled.get_mut(number)
            {
                correlation.sources = sources;
                *captured = passed;
            }
        }
        for (rule, number) in compiled.iter_mut().zip(0..) {
            rule.reported = heard.contains(&number) || !quiet.contains(&number);
            let places = rule.captured.iter().filter_map(|name| {
                let place = Place::named(name).ok()?;
                self.tests.place(place).ok()
            });
            rule.captures = places.collect();
        }
    }
}
