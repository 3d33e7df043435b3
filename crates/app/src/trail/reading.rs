//! What was read, and what was not.

use jiff::Timestamp;
use leastwise_trail::read::Tally;
use leastwise_trail::{Event, Field};
use serde::Serialize;

use super::inputs::LeftOut;

/// What was read, and what was not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Reading {
    /// Files and streams that were read, at least in part.
    pub files: u64,
    /// Bytes of them, as they are stored.
    pub bytes: u64,
    /// Files that were left out because no event in them can be wanted.
    pub filtered_files: u64,
    /// Files in folders that are not named like logs.
    pub not_logs: u64,
    /// Digest files that were told by their names; [`Tally::digests`] has those that were told by what is in them.
    pub digest_files: u64,
    /// Files of Insight events, which are not read.
    pub insight_files: u64,
    /// What was in the files, and what was lost.
    pub tally: Tally,
    /// Events that are not wanted.
    pub filtered: u64,
    /// Events that were there already.
    pub duplicates: u64,
    /// Events without an id: whether they are duplicates is not known.
    pub without_id: u64,
    /// Events that were analysed.
    pub analysed: u64,
    /// When the first and the last of these happened.
    pub span: Span,
    /// At least so many event ids were remembered to find duplicates.
    pub window: usize,
}

impl Reading {
    pub(super) fn of(left_out: &mut LeftOut, window: usize) -> Self {
        Self {
            filtered_files: left_out.filtered,
            not_logs: left_out.not_logs,
            digest_files: left_out.digests,
            insight_files: left_out.insights,
            tally: std::mem::take(&mut left_out.losses),
            window,
            ..Self::default()
        }
    }

    /// True if nothing was lost.
    pub fn is_complete(&self) -> bool {
        self.tally.is_complete()
    }

    /// Adds what was read after it.
    pub(super) fn add(&mut self, other: Self) {
        self.files += other.files;
        self.bytes += other.bytes;
        self.filtered += other.filtered;
        self.duplicates += other.duplicates;
        self.without_id += other.without_id;
        self.analysed += other.analysed;
        self.span = self.span.with(other.span);
        self.tally.add(other.tally, || None);
    }
}

/// The first and the last of some times.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Span(Option<(Timestamp, Timestamp)>);

impl Span {
    /// The first and the last; nothing if there was no time at all.
    pub fn ends(self) -> Option<(Timestamp, Timestamp)> {
        self.0
    }

    fn with(self, other: Self) -> Self {
        match (self.0, other.0) {
            (Some(a), Some(b)) => Self(Some((a.0.min(b.0), a.1.max(b.1)))),
            (a, b) => Self(a.or(b)),
        }
    }
}

/// Collects times. Those that are written as CloudTrail does are compared as they are.
#[derive(Debug, Default)]
pub(super) struct Spans {
    texts: Option<([u8; 20], [u8; 20])>,
    others: Span,
}

impl Spans {
    pub(super) fn take(&mut self, event: &Event<'_>) {
        let Some(text) = event.str(Field::EventTime) else { return };
        match <[u8; 20]>::try_from(text.as_bytes()) {
            Ok(text) if text.ends_with(b"Z") && text.get(10) == Some(&b'T') => {
                let (first, last) = self.texts.get_or_insert((text, text));
                (*first, *last) = (text.min(*first), text.max(*last));
            }
            _ => self.others = self.others.with(Span(event.time().map(|time| (time, time)))),
        }
    }

    pub(super) fn span(self) -> Span {
        let time = |text: [u8; 20]| str::from_utf8(&text).ok()?.parse::<Timestamp>().ok();
        let texts = self.texts.and_then(|(first, last)| Some((time(first)?, time(last)?)));
        Span(texts).with(self.others)
    }
}
