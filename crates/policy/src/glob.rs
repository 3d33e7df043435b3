//! Wildcards: `*` stands for any run of characters, `?` for any one.

use memchr::memmem;

/// One part of a text with wildcards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Token {
    /// This character.
    Char(char),
    /// Any one character.
    One,
    /// Any run of characters, also none.
    Run,
}

/// A text with wildcards, prepared for matching in near-linear time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Glob {
    /// What stands before, between and behind the runs: one more than there are runs.
    pieces: Box<[Piece]>,
}

/// A part without runs.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    /// These characters.
    Literal(Box<str>),
    /// Characters, some of which may be any.
    Loose(Box<[Option<char>]>),
}

impl Glob {
    /// Takes `*` and `?` as wildcards.
    pub fn new(text: &str) -> Self {
        if text.contains('?') {
            return Self::from_tokens(&tokens(text));
        }
        let literal = |text: &str| Piece::Literal(text.into());
        let Some((first, rest)) = text.split_once('*') else { return Self::literal(text) };
        let (inner, last) = rest.rsplit_once('*').unwrap_or(("", rest));
        let inner = inner.split('*').filter(|piece| !piece.is_empty()).map(literal);
        Self { pieces: std::iter::once(literal(first)).chain(inner).chain([literal(last)]).collect() }
    }

    /// Takes the text as it stands.
    pub fn literal(text: &str) -> Self {
        Self { pieces: [Piece::Literal(text.into())].into() }
    }

    pub fn from_tokens(tokens: &[Token]) -> Self {
        let mut pieces = Vec::new();
        let mut between_runs = 0;
        for piece in tokens.split(|token| *token == Token::Run) {
            let is_inner_and_empty = piece.is_empty() && between_runs > 0;
            between_runs += 1;
            if !is_inner_and_empty {
                pieces.push(Piece::new(piece));
            }
        }
        if between_runs > 1 && tokens.last() == Some(&Token::Run) {
            pieces.push(Piece::Literal("".into()));
        }
        Self { pieces: pieces.into() }
    }

    /// True if the whole text matches.
    pub fn matches(&self, text: &str) -> bool {
        match &*self.pieces {
            [] => text.is_empty(),
            [only] => only.strip_prefix(text) == Some(""),
            [first, inner @ .., last] => {
                let Some(rest) = first.strip_prefix(text) else { return false };
                let Some(rest) = last.strip_suffix(rest) else { return false };
                inner.iter().try_fold(rest, |rest, piece| piece.skip(rest)).is_some()
            }
        }
    }
}

/// The parts of a text in which `*` and `?` are wildcards.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let token = |c| match c {
        '*' => Token::Run,
        '?' => Token::One,
        c => Token::Char(c),
    };
    text.chars().map(token).collect()
}

impl Piece {
    fn new(tokens: &[Token]) -> Self {
        let chars: Vec<Option<char>> = tokens
            .iter()
            .map(|token| match token {
                Token::Char(c) => Some(*c),
                Token::One | Token::Run => None,
            })
            .collect();
        match chars.iter().copied().collect::<Option<String>>() {
            Some(text) => Self::Literal(text.into()),
            None => Self::Loose(chars.into()),
        }
    }

    /// What is left behind the piece at the start of the text.
    fn strip_prefix<'t>(&self, text: &'t str) -> Option<&'t str> {
        match self {
            Self::Literal(literal) => text.strip_prefix(&**literal),
            Self::Loose(chars) => {
                let mut rest = text.chars();
                let fits = chars.iter().all(|c| rest.next().is_some_and(|t| c.is_none_or(|c| c == t)));
                fits.then_some(rest.as_str())
            }
        }
    }

    /// What is left before the piece at the end of the text.
    fn strip_suffix<'t>(&self, text: &'t str) -> Option<&'t str> {
        match self {
            Self::Literal(literal) => text.strip_suffix(&**literal),
            Self::Loose(chars) => {
                let mut rest = text.chars();
                let fits =
                    chars.iter().rev().all(|c| rest.next_back().is_some_and(|t| c.is_none_or(|c| c == t)));
                fits.then_some(rest.as_str())
            }
        }
    }

    /// What is left behind the piece's first occurrence.
    fn skip<'t>(&self, text: &'t str) -> Option<&'t str> {
        match self {
            Self::Literal(literal) => {
                let at = memmem::find(text.as_bytes(), literal.as_bytes())?;
                text.get(at + literal.len()..)
            }
            Self::Loose(_) => {
                let mut rest = text.chars();
                loop {
                    if let Some(left) = self.strip_prefix(rest.as_str()) {
                        return Some(left);
                    }
                    rest.next()?;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The definition, without regard to time.
    fn plain(pattern: &[Token], text: &[char]) -> bool {
        match (pattern.split_first(), text.split_first()) {
            (None, None) => true,
            (Some((Token::Run, rest)), None) => plain(rest, text),
            (Some((Token::Run, rest)), Some((_, left))) => plain(rest, text) || plain(pattern, left),
            (Some((Token::One, rest)), Some((_, left))) => plain(rest, left),
            (Some((Token::Char(c), rest)), Some((t, left))) => c == t && plain(rest, left),
            _ => false,
        }
    }

    #[test]
    fn matching() {
        let table = [
            ("", "", true),
            ("", "a", false),
            ("*", "", true),
            ("**", "abc", true),
            ("a*c", "ac", true),
            ("a*c", "abcbc", true),
            ("a*c", "ab", false),
            ("?", "ü", true),
            ("a?c*", "axcdef", true),
            ("*?b", "ab", true),
            ("*?b", "b", false),
            ("ab*ba", "aba", false),
            ("*a*b*", "xxaxxbxx", true),
            ("*a*b*", "ba", false),
            ("A", "a", false),
        ];
        for (pattern, text, expected) in table {
            assert_eq!(Glob::new(pattern).matches(text), expected, "{pattern} ~ {text}");
        }
    }

    #[test]
    fn ten_thousand_wildcards_do_not_explode() {
        let glob = Glob::new(&"*a".repeat(10_000));
        assert!(!glob.matches(&"b".repeat(100_000)));
        assert!(!Glob::new(&"a*".repeat(10_000)).matches(&"a".repeat(9_999)));
    }

    proptest! {
        #[test]
        fn agrees_with_the_definition(pattern in "[ab*?ü]{0,8}", text in "[abü]{0,8}") {
            let chars: Vec<char> = text.chars().collect();
            prop_assert_eq!(Glob::new(&pattern).matches(&text), plain(&tokens(&pattern), &chars));
            prop_assert_eq!(Glob::new(&pattern), Glob::from_tokens(&tokens(&pattern)));
        }
    }
}
