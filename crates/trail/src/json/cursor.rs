//! The quick parser: it takes only what it is sure to read as `serde_json` does, and refuses everything else.

use std::borrow::Cow;

use super::{Node, VALUES};

/// Lists and objects inside each other; deeper texts are left to `serde_json`, whose own bound is 127.
const DEPTH: u32 = 100;

/// A place in a text.
#[derive(Debug, Clone)]
pub(crate) struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    /// At the start of a text.
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// How many bytes of the text are behind it.
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    /// Goes to a place in the text.
    pub(crate) fn go(&mut self, at: usize) {
        self.at = at;
    }

    /// The text that it moves in.
    pub(crate) fn text(&self) -> &'a str {
        self.text
    }

    /// The byte at the cursor, after white space.
    #[inline]
    pub(crate) fn peek(&mut self) -> Option<u8> {
        loop {
            let byte = self.byte()?;
            if !matches!(byte, b' ' | b'\n' | b'\r' | b'\t') {
                return Some(byte);
            }
            self.at += 1;
        }
    }

    /// Goes past a byte, and white space before it; false, if another comes next.
    #[inline]
    pub(crate) fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    /// True if nothing but white space follows.
    pub(crate) fn is_at_end(&mut self) -> bool {
        self.peek().is_none()
    }

    /// The name of a member, and the colon after it.
    pub(crate) fn name(&mut self) -> Option<Cow<'a, str>> {
        let name = if self.take(b'"') { self.string()? } else { return None };
        self.take(b':').then_some(name)
    }

    /// Appends the nodes of the value at the cursor; false if it is refused.
    pub(crate) fn value(&mut self, nodes: &mut Vec<Node<'a>>) -> bool {
        self.nested(nodes, DEPTH).is_some()
    }

    #[inline]
    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn nested(&mut self, nodes: &mut Vec<Node<'a>>, depth: u32) -> Option<()> {
        let node = match self.peek()? {
            b'"' => {
                self.at += 1;
                Node::String(self.string()?)
            }
            b'{' => return self.object(nodes, depth.checked_sub(1)?),
            b'[' => return self.array(nodes, depth.checked_sub(1)?),
            b't' => self.word("true", Node::Bool(true))?,
            b'f' => self.word("false", Node::Bool(false))?,
            b'n' => self.word("null", Node::Null)?,
            _ => self.number()?,
        };
        nodes.push(node);
        Some(())
    }

    fn object(&mut self, nodes: &mut Vec<Node<'a>>, depth: u32) -> Option<()> {
        let head = nodes.len();
        nodes.push(Node::Object { skip: 0 });
        self.at += 1;
        if self.take(b'}') {
            return Some(());
        }
        loop {
            nodes.push(Node::String(self.name()?));
            self.nested(nodes, depth)?;
            match self.peek()? {
                b',' => self.at += 1,
                b'}' => break,
                _ => return None,
            }
        }
        self.at += 1;
        let skip = bounded(nodes)? - head - 1;
        *nodes.get_mut(head)? = Node::Object { skip };
        Some(())
    }

    fn array(&mut self, nodes: &mut Vec<Node<'a>>, depth: u32) -> Option<()> {
        let head = nodes.len();
        nodes.push(Node::Array { skip: 0 });
        self.at += 1;
        if self.take(b']') {
            return Some(());
        }
        loop {
            self.nested(nodes, depth)?;
            bounded(nodes)?;
            match self.peek()? {
                b',' => self.at += 1,
                b']' => break,
                _ => return None,
            }
        }
        self.at += 1;
        let skip = nodes.len() - head - 1;
        *nodes.get_mut(head)? = Node::Array { skip };
        Some(())
    }

    fn word(&mut self, word: &str, node: Node<'a>) -> Option<Node<'a>> {
        let end = self.at + word.len();
        let here = self.text.as_bytes().get(self.at..end)? == word.as_bytes();
        self.at = end;
        here.then_some(node)
    }

    /// The rest of a string whose opening quote is behind the cursor.
    #[inline]
    fn string(&mut self) -> Option<Cow<'a, str>> {
        let start = self.at;
        let end = start + special(self.text.as_bytes().get(start..)?)?;
        self.at = end + 1;
        match self.text.as_bytes().get(end)? {
            b'"' => self.text.get(start..end).map(Cow::Borrowed),
            b'\\' => self.escaped(start, end),
            _ => None,
        }
    }

    /// A string with escapes, the first of them at `at`: where it ends is known here, what it says in `serde_json`.
    #[cold]
    fn escaped(&mut self, start: usize, mut at: usize) -> Option<Cow<'a, str>> {
        let bytes = self.text.as_bytes();
        loop {
            match bytes.get(at)? {
                b'\\' => at += 2,
                b'"' => break,
                _ => return None,
            }
            at += special(bytes.get(at..)?)?;
        }
        self.at = at + 1;
        serde_json::from_str(self.text.get(start - 1..=at)?).ok().map(Cow::Owned)
    }

    /// A number: whole ones of up to eighteen digits here, others in `serde_json`.
    fn number(&mut self) -> Option<Node<'a>> {
        let bytes = self.text.as_bytes();
        let start = self.at;
        while matches!(self.byte(), Some(b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E')) {
            self.at += 1;
        }
        let text = bytes.get(start..self.at)?;
        if let Some(number) = whole(text) {
            return Some(Node::Integer(number));
        }
        let number: serde_json::Number = serde_json::from_slice(text).ok()?;
        let integer = || number.as_i64().map(Node::Integer);
        integer().or_else(|| number.as_u64().map(Node::Unsigned)).or_else(|| number.as_f64().map(Node::Float))
    }
}

/// A whole number without sign that surely fits.
fn whole(digits: &[u8]) -> Option<i64> {
    let plain = (1..=18).contains(&digits.len()) && (digits.len() == 1 || !digits.starts_with(b"0"));
    let digit = |number: i64, byte: &u8| byte.is_ascii_digit().then(|| number * 10 + i64::from(byte & 15));
    if plain { digits.iter().try_fold(0, digit) } else { None }
}

/// How many bytes come before the first quote, backslash or control character.
#[inline]
pub(crate) fn special(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    while let Some((eight, _)) = bytes.get(at..)?.split_first_chunk::<8>() {
        let marks = specials(u64::from_le_bytes(*eight));
        if marks != 0 {
            return Some(at + (marks.trailing_zeros() / 8) as usize);
        }
        at += 8;
    }
    let rest = bytes.get(at..)?.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f))?;
    Some(at + rest)
}

/// Sets the top bit of the bytes that are a quote, a backslash or a control character. Borrows may mark bytes after
/// (above) such a one too, never before it.
#[inline]
fn specials(word: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let below = |word: u64, bound: u64| word.wrapping_sub(ONES * bound) & !word;
    let quote = word ^ (ONES * u64::from(b'"'));
    let slash = word ^ (ONES * u64::from(b'\\'));
    (below(quote, 1) | below(slash, 1) | below(word, 0x20)) & (ONES << 7)
}

#[inline]
fn bounded(nodes: &[Node<'_>]) -> Option<usize> {
    (nodes.len() <= VALUES).then_some(nodes.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::json::Record;

    #[test]
    fn specials_are_found_wherever_they_stand() {
        for special_byte in (0..0x20).chain([b'"', b'\\']) {
            for at in 0..20 {
                let mut bytes = *b"abc\x7f\xc3\xa4\xff !#[]^_`~'\x80{}}}\"\\";
                bytes[at] = special_byte;
                assert_eq!(special(&bytes), Some(at), "{special_byte} at {at}");
            }
        }
        assert_eq!((special(b""), special("äöü !#[]~\u{7f}".as_bytes())), (None, None));
    }

    /// Both parsers on the same text; nothing where one refuses it.
    fn both(text: &str) -> (Option<serde_json::Value>, Option<serde_json::Value>) {
        let (mut quick, mut tolerant) = (Record::default(), Record::default());
        let mut cursor = Cursor::new(text);
        let quick = (quick.read(&mut cursor) && cursor.is_at_end()).then(|| quick.root().to_json());
        let tolerant = tolerant.read_tolerantly(text.as_bytes()).ok().map(|()| tolerant.root().to_json());
        (quick, tolerant)
    }

    #[test]
    fn what_is_plain_is_quick_and_the_same() {
        for text in [
            "null",
            " true ",
            "[false]",
            "0",
            "-0",
            "-7",
            "18446744073709551615",
            "18446744073709551616",
            "1e3",
            "-1.5E-7",
            "999999999999999999",
            "9223372036854775808",
            "-9223372036854775808",
            "[]",
            "{}",
            "\"\"",
            "{\"a\":{},\"a\":[1,2,{\"b\":[]}]}",
            "\"\\u00e4\\ud83d\\ude00\\\\\\\"\"",
            "{\"k\\n\" : \"ä\"}\n",
        ] {
            let (quick, tolerant) = both(text);
            assert!(quick.is_some() && quick == tolerant, "{text}: {quick:?} and {tolerant:?}");
        }
    }

    #[test]
    fn what_is_no_json_is_refused_by_both() {
        for text in [
            "",
            "{",
            "[1,]",
            "[1 2]",
            "{\"a\":1,}",
            "{\"a\" 1}",
            "{a:1}",
            "01",
            "-",
            "1.",
            ".5",
            "+1",
            "1e",
            "tru",
            "nul",
            "\"\\x\"",
            "\"a\nb\"",
            "\"\\ud800\"",
            "\"a",
            "\"a\\",
            "[1]]",
            "1 2",
            "--1",
            "1e999",
            "\u{feff}1",
        ] {
            assert_eq!(both(text), (None, None), "{text}");
        }
    }

    fn json() -> impl Strategy<Value = String> {
        let leaf = prop_oneof![
            Just("null".to_owned()),
            any::<bool>().prop_map(|value| value.to_string()),
            any::<i64>().prop_map(|value| value.to_string()),
            any::<f64>().prop_map(|value| serde_json::Value::from(value).to_string()),
            ".{0,20}".prop_map(|value| serde_json::Value::from(value).to_string()),
            "-?[0-9]{1,22}(\\.[0-9]{1,3})?([eE][+-]?[0-9]{1,2})?",
        ];
        leaf.prop_recursive(6, 64, 8, |inner| {
            let member = (".{0,9}", inner.clone());
            let member =
                member.prop_map(|(name, value)| format!("{} : {value}", serde_json::Value::from(name)));
            prop_oneof![
                prop::collection::vec(inner, 0..8).prop_map(|items| format!("[{}]", items.join(","))),
                prop::collection::vec(member, 0..8)
                    .prop_map(|members| format!("{{{}}}", members.join(" ,\n"))),
            ]
        })
    }

    proptest! {
        #[test]
        fn both_read_the_same(text in json()) {
            let (quick, tolerant) = both(&text);
            prop_assert_eq!(quick, tolerant);
        }

        #[test]
        fn what_the_quick_one_takes_the_tolerant_one_reads_alike(
            text in json(), at in any::<prop::sample::Index>(), with in "[\\[\\]{}\",:0-9etfn\\\\ .\u{0}-\u{1f}ä-]{0,2}",
        ) {
            let mut text: Vec<char> = text.chars().collect();
            let at = at.index(text.len() + 1);
            text.splice(at..(at + 1).min(text.len()), with.chars());
            let (quick, tolerant) = both(&text.iter().collect::<String>());
            prop_assert!(quick.is_none() || quick == tolerant, "{:?} and {:?}", quick, tolerant);
        }
    }
}
