//! The way back to JSON, with elements in the order in which AWS's pages show them.

use std::collections::BTreeMap;

use serde::ser::{Error, SerializeMap};
use serde::{Serialize, Serializer};

use super::once::Once;
use super::{Document, DocumentError, Effect, Scope, Statement, Version};
use crate::{Condition, Pattern, Principal, PrincipalKind, Principals};

impl Document {
    /// The document as JSON without white space.
    ///
    /// # Errors
    /// A statement has two conditions with the same operator and key, which JSON cannot hold. A document
    /// that was read has none.
    pub fn to_json(&self) -> Result<String, DocumentError> {
        serde_json::to_string(self).map_err(|e| DocumentError::from_json(&e, String::new()))
    }

    /// The document as JSON for people, indented by two spaces.
    ///
    /// # Errors
    /// As [`Document::to_json`].
    pub fn to_json_pretty(&self) -> Result<String, DocumentError> {
        serde_json::to_string_pretty(self).map_err(|e| DocumentError::from_json(&e, String::new()))
    }
}

impl Serialize for Document {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("Version", &self.version)?;
        if let Some(id) = &self.id {
            map.serialize_entry("Id", id)?;
        }
        map.serialize_entry("Statement", &self.statements)?;
        map.end()
    }
}

impl Serialize for Statement {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(sid) = &self.sid {
            map.serialize_entry("Sid", sid)?;
        }
        map.serialize_entry("Effect", &self.effect)?;
        match &self.principals {
            Principals::Unspecified => Ok(()),
            Principals::Only(entries) => map.serialize_entry("Principal", &PrincipalMap(entries)),
            Principals::AllBut(entries) => map.serialize_entry("NotPrincipal", &PrincipalMap(entries)),
        }?;
        scope(&mut map, "Action", "NotAction", &self.actions)?;
        scope(&mut map, "Resource", "NotResource", &self.resources)?;
        if !self.conditions.is_empty() {
            map.serialize_entry("Condition", &Block(&self.conditions))?;
        }
        map.end()
    }
}

impl Serialize for Version {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Serialize for Effect {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

fn scope<M: SerializeMap>(map: &mut M, only: &str, all_but: &str, scope: &Scope) -> Result<(), M::Error> {
    match scope {
        Scope::Unspecified => Ok(()),
        Scope::Only(patterns) => map.serialize_entry(only, &OneOrMore(patterns)),
        Scope::AllBut(patterns) => map.serialize_entry(all_but, &OneOrMore(patterns)),
    }
}

/// A single value as a string, others as a list.
struct OneOrMore<'a, T>(&'a [T]);

impl<T: Serialize> Serialize for OneOrMore<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            [one] => one.serialize(serializer),
            items => serializer.collect_seq(items),
        }
    }
}

impl Serialize for Pattern {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// `*`, or the entries by kind, in the order in which the kinds first occur.
struct PrincipalMap<'a>(&'a [Principal]);

impl Serialize for PrincipalMap<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let [Principal { kind: PrincipalKind::Everyone, .. }] = self.0 {
            return serializer.serialize_str("*");
        }
        // Beside others, everyone is written as `AWS`: `*`, which means the same.
        let kind = |principal: &Principal| match principal.kind {
            PrincipalKind::Everyone => PrincipalKind::Aws,
            other => other,
        };
        let mut map = serializer.serialize_map(None)?;
        let mut written = Vec::new();
        for principal in self.0 {
            let this = kind(principal);
            if !written.contains(&this) {
                written.push(this);
                let entries: Vec<&str> =
                    self.0.iter().filter(|p| kind(p) == this).map(|p| &*p.value).collect();
                map.serialize_entry(this.key(), &OneOrMore(&entries))?;
            }
        }
        map.end()
    }
}

/// The `Condition` element: conditions by operator, in the order in which the operators first occur.
struct Block<'a>(&'a [Condition]);

impl Serialize for Block<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut operators: Vec<(String, Vec<&Condition>)> = Vec::new();
        let mut index = BTreeMap::new();
        for condition in self.0 {
            let name = condition.operator.to_string();
            let at = *index.entry(name.to_ascii_lowercase()).or_insert(operators.len());
            match operators.get_mut(at) {
                Some((_, conditions)) => conditions.push(condition),
                None => operators.push((name, vec![condition])),
            }
        }
        serializer.collect_map(operators.iter().map(|(operator, keys)| (operator, Keys(keys))))
    }
}

/// What one operator compares.
struct Keys<'a>(&'a [&'a Condition]);

impl Serialize for Keys<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut once = Once::default();
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (i, condition) in self.0.iter().enumerate() {
            let earlier = self.0.get(..i).unwrap_or_default();
            if once.repeats(earlier.iter().map(|c| &*c.key), &condition.key) {
                let (operator, key) = (&condition.operator, &condition.key);
                let why = format_args!("two conditions are `{operator}` on `{key}`; split the statement");
                return Err(S::Error::custom(why));
            }
            map.serialize_entry(&*condition.key, &OneOrMore(&condition.values))?;
        }
        map.end()
    }
}
