//! Texts with wildcards: `*` for any number of characters, `?` for one.
//!
//! Source: [Sigma rules specification, wildcards and escaping](https://sigmahq.io/docs/basics/rules.html#escaping).

use memchr::memmem::Finder;

use super::fold::fold_char;

/// A piece of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Piece {
    Char(char),
    /// `?`
    One,
    /// `*`
    Many,
}

/// A text that may have wildcards.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub(super) struct Pattern(pub Vec<Piece>);

impl Pattern {
    /// Reads a value of a rule. A backslash takes the meaning away from a wildcard or a backslash behind it; before
    /// anything else it is itself.
    pub fn parse(text: &str) -> Self {
        let mut pieces = Vec::with_capacity(text.len());
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            pieces.push(match c {
                '*' => Piece::Many,
                '?' => Piece::One,
                '\\' => Piece::Char(chars.next_if(|next| matches!(next, '*' | '?' | '\\')).unwrap_or(c)),
                _ => Piece::Char(c),
            });
        }
        Self(pieces)
    }

    /// A text without wildcards.
    pub fn plain(text: &str) -> Self {
        Self(text.chars().map(Piece::Char).collect())
    }

    /// The text, if it has no wildcards.
    pub fn as_plain(&self) -> Option<String> {
        self.0.iter().map(|piece| if let Piece::Char(c) = piece { Some(*c) } else { None }).collect()
    }

    pub fn starting(mut self) -> Self {
        self.0.push(Piece::Many);
        self
    }

    pub fn ending(mut self) -> Self {
        self.0.insert(0, Piece::Many);
        self
    }

    pub fn folded(&self) -> Self {
        let fold =
            |piece: &Piece| if let Piece::Char(c) = piece { Piece::Char(fold_char(*c)) } else { *piece };
        Self(self.0.iter().map(fold).collect())
    }
}

/// A pattern with wildcards, made for matching.
#[derive(Debug, Clone)]
pub(super) struct Like {
    /// What stands between the `*`.
    segments: Vec<Segment>,
    /// No `*` at the beginning.
    from_start: bool,
    /// No `*` at the end.
    to_end: bool,
}

#[derive(Debug, Clone)]
enum Segment {
    Plain(Box<str>, Box<Finder<'static>>),
    /// Nothing stands for `?`.
    Holes(Vec<Option<char>>),
}

impl Like {
    pub fn new(pattern: &Pattern) -> Self {
        let pieces = &pattern.0;
        let segments = pieces.split(|piece| *piece == Piece::Many).filter(|pieces| !pieces.is_empty());
        Self {
            segments: segments.map(Segment::new).collect(),
            from_start: pieces.first() != Some(&Piece::Many),
            to_end: pieces.last() != Some(&Piece::Many),
        }
    }

    /// The text that must be somewhere in the value, if that is all that is asked.
    pub fn as_contained(&self) -> Option<&str> {
        match self.segments.as_slice() {
            [Segment::Plain(text, _)] if !self.from_start && !self.to_end => Some(text),
            _ => None,
        }
    }

    /// The longest text without wildcards: where it is missing, the pattern does not match.
    pub fn longest_text(&self) -> Option<String> {
        self.segments.iter().flat_map(Segment::texts).max_by_key(String::len)
    }

    pub fn matches(&self, text: &str) -> bool {
        match (self.segments.as_slice(), self.from_start, self.to_end) {
            ([Segment::Plain(plain, _)], true, false) => text.starts_with(&**plain),
            ([Segment::Plain(plain, _)], false, true) => text.ends_with(&**plain),
            ([Segment::Plain(_, finder)], false, false) => finder.find(text.as_bytes()).is_some(),
            _ => self.try_match(text).is_some(),
        }
    }

    /// The earliest place for each segment: none can be won by taking a later one.
    fn try_match(&self, text: &str) -> Option<()> {
        let mut rest = text;
        let mut segments = self.segments.as_slice();
        if self.from_start
            && let Some((first, after)) = segments.split_first()
        {
            rest = first.strip_from_start(rest)?;
            segments = after;
            if segments.is_empty() {
                return (!self.to_end || rest.is_empty()).then_some(());
            }
        }
        if self.to_end
            && let Some((last, before)) = segments.split_last()
        {
            rest = last.strip_from_end(rest)?;
            segments = before;
        }
        for segment in segments {
            rest = segment.after_first(rest)?;
        }
        Some(())
    }
}

impl Segment {
    fn new(pieces: &[Piece]) -> Self {
        let holes: Vec<_> =
            pieces.iter().map(|piece| if let Piece::Char(c) = piece { Some(*c) } else { None }).collect();
        match holes.iter().copied().collect::<Option<String>>() {
            Some(text) => {
                let finder = Finder::new(&text).into_owned();
                Self::Plain(text.into(), Box::new(finder))
            }
            None => Self::Holes(holes),
        }
    }

    fn texts(&self) -> Vec<String> {
        match self {
            Self::Plain(text, _) => vec![text.to_string()],
            Self::Holes(holes) => holes
                .split(Option::is_none)
                .filter(|part| !part.is_empty())
                .map(|part| part.iter().flatten().collect())
                .collect(),
        }
    }

    fn strip_from_start<'t>(&self, text: &'t str) -> Option<&'t str> {
        match self {
            Self::Plain(plain, _) => text.strip_prefix(&**plain),
            Self::Holes(holes) => {
                let mut chars = text.chars();
                let fits =
                    |hole: &Option<char>| chars.next().is_some_and(|c| hole.is_none_or(|hole| hole == c));
                holes.iter().all(fits).then_some(chars.as_str())
            }
        }
    }

    fn strip_from_end<'t>(&self, text: &'t str) -> Option<&'t str> {
        match self {
            Self::Plain(plain, _) => text.strip_suffix(&**plain),
            Self::Holes(holes) => {
                let mut chars = text.chars();
                let fits = |hole: &Option<char>| {
                    chars.next_back().is_some_and(|c| hole.is_none_or(|hole| hole == c))
                };
                holes.iter().rev().all(fits).then_some(chars.as_str())
            }
        }
    }

    fn after_first<'t>(&self, text: &'t str) -> Option<&'t str> {
        match self {
            Self::Plain(plain, finder) => text.get(finder.find(text.as_bytes())? + plain.len()..),
            Self::Holes(_) => {
                let mut chars = text.chars();
                loop {
                    if let Some(after) = self.strip_from_start(chars.as_str()) {
                        return Some(after);
                    }
                    chars.next()?;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes() {
        use Piece::{Char, Many, One};
        let cases: [(&str, Vec<Piece>); 8] = [
            (r"a*", vec![Char('a'), Many]),
            (r"a\*", vec![Char('a'), Char('*')]),
            (r"a\\*", vec![Char('a'), Char('\\'), Many]),
            (r"a\\\*", vec![Char('a'), Char('\\'), Char('*')]),
            (r"\?", vec![Char('?')]),
            (r"?\", vec![One, Char('\\')]),
            (r"\w", vec![Char('\\'), Char('w')]),
            (r"\\\\", vec![Char('\\'), Char('\\')]),
        ];
        for (text, expected) in cases {
            assert_eq!(Pattern::parse(text).0, expected, "{text}");
        }
    }

    #[test]
    fn wildcards() {
        let cases = [
            ("a*c", "abc", true),
            ("a*c", "ac", true),
            ("a*c", "acb", false),
            ("*", "", true),
            ("?", "", false),
            ("?", "ä", true),
            ("a?c", "abc", true),
            ("a?c", "abcd", false),
            ("*a?c*", "xxabcxx", true),
            ("*a?c", "ababc", true),
            ("a*a", "a", false),
            ("a*a", "aa", true),
            ("*ab*ba*", "aba", false),
            ("*ab*ba*", "abba", true),
            ("??*", "a", false),
            ("??*", "ab", true),
            ("*?", "", false),
            ("*?", "x", true),
            ("**a**", "bab", true),
            ("a?*?d", "abcd", true),
            ("a?*?d", "abd", false),
        ];
        for (pattern, text, expected) in cases {
            assert_eq!(Like::new(&Pattern::parse(pattern)).matches(text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn needed_texts() {
        let like = |text: &str| Like::new(&Pattern::parse(text));
        assert_eq!(like("*abc*").as_contained(), Some("abc"));
        assert_eq!(like("abc*").as_contained(), None);
        assert_eq!(like("a*bcd?ef").longest_text().as_deref(), Some("bcd"));
        assert_eq!(like("*?*").longest_text(), None);
    }
}
