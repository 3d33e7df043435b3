use std::fmt;

/// A text with wildcards, as `Action` and `Resource` elements hold them: `*` stands for any run of
/// characters, `?` for any one character, and `${*}`, `${?}`, `${$}` for the characters themselves.
///
/// Source: [IAM JSON policy elements: Resource](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html),
/// [Policy variables](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pattern(Box<str>);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Token {
    Literal(char),
    One,
    Run,
    /// A policy variable: its value is not known here, so it covers nothing.
    Variable,
}

impl Pattern {
    /// Takes the text as it stands in a policy.
    pub fn new(text: impl Into<Box<str>>) -> Self {
        Self(text.into())
    }

    /// The text as it stands in the policy.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// True if the pattern matches everything: it is nothing but `*`.
    pub fn is_everything(&self) -> bool {
        !self.0.is_empty() && self.0.bytes().all(|b| b == b'*')
    }

    /// True if the pattern matches this very text; case matters.
    pub fn matches(&self, text: &str) -> bool {
        let tokens = self.tokens(false);
        after_reading(&tokens, text.chars()).contains(&tokens.len())
    }

    /// True if the pattern matches this action; case does not matter.
    pub fn matches_action(&self, action: &str) -> bool {
        let tokens = self.tokens(true);
        after_reading(&tokens, action.chars().map(|c| c.to_ascii_lowercase())).contains(&tokens.len())
    }

    /// True if the pattern matches *every* text that starts with `prefix`; case matters.
    ///
    /// `arn:aws:iam::*:role/*` covers the prefix `arn:aws:iam::123456789012:role/`.
    pub fn covers_prefix(&self, prefix: &str) -> bool {
        let tokens = self.tokens(false);
        after_reading(&tokens, prefix.chars()).into_iter().any(|at| {
            let rest = tokens.get(at..).unwrap_or_default();
            !rest.is_empty() && rest.iter().all(|token| *token == Token::Run)
        })
    }

    fn tokens(&self, lowercase: bool) -> Vec<Token> {
        let mut tokens = Vec::with_capacity(self.0.len());
        let mut rest: &str = &self.0;
        while let Some(c) = rest.chars().next() {
            let (token, length) = token_at(rest, c);
            match (token, tokens.last()) {
                (Token::Run, Some(Token::Run)) => {}
                (Token::Literal(c), _) if lowercase => tokens.push(Token::Literal(c.to_ascii_lowercase())),
                _ => tokens.push(token),
            }
            rest = rest.get(length..).unwrap_or_default();
        }
        tokens
    }
}

/// The token at the start of `rest`, whose first character is `c`, and its length in bytes.
fn token_at(rest: &str, c: char) -> (Token, usize) {
    match c {
        '*' => (Token::Run, 1),
        '?' => (Token::One, 1),
        '$' => match rest.strip_prefix("${").and_then(|r| r.split_once('}')) {
            Some((name @ ("*" | "?" | "$"), _)) => (Token::Literal(name.chars().next().unwrap_or('$')), 4),
            Some((name, _)) => (Token::Variable, name.len() + 3),
            None => (Token::Literal(c), 1),
        },
        _ => (Token::Literal(c), c.len_utf8()),
    }
}

/// The positions in `tokens` that can be reached by reading `text`, in ascending order.
fn after_reading(tokens: &[Token], text: impl Iterator<Item = char>) -> Vec<usize> {
    let mut active = close(tokens, vec![0]);
    for c in text {
        let mut next = Vec::new();
        for at in active {
            match tokens.get(at) {
                Some(Token::Run) => next.push(at),
                Some(Token::One) => next.push(at + 1),
                Some(Token::Literal(l)) if *l == c => next.push(at + 1),
                _ => {}
            }
        }
        active = close(tokens, next);
    }
    active
}

/// Adds the positions that are reached by letting a run match nothing; no two runs are neighbours.
fn close(tokens: &[Token], mut positions: Vec<usize>) -> Vec<usize> {
    for i in 0..positions.len() {
        if let Some(&at) = positions.get(i)
            && tokens.get(at) == Some(&Token::Run)
        {
            positions.push(at + 1);
        }
    }
    positions.sort_unstable();
    positions.dedup();
    positions
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> Pattern {
        Pattern::new(text)
    }

    #[test]
    fn matching() {
        let yes = [
            ("*", ""),
            ("a*c", "abbc"),
            ("a*c", "ac"),
            ("a?c", "abc"),
            ("*b*", "abc"),
            ("${*}", "*"),
            ("a${?}", "a?"),
            ("ü*", "über"),
            ("$", "$"),
        ];
        for (p, text) in yes {
            assert!(pattern(p).matches(text), "{p} ~ {text}");
        }
        let no = [
            ("", "a"),
            ("a?c", "ac"),
            ("a*c", "abd"),
            ("${*}", "x"),
            ("${aws:username}", "alice"),
            ("A", "a"),
        ];
        for (p, text) in no {
            assert!(!pattern(p).matches(text), "{p} !~ {text}");
        }
        assert!(pattern("IAM:pass*").matches_action("iam:PassRole"));
    }

    #[test]
    fn covering_a_prefix() {
        let prefix = "arn:aws:iam::123456789012:role/";
        for p in [
            "*",
            "**",
            "arn:*",
            "arn:aws:iam::*:role/*",
            "arn:aws:iam::123456789012:*",
            "arn:aws:iam::123456789012:role/*",
        ] {
            assert!(pattern(p).covers_prefix(prefix), "{p}");
        }
        for p in [
            "arn:aws:iam::123456789012:role/app-*",
            "arn:aws:iam::999999999999:role/*",
            "arn:aws:iam::*:user/*",
            "*/x",
            "",
            "arn:aws:iam::*:role/${aws:username}",
            "arn:aws:iam::*:role/${*}",
        ] {
            assert!(!pattern(p).covers_prefix(prefix), "{p}");
        }
    }

    #[test]
    fn everything() {
        assert!(pattern("*").is_everything() && pattern("**").is_everything());
        assert!(!pattern("").is_everything() && !pattern("*:*").is_everything());
    }

    #[test]
    fn many_wildcards_do_not_explode() {
        let p = pattern(&"*a".repeat(2_000));
        assert!(!p.matches(&"b".repeat(2_000)));
    }

    proptest::proptest! {
        #[test]
        fn a_covered_prefix_matches_its_extensions(p in "[ab*?]{0,6}", prefix in "[ab]{0,4}", rest in "[ab]{0,4}") {
            if pattern(&p).covers_prefix(&prefix) {
                let extended = prefix + &rest;
                proptest::prop_assert!(pattern(&p).matches(&extended));
            }
        }
    }
}
