//! Parsing with `serde_json`: slower than the cursor, and the one that decides what JSON is.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::{Node, VALUES};

/// Appends the nodes of one JSON text.
pub(super) fn parse<'a>(text: &'a [u8], nodes: &mut Vec<Node<'a>>) -> Result<(), serde_json::Error> {
    let mut reader = serde_json::Deserializer::from_slice(text);
    Fill(nodes).deserialize(&mut reader)?;
    reader.end()
}

fn bounded<E: Error>(nodes: &[Node<'_>]) -> Result<(), E> {
    if nodes.len() > VALUES { Err(E::custom(format_args!("more than {VALUES} values"))) } else { Ok(()) }
}

/// Appends what is deserialized to the nodes.
struct Fill<'n, 'a>(&'n mut Vec<Node<'a>>);

impl<'a> DeserializeSeed<'a> for Fill<'_, 'a> {
    type Value = ();

    fn deserialize<D: Deserializer<'a>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'a> Visitor<'a> for Fill<'_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.0.push(Node::Null);
        Ok(())
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.0.push(Node::Bool(value));
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.0.push(Node::Integer(value));
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.0.push(i64::try_from(value).map_or(Node::Unsigned(value), Node::Integer));
        Ok(())
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        self.0.push(Node::Float(value));
        Ok(())
    }

    fn visit_borrowed_str<E>(self, value: &'a str) -> Result<(), E> {
        self.0.push(Node::String(Cow::Borrowed(value)));
        Ok(())
    }

    fn visit_str<E>(self, value: &str) -> Result<(), E> {
        self.0.push(Node::String(Cow::Owned(value.to_owned())));
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut items: A) -> Result<(), A::Error> {
        let head = self.0.len();
        self.0.push(Node::Array { skip: 0 });
        while items.next_element_seed(Fill(self.0))?.is_some() {
            bounded(self.0)?;
        }
        let skip = self.0.len() - head - 1;
        if let Some(node) = self.0.get_mut(head) {
            *node = Node::Array { skip };
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'a>>(self, mut members: A) -> Result<(), A::Error> {
        let head = self.0.len();
        self.0.push(Node::Object { skip: 0 });
        while members.next_key_seed(Fill(self.0))?.is_some() {
            members.next_value_seed(Fill(self.0))?;
            bounded(self.0)?;
        }
        let skip = self.0.len() - head - 1;
        if let Some(node) = self.0.get_mut(head) {
            *node = Node::Object { skip };
        }
        Ok(())
    }
}
