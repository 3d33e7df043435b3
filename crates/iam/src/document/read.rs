//! The way from JSON into the types, without a tree in between: one visitor serves every element.

use std::fmt;

use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::place::{Failed, Place};
use super::root::Root;
use super::{Document, DocumentError};

/// An element of the policy language: what it makes of the kinds of JSON values that can stand for it.
/// Whatever an element does not override is refused.
pub(super) trait Element<'de>: Sized {
    type Value;

    /// What is expected, for messages.
    const EXPECTED: &'static str;

    fn text<E: Error>(self, place: &Place<'_>, _: &str) -> Result<Self::Value, E> {
        Err(Self::wrong(place, "a string"))
    }

    /// A number or a boolean, as text.
    fn scalar<E: Error>(
        self,
        place: &Place<'_>,
        kind: &str,
        text: &dyn fmt::Display,
    ) -> Result<Self::Value, E> {
        Err(Self::wrong(place, &format!("{kind} `{text}`")))
    }

    fn list<A: SeqAccess<'de>>(self, place: &Place<'_>, _: A) -> Result<Self::Value, A::Error> {
        Err(Self::wrong(place, "a list"))
    }

    fn object<A: MapAccess<'de>>(self, place: &Place<'_>, _: A) -> Result<Self::Value, A::Error> {
        Err(Self::wrong(place, "an object"))
    }

    fn wrong<E: Error>(place: &Place<'_>, kind: &str) -> E {
        place.error(format_args!("{} is expected, not {kind}", Self::EXPECTED))
    }
}

/// Reads the element `T` at a place.
pub(super) struct Read<'a, T>(pub(super) Place<'a>, pub(super) T);

impl<'de, T: Element<'de>> DeserializeSeed<'de> for Read<'_, T> {
    type Value = T::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T::Value, D::Error> {
        let place = self.0;
        // What is no JSON fails in the deserializer, which does not know the element.
        deserializer.deserialize_any(self).inspect_err(|_| place.remember())
    }
}

impl<'de, T: Element<'de>> Visitor<'de> for Read<'_, T> {
    type Value = T::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }

    fn visit_unit<E: Error>(self) -> Result<T::Value, E> {
        Err(T::wrong(&self.0, "null"))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<T::Value, E> {
        self.1.scalar(&self.0, "the boolean", &value)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<T::Value, E> {
        self.1.scalar(&self.0, "the number", &value)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<T::Value, E> {
        self.1.scalar(&self.0, "the number", &value)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<T::Value, E> {
        /// 2^53: from here on a number of JSON may have lost digits.
        const INEXACT: f64 = 9_007_199_254_740_992.0;
        if value.abs() >= INEXACT {
            return Err(self.0.error(format_args!("the number `{value}` is too large; put it in quotes")));
        }
        self.1.scalar(&self.0, "the number", &value)
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<T::Value, E> {
        self.1.text(&self.0, value)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<T::Value, A::Error> {
        self.1.list(&self.0, items)
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<T::Value, A::Error> {
        self.1.object(&self.0, members)
    }
}

/// Reads a member's name and makes a value of it.
pub(super) struct Name<F>(pub(super) F);

impl<'de, T, F: FnOnce(&str) -> T> DeserializeSeed<'de> for Name<F> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<T, F: FnOnce(&str) -> T> Visitor<'_> for Name<F> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, value: &str) -> Result<T, E> {
        Ok((self.0)(value))
    }
}

/// Reads the text of one document. A byte order mark before it is no part of it.
pub(super) fn text(text: &str) -> Result<Document, DocumentError> {
    if text.len() > Document::MAX_BYTES {
        return Err(DocumentError::too_long(text.len()));
    }
    let failed = Failed::default();
    let mut json = serde_json::Deserializer::from_str(text.strip_prefix('\u{feff}').unwrap_or(text));
    let document = Read(Place::root(&failed), Root).deserialize(&mut json);
    let document = document.and_then(|document| json.end().map(|()| document));
    document.map_err(|e| DocumentError::from_json(&e, failed.take()))
}

impl<'de> Deserialize<'de> for Document {
    /// Reads a document that stands inside other JSON, with the same rules as [`Document::parse`] but for the
    /// limit of its length, which is the caller's.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let failed = Failed::default();
        let document = Read(Place::root(&failed), Root).deserialize(deserializer);
        document.map_err(|error| match failed.take() {
            place if place.is_empty() => Error::custom(format_args!("not a policy document: {error}")),
            place => Error::custom(format_args!("not a policy document: at `{place}`: {error}")),
        })
    }
}
