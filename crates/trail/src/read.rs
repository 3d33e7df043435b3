//! From the bytes of one file to events.
//!
//! Files are gzip (of any number of members) or plain text. In the text there are records in any of these forms, told
//! apart by what stands there and not by the file's name:
//!
//! - `{"Records":[…]}`, as CloudTrail delivers them
//!   ([log files](https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-examples.html)), a
//!   list, JSON Lines, one record alone, records one after the other;
//! - events of `CloudWatch` Logs: lines with a time in front, subscription data (`logEvents`), what `get-log-events`,
//!   `filter-log-events` and `get-query-results` print;
//! - events of `EventBridge` (the record is their `detail`), the output of `LookupEvents`, results of queries of
//!   CloudTrail Lake.
//!
//! Digest files and Insight events are counted, and are no events. What cannot be read is counted, with the reason.

mod bounds;
mod envelope;
mod inflate;
mod pieces;
mod repair;
mod tally;
#[cfg(test)]
mod tests;
mod text;

use std::io::Read;

use crate::Event;

pub use pieces::{Piece, Pieces};
pub use tally::{Loss, Tally};

/// Who takes the events, one at a time.
pub type Sink<'s> = &'s mut dyn FnMut(&Event<'_>);

/// How much memory and time one file may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Text that is not longer is held as a whole, longer text is read in pieces. No record may be longer.
    pub whole: usize,
    /// About how long a piece is.
    pub piece: usize,
    /// A file of more text than this is not read to its end: it is a mistake, or made to do harm.
    pub text: u64,
}

impl Default for Limits {
    /// 8 MiB at once, pieces of 1 MiB, 16 GiB of text in one file. The largest event that CloudTrail records has
    /// 256 KiB, and its files are seldom larger than 50 MB.
    fn default() -> Self {
        Self { whole: 8 << 20, piece: 1 << 20, text: 16 << 30 }
    }
}

/// Reads files one after the other, with the same memory.
pub struct Reader {
    limits: Limits,
    inflater: inflate::Inflater,
    raw: Vec<u8>,
    text: Vec<u8>,
}

/// A file that was opened.
pub enum Opened<'r, R> {
    /// All of its text.
    Whole(Piece<'r>),
    /// Its text in pieces.
    Pieces(Box<Pieces<R>>),
}

impl Reader {
    /// A reader with these limits.
    pub fn new(limits: Limits) -> Self {
        Self { limits, inflater: inflate::Inflater::default(), raw: Vec::new(), text: Vec::new() }
    }

    /// Reads the text of a file, or its start if it is long. What is lost on the way is counted in `tally`.
    pub fn open<R: Read>(&mut self, mut file: R, tally: &mut Tally) -> Opened<'_, R> {
        self.raw.clear();
        let error = inflate::fill(&mut file, self.limits.whole, &mut self.raw);
        if error.is_none() && self.raw.len() < self.limits.whole {
            if !inflate::is_gzip(&self.raw) {
                return Opened::Whole(Piece::whole(&self.raw));
            }
            if let Some(length) = self.inflater.inflate(&self.raw, self.limits.whole) {
                return Opened::Whole(Piece::whole(self.inflater.text(length)));
            }
        }
        self.stream(file, error, tally)
    }

    /// Reads the text of a file by a decoder that knows members and reads on where it can.
    fn stream<R: Read>(
        &mut self,
        file: R,
        error: Option<std::io::Error>,
        tally: &mut Tally,
    ) -> Opened<'_, R> {
        let raw = std::mem::take(&mut self.raw);
        let pieces = Pieces::new(raw, file, error, self.limits);
        if pieces.is_whole() {
            let (raw, text) = pieces.into_whole(tally);
            (self.raw, self.text) = (raw, text);
            return Opened::Whole(Piece::whole(&self.text));
        }
        Opened::Pieces(Box::new(pieces))
    }

    /// Reads all events of a file, one after the other.
    pub fn read<R: Read>(&mut self, file: R, tally: &mut Tally, sink: Sink<'_>) {
        match self.open(file, tally) {
            Opened::Whole(piece) => piece.read(tally, sink),
            Opened::Pieces(mut pieces) => {
                while let Some(piece) = pieces.next(tally) {
                    piece.read(tally, sink);
                }
            }
        }
    }
}
