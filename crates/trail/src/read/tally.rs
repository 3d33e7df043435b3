//! What was read and what was lost.

use std::fmt;

use serde::Serialize;

/// How many losses are told one by one.
pub const EXAMPLES: usize = 20;

/// Counts of what was read; they add up over pieces and files.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Bytes of text, after inflating.
    pub bytes: u64,
    /// Events.
    pub events: u64,
    /// Insight events, which are no calls.
    pub insights: u64,
    /// Digest files.
    pub digests: u64,
    /// Records that could not be read, or are none of CloudTrail's.
    pub refused: u64,
    /// Files that could not be opened.
    pub unreadable: u64,
    /// Files that ended too early, or could not be read to their end.
    pub cut: u64,
    /// Places that were no UTF-8 (or half a surrogate pair), and were read as U+FFFD.
    pub replaced: u64,
    /// The first losses, each with its reason.
    pub examples: Vec<Loss>,
}

/// Something that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Loss {
    /// The file, if it is known.
    pub file: Option<Box<str>>,
    /// Where it is: a number of bytes into the text of the file.
    pub at: u64,
    /// Why it could not be read.
    pub why: Box<str>,
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.file {
            Some(file) => write!(f, "`{file}`, byte {}: {}", self.at, self.why),
            None => write!(f, "byte {}: {}", self.at, self.why),
        }
    }
}

impl Tally {
    /// Events and Insight events that were read, and records that could not be.
    pub fn records(&self) -> u64 {
        self.events + self.insights + self.refused
    }

    /// True if nothing was lost.
    pub fn is_complete(&self) -> bool {
        self.unreadable == 0 && self.refused == 0 && self.cut == 0 && self.replaced == 0
    }

    /// Adds what comes after. The losses of `other` are in `file`, unless they say something else.
    pub fn add(&mut self, other: Self, file: impl FnOnce() -> Option<Box<str>>) {
        self.bytes += other.bytes;
        self.events += other.events;
        self.insights += other.insights;
        self.digests += other.digests;
        self.refused += other.refused;
        self.unreadable += other.unreadable;
        self.cut += other.cut;
        self.replaced += other.replaced;
        let room = EXAMPLES.saturating_sub(self.examples.len());
        if room > 0 && !other.examples.is_empty() {
            let file = file();
            let named = |loss: Loss| Loss { file: loss.file.or_else(|| file.clone()), ..loss };
            self.examples.extend(other.examples.into_iter().take(room).map(named));
        }
    }

    /// Counts a file that could not be opened.
    pub fn unreadable(&mut self, file: &str, why: impl Into<Box<str>>) {
        self.unreadable += 1;
        if self.examples.len() < EXAMPLES {
            self.examples.push(Loss { file: Some(file.into()), at: 0, why: why.into() });
        }
    }

    /// Counts a record that could not be read.
    pub(crate) fn refuse(&mut self, at: u64, why: impl FnOnce() -> String) {
        self.refused += 1;
        self.example(at, why);
    }

    /// Counts a file that could not be read to its end.
    pub(crate) fn cut(&mut self, at: u64, why: impl FnOnce() -> String) {
        self.cut += 1;
        self.example(at, why);
    }

    /// Counts places that were replaced, the first of them at `at`.
    pub(crate) fn replace(&mut self, count: u64, at: u64) {
        self.replaced += count;
        if count > 0 {
            self.example(at, || "is no UTF-8, and read as `\u{fffd}`".to_owned());
        }
    }

    fn example(&mut self, at: u64, why: impl FnOnce() -> String) {
        if self.examples.len() < EXAMPLES {
            self.examples.push(Loss { file: None, at, why: why().into() });
        }
    }
}
