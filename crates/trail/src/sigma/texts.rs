//! Texts of which a value must match one.

use std::collections::{BTreeSet, HashSet};

use aho_corasick::packed::Searcher;
use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind, BuildError};
use foldhash::fast::FixedState;

use super::fold::{equals_folded, fold_into};
use super::pattern::{Like, Pattern};
use super::place::Found;
use super::test::Number;

/// From so many texts on they are looked up by hash.
const TOGETHER: usize = 4;
/// So many bytes of text may take the memory of the fastest search.
pub(super) const SMALL: usize = 4096;
/// Beyond this, whole numbers are not exact in floating point.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Texts of which one must match.
#[derive(Debug)]
pub(super) struct Texts {
    cased: bool,
    /// Whether values are compared without their case as a whole.
    pub folds: bool,
    /// Whether texts are searched for inside of values.
    searches: bool,
    equal: Equal,
    numbers: Vec<f64>,
    likes: Vec<Like>,
    /// Texts that may be anywhere in the value.
    contained: Option<Contained>,
}

/// A search for any of some texts.
#[derive(Debug)]
enum Contained {
    /// With vectors, for as many texts as they can hold.
    Few(Box<Searcher>),
    Many(AhoCorasick),
}

impl Contained {
    fn new(texts: &[String]) -> Result<Self, BuildError> {
        if let Some(searcher) = Searcher::new(texts) {
            return Ok(Self::Few(Box::new(searcher)));
        }
        let small = texts.iter().map(String::len).sum::<usize>() <= SMALL;
        // In values as short as those of records, looking for a place to begin at costs more than it saves.
        let mut builder = AhoCorasickBuilder::new();
        builder.kind(small.then_some(AhoCorasickKind::DFA)).prefilter(!small).build(texts).map(Self::Many)
    }

    fn is_in(&self, text: &str) -> bool {
        match self {
            Self::Few(searcher) => searcher.find(text).is_some(),
            Self::Many(automaton) => automaton.is_match(text),
        }
    }
}

#[derive(Debug)]
enum Equal {
    Few(Vec<Box<str>>),
    Many(HashSet<Box<str>, FixedState>),
}

impl Texts {
    pub fn new(
        cased: bool,
        patterns: &BTreeSet<Pattern>,
        numbers: &BTreeSet<Number>,
    ) -> Result<Self, String> {
        let (mut equal, mut likes, mut contained) = (Vec::new(), Vec::new(), Vec::new());
        for pattern in patterns {
            let pattern = if cased { pattern.clone() } else { pattern.folded() };
            if let Some(text) = pattern.as_plain() {
                equal.push(Box::from(text));
                continue;
            }
            let like = Like::new(&pattern);
            match like.as_contained() {
                Some(text) => contained.push(text.to_owned()),
                None => likes.push(like),
            }
        }
        if contained.len() <= 2 {
            likes.extend(
                contained.drain(..).map(|text| Like::new(&Pattern::plain(&text).starting().ending())),
            );
        }
        let contained = if contained.is_empty() {
            None
        } else {
            Some(Contained::new(&contained).map_err(|error| format!("too many texts: {error}"))?)
        };
        let equal = if equal.len() <= TOGETHER {
            Equal::Few(equal)
        } else {
            Equal::Many(equal.into_iter().collect())
        };
        let searches = !likes.is_empty() || contained.is_some();
        Ok(Self {
            cased,
            folds: !cased && (searches || matches!(equal, Equal::Many(_))),
            searches,
            equal,
            numbers: numbers.iter().map(|number| number.get()).collect(),
            likes,
            contained,
        })
    }

    pub fn matches(&self, found: Found<'_>, folded: &mut String) -> bool {
        let text = if self.searches { found.searchable() } else { found.text() };
        let Some(text) = text else { return false };
        let matches = if self.folds {
            fold_into(&text, folded);
            self.matches_text(&text, folded)
        } else {
            self.matches_text(&text, &text)
        };
        matches || self.is_number(found)
    }

    /// `folded` is the text without its case if that is asked for, else the text itself.
    pub fn matches_text(&self, text: &str, folded: &str) -> bool {
        let equal = match &self.equal {
            Equal::Few(equal) if self.cased || self.folds => equal.iter().any(|other| **other == *folded),
            Equal::Few(equal) => equal.iter().any(|other| equals_folded(text, other)),
            Equal::Many(equal) => equal.contains(folded),
        };
        equal
            || self.likes.iter().any(|like| like.matches(folded))
            || self.contained.as_ref().is_some_and(|contained| contained.is_in(folded))
    }

    /// Numbers are also compared by their value: 5 is 5.0.
    fn is_number(&self, found: Found<'_>) -> bool {
        if self.numbers.is_empty() || matches!(found, Found::Value(value) if value.as_str().is_some()) {
            return false;
        }
        let number = found.number().filter(|number| number.abs() < EXACT);
        number.is_some_and(|number| self.numbers.iter().any(|other| number.total_cmp(other).is_eq()))
    }
}
