//! Where text can be cut: strings and brackets are known, and the lists that hold records.

use memchr::{memchr, memchr2, memrchr};

use crate::json::Cursor;
use crate::read::bounds;
use crate::read::text::{Form, holds_records};

/// What the scan came upon.
pub(super) enum Found {
    /// Whole records, up to `end`.
    Piece { end: usize, form: Form },
    /// Nothing of interest, up to `end`.
    Nothing { end: usize },
}

/// How the text is laid out.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Layout {
    /// Values of any kind.
    #[default]
    Values,
    /// A value in each line.
    Lines,
}

/// The state between two stretches of text. Places are in the buffer.
#[derive(Debug, Default)]
pub(super) struct Scan {
    layout: Layout,
    /// The next byte to look at.
    at: usize,
    /// Up to here there are whole records; 0 for none.
    cut: usize,
    depth: usize,
    in_string: bool,
    /// How deep the items of the list are that holds the records.
    list: Option<usize>,
    /// Where the last string of the outermost object starts.
    name: Option<usize>,
    /// The outermost object has shown its records: what else it has is of no interest.
    shown: bool,
    /// The record is too long, and skipped.
    skipping: bool,
}

impl Scan {
    /// A scan of text that starts like this.
    pub(super) fn of(start: &[u8]) -> Self {
        let layout = if is_in_lines(start) { Layout::Lines } else { Layout::Values };
        Self { layout, ..Self::default() }
    }

    /// Looks on, until there is a piece of about that size; nothing if more text is needed.
    pub(super) fn next(&mut self, text: &[u8], start: usize, size: usize) -> Option<Found> {
        match self.layout {
            Layout::Lines => self.line(text, start, size),
            Layout::Values => self.value(text, start, size),
        }
    }

    /// Whole records that wait for more of them.
    pub(super) fn waiting(&mut self, start: usize) -> Option<Found> {
        let end = std::mem::take(&mut self.cut);
        let form = if self.list.is_some() { Form::Items } else { Form::Sequence };
        (end > start).then_some(Found::Piece { end, form })
    }

    /// Skips the rest of a record that is too long. True if that was not known; and up to where it was looked at.
    pub(super) fn give_up(&mut self) -> (bool, usize) {
        self.name = None;
        let known = std::mem::replace(&mut self.skipping, self.depth > 0 || self.layout == Layout::Lines);
        let is_of_interest = !self.shown || self.list.is_some();
        (!known && is_of_interest, self.at)
    }

    /// The buffer has lost that many bytes at its start.
    pub(super) fn shift(&mut self, by: usize) {
        self.at = self.at.saturating_sub(by);
        self.cut = self.cut.saturating_sub(by);
        self.name = self.name.and_then(|name| name.checked_sub(by));
    }

    /// What the rest of the text is, when there is no more; and whether the list ought to go on.
    pub(super) fn at_end(&self) -> (Option<Form>, bool) {
        let form = match self.list {
            _ if self.skipping => None,
            Some(_) => Some(Form::Items),
            None if self.shown => None,
            None => Some(Form::Sequence),
        };
        (form, self.list.is_some())
    }

    fn line(&mut self, text: &[u8], start: usize, size: usize) -> Option<Found> {
        self.at = text.len();
        let fresh = text.get(start..)?;
        if self.skipping {
            let end = start + memchr(b'\n', fresh)? + 1;
            self.skipping = false;
            return Some(Found::Nothing { end });
        }
        let length = memrchr(b'\n', fresh.get(..size)?).or_else(|| memchr(b'\n', fresh))? + 1;
        Some(Found::Piece { end: start + length, form: Form::Sequence })
    }

    fn value(&mut self, text: &[u8], start: usize, size: usize) -> Option<Found> {
        while let Some(byte) = text.get(self.at) {
            let found = match byte {
                _ if self.in_string => {
                    self.leave_string(text)?;
                    None
                }
                b'{' | b'[' => self.open(*byte, text, start),
                b'}' | b']' => self.close(start),
                _ => self.plain(*byte),
            };
            if found.is_some() {
                return found;
            }
            if self.cut >= start + size {
                return self.waiting(start);
            }
        }
        None
    }

    fn plain(&mut self, byte: u8) -> Option<Found> {
        self.at += 1;
        match byte {
            b'"' => {
                self.in_string = true;
                if self.depth == 1 && self.list.is_none() {
                    self.name = Some(self.at);
                }
            }
            b',' if self.list == Some(self.depth) => {
                if std::mem::take(&mut self.skipping) {
                    return Some(Found::Nothing { end: self.at });
                }
                self.cut = self.at;
            }
            _ => {}
        }
        None
    }

    /// Goes on inside a string, up to its end; nothing if that is not in the text yet.
    fn leave_string(&mut self, text: &[u8]) -> Option<()> {
        let Some(length) = memchr2(b'"', b'\\', text.get(self.at..)?) else {
            self.at = text.len();
            return None;
        };
        self.at += length;
        if text.get(self.at) == Some(&b'"') {
            self.in_string = false;
            self.at += 1;
        } else {
            text.get(self.at + 1)?;
            self.at += 2;
        }
        Some(())
    }

    fn open(&mut self, byte: u8, text: &[u8], start: usize) -> Option<Found> {
        let outermost = self.depth == 0 || self.depth == 1 && self.is_after_a_known_name(text);
        let is_list = byte == b'[' && self.list.is_none() && outermost;
        if is_list && self.cut > start {
            return self.waiting(start);
        }
        self.at += 1;
        self.depth += 1;
        if !is_list {
            return None;
        }
        self.list = Some(self.depth);
        self.shown = self.depth == 2;
        self.skipping = false;
        Some(Found::Nothing { end: self.at })
    }

    fn is_after_a_known_name(&self, text: &[u8]) -> bool {
        let name = self.name.and_then(|name| text.get(name..self.at)?.split(|byte| *byte == b'"').next());
        name.and_then(|name| str::from_utf8(name).ok()).is_some_and(holds_records)
    }

    fn close(&mut self, start: usize) -> Option<Found> {
        let ends_the_list = self.list == Some(self.depth);
        if ends_the_list && !self.skipping && start < self.at {
            self.cut = 0;
            return Some(Found::Piece { end: self.at, form: Form::Items });
        }
        self.at += 1;
        self.depth = self.depth.saturating_sub(1);
        if ends_the_list {
            self.list = None;
        } else if self.depth > 0 || self.list.is_some() {
            return None;
        } else if !self.skipping && !self.shown {
            self.cut = self.at;
            return None;
        }
        self.skipping = false;
        self.shown &= ends_the_list;
        Some(Found::Nothing { end: self.at })
    }
}

/// True if the first line holds a value, or does not start as one.
fn is_in_lines(start: &[u8]) -> bool {
    let start = start.trim_ascii_start();
    let Some(line) = memchr(b'\n', start).and_then(|end| start.get(..end)) else { return false };
    if !line.starts_with(b"{") && !line.starts_with(b"[") && !line.starts_with(b"\"") {
        return true;
    }
    let alone = bounds::end(line, 0)
        .is_some_and(|end| line.get(end..).is_some_and(|rest| rest.trim_ascii().is_empty()));
    alone && !line.starts_with(b"[") && !is_holder(line)
}

fn is_holder(line: &[u8]) -> bool {
    let Ok(line) = str::from_utf8(line) else { return false };
    let mut cursor = Cursor::new(line);
    cursor.take(b'{') && cursor.name().is_some_and(|name| holds_records(&name))
}
