//! What a part notes of events for rules about several events: each text once.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use crate::sigma::View;
use crate::{Event, Field};

use super::hit::account;

/// The number of a text on a page; nothing for an absent field.
pub(super) type Text = Option<u32>;

/// The notes of one part.
#[derive(Debug, Default)]
pub(super) struct Page {
    texts: Vec<Box<str>>,
    contexts: Vec<Context>,
    /// Captured values, one list after the other.
    values: Vec<Text>,
    /// Notes of first-seen rules.
    pub firsts: Vec<First>,
}

/// When an event happened, with what orders events of one second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment {
    /// Microseconds since 1970.
    pub time: i64,
    /// The id as a number that sorts as the id does.
    pub key: u128,
}

/// Microseconds since 1970; nothing if the event has no time.
pub(super) fn time(event: &Event<'_>) -> Option<i64> {
    let quick = event.str(Field::EventTime).and_then(seconds).map(|seconds| seconds * 1_000_000);
    quick.or_else(|| Some(event.time()?.as_microsecond()))
}

impl Moment {
    pub fn of(event: &Event<'_>, time: i64) -> Self {
        Self { time, key: event.str(Field::EventId).map_or(0, sorting_key) }
    }
}

/// What hits say of an event.
#[derive(Debug)]
pub(super) struct Context {
    pub moment: Moment,
    pub id: Text,
    pub account: Text,
    pub region: Text,
    pub principal: Text,
    pub source_address: Text,
    pub event_source: Text,
    pub event_name: Text,
    pub error_code: Text,
}

/// Somebody did something within one hour.
#[derive(Debug)]
pub(super) struct First {
    pub by: Box<[u32]>,
    pub value: Box<[u32]>,
    /// When it was done last in that hour.
    pub last: i64,
    /// Where the captured values of the earliest event begin.
    pub captured: u32,
}

impl Page {
    pub fn text(&self, text: Text) -> Option<&str> {
        self.texts.get(text? as usize).map(|text| &**text)
    }

    pub fn owned(&self, text: Text) -> Option<String> {
        self.text(text).map(str::to_owned)
    }

    pub fn context(&self, context: u32) -> Option<&Context> {
        self.contexts.get(context as usize)
    }

    /// Captured values.
    pub fn values(&self, start: u32, count: usize) -> impl Iterator<Item = Option<&str>> {
        self.values.iter().skip(start as usize).take(count).map(|text| self.text(*text))
    }

    /// Several texts as one, each apart from the next.
    pub fn joined(&self, texts: &[u32]) -> String {
        let mut joined = String::new();
        for text in texts {
            push_part(&mut joined, self.text(Some(*text)).unwrap_or_default());
        }
        joined
    }
}

/// Adds a part of a key: no two lists of parts make the same key.
pub(super) fn push_part(key: &mut String, part: &str) {
    for c in part.chars() {
        if matches!(c, '\u{1e}' | '\u{1f}') {
            key.push('\u{1e}');
        }
        key.push(c);
    }
    key.push('\u{1f}');
}

/// A page that is written on.
#[derive(Debug, Default)]
pub(super) struct Writer {
    pub page: Page,
    numbers: HashMap<Box<str>, u32, FixedState>,
    /// The last texts of fields that seldom change from one event to the next.
    last: [u32; 4],
}

impl Writer {
    pub fn text(&mut self, text: &str) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = self.append(text);
        self.numbers.insert(text.into(), number);
        number
    }

    /// Adds a text of which there is no second one.
    fn append(&mut self, text: &str) -> u32 {
        let number = u32::try_from(self.page.texts.len()).unwrap_or(u32::MAX);
        self.page.texts.push(text.into());
        number
    }

    pub fn value(&mut self, text: Text) {
        self.page.values.push(text);
    }

    /// Where the next values begin.
    pub fn next_value(&self) -> u32 {
        u32::try_from(self.page.values.len()).unwrap_or(u32::MAX)
    }

    /// Notes an event.
    pub fn context(&mut self, view: &mut View<'_, '_>, time: i64) -> u32 {
        let event = view.event;
        let id = event.str(Field::EventId);
        let context = Context {
            moment: Moment::of(event, time),
            id: id.map(|id| self.append(id)),
            account: self.often(0, account(event)),
            region: self.often(1, event.str(Field::AwsRegion)),
            principal: self.often(2, view.principal()),
            source_address: self.maybe(event.str(Field::SourceIpAddress)),
            event_source: self.often(3, event.str(Field::EventSource)),
            event_name: self.maybe(event.str(Field::EventName)),
            error_code: self.maybe(event.str(Field::ErrorCode)),
        };
        let number = u32::try_from(self.page.contexts.len()).unwrap_or(u32::MAX);
        self.page.contexts.push(context);
        number
    }

    /// As `maybe`, for a field whose text is often that of the last event.
    fn often(&mut self, field: usize, text: Option<&str>) -> Text {
        let text = text?;
        let last = self.last.get(field).copied();
        if last.is_some_and(|last| self.page.text(Some(last)) == Some(text)) {
            return last;
        }
        let number = self.text(text);
        if let Some(last) = self.last.get_mut(field) {
            *last = number;
        }
        Some(number)
    }

    fn maybe(&mut self, text: Option<&str>) -> Text {
        text.map(|text| self.text(text))
    }
}

/// Seconds since 1970 of a time in the form in which `CloudTrail` writes it, `2025-01-31T23:59:59Z`.
fn seconds(text: &str) -> Option<i64> {
    let bytes: &[u8; 20] = text.as_bytes().try_into().ok()?;
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, b'T', h1, h2, b':', n1, n2, b':', s1, s2, b'Z'] = *bytes
    else {
        return None;
    };
    let number = |digits: &[u8]| {
        digits
            .iter()
            .try_fold(0_i64, |number, digit| Some(number * 10 + i64::from(char::from(*digit).to_digit(10)?)))
    };
    let (year, month, day) = (number(&[y1, y2, y3, y4])?, number(&[m1, m2])?, number(&[d1, d2])?);
    let (hour, minute, second) = (number(&[h1, h2])?, number(&[n1, n2])?, number(&[s1, s2])?);
    if !(1..=12).contains(&month) || !(1..=28).contains(&day) || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    // Years begin in March here, so that the day that some of them lack is their last one.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day - 719_469;
    Some(((days * 24 + hour) * 60 + minute) * 60 + second)
}

/// The digits of a UUID, or the first bytes of another id.
fn sorting_key(id: &str) -> u128 {
    let digits = || {
        let mut key = 0_u128;
        let mut count = 0;
        for byte in id.bytes() {
            let digit = match byte {
                b'0'..=b'9' => byte - b'0',
                b'a'..=b'f' => byte - b'a' + 10,
                b'-' => continue,
                _ => return None,
            };
            key = key << 4 | u128::from(digit);
            count += 1;
        }
        (count == 32).then_some(key)
    };
    digits().unwrap_or_else(|| {
        let bytes = id.bytes().chain(std::iter::repeat(0)).take(16);
        bytes.fold(0, |key, byte| key << 8 | u128::from(byte))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        let start: jiff::Timestamp = "1904-01-01T00:00:00Z".parse().unwrap();
        for step in 0..60_000_i64 {
            let time = start + jiff::SignedDuration::from_secs(step * 100_003);
            let found = seconds(&time.to_string());
            assert!(found.is_none_or(|found| found == time.as_second()), "{time} {found:?}");
            assert_eq!(found.is_some(), jiff::tz::Offset::UTC.to_datetime(time).day() <= 28, "{time}");
        }
        for text in [
            "2025-13-01T00:00:00Z",
            "2025-01-01T24:00:00Z",
            "2025-01-01T00:00:00.5Z",
            "2025-01-01 00:00:00Z",
            "",
        ] {
            assert_eq!(seconds(text), None, "{text}");
        }
    }

    #[test]
    fn keys_sort_as_ids_do() {
        let ids = [
            "00000000-0000-0000-0000-00000000000a",
            "0fffffff-0000-0000-0000-000000000000",
            "a0000000-0000-0000-0000-000000000000",
        ];
        let keys: Vec<_> = ids.iter().map(|id| sorting_key(id)).collect();
        assert!(keys.is_sorted());
        assert!(sorting_key("id-1") < sorting_key("id-2"));
    }

    #[test]
    fn keys_of_groups_are_different() {
        let key = |parts: &[&str]| {
            let mut key = String::new();
            for part in parts {
                push_part(&mut key, part);
            }
            key
        };
        assert_ne!(key(&["a", "b"]), key(&["ab", ""]));
        assert_ne!(key(&["a\u{1f}", "b"]), key(&["a", "\u{1f}b"]));
        assert_ne!(key(&["a\u{1f}b"]), key(&["a", "b"]));
    }
}
