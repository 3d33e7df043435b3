use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;

use leastwise_policy::Context;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// The `context` of a case: keys with one value or a list. Numbers and booleans are taken as text, and `null`
/// as a key that is not there.
#[derive(Debug, Default)]
pub(super) struct CaseContext(pub Context);

impl<'de> Deserialize<'de> for CaseContext {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Entries)
    }
}

struct Entries;

impl<'de> Visitor<'de> for Entries {
    type Value = CaseContext;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of context keys")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<CaseContext, A::Error> {
        let mut context = Context::new();
        let mut seen: BTreeSet<String> = BTreeSet::new();
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            let lower = key.to_ascii_lowercase();
            if !seen.insert(lower) {
                return Err(A::Error::custom(format!("the context key `{key}` is given twice")));
            }
            match map.next_value()? {
                Value::None => {}
                Value::One(value) => context.set(&key, value),
                Value::Many(values) => context.set_all(&key, values),
            }
        }
        Ok(CaseContext(context))
    }
}

enum Value {
    None,
    One(Box<str>),
    Many(Vec<Box<str>>),
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OneValue)
    }
}

struct OneValue;

impl<'de> Visitor<'de> for OneValue {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value or a list of values")
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::One(value.into()))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::One(value.to_string().into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::One(value.to_string().into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::One(value.to_string().into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::One(value.to_string().into()))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(item) = items.next_element::<Value>()? {
            match item {
                Value::One(value) => values.push(value),
                Value::None => {}
                Value::Many(_) => return Err(A::Error::custom("a list of values holds another list")),
            }
        }
        Ok(Value::Many(values))
    }
}
