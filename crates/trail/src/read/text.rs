//! From text to values: the outermost forms, and how to go on after something that is broken.

use super::tally::Tally;
use super::{Sink, bounds, repair};
use crate::json::{Cursor, Record};

/// What a stretch of text is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Values and lines, as in a file.
    Sequence,
    /// Items of a list, with commas between them.
    Items,
}

/// Members of an object that hold the records, in one of the known envelopes.
pub(super) fn holds_records(name: &str) -> bool {
    matches!(name, "Records" | "logEvents" | "events" | "Events" | "QueryResultRows" | "results")
}

/// Reads the text of a file or a stretch of it, `base` bytes into the file.
pub(super) fn read(bytes: &[u8], base: u64, form: Form, tally: &mut Tally, sink: Sink<'_>) {
    tally.bytes += bytes.len() as u64;
    let (text, replaced, first) = repair::utf8(bytes);
    tally.replace(replaced, base + first as u64);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let mut records = Records { tally, sink, base };
    match form {
        Form::Sequence => records.sequence(&mut Cursor::new(text)),
        Form::Items => records.items(&mut Cursor::new(text), &mut Record::default(), false),
    }
}

/// Takes records out of text.
pub(super) struct Records<'t> {
    pub(super) tally: &'t mut Tally,
    pub(super) sink: Sink<'t>,
    base: u64,
}

impl Records<'_> {
    pub(super) fn refuse(&mut self, at: usize, why: impl FnOnce() -> String) {
        self.tally.refuse(self.base + at as u64, why);
    }

    fn sequence(&mut self, cursor: &mut Cursor<'_>) {
        let mut record = Record::default();
        while let Some(byte) = cursor.peek() {
            match byte {
                b',' => cursor.go(cursor.at() + 1),
                b'[' => {
                    cursor.go(cursor.at() + 1);
                    self.items(cursor, &mut record, true);
                }
                b'{' if self.holder(cursor, &mut record) => {}
                b'{' | b'"' | b'n' => self.value(cursor, &mut record, Form::Sequence),
                _ => self.line_with_a_prefix(cursor),
            }
        }
    }

    /// Reads the items of a list up to its end, or the end of the text.
    fn items<'a>(&mut self, cursor: &mut Cursor<'a>, record: &mut Record<'a>, closes: bool) {
        loop {
            match cursor.peek() {
                Some(b',') => cursor.go(cursor.at() + 1),
                Some(b']') if closes => return cursor.go(cursor.at() + 1),
                Some(_) => self.value(cursor, record, Form::Items),
                None if closes => {
                    return self.tally.cut(self.base + cursor.at() as u64, || "the list does not end".into());
                }
                None => return,
            }
        }
    }

    /// Reads an object whose first member holds the records; false, with the cursor where it was, for any other.
    fn holder<'a>(&mut self, cursor: &mut Cursor<'a>, record: &mut Record<'a>) -> bool {
        let mut inside = cursor.clone();
        let named = inside.take(b'{') && inside.name().is_some_and(|name| holds_records(&name));
        if !named || !inside.take(b'[') {
            return false;
        }
        self.items(&mut inside, record, true);
        self.other_members(&mut inside, record);
        cursor.go(inside.at());
        true
    }

    fn other_members<'a>(&mut self, cursor: &mut Cursor<'a>, record: &mut Record<'a>) {
        while cursor.take(b',') {
            match cursor.name() {
                Some(name) if holds_records(&name) && cursor.take(b'[') => self.items(cursor, record, true),
                Some(_) if record.read(cursor) => {}
                _ => break,
            }
        }
        if !cursor.take(b'}') && !cursor.is_at_end() {
            self.refuse(cursor.at(), || "is no JSON, after a list of records".to_owned());
            skip_line(cursor);
        }
    }

    fn value<'a>(&mut self, cursor: &mut Cursor<'a>, record: &mut Record<'a>, form: Form) {
        let start = cursor.at();
        if record.read(cursor) {
            self.unfold(record.root(), start, 0);
        } else {
            self.broken(cursor, start, form);
        }
    }

    /// Reads alone, and tolerantly, what the quick parser refused.
    #[cold]
    fn broken(&mut self, cursor: &mut Cursor<'_>, start: usize, form: Form) {
        let text = cursor.text();
        let (end, next) = match form {
            Form::Items => (bounds::end(text.as_bytes(), start), text.len()),
            Form::Sequence => end_in_lines(text, start),
        };
        cursor.go(end.unwrap_or(next));
        match end.and_then(|end| text.get(start..end)) {
            Some(alone) => self.alone(alone, start, 0),
            None => self.refuse(start, || "does not end".to_owned()),
        }
    }

    /// Reads a text that is one value.
    pub(super) fn alone(&mut self, text: &str, at: usize, depth: u8) {
        let mut record = Record::default();
        match record.refill(text.as_bytes()) {
            Ok(()) => self.unfold(record.root(), at, depth),
            Err(error) => match repair::surrogates(text) {
                Some((repaired, count)) => {
                    self.tally.replace(count, self.base + at as u64);
                    self.alone(&repaired, at, depth);
                }
                None => self.refuse(at, || format!("is no JSON that can be read: {error}")),
            },
        }
    }

    /// A line that starts with something else, such as the time in an export of `CloudWatch` Logs.
    fn line_with_a_prefix(&mut self, cursor: &mut Cursor<'_>) {
        let start = cursor.at();
        skip_line(cursor);
        let line = cursor.text().get(start..cursor.at()).unwrap_or_default();
        match line.find('{') {
            Some(length) => cursor.go(start + length),
            None => self.refuse(start, || "is no JSON".to_owned()),
        }
    }
}

fn skip_line(cursor: &mut Cursor<'_>) {
    cursor.go(line_end(cursor.text(), cursor.at()));
}

/// Where the line ends: at its newline, or the end of the text.
fn line_end(text: &str, from: usize) -> usize {
    let length = text.as_bytes().get(from..).and_then(|rest| memchr::memchr(b'\n', rest));
    length.map_or(text.len(), |length| from + length)
}

/// The end of a broken value, if it has one, and where to go on otherwise. Where the next line looks like a value
/// of its own, the broken one is not looked for in it.
fn end_in_lines(text: &str, start: usize) -> (Option<usize>, usize) {
    let line = line_end(text, start);
    let here = text.as_bytes().get(..line).and_then(|text| bounds::end(text, start));
    let next = text.get(line..).unwrap_or_default().trim_start();
    if here.is_some() || next.is_empty() || next.starts_with(|c: char| c == '{' || c.is_ascii_digit()) {
        return (here, line);
    }
    (bounds::end(text.as_bytes(), start), text.len())
}
