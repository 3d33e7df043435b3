//! Which files were read already, so that a second run over a grown folder reads only what is new.

use std::collections::BTreeMap;
use std::hash::Hasher;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use siphasher::sip::SipHasher13;

/// The version of the form that this crate writes and reads.
const SCHEMA_VERSION: u8 = 1;

/// What a file looks like: a cheap sign of whether it is the same as before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileMark(u64);

/// Whether a file was read before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// No file of this name was.
    New,
    /// It was, as it is now.
    Same,
    /// One of this name was, and has changed: its events were counted as they were then.
    Changed,
}

/// The files that were read, as 16 bytes each: a hash of the name, and the mark.
///
/// Names are not kept. That two of a million names have the same hash is as likely as one in thirty million.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Progress {
    files: BTreeMap<u64, FileMark>,
}

/// The text is no list of files that were read.
#[derive(Debug, thiserror::Error)]
#[error("not a list of files that were read: {0}; read all logs again")]
pub struct ProgressError(String);

impl FileMark {
    /// How much of the head and of the tail goes into a mark. A gzip file ends with checksum and length.
    pub const BYTES: usize = 64;

    /// The mark of a file of this size that begins and ends with these bytes, of which [`FileMark::BYTES`] count.
    pub fn new(size: u64, head: &[u8], tail: &[u8]) -> Self {
        let mut hasher = SipHasher13::new();
        hasher.write_u64(size);
        hasher.write(head.get(..Self::BYTES).unwrap_or(head));
        hasher.write(tail.len().checked_sub(Self::BYTES).and_then(|from| tail.get(from..)).unwrap_or(tail));
        Self(hasher.finish())
    }
}

fn hash(name: &str) -> u64 {
    let mut hasher = SipHasher13::new();
    hasher.write(name.as_bytes());
    hasher.finish()
}

impl Progress {
    /// Whether a file of this name was read before. The name is to be the same in every run: the path below the
    /// source that was named, with `/`.
    pub fn seen(&self, name: &str, mark: FileMark) -> Seen {
        match self.files.get(&hash(name)) {
            None => Seen::New,
            Some(own) if *own == mark => Seen::Same,
            Some(_) => Seen::Changed,
        }
    }

    /// True if a file of this name was read before, whatever it looked like.
    pub fn has(&self, name: &str) -> bool {
        self.files.contains_key(&hash(name))
    }

    /// Remembers a file that was read.
    pub fn add(&mut self, name: &str, mark: FileMark) {
        self.files.insert(hash(name), mark);
    }

    /// How many files were read.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// True if none was.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Remembers the files of another.
    pub fn merge(&mut self, other: Self) {
        self.files.extend(other.files);
    }

    /// The bytes that [`Progress::from_bytes`] reads: the version, then name and mark of each file, little-endian.
    pub fn to_bytes(&self) -> Vec<u8> {
        let files = self.files.iter().flat_map(|(name, mark)| [name.to_le_bytes(), mark.0.to_le_bytes()]);
        std::iter::once(SCHEMA_VERSION).chain(files.flatten()).collect()
    }

    /// Reads what [`Progress::to_bytes`] wrote.
    ///
    /// # Errors
    /// The bytes are cut off or of another version.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ProgressError> {
        let error = |why: &str| ProgressError(why.to_owned());
        let (version, files) = bytes.split_first().ok_or_else(|| error("it is empty"))?;
        if *version != SCHEMA_VERSION {
            return Err(ProgressError(format!(
                "it has version {version}, this program reads {SCHEMA_VERSION}"
            )));
        }
        let (files, rest) = files.as_chunks::<16>();
        if !rest.is_empty() {
            return Err(error("it is cut off"));
        }
        let file = |file: &[u8; 16]| {
            let both = u128::from_le_bytes(*file);
            let halves = (both & u128::from(u64::MAX), both >> 64);
            Some((u64::try_from(halves.0).ok()?, FileMark(u64::try_from(halves.1).ok()?)))
        };
        Ok(Self { files: files.iter().filter_map(file).collect() })
    }
}

impl Serialize for Progress {
    /// As base64, for files of JSON.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use base64::Engine as _;
        serializer.serialize_str(&base64::engine::general_purpose::STANDARD.encode(self.to_bytes()))
    }
}

impl<'de> Deserialize<'de> for Progress {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use base64::Engine as _;
        let text = String::deserialize(deserializer)?;
        let bytes = base64::engine::general_purpose::STANDARD.decode(text).map_err(D::Error::custom)?;
        Self::from_bytes(&bytes).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files() {
        let mark = |size| FileMark::new(size, b"head", b"tail");
        let mut progress = Progress::default();
        progress.add("a/1.json.gz", mark(1));
        progress.add("a/2.json.gz", mark(2));
        for (name, size, expected) in
            [("a/1.json.gz", 1, Seen::Same), ("a/1.json.gz", 2, Seen::Changed), ("a/3.json.gz", 1, Seen::New)]
        {
            assert_eq!(progress.seen(name, mark(size)), expected, "{name}");
        }
        assert_eq!(Progress::from_bytes(&progress.to_bytes()).unwrap(), progress);
        let text = serde_json::to_string(&progress).unwrap();
        assert_eq!(serde_json::from_str::<Progress>(&text).unwrap(), progress);
        for bytes in [&[][..], &[9], &[1, 2]] {
            assert!(Progress::from_bytes(bytes).is_err());
        }
    }

    #[test]
    fn marks_tell_what_counts() {
        let long = [7; 200];
        let table: [(u64, &[u8], &[u8]); 4] =
            [(1, b"a", b"b"), (2, b"a", b"b"), (1, b"c", b"b"), (1, b"a", b"c")];
        for (index, one) in table.iter().enumerate() {
            for (other_index, other) in table.iter().enumerate() {
                let same = FileMark::new(one.0, one.1, one.2) == FileMark::new(other.0, other.1, other.2);
                assert_eq!(same, index == other_index);
            }
        }
        assert_eq!(FileMark::new(1, &long, &long), FileMark::new(1, &long[..64], &long[..64]));
    }

    /// What is stored stays readable: the hash must never change.
    #[test]
    fn the_hash_is_the_same_for_ever() {
        assert_eq!(hash("AWSLogs/1.json.gz"), 2_949_275_971_338_757_046);
    }
}
