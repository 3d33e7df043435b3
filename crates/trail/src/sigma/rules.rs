//! Rules made ready together.

use std::collections::BTreeMap;

use super::code::Code;
use super::compiled::Compiled;
use super::index::{Candidates, Index};
use super::loading::Loading;
use super::lower::Expr;
use super::place::{Place, View};
use super::problem::Problem;
use super::rule::{CorrelationKind, Meta};
use super::test::{self, Tests};
use super::{Placeholders, read};

#[cfg(test)]
mod tests;

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
        let mut loading = Loading::new(placeholders);
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

    pub(super) fn place_name(&self, place: u16) -> Option<String> {
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
