//! Long text in pieces, each of whole records, so that a file of any length takes bounded memory.

mod scan;
mod source;

use std::borrow::Cow;
use std::io::{self, Read};

use super::tally::Tally;
use super::text::Form;
use super::{Limits, Sink, inflate, text};
use scan::{Found, Scan};
use source::Source;

/// A stretch of a file's text that holds whole records, or all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece<'p> {
    text: Cow<'p, [u8]>,
    at: u64,
    form: Form,
}

impl<'p> Piece<'p> {
    pub(super) fn whole(text: &'p [u8]) -> Self {
        Self { text: Cow::Borrowed(text), at: 0, form: Form::Sequence }
    }

    /// Gives the events of the piece to `sink`, and counts everything.
    pub fn read(&self, tally: &mut Tally, sink: Sink<'_>) {
        text::read(&self.text, self.at, self.form, tally, sink);
    }
}

/// The text of a file, piece by piece.
pub struct Pieces<R> {
    source: Source<R>,
    limits: Limits,
    /// Text that was read and is not in a piece yet, from `start` on.
    buffer: Vec<u8>,
    start: usize,
    /// How many bytes of text come before the buffer.
    before: u64,
    scan: Scan,
    ended: bool,
    error: Option<String>,
}

impl<R: Read> Pieces<R> {
    /// Starts to read: `head` is the start of the file and `error` what ended it, if something did.
    pub(super) fn new(head: Vec<u8>, file: R, error: Option<io::Error>, limits: Limits) -> Self {
        let mut pieces = Self {
            source: Source::new(head, file, error),
            limits,
            buffer: Vec::new(),
            start: 0,
            before: 0,
            scan: Scan::default(),
            ended: false,
            error: None,
        };
        pieces.more(limits.whole);
        pieces.scan = Scan::of(&pieces.buffer);
        pieces
    }

    /// True if all of the text was read at once.
    pub(super) fn is_whole(&self) -> bool {
        self.ended
    }

    /// The start of the file as it was given, and the text.
    pub(super) fn into_whole(mut self, tally: &mut Tally) -> (Vec<u8>, Vec<u8>) {
        self.tell_error(tally);
        (self.source.into_head(), self.buffer)
    }

    /// The next piece; what is lost on the way is counted.
    pub fn next(&mut self, tally: &mut Tally) -> Option<Piece<'static>> {
        loop {
            match self.scan.next(&self.buffer, self.start, self.limits.piece) {
                Some(Found::Piece { end, form }) => return Some(self.take(end, form)),
                Some(Found::Nothing { end }) => self.skip(end, tally),
                None if self.ended => return self.rest(tally),
                None if self.is_full() => match self.scan.waiting(self.start) {
                    Some(Found::Piece { end, form }) => return Some(self.take(end, form)),
                    _ => self.give_up(tally),
                },
                None => self.read_on(),
            }
        }
    }

    fn take(&mut self, end: usize, form: Form) -> Piece<'static> {
        let text = self.buffer.get(self.start..end).unwrap_or_default().to_vec();
        let at = self.before + self.start as u64;
        self.start = end;
        Piece { text: Cow::Owned(text), at, form }
    }

    fn skip(&mut self, end: usize, tally: &mut Tally) {
        tally.bytes += (end - self.start) as u64;
        self.start = end;
    }

    fn is_full(&self) -> bool {
        self.buffer.len() - self.start >= self.limits.whole
    }

    /// A record that is longer than all of the room is skipped.
    fn give_up(&mut self, tally: &mut Tally) {
        let at = self.before + self.start as u64;
        let (is_news, looked_at) = self.scan.give_up();
        if is_news {
            tally.refuse(at, || format!("is longer than {} bytes", self.limits.whole));
        }
        self.skip(looked_at, tally);
    }

    fn read_on(&mut self) {
        self.buffer.drain(..self.start);
        self.before += self.start as u64;
        self.scan.shift(self.start);
        self.start = 0;
        self.more(self.buffer.len() + self.limits.piece);
    }

    /// Reads until the buffer has that length.
    fn more(&mut self, length: usize) {
        let error = inflate::fill(&mut self.source, length, &mut self.buffer);
        self.ended = error.is_some() || self.buffer.len() < length;
        self.error = error.as_ref().map(source::why);
        if !self.ended && self.before + self.buffer.len() as u64 > self.limits.text {
            self.ended = true;
            self.error =
                Some(format!("has more than {} bytes of text: the rest is not read", self.limits.text));
        }
    }

    /// What is left when there is no more.
    fn rest(&mut self, tally: &mut Tally) -> Option<Piece<'static>> {
        self.tell_error(tally);
        let (form, goes_on) = self.scan.at_end();
        let left = self.buffer.len() > self.start;
        if goes_on {
            tally.cut(self.before + self.buffer.len() as u64, || "the list does not end".to_owned());
        }
        let piece = form.filter(|_| left).map(|form| self.take(self.buffer.len(), form));
        self.skip(self.buffer.len(), tally);
        self.before += self.start as u64;
        (self.scan, self.start) = (Scan::default(), 0);
        self.buffer.clear();
        piece
    }

    fn tell_error(&mut self, tally: &mut Tally) {
        if let Some(why) = self.error.take() {
            tally.cut(self.before + self.buffer.len() as u64, || why);
        }
    }
}
