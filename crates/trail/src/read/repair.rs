//! Texts that are almost right.

use std::borrow::Cow;
use std::fmt::Write;

/// The text, with U+FFFD where it is no UTF-8; how often, and where first.
pub(super) fn utf8(bytes: &[u8]) -> (Cow<'_, str>, u64, usize) {
    match str::from_utf8(bytes) {
        Ok(text) => (Cow::Borrowed(text), 0, 0),
        Err(error) => {
            let count = bytes.utf8_chunks().filter(|chunk| !chunk.invalid().is_empty()).count();
            (String::from_utf8_lossy(bytes), count as u64, error.valid_up_to())
        }
    }
}

/// JSON in which escapes of half a surrogate pair stand for U+FFFD; nothing if there is none. A service that cuts a
/// long text off in the middle of a pair leaves such a half.
pub(super) fn surrogates(json: &str) -> Option<(String, u64)> {
    let (mut fixed, mut count, mut rest) = (String::with_capacity(json.len()), 0, json);
    while let Some((before, after)) = rest.split_once('\\') {
        fixed.push_str(before);
        rest = match Escape::read(after) {
            Escape::Pair(rest) | Escape::Other(rest) => {
                fixed.push('\\');
                fixed.push_str(after.get(..after.len() - rest.len())?);
                rest
            }
            Escape::Half(rest) => {
                count += 1;
                write!(fixed, "\\ufffd").ok()?;
                rest
            }
        };
    }
    fixed.push_str(rest);
    (count > 0).then_some((fixed, count))
}

/// What stands after a backslash, and what follows it.
enum Escape<'a> {
    Pair(&'a str),
    Half(&'a str),
    Other(&'a str),
}

impl<'a> Escape<'a> {
    fn read(after: &'a str) -> Self {
        match unit(after) {
            Some((0xd800..=0xdbff, rest)) => match rest.strip_prefix('\\').and_then(unit) {
                Some((0xdc00..=0xdfff, rest)) => Self::Pair(rest),
                _ => Self::Half(rest),
            },
            Some((0xdc00..=0xdfff, rest)) => Self::Half(rest),
            Some((_, rest)) => Self::Other(rest),
            None => {
                let mut characters = after.chars();
                characters.next();
                Self::Other(characters.as_str())
            }
        }
    }
}

/// The number in `uXXXX`, and what follows it.
fn unit(text: &str) -> Option<(u16, &str)> {
    let (digits, rest) = text.strip_prefix('u')?.split_at_checked(4)?;
    Some((u16::from_str_radix(digits, 16).ok()?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_of_pairs() {
        for (text, fixed) in [
            (r#""\ud83d\ude00""#, None),
            (r#""\\ud83d""#, None),
            (r#""a\ud83d""#, Some((r#""a\ufffd""#, 1))),
            (r#""\ud83d\n\udE00é\ud83d\ud83d\ude00""#, Some((r#""\ufffd\n\ufffdé\ufffd\ud83d\ude00""#, 3))),
            (r#""\ud8"#, None),
            (r#""\"#, None),
        ] {
            assert_eq!(surrogates(text), fixed.map(|(text, count)| (text.to_owned(), count)), "{text}");
        }
    }

    #[test]
    fn bytes_that_are_no_text() {
        assert_eq!(utf8(b"ab\xff\xfec\xc3"), ("ab\u{fffd}\u{fffd}c\u{fffd}".into(), 3, 2));
        assert_eq!(utf8("ä".as_bytes()), ("ä".into(), 0, 0));
    }
}
