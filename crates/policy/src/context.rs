use std::collections::BTreeMap;

/// The condition context of a request: context keys and their values.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Context {
    /// By key in lower case.
    entries: BTreeMap<Box<str>, Entry>,
    /// What is meant by a key that is not named.
    pub unsaid: Unsaid,
    /// The beginnings of keys of which everything is said.
    complete: Vec<Box<str>>,
    /// The beginnings of keys of which nothing is known, though AWS would derive them.
    forgotten: Vec<Box<str>>,
}

/// What is meant by a context key that a [`Context`] does not name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Unsaid {
    /// The request does not have it.
    #[default]
    Absent,
    /// Nothing is known of it: a condition on it may hold or not.
    Unknown,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    /// As given: the case of an entry in a KMS encryption context matters.
    written: Box<str>,
    values: Values,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Values {
    One(Box<str>),
    Many(Vec<Box<str>>),
}

impl Context {
    /// A context in which a key that is not named is absent.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a key with one value; the case of the key does not matter.
    pub fn set(&mut self, key: &str, value: impl Into<Box<str>>) {
        self.put(key, Values::One(value.into()));
    }

    /// Sets a key with several values; without any, the key is there but empty, which is as good as absent.
    pub fn set_all(&mut self, key: &str, values: Vec<Box<str>>) {
        self.put(key, Values::Many(values));
    }

    /// Says that every key with this beginning that the request has is named, such as all of `aws:PrincipalTag/`.
    pub fn complete(&mut self, prefix: &str) {
        self.complete.push(prefix.to_ascii_lowercase().into());
    }

    /// What is meant by this key, in lower case, where it is not named.
    pub(crate) fn unsaid_of(&self, name: &str) -> Unsaid {
        if self.complete.iter().any(|prefix| name.starts_with(&**prefix)) {
            Unsaid::Absent
        } else {
            self.unsaid
        }
    }

    /// Says that nothing is known of keys with this beginning, not even what would follow from the caller.
    pub fn forget(&mut self, prefix: &str) {
        self.forgotten.push(prefix.to_ascii_lowercase().into());
    }

    pub(crate) fn is_forgotten(&self, name: &str) -> bool {
        self.forgotten.iter().any(|prefix| name.starts_with(&**prefix))
    }

    fn put(&mut self, written: &str, values: Values) {
        self.entries.insert(written.to_ascii_lowercase().into(), Entry { written: written.into(), values });
    }

    /// The keys that are named, as written.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.entries.values().map(|entry| &*entry.written)
    }

    /// The values of a key whose name is in lower case.
    pub(crate) fn get(&self, name: &str) -> Option<&Values> {
        self.entries.get(name).map(|entry| &entry.values)
    }

    /// What is behind a prefix in lower case, as written, with its values.
    pub(crate) fn behind<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a Values)> {
        let entries = self.entries.iter().filter(move |(key, _)| key.starts_with(prefix));
        entries.filter_map(move |(_, entry)| Some((entry.written.get(prefix.len()..)?, &entry.values)))
    }
}

impl Values {
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        let values = match self {
            Self::One(value) => std::slice::from_ref(value),
            Self::Many(values) => values,
        };
        values.iter().map(|value| &**value)
    }
}
