//! Where a value ends, as far as that can be told without understanding it.

use memchr::memchr2;

/// The end of the value that starts at `start`: strings and their escapes are known, brackets are counted.
pub(super) fn end(text: &[u8], start: usize) -> Option<usize> {
    let mut scan = Scan::default();
    let mut at = start;
    loop {
        let byte = *text.get(at)?;
        let before = scan.depth;
        at = match byte {
            b'"' => close(text, at + 1)?,
            b'{' | b'[' => scan.open(at),
            b'}' | b']' => scan.close(at),
            _ if before == 0 => return Some(plain(text, at)),
            _ => at + 1,
        };
        if scan.depth == 0 {
            return Some(at);
        }
    }
}

/// The place after the quote that closes a string; `at` is inside it.
pub(super) fn close(text: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at += memchr2(b'"', b'\\', text.get(at..)?)?;
        match text.get(at)? {
            b'"' => return Some(at + 1),
            _ => at += 2,
        }
    }
}

/// The end of a word or number; at least one byte is taken, and never a part of a character.
fn plain(text: &[u8], start: usize) -> usize {
    let ends = |byte: &u8| byte.is_ascii_whitespace() || b",:{}[]\"".contains(byte);
    let rest = text.get(start + 1..).unwrap_or_default();
    rest.iter().position(ends).map_or(text.len(), |length| start + 1 + length)
}

#[derive(Default)]
struct Scan {
    depth: usize,
}

impl Scan {
    fn open(&mut self, at: usize) -> usize {
        self.depth += 1;
        at + 1
    }

    fn close(&mut self, at: usize) -> usize {
        self.depth = self.depth.saturating_sub(1);
        at + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends() {
        for (text, length) in [
            (r#"{"a":"}\"]","b":[1,{}]},"#, Some(23)),
            (r#""x\\" "#, Some(5)),
            ("[1],2", Some(3)),
            ("nul,", Some(3)),
            ("é,", Some(2)),
            ("]]", Some(1)),
            (r#"{"a":"b"#, None),
            (r#"{"a":1"#, None),
            (r#""\"#, None),
            ("", None),
        ] {
            assert_eq!(end(text.as_bytes(), 0), length, "{text}");
        }
    }
}
