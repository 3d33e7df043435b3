use serde::de::{Deserializer, Error as _, MapAccess, Visitor};
use serde::ser::{SerializeMap, Serializer};
use serde::{Deserialize, Serialize};

/// The longest name that a [`Few`] keeps, in bytes; what has a longer one is counted with the others. No ARN,
/// session name or event name is as long.
pub const LONGEST_NAME: usize = 2048;

/// What can be added up, in any order and any grouping.
pub trait Merge: Default {
    /// Adds the other.
    fn merge(&mut self, other: Self);

    /// True if nothing was added yet.
    fn is_empty(&self) -> bool;
}

impl Merge for u64 {
    fn merge(&mut self, other: Self) {
        *self = self.saturating_add(other);
    }

    fn is_empty(&self) -> bool {
        *self == 0
    }
}

/// The first `N` names in the order of their bytes, each with what it comes to, and what all others come to together.
///
/// The kept ones are those that come first of all that were ever added, so neither the order of adding nor that of
/// merging matters: a name that was once put to the others has `N` names before it, and they are in every merge too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Few<const N: usize, V = u64> {
    kept: Vec<(Box<str>, V)>,
    other: V,
}

impl<const N: usize, V: Default> Default for Few<N, V> {
    fn default() -> Self {
        Self { kept: Vec::new(), other: V::default() }
    }
}

impl<const N: usize, V: Merge> Few<N, V> {
    /// The kept names in their order, each with what it comes to.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &V)> {
        self.kept.iter().map(|(name, value)| (&**name, value))
    }

    /// What was not kept apart.
    pub fn other(&self) -> &V {
        &self.other
    }

    /// True if every name was kept.
    pub fn is_complete(&self) -> bool {
        self.other.is_empty()
    }

    /// True if there is nothing, kept or not.
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty() && self.other.is_empty()
    }

    /// What the name comes to, if it was kept.
    pub fn get(&self, name: &str) -> Option<&V> {
        let at = self.place(name).ok()?;
        self.kept.get(at).map(|(_, value)| value)
    }

    /// The place for a name to be counted at: its own, or that of the others.
    pub fn entry(&mut self, name: &str) -> &mut V {
        let found = self.place(name);
        if let Err(at) = found {
            if at >= N || name.len() > LONGEST_NAME {
                return &mut self.other;
            }
            self.kept.insert(at, (name.into(), V::default()));
            self.evict();
        }
        let (Ok(at) | Err(at)) = found;
        self.kept.get_mut(at).map_or(&mut self.other, |(_, value)| value)
    }

    /// Adds what is not to be kept apart.
    pub fn add_other(&mut self, value: V) {
        self.other.merge(value);
    }

    /// Adds all of another.
    pub fn merge(&mut self, other: Self) {
        if self.is_empty() {
            *self = other;
            return;
        }
        for (name, value) in other.kept {
            self.add(name, value);
        }
        self.other.merge(other.other);
    }

    /// Adds what a name comes to.
    pub fn add(&mut self, name: Box<str>, value: V) {
        match self.place(&name) {
            Ok(at) => {
                if let Some((_, own)) = self.kept.get_mut(at) {
                    own.merge(value);
                }
            }
            Err(at) if at >= N || name.len() > LONGEST_NAME => self.other.merge(value),
            Err(at) => {
                self.kept.insert(at, (name, value));
                self.evict();
            }
        }
    }

    fn evict(&mut self) {
        if self.kept.len() > N
            && let Some((_, value)) = self.kept.pop()
        {
            self.other.merge(value);
        }
    }

    fn place(&self, name: &str) -> Result<usize, usize> {
        match self.kept.as_slice() {
            [] => Err(0),
            // Most have one name only, or are asked for the last one.
            [.., (last, _)] if **last == *name => Ok(self.kept.len() - 1),
            [.., (last, _)] if **last < *name => Err(self.kept.len()),
            all => all.binary_search_by(|(own, _)| (**own).cmp(name)),
        }
    }
}

impl<const N: usize> Few<N> {
    /// Counts a name once.
    pub fn count(&mut self, name: &str) {
        self.entry(name).merge(1);
    }

    /// The sum of all counts.
    pub fn total(&self) -> u64 {
        self.kept.iter().fold(self.other, |sum, (_, count)| sum.saturating_add(*count))
    }
}

/// What stands in a file for the names that were not kept; no other name is empty.
const OTHER: &str = "";

impl<const N: usize, V: Merge + Serialize> Serialize for Few<N, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if !self.other.is_empty() {
            map.serialize_entry(OTHER, &self.other)?;
        }
        for (name, value) in &self.kept {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl<'de, const N: usize, V: Merge + Deserialize<'de>> Deserialize<'de> for Few<N, V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Names(std::marker::PhantomData))
    }
}

struct Names<const N: usize, V>(std::marker::PhantomData<V>);

impl<'de, const N: usize, V: Merge + Deserialize<'de>> Visitor<'de> for Names<N, V> {
    type Value = Few<N, V>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Few<N, V>, A::Error> {
        let mut few: Self::Value = Few::default();
        while let Some(name) = members.next_key::<Box<str>>()? {
            let value = members.next_value()?;
            if &*name == OTHER {
                few.other.merge(value);
            } else if few.place(&name).is_ok() {
                return Err(A::Error::custom(format!("`{name}` occurs twice")));
            } else {
                few.add(name, value);
            }
        }
        Ok(few)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn few(names: &[String]) -> Few<3> {
        let mut few = Few::default();
        for name in names {
            few.count(name);
        }
        few
    }

    #[test]
    fn the_first_in_order_are_kept() {
        let names = ["d", "b", "a", "b", "c", "e"].map(String::from);
        let few = few(&names);
        assert_eq!(few.iter().collect::<Vec<_>>(), [("a", &1), ("b", &2), ("c", &1)]);
        assert_eq!((*few.other(), few.total(), few.is_complete()), (2, 6, false));
        assert_eq!((few.get("b"), few.get("d")), (Some(&2), None));
    }

    #[test]
    fn a_name_without_end_is_counted_only() {
        let mut few: Few<3> = Few::default();
        few.count(&"x".repeat(LONGEST_NAME + 1));
        few.count(&"x".repeat(LONGEST_NAME));
        assert_eq!((few.iter().count(), *few.other()), (1, 1));
    }

    #[test]
    fn files() {
        let few = few(&["d", "b", "a", "c"].map(String::from));
        let text = serde_json::to_string(&few).unwrap();
        assert_eq!(text, r#"{"":1,"a":1,"b":1,"c":1}"#);
        assert_eq!(serde_json::from_str::<Few<3>>(&text).unwrap(), few);
        assert!(serde_json::from_str::<Few<3>>(r#"{"a":1,"a":1}"#).is_err());
    }

    proptest! {
        /// Neither order nor grouping matters, even above the bound.
        #[test]
        fn merging(mut names in proptest::collection::vec("[a-h]", 0..24), one in 0usize..24, two in 0usize..24) {
            let whole = few(&names);
            let (one, two) = (one.min(two).min(names.len()), two.max(one).min(names.len()));
            let parts = [&names[..one], &names[one..two], &names[two..]].map(few);
            let [a, b, c] = parts.clone();
            let mut left = a.clone();
            left.merge(b.clone());
            left.merge(c.clone());
            let mut right = c;
            let mut inner = b;
            inner.merge(a);
            right.merge(inner);
            prop_assert_eq!(&left, &right);
            prop_assert_eq!(&left, &whole);
            names.reverse();
            prop_assert_eq!(few(&names), whole);
        }
    }
}
