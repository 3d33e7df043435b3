use std::fmt;

use serde::de::{Error, SeqAccess};

use super::place::{Place, Step};
use super::read::{Element, Read};
use crate::Pattern;

/// A text.
#[derive(Clone, Copy)]
pub(super) struct Text;

impl Element<'_> for Text {
    type Value = Box<str>;
    const EXPECTED: &'static str = "a string";

    fn text<E: Error>(self, _: &Place<'_>, text: &str) -> Result<Box<str>, E> {
        Ok(text.into())
    }
}

/// One of a few words.
pub(super) struct Word<F>(pub(super) F);

impl<T, F: FnOnce(&str) -> Result<T, String>> Element<'_> for Word<F> {
    type Value = T;
    const EXPECTED: &'static str = "a string";

    fn text<E: Error>(self, place: &Place<'_>, text: &str) -> Result<T, E> {
        (self.0)(text).map_err(|why| place.error(why))
    }
}

/// One pattern or a list.
pub(super) struct Patterns;

impl<'de> Element<'de> for Patterns {
    type Value = Vec<Pattern>;
    const EXPECTED: &'static str = "a string or a list of strings";

    fn text<E: Error>(self, _: &Place<'_>, text: &str) -> Result<Vec<Pattern>, E> {
        Ok(vec![Pattern::new(text)])
    }

    fn list<A: SeqAccess<'de>>(self, place: &Place<'_>, items: A) -> Result<Vec<Pattern>, A::Error> {
        let texts = list(place, items, Text)?;
        Ok(texts.into_iter().map(Pattern::new).collect())
    }
}

/// One text or a list.
pub(super) struct Texts;

impl<'de> Element<'de> for Texts {
    type Value = Vec<Box<str>>;
    const EXPECTED: &'static str = "a string or a list of strings";

    fn text<E: Error>(self, _: &Place<'_>, text: &str) -> Result<Vec<Box<str>>, E> {
        Ok(vec![text.into()])
    }

    fn list<A: SeqAccess<'de>>(self, place: &Place<'_>, items: A) -> Result<Vec<Box<str>>, A::Error> {
        list(place, items, Text)
    }
}

/// A value of a condition: numbers and booleans need no quotation marks.
#[derive(Clone, Copy)]
struct Value;

impl Element<'_> for Value {
    type Value = Box<str>;
    const EXPECTED: &'static str = "a string, a number or a boolean";

    fn text<E: Error>(self, _: &Place<'_>, text: &str) -> Result<Box<str>, E> {
        Ok(text.into())
    }

    fn scalar<E: Error>(self, _: &Place<'_>, _: &str, text: &dyn fmt::Display) -> Result<Box<str>, E> {
        Ok(text.to_string().into())
    }
}

/// The values of a condition: one or a list.
///
/// Source: [grammar](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html), `condition_value`.
pub(super) struct Values;

impl<'de> Element<'de> for Values {
    type Value = Vec<Box<str>>;
    const EXPECTED: &'static str = "a value or a list of values";

    fn text<E: Error>(self, _: &Place<'_>, text: &str) -> Result<Vec<Box<str>>, E> {
        Ok(vec![text.into()])
    }

    fn scalar<E: Error>(self, _: &Place<'_>, _: &str, text: &dyn fmt::Display) -> Result<Vec<Box<str>>, E> {
        Ok(vec![text.to_string().into()])
    }

    fn list<A: SeqAccess<'de>>(self, place: &Place<'_>, items: A) -> Result<Vec<Box<str>>, A::Error> {
        list(place, items, Value)
    }
}

/// The items of a list, each read as `element`.
pub(super) fn list<'de, A: SeqAccess<'de>, T: Element<'de> + Copy>(
    place: &Place<'_>,
    mut items: A,
    element: T,
) -> Result<Vec<T::Value>, A::Error> {
    let mut list = Vec::new();
    while let Some(item) = items.next_element_seed(Read(place.step(Step::Item(list.len())), element))? {
        list.push(item);
    }
    Ok(list)
}
