//! Tests: what is asked of the values at one place. Equal tests of all rules are one, and are tried once an event.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use foldhash::fast::FixedState;
use ipnet::IpNet;
use jiff::civil::DateTime;
use regex::{Regex, RegexBuilder};

use super::fold::folded;
use super::pattern::Pattern;
use super::place::{Found, Place, View};
use super::rule::Comparison;
use super::texts::Texts;

/// As many bytes as a compiled regular expression may take.
const REGEX_SIZE: usize = 1 << 20;

/// What a test asks, in the form in which equal tests are equal.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Ask {
    /// The place is there.
    Present,
    /// The place is not there.
    Absent,
    /// The place is not there, or `null` is.
    Null,
    Text {
        cased: bool,
        patterns: BTreeSet<Pattern>,
        numbers: BTreeSet<Number>,
    },
    Regex {
        regex: String,
        insensitive: bool,
        multi_line: bool,
        dot_all: bool,
    },
    Cidr(BTreeSet<IpNet>),
    Number(Comparison, Number),
    Part(Part, Comparison, Number),
    /// The value is the same as one at another place, begins with it …
    Same {
        other: u16,
        relation: Relation,
        cased: bool,
    },
}

/// A number by its bits, so that it has an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Number(u64);

impl Number {
    pub fn new(number: f64) -> Self {
        Self(number.to_bits())
    }

    pub fn get(self) -> f64 {
        f64::from_bits(self.0)
    }
}

/// Parts of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Part {
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Relation {
    Equal,
    Starts,
    Ends,
    Contains,
}

/// All places and tests of a set of rules.
#[derive(Debug, Default)]
pub(crate) struct Tests {
    pub places: Vec<Place>,
    place_numbers: HashMap<Place, u16, FixedState>,
    all: Vec<Test>,
    numbers: HashMap<(u16, Ask), u32, FixedState>,
}

#[derive(Debug)]
pub(super) struct Test {
    pub place: u16,
    pub ask: Ask,
    matcher: Matcher,
}

#[derive(Debug)]
enum Matcher {
    Present,
    Absent,
    Null,
    Text(Texts),
    Regex(Box<Regex>),
    Cidr(Vec<IpNet>),
    Number(Comparison, f64),
    Part(Part, Comparison, f64),
    Same { other: u16, relation: Relation, cased: bool },
}

/// What is remembered while one event is looked at, and memory that is used again for the next one.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    /// Twice the number of the event, plus one where the test holds.
    results: Vec<u32>,
    event: u32,
    /// Memory for texts without their case.
    folded: String,
}

impl Scratch {
    /// Forgets the last event.
    pub fn begin(&mut self, tests: &Tests) {
        self.event = self.event.wrapping_add(1);
        if self.results.len() != tests.all.len() || self.event > u32::MAX / 2 {
            self.results = vec![0; tests.all.len()];
            self.event = 1;
        }
    }
}

impl Tests {
    pub fn place(&mut self, place: Place) -> Result<u16, String> {
        if let Some(number) = self.place_numbers.get(&place) {
            return Ok(*number);
        }
        let number =
            u16::try_from(self.places.len()).map_err(|_| "there are too many different fields".to_owned())?;
        self.places.push(place.clone());
        self.place_numbers.insert(place, number);
        Ok(number)
    }

    pub(super) fn test(&mut self, place: u16, ask: Ask) -> Result<u32, String> {
        let key = (place, ask);
        if let Some(number) = self.numbers.get(&key) {
            return Ok(*number);
        }
        let number = u32::try_from(self.all.len()).map_err(|_| "there are too many tests".to_owned())?;
        self.all.push(Test { place, matcher: Matcher::new(&key.1)?, ask: key.1.clone() });
        self.numbers.insert(key, number);
        Ok(number)
    }

    pub(super) fn get(&self, test: u32) -> Option<&Test> {
        self.all.get(test as usize)
    }

    /// Drops what only loading needs.
    pub fn close(&mut self) {
        self.numbers = HashMap::default();
    }

    /// True if the test holds for the event.
    pub fn holds(&self, number: u32, view: &mut View<'_, '_>, scratch: &mut Scratch) -> bool {
        let known = scratch.results.get(number as usize).copied().unwrap_or(0);
        if known >> 1 == scratch.event { known & 1 == 1 } else { self.find_out(number, view, scratch) }
    }

    fn find_out(&self, number: u32, view: &mut View<'_, '_>, scratch: &mut Scratch) -> bool {
        let index = number as usize;
        let holds = self.all.get(index).is_some_and(|test| self.try_test(test, view, &mut scratch.folded));
        if let Some(result) = scratch.results.get_mut(index) {
            *result = scratch.event << 1 | u32::from(holds);
        }
        holds
    }

    fn try_test(&self, test: &Test, view: &mut View<'_, '_>, folded: &mut String) -> bool {
        let Some(place) = self.places.get(usize::from(test.place)) else { return false };
        let number = test.place;
        match &test.matcher {
            Matcher::Present => view.present(number, place),
            Matcher::Absent => !view.present(number, place),
            Matcher::Null => {
                !view.present(number, place) || view.any(number, place, &mut |found| found.is_null())
            }
            Matcher::Same { other, relation, cased } => {
                let Some(other_place) = self.places.get(usize::from(*other)) else { return false };
                let others = texts_at(view, *other, other_place, *cased);
                texts_at(view, number, place, *cased)
                    .iter()
                    .any(|text| others.iter().any(|other| relation.holds(text, other)))
            }
            Matcher::Text(texts) => match view.only_text(number, place) {
                Some(text) if !texts.folds => texts.matches_text(text, text),
                Some(text) => texts.matches_text(text, view.only_folded(number, text)),
                None => view.any(number, place, &mut |found| texts.matches(found, folded)),
            },
            _ => view.any(number, place, &mut |found| test.matcher.matches(found, folded)),
        }
    }

    /// The values at the place for which the test holds, as texts.
    pub fn matched(&self, number: u32, view: &mut View<'_, '_>) -> Vec<String> {
        let mut found_texts = Vec::new();
        let Some(test) = self.all.get(number as usize) else { return found_texts };
        let Some(place) = self.places.get(usize::from(test.place)) else { return found_texts };
        let mut folded = String::new();
        view.any(test.place, place, &mut |found| {
            let shown = match &test.matcher {
                Matcher::Null => found.is_null(),
                Matcher::Present | Matcher::Same { .. } => true,
                matcher => matcher.matches(found, &mut folded),
            };
            if shown {
                found_texts.push(found.searchable().map_or_else(|| "null".to_owned(), Cow::into_owned));
            }
            found_texts.len() >= MATCHED
        });
        found_texts
    }
}

/// As many values of one field as a hit shows.
const MATCHED: usize = 10;

fn texts_at(view: &mut View<'_, '_>, number: u16, place: &Place, cased: bool) -> Vec<String> {
    let mut texts = Vec::new();
    view.any(number, place, &mut |found| {
        texts.extend(found.text().map(|text| if cased { text.into_owned() } else { folded(&text) }));
        false
    });
    texts
}

impl Relation {
    fn holds(self, text: &str, other: &str) -> bool {
        match self {
            Self::Equal => text == other,
            Self::Starts => text.starts_with(other),
            Self::Ends => text.ends_with(other),
            Self::Contains => text.contains(other),
        }
    }
}

impl Matcher {
    fn new(ask: &Ask) -> Result<Self, String> {
        Ok(match ask {
            Ask::Present => Self::Present,
            Ask::Absent => Self::Absent,
            Ask::Null => Self::Null,
            Ask::Text { cased, patterns, numbers } => Self::Text(Texts::new(*cased, patterns, numbers)?),
            Ask::Regex { regex, insensitive, multi_line, dot_all } => Self::Regex(Box::new(
                RegexBuilder::new(regex)
                    .case_insensitive(*insensitive)
                    .multi_line(*multi_line)
                    .dot_matches_new_line(*dot_all)
                    .size_limit(REGEX_SIZE)
                    .build()
                    .map_err(|error| regex_reason(&error))?,
            )),
            Ask::Cidr(nets) => Self::Cidr(nets.iter().copied().collect()),
            Ask::Number(comparison, number) => Self::Number(*comparison, number.get()),
            Ask::Part(part, comparison, number) => Self::Part(*part, *comparison, number.get()),
            Ask::Same { other, relation, cased } => {
                Self::Same { other: *other, relation: *relation, cased: *cased }
            }
        })
    }

    fn matches(&self, found: Found<'_>, folded: &mut String) -> bool {
        match self {
            Self::Text(texts) => texts.matches(found, folded),
            Self::Regex(regex) => found.searchable().is_some_and(|text| regex.is_match(&text)),
            Self::Cidr(nets) => found.text().is_some_and(|text| in_nets(nets, &text)),
            Self::Number(comparison, number) => {
                found.number().is_some_and(|found| comparison.holds(found, *number))
            }
            Self::Part(part, comparison, number) => found
                .text()
                .and_then(|text| part.of(&text))
                .is_some_and(|found| comparison.holds(f64::from(found), *number)),
            Self::Present | Self::Absent | Self::Null | Self::Same { .. } => false,
        }
    }
}

/// The last line of the message tells what is wrong; those before it draw the place.
fn regex_reason(error: &regex::Error) -> String {
    let text = error.to_string();
    let reason = text.lines().last().unwrap_or_default().trim().trim_start_matches("error: ");
    format!("the regular expression cannot be used: {reason}")
}

fn in_nets(nets: &[IpNet], text: &str) -> bool {
    text.parse().is_ok_and(|address: std::net::IpAddr| nets.iter().any(|net| net.contains(&address)))
}

impl Part {
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "minute" => Self::Minute,
            "hour" => Self::Hour,
            "day" => Self::Day,
            "week" => Self::Week,
            "month" => Self::Month,
            "year" => Self::Year,
            _ => return None,
        })
    }

    /// The part of a date, as it is written: nothing is converted to another time zone.
    fn of(self, text: &str) -> Option<i16> {
        let date: DateTime = text.strip_suffix(['Z', 'z']).unwrap_or(text).parse().ok()?;
        Some(match self {
            Self::Minute => date.minute().into(),
            Self::Hour => date.hour().into(),
            Self::Day => date.day().into(),
            Self::Week => date.date().iso_week_date().week().into(),
            Self::Month => date.month().into(),
            Self::Year => date.year(),
        })
    }
}
