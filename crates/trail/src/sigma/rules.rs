//! Rules made ready together.

use std::collections::{BTreeMap, BTreeSet};

use super::code::Code;
use super::index::{Candidates, Index};
use super::lower::{self, Expr};
use super::place::{Place, View};
use super::problem::{Problem, ProblemKind, Refusal, broken};
use super::rule::{
    Body, Correlation, CorrelationCondition, CorrelationKind, Filter, FirstSeen, Meta, Rule, Span,
    Tests as Cases,
};
use super::test::{self, Ask, Tests};
use super::{Placeholders, listed, read};

/// The text of a file of rules.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// How the file is named in reports.
    pub name: &'a str,
    /// Its YAML.
    pub text: &'a str,
}

/// What a rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// One event.
    Single,
    /// Several events, as other rules match them.
    Correlation(CorrelationKind),
    /// What somebody never did before.
    FirstSeen,
}

impl Kind {
    /// The name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Single => "single",
            Self::Correlation(kind) => kind.name(),
            Self::FirstSeen => "first_seen",
        }
    }
}

/// Rules that can be used, compiled together, and what is wrong with the others.
#[derive(Debug, Default)]
pub struct Rules {
    pub(crate) used: Vec<Compiled>,
    tests: Tests,
    /// What rules ask, each once, and the rules that ask it.
    pub(super) codes: Vec<(Code, Vec<u32>)>,
    /// Of the numbers of expressions.
    index: Index,
    problems: Vec<Problem>,
}

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
    generate: bool,
}

/// How a correlation sees the hits of one of its rules.
#[derive(Debug)]
pub(crate) struct RuleSource {
    /// The rule that is heard, and the one that was named, which may be its twin.
    rule: u32,
    named: u32,
    /// Fields of this rule that the correlation calls by other names.
    aliases: Vec<(String, String)>,
    /// Names by which a condition may call it.
    pub names: Vec<String>,
    /// For each field of the group, its place among what that rule captures.
    pub group: Vec<usize>,
    /// The same for the fields of the condition.
    pub value: Vec<usize>,
    /// The same for what the correlation itself captures for others.
    pub passed: Vec<usize>,
}

/// What is remembered while one event is looked at, and memory that is used again for the next one.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    tests: test::Scratch,
    candidates: Candidates,
}

impl Rules {
    /// Reads and compiles rules. What is wrong with any of them is in [`Rules::problems`].
    pub fn load<'a>(sources: impl IntoIterator<Item = Source<'a>>, placeholders: &Placeholders) -> Self {
        Self::load_some(sources, placeholders, false)
    }

    /// As [`Rules::load`], and reads the test events too.
    pub fn load_with_tests<'a>(
        sources: impl IntoIterator<Item = Source<'a>>,
        placeholders: &Placeholders,
    ) -> Self {
        Self::load_some(sources, placeholders, true)
    }

    fn load_some<'a>(
        sources: impl IntoIterator<Item = Source<'a>>,
        placeholders: &Placeholders,
        with_tests: bool,
    ) -> Self {
        let mut loading = Loading {
            placeholders,
            tests: Tests::default(),
            problems: Vec::new(),
            names: BTreeMap::new(),
            asked: BTreeMap::new(),
        };
        let (mut rules, mut filters) = (Vec::new(), Vec::new());
        for source in sources {
            let file = read::file(source.name, source.text, with_tests);
            rules.extend(file.rules);
            filters.extend(file.filters);
            loading.problems.extend(file.problems);
        }
        let rules = loading.unique(rules);
        let mut compiled = loading.compile(rules, &filters);
        let mut tests = loading.tests;
        for rule in &mut compiled {
            rule.body.sort_by_cost(&tests);
        }
        let mut exprs: BTreeMap<Expr, Vec<u32>> = BTreeMap::new();
        for (rule, number) in compiled.iter().zip(0..) {
            if let Some(expr) = rule.body.expr() {
                exprs.entry(expr.clone()).or_default().push(number);
            }
        }
        let exprs: Vec<_> = exprs.into_iter().collect();
        // The number of places and texts is bounded when rules are read: no index means that all rules are tried.
        let index = Index::new((0..).zip(exprs.iter().map(|(expr, _)| expr)), &mut tests)
            .unwrap_or_else(|_| Index::of_all(exprs.len()));
        tests.close();
        loading.problems.sort();
        let codes = exprs.into_iter().map(|(expr, rules)| (Code::new(&expr), rules)).collect();
        Self { used: compiled, tests, codes, index, problems: loading.problems }
    }

    /// Rules that are not used, and why.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The rules that are used, in the order of their files.
    pub fn iter(&self) -> impl Iterator<Item = (&Meta, Kind)> {
        self.used.iter().map(|rule| (&rule.meta, rule.kind()))
    }

    /// How many rules are used.
    pub fn len(&self) -> usize {
        self.used.len()
    }

    /// True if no rule can be used.
    pub fn is_empty(&self) -> bool {
        self.used.is_empty()
    }

    pub(crate) fn get(&self, rule: u32) -> Option<&Compiled> {
        self.used.get(rule as usize)
    }

    /// Calls `on_match` for each rule about single events that the event matches, also for the detections of
    /// first-seen rules.
    pub(crate) fn matching<'e, 'r>(
        &self,
        view: &mut View<'e, 'r>,
        scratch: &mut Scratch,
        on_match: &mut dyn FnMut(u32, &Compiled, &mut View<'e, 'r>),
    ) {
        scratch.tests.begin(&self.tests);
        self.index.collect(view, &self.tests, self.codes.len(), &mut scratch.candidates);
        for number in &scratch.candidates.rules {
            let Some((code, rules)) = self.codes.get(*number as usize) else { continue };
            if !code.holds(&self.tests, view, &mut scratch.tests) {
                continue;
            }
            for number in rules {
                if let Some(rule) = self.used.get(*number as usize) {
                    on_match(*number, rule, view);
                }
            }
        }
    }

    /// Fields and values for which a rule matches, in the order of the rule.
    pub(crate) fn matched(&self, rule: &Compiled, view: &mut View<'_, '_>) -> Vec<(String, Vec<String>)> {
        let mut fields: Vec<(String, Vec<String>)> = Vec::new();
        let mut scratch = test::Scratch::default();
        scratch.begin(&self.tests);
        if let Some(expr) = rule.body.expr() {
            self.add_matched(expr, view, &mut scratch, &mut fields);
        }
        fields
    }

    fn add_matched(
        &self,
        expr: &Expr,
        view: &mut View<'_, '_>,
        scratch: &mut test::Scratch,
        fields: &mut Vec<(String, Vec<String>)>,
    ) {
        match expr {
            Expr::Not(_) => {}
            Expr::And(parts) | Expr::Or(parts) => {
                for part in parts {
                    if part.holds(&self.tests, view, scratch) {
                        self.add_matched(part, view, scratch, fields);
                    }
                }
            }
            Expr::Test(test) => {
                let Some(name) = self.tests.get(*test).and_then(|test| self.place_name(test.place)) else {
                    return;
                };
                let values = self.tests.matched(*test, view);
                match fields.iter_mut().find(|(other, _)| *other == name) {
                    Some((_, known)) => {
                        known.extend(values);
                        known.sort();
                        known.dedup();
                    }
                    None => fields.push((name, values)),
                }
            }
        }
    }

    fn place_name(&self, place: u16) -> Option<String> {
        self.tests.places.get(usize::from(place)).map(Place::name)
    }

    /// The text at a place, as correlations compare it: several values with a line break between them.
    pub(crate) fn text<T>(
        &self,
        number: u16,
        view: &mut View<'_, '_>,
        take: impl FnOnce(Option<&str>) -> T,
    ) -> T {
        match self.tests.places.get(usize::from(number)) {
            None => take(None),
            Some(Place::Principal) => take(view.principal()),
            Some(place) => {
                if let Some(text) = view.only_text(number, place) {
                    return take(Some(text));
                }
                take(Self::joined(number, place, view).as_deref())
            }
        }
    }

    fn joined(number: u16, place: &Place, view: &mut View<'_, '_>) -> Option<String> {
        let mut all: Option<String> = None;
        view.any(number, place, &mut |found| {
            if let Some(text) = found.searchable() {
                match &mut all {
                    Some(all) => {
                        all.push('\n');
                        all.push_str(&text);
                    }
                    None => all = Some(text.into_owned()),
                }
            }
            false
        });
        all
    }
}

impl CompiledCorrelation {
    /// All that decides on its hits; nothing if that depends on names.
    fn asked(&self) -> Option<String> {
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

    fn sort_by_cost(&mut self, tests: &Tests) {
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

struct Loading<'p> {
    placeholders: &'p Placeholders,
    tests: Tests,
    problems: Vec<Problem>,
    /// Ids and names, with the number of the rule; nothing if that rule cannot be used.
    names: BTreeMap<String, Option<u32>>,
    /// What rules ask, and the first one that asks it.
    asked: BTreeMap<String, u32>,
}

impl Loading<'_> {
    /// Rules whose ids and names nobody has before them.
    fn unique(&mut self, rules: Vec<Rule>) -> Vec<Rule> {
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

    fn compile(&mut self, rules: Vec<Rule>, filters: &[Filter]) -> Vec<Compiled> {
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

impl RuleSource {
    /// What this rule calls a field of the correlation.
    fn field<'f>(&'f self, field: &'f str) -> &'f str {
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
    fn capture(&mut self, field: &str) -> usize {
        self.captured.iter().position(|other| other == field).unwrap_or_else(|| {
            self.captured.push(field.to_owned());
            self.captured.len() - 1
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str) -> Rules {
        let servers = ("servers".to_owned(), vec!["web-*".to_owned(), "db-1".to_owned()]);
        Rules::load_with_tests([Source { name: "test.yml", text }], &Placeholders::from([servers]))
    }

    fn check_all(rules: &Rules) {
        assert_eq!(rules.problems(), []);
        for outcome in crate::sigma::check(rules) {
            assert_eq!(outcome.failures, Vec::<String>::new());
            assert!(outcome.matching > 0 && outcome.not_matching > 0, "{}", outcome.title);
        }
    }

    #[test]
    fn placeholders_stand_for_values() {
        check_all(&load(
            "
title: known servers
logsource: {product: aws, service: cloudtrail}
detection:
    selection: {host|expand: '%servers%'}
    part: {path|expand|contains: '/%servers%/'}
    condition: 1 of them
tests:
    match: [{host: web-7}, {host: DB-1}, {path: 'x/web-2/y'}]
    no_match: [{host: db-2}, {host: '%servers%'}, {path: 'web-2'}]
",
        ));
    }

    #[test]
    fn collections_with_actions() {
        check_all(&load(
            "
action: global
logsource: {product: aws, service: cloudtrail}
detection: {filter: {errorCode|exists: true}, condition: selection and not filter}
tests: {no_match: [{eventName: A, errorCode: X}]}
---
title: first
detection: {selection: {eventName: A}}
tests: {match: [{eventName: A}]}
---
action: repeat
title: second
detection: {selection: {eventName: B}}
tests: {match: [{eventName: B}]}
---
action: reset
---
title: third
logsource: {product: aws, service: cloudtrail}
detection: {selection: {eventName: C}, condition: selection}
tests: {match: [{eventName: C, errorCode: X}], no_match: [{}]}
",
        ));
    }

    #[test]
    fn ids_and_names_belong_to_one_rule() {
        let rule = |title: &str, id: &str, name: &str| {
            format!(
                "---\ntitle: {title}\nid: {id}\nname: {name}\nlogsource: {{product: aws}}\ndetection: {{s: {{a: b}}, condition: s}}\n"
            )
        };
        let text = rule("one", "1", "a")
            + &rule("two", "2", "b")
            + &rule("three", "1", "c")
            + &rule("four", "4", "b")
            + &rule("five", "b", "e");
        let rules = load(&text);
        let problems: Vec<_> = rules.problems().iter().map(ToString::to_string).collect();
        assert_eq!(
            problems,
            [
                "test.yml:14: `three`: the id or name `1` belongs to the rule in test.yml:2 already",
                "test.yml:20: `four`: the id or name `b` belongs to the rule in test.yml:8 already",
                "test.yml:26: `five`: the id or name `b` belongs to the rule in test.yml:8 already",
            ]
        );
        assert!(rules.problems().iter().all(|problem| problem.kind == ProblemKind::Duplicate));
        assert_eq!(rules.len(), 2);
    }

    #[test]
    fn what_refers_to_a_broken_rule_is_not_used_either() {
        let rules = load(
            "
title: broken
id: broken
logsource: {product: aws}
detection: {s: {a|nonsense: b}, condition: s}
---
title: outer
correlation: {type: event_count, rules: [inner], group-by: [a], timespan: 1h, condition: {gte: 2}}
---
title: middle
name: inner
correlation: {type: event_count, rules: [broken], group-by: [a], timespan: 1h, condition: {gte: 2}}
---
title: filter
logsource: {product: aws}
filter: {rules: [broken, nobody], s: {a: b}, condition: not s}
---
title: alone
id: alone
logsource: {product: aws}
detection: {s: {a: b}, condition: s}
---
title: text
- broken YAML
",
        );
        let mut found: Vec<_> = rules.problems().iter().map(|problem| &*problem.reason).collect();
        found.sort_unstable();
        assert_eq!(
            found[..4],
            [
                "it is for rules that are not there or cannot be used: `broken`, `nobody`",
                "it refers to `broken`, and that rule cannot be used",
                "it refers to `inner`, and that rule cannot be used",
                "the modifier `nonsense` is unknown",
            ]
        );
        assert!(found[4].starts_with("this is not YAML"), "{found:?}");
        assert_eq!(rules.iter().map(|(meta, _)| &*meta.id).collect::<Vec<_>>(), ["alone"]);
    }
}
