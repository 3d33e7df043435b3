//! A parsed JSON text as a flat list of nodes: parsed once, every part reachable, strings borrowed from the text
//! where they have no escapes.

use std::borrow::Cow;
use std::fmt;

mod cursor;
mod tolerant;

pub(crate) use cursor::Cursor;

/// How many values a text may have: a bound on the memory that one takes.
const VALUES: usize = 1 << 20;

/// One parsed JSON text.
#[derive(Debug, Clone, Default)]
pub struct Record<'a> {
    nodes: Vec<Node<'a>>,
}

/// A value, or the head of a list or object; `skip` is the number of nodes that follow inside it.
#[derive(Debug, Clone)]
pub(crate) enum Node<'a> {
    Null,
    Bool(bool),
    Integer(i64),
    Unsigned(u64),
    Float(f64),
    String(Cow<'a, str>),
    Array { skip: usize },
    Object { skip: usize },
}

/// What a [`Value`] is.
#[derive(Debug, Clone, Copy)]
pub enum Shape<'r> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number that fits 64 bits with a sign.
    Integer(i64),
    /// A whole number above `i64::MAX`.
    Unsigned(u64),
    /// Any other number.
    Float(f64),
    /// A text.
    String(&'r str),
    /// A list: see [`Value::items`].
    Array,
    /// An object: see [`Value::members`].
    Object,
}

/// A value inside a [`Record`]; as cheap to copy as a reference.
#[derive(Clone, Copy)]
pub struct Value<'r> {
    /// The value's node, and all that follow it in the record.
    nodes: &'r [Node<'r>],
}

impl<'a> Record<'a> {
    /// Parses one JSON text.
    ///
    /// # Errors
    /// If `text` is not JSON, is nested deeper than 127 levels or has more than 1,048,576 values.
    pub fn parse(text: &'a [u8]) -> Result<Self, serde_json::Error> {
        let mut record = Self::default();
        record.refill(text)?;
        Ok(record)
    }

    /// Parses one JSON text in the place of what was there: the memory is used again.
    ///
    /// What the quick parser refuses is read by `serde_json`, which has the last word; so what comes out never
    /// depends on which of them read it.
    ///
    /// # Errors
    /// As [`Record::parse`]; the record is then `null`.
    pub fn refill(&mut self, text: &'a [u8]) -> Result<(), serde_json::Error> {
        let quick = str::from_utf8(text).is_ok_and(|text| {
            let mut cursor = Cursor::new(text);
            self.read(&mut cursor) && cursor.is_at_end()
        });
        if quick { Ok(()) } else { self.read_tolerantly(text) }
    }

    /// Reads the value at the cursor in the place of what was there; false, with nothing said of the cursor, if the
    /// quick parser refuses it.
    pub(crate) fn read(&mut self, cursor: &mut Cursor<'a>) -> bool {
        self.nodes.clear();
        cursor.value(&mut self.nodes)
    }

    /// Parses one JSON text with `serde_json`.
    pub(crate) fn read_tolerantly(&mut self, text: &'a [u8]) -> Result<(), serde_json::Error> {
        self.nodes.clear();
        tolerant::parse(text, &mut self.nodes).inspect_err(|_| self.nodes.clear())
    }

    /// The outermost value.
    pub fn root(&self) -> Value<'_> {
        Value { nodes: &self.nodes }
    }
}

impl<'r> Value<'r> {
    /// What kind of value it is, with the value itself unless it has parts.
    pub fn shape(self) -> Shape<'r> {
        match self.nodes.first() {
            None | Some(Node::Null) => Shape::Null,
            Some(Node::Bool(value)) => Shape::Bool(*value),
            Some(Node::Integer(value)) => Shape::Integer(*value),
            Some(Node::Unsigned(value)) => Shape::Unsigned(*value),
            Some(Node::Float(value)) => Shape::Float(*value),
            Some(Node::String(value)) => Shape::String(value),
            Some(Node::Array { .. }) => Shape::Array,
            Some(Node::Object { .. }) => Shape::Object,
        }
    }

    /// The text, if it is one.
    pub fn as_str(self) -> Option<&'r str> {
        match self.shape() {
            Shape::String(text) => Some(text),
            _ => None,
        }
    }

    /// True for `null`.
    pub fn is_null(self) -> bool {
        matches!(self.shape(), Shape::Null)
    }

    /// A text as it is, a number or truth value as JSON writes it; nothing for `null`, lists and objects.
    pub fn text(self) -> Option<Cow<'r, str>> {
        Some(match self.shape() {
            Shape::String(text) => Cow::Borrowed(text),
            Shape::Bool(value) => Cow::Borrowed(if value { "true" } else { "false" }),
            Shape::Integer(value) => Cow::Owned(value.to_string()),
            Shape::Unsigned(value) => Cow::Owned(value.to_string()),
            Shape::Float(value) => Cow::Owned(serde_json::Value::from(value).to_string()),
            Shape::Null | Shape::Array | Shape::Object => return None,
        })
    }

    /// The first member of that name, if it is an object that has one. Names are told apart by case.
    pub fn get(self, name: &str) -> Option<Value<'r>> {
        self.members().find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    /// The values of a list; none for anything else.
    pub fn items(self) -> impl Iterator<Item = Value<'r>> {
        let inside = match self.nodes.split_first() {
            Some((Node::Array { skip }, rest)) => rest.get(..*skip).unwrap_or(rest),
            _ => &[],
        };
        Values { rest: inside }
    }

    /// The names and values of an object, as they stand; none for anything else.
    pub fn members(self) -> impl Iterator<Item = (&'r str, Value<'r>)> {
        let inside = match self.nodes.split_first() {
            Some((Node::Object { skip }, rest)) => rest.get(..*skip).unwrap_or(rest),
            _ => &[],
        };
        let mut values = Values { rest: inside };
        std::iter::from_fn(move || Some((values.next()?.as_str().unwrap_or_default(), values.next()?)))
    }

    /// The same value in `serde_json`'s form.
    pub fn to_json(self) -> serde_json::Value {
        match self.shape() {
            Shape::Null => serde_json::Value::Null,
            Shape::Bool(value) => value.into(),
            Shape::Integer(value) => value.into(),
            Shape::Unsigned(value) => value.into(),
            Shape::Float(value) => value.into(),
            Shape::String(text) => text.into(),
            Shape::Array => self.items().map(Value::to_json).collect(),
            Shape::Object => self.members().map(|(name, value)| (name.to_owned(), value.to_json())).collect(),
        }
    }
}

impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_json().fmt(f)
    }
}

/// Values that stand one after the other.
struct Values<'r> {
    rest: &'r [Node<'r>],
}

impl<'r> Iterator for Values<'r> {
    type Item = Value<'r>;

    fn next(&mut self) -> Option<Value<'r>> {
        let here = self.rest;
        let inside = match here.first()? {
            Node::Array { skip } | Node::Object { skip } => *skip,
            _ => 0,
        };
        self.rest = here.get(inside + 1..).unwrap_or_default();
        Some(Value { nodes: here })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_is_reachable() {
        let text =
            r#"{"a":[1,{"b":null}],"a":2,"c":{"d":"e\n","f":[true,-1.5,18446744073709551615]},"g":[]}"#;
        let record = Record::parse(text.as_bytes()).unwrap();
        let root = record.root();
        assert_eq!(root.get("a").unwrap().items().count(), 2);
        assert_eq!(root.get("c").and_then(|c| c.get("d")).and_then(Value::as_str), Some("e\n"));
        let texts: Vec<_> =
            root.get("c").unwrap().get("f").unwrap().items().filter_map(Value::text).collect();
        assert_eq!(texts, ["true", "-1.5", "18446744073709551615"]);
        assert_eq!(root.members().map(|(name, _)| name).collect::<Vec<_>>(), ["a", "a", "c", "g"]);
        assert!(root.get("g").unwrap().items().next().is_none());
        assert!(root.get("x").is_none() && root.items().next().is_none());
    }

    #[test]
    fn a_record_is_used_again() {
        let mut record = Record::parse(b"[1,2]").unwrap();
        assert!(record.refill(b"{").is_err() && record.root().is_null());
        record.refill(b"\"x\"").unwrap();
        assert_eq!(record.root().as_str(), Some("x"));
    }

    #[test]
    fn values_and_depth_have_bounds() {
        let wide = |items| format!("[{}1]", "1,".repeat(items - 1));
        let deep = |levels| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        let fits = |text: &str| Record::parse(text.as_bytes()).is_ok();
        assert!(fits(&wide(VALUES - 1)) && !fits(&wide(VALUES)));
        assert!(fits(&deep(127)) && !fits(&deep(128)));
    }

    #[test]
    fn what_is_no_json_is_an_error() {
        for text in ["", "{", "{} {}", "{\"a\":}", "\"\\ud800\""] {
            assert!(Record::parse(text.as_bytes()).is_err(), "{text}");
        }
    }
}
