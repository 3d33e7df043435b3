//! Which rules an event may match at all, from texts that a rule cannot match without.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use aho_corasick::packed::Searcher;
use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind};
use foldhash::fast::FixedState;

use super::fold::{fold_into, folded};
use super::lower::Expr;
use super::pattern::Like;
use super::place::{Place, View};
use super::test::{Ask, Tests};
use super::texts::SMALL;

/// Fields by which rules are found, the best first.
const PREFERRED: [&str; 6] =
    ["eventName", "eventSource", "errorCode", "userIdentity.type", "eventType", "errorMessage"];
/// Shorter texts are in nearly every value.
const SHORTEST: usize = 3;

/// Finds rules for events.
#[derive(Debug, Default)]
pub(super) struct Index {
    keyed: Vec<Keyed>,
    scanned: Vec<Scanned>,
    /// Rules that need no text.
    always: Vec<u32>,
}

/// Rules that need a place to be one of some texts.
#[derive(Debug)]
struct Keyed {
    place: u16,
    rules: HashMap<Box<str>, Vec<u32>, FixedState>,
}

/// Rules that need a place to contain one of some texts.
#[derive(Debug)]
struct Scanned {
    place: u16,
    /// Finds out whether there is any of the texts, which there is seldom; if there are not too many.
    quick: Option<Searcher>,
    texts: AhoCorasick,
    /// By the number of the text.
    rules: Vec<Vec<u32>>,
}

/// Rules that an event may match; each once.
#[derive(Debug, Default)]
pub(super) struct Candidates {
    pub rules: Vec<u32>,
    marks: Vec<u32>,
    round: u32,
    text: String,
}

impl Candidates {
    fn begin(&mut self, rules: usize) {
        self.rules.clear();
        self.round = self.round.wrapping_add(1);
        if self.marks.len() != rules || self.round == 0 {
            self.marks = vec![0; rules];
            self.round = 1;
        }
    }

    fn add(&mut self, rules: &[u32]) {
        for rule in rules {
            if let Some(mark) = self.marks.get_mut(*rule as usize).filter(|mark| **mark != self.round) {
                *mark = self.round;
                self.rules.push(*rule);
            }
        }
    }
}

/// What is put in for one rule.
enum Need {
    Keys(u16, BTreeSet<String>),
    Texts(u16, BTreeSet<String>),
    Nothing,
}

#[derive(Default)]
struct Parts {
    keyed: BTreeMap<usize, (u16, BTreeMap<String, Vec<u32>>)>,
    scanned: BTreeMap<u16, BTreeMap<String, Vec<u32>>>,
}

impl Index {
    /// Makes an index of rules by their numbers.
    pub fn new<'x>(rules: impl Iterator<Item = (u32, &'x Expr)>, tests: &mut Tests) -> Result<Self, String> {
        let mut preferred = Vec::new();
        for name in PREFERRED {
            preferred.push(tests.place(Place::named(name)?)?);
        }
        let rank = |place: u16| {
            preferred.iter().position(|other| *other == place).unwrap_or(PREFERRED.len() + usize::from(place))
        };
        let mut parts = Parts::default();
        let mut index = Self::default();
        for (rule, expr) in rules {
            match need(expr, tests, &rank) {
                Need::Keys(place, keys) => {
                    let (_, map) = parts.keyed.entry(rank(place)).or_insert((place, BTreeMap::new()));
                    for key in keys {
                        map.entry(key).or_default().push(rule);
                    }
                }
                Need::Texts(place, texts) => {
                    let map = parts.scanned.entry(place).or_default();
                    for text in texts {
                        map.entry(text).or_default().push(rule);
                    }
                }
                Need::Nothing => index.always.push(rule),
            }
        }
        for (place, rules) in parts.keyed.into_values() {
            let rules = rules.into_iter().map(|(key, rules)| (key.into(), rules)).collect();
            index.keyed.push(Keyed { place, rules });
        }
        for (place, texts) in parts.scanned {
            let (texts, rules): (Vec<_>, Vec<_>) = texts.into_iter().unzip();
            let small = texts.iter().map(String::len).sum::<usize>() <= SMALL;
            let mut builder = AhoCorasickBuilder::new();
            builder.kind(small.then_some(AhoCorasickKind::DFA)).prefilter(!small);
            let reason = |error| format!("there are too many texts to search: {error}");
            let quick = Searcher::new(&texts);
            let texts = builder.build(&texts).map_err(reason)?;
            index.scanned.push(Scanned { place, quick, texts, rules });
        }
        Ok(index)
    }

    /// Without any knowledge of the rules.
    pub fn of_all(rules: usize) -> Self {
        Self { always: (0..).take(rules).collect(), ..Self::default() }
    }

    /// Collects the rules that the event may match.
    pub fn collect(&self, view: &mut View<'_, '_>, tests: &Tests, rules: usize, candidates: &mut Candidates) {
        candidates.begin(rules);
        candidates.add(&self.always);
        for keyed in &self.keyed {
            keyed.collect(view, tests, candidates);
        }
        for scanned in &self.scanned {
            scanned.collect(view, tests, candidates);
        }
    }
}

impl Keyed {
    fn collect(&self, view: &mut View<'_, '_>, tests: &Tests, candidates: &mut Candidates) {
        let Some(place) = tests.places.get(usize::from(self.place)) else { return };
        if let Some(only) = view.only_text(self.place, place) {
            let folded = view.only_folded(self.place, only);
            candidates.add(self.rules.get(folded).map_or(&[], Vec::as_slice));
            return;
        }
        let mut text = std::mem::take(&mut candidates.text);
        view.any(self.place, place, &mut |found| {
            if let Some(found) = found.text() {
                fold_into(&found, &mut text);
                candidates.add(self.rules.get(text.as_str()).map_or(&[], Vec::as_slice));
            }
            false
        });
        candidates.text = text;
    }
}

impl Scanned {
    fn collect(&self, view: &mut View<'_, '_>, tests: &Tests, candidates: &mut Candidates) {
        let Some(place) = tests.places.get(usize::from(self.place)) else { return };
        if let Some(only) = view.only_text(self.place, place) {
            self.search(view.only_folded(self.place, only), candidates);
            return;
        }
        let mut text = std::mem::take(&mut candidates.text);
        view.any(self.place, place, &mut |found| {
            if let Some(found) = found.searchable() {
                fold_into(&found, &mut text);
                self.search(&text, candidates);
            }
            false
        });
        candidates.text = text;
    }

    fn search(&self, folded: &str, candidates: &mut Candidates) {
        if self.quick.as_ref().is_some_and(|quick| quick.find(folded).is_none()) {
            return;
        }
        for hit in self.texts.find_overlapping_iter(folded) {
            candidates.add(self.rules.get(hit.pattern().as_usize()).map_or(&[], Vec::as_slice));
        }
    }
}

/// The best way to find a rule.
fn need(expr: &Expr, tests: &Tests, rank: &dyn Fn(u16) -> usize) -> Need {
    let mut places = BTreeSet::new();
    positive_places(expr, tests, &mut places);
    let mut by_rank: Vec<_> = places.into_iter().collect();
    by_rank.sort_by_key(|place| rank(*place));
    for place in &by_rank {
        if let Some(keys) = required(expr, *place, tests, &exact) {
            return Need::Keys(*place, keys);
        }
    }
    let best = by_rank
        .iter()
        .filter_map(|place| Some((*place, required(expr, *place, tests, &inside)?)))
        .max_by_key(|(place, texts)| {
            let is_record = tests.places.get(usize::from(*place)) == Some(&Place::Record);
            (!is_record, texts.iter().map(String::len).min())
        });
    best.map_or(Need::Nothing, |(place, texts)| Need::Texts(place, texts))
}

fn positive_places(expr: &Expr, tests: &Tests, places: &mut BTreeSet<u16>) {
    match expr {
        Expr::And(parts) | Expr::Or(parts) => {
            for part in parts {
                positive_places(part, tests, places);
            }
        }
        Expr::Not(_) => {}
        Expr::Test(test) => places.extend(tests.get(*test).map(|test| test.place)),
    }
}

/// Texts of which the place must have one if the expression is to hold; nothing if it may hold without.
fn required(
    expr: &Expr,
    place: u16,
    tests: &Tests,
    texts: &dyn Fn(&Ask) -> Option<BTreeSet<String>>,
) -> Option<BTreeSet<String>> {
    match expr {
        Expr::Not(_) => None,
        Expr::And(parts) => {
            parts.iter().filter_map(|part| required(part, place, tests, texts)).min_by_key(BTreeSet::len)
        }
        Expr::Or(parts) => {
            let mut together = BTreeSet::new();
            for part in parts {
                together.extend(required(part, place, tests, texts)?);
            }
            Some(together)
        }
        Expr::Test(test) => {
            let test = tests.get(*test).filter(|test| test.place == place)?;
            texts(&test.ask)
        }
    }
}

/// The texts, without case, one of which the value must be.
fn exact(ask: &Ask) -> Option<BTreeSet<String>> {
    match ask {
        Ask::Text { patterns, numbers, .. } if numbers.is_empty() => {
            patterns.iter().map(|pattern| pattern.as_plain().map(|text| folded(&text))).collect()
        }
        _ => None,
    }
}

/// Texts, without case, one of which the value must contain.
fn inside(ask: &Ask) -> Option<BTreeSet<String>> {
    match ask {
        Ask::Text { patterns, numbers, .. } if numbers.is_empty() => patterns
            .iter()
            .map(|pattern| {
                let pattern = pattern.folded();
                let text = pattern.as_plain().or_else(|| Like::new(&pattern).longest_text());
                text.filter(|text| text.len() >= SHORTEST)
            })
            .collect(),
        _ => None,
    }
}
