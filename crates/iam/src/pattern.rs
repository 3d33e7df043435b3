use std::fmt;

/// A text with wildcards, as `Action` and `Resource` elements hold them: `*` stands for any run of
/// characters, `?` for any one character, and `${*}`, `${?}`, `${$}` for the characters themselves.
///
/// Source: [IAM JSON policy elements: Resource](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html),
/// [Policy variables](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pattern(Box<str>);

/// One part of a [`Pattern`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token {
    /// This character.
    Literal(char),
    /// `?`: any one character.
    One,
    /// `*`: any run of characters, also none. Neighbouring ones are one token.
    Run,
    /// A policy variable, whose value the policy does not say.
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

    /// True if the pattern is nothing but `*`.
    pub fn is_everything(&self) -> bool {
        !self.0.is_empty() && self.0.bytes().all(|b| b == b'*')
    }

    /// The pattern taken apart.
    pub fn tokens(&self) -> Vec<Token> {
        let mut tokens = Vec::with_capacity(self.0.len());
        let mut rest: &str = &self.0;
        while let Some(c) = rest.chars().next() {
            let (token, length) = token_at(rest, c);
            if token != Token::Run || tokens.last() != Some(&Token::Run) {
                tokens.push(token);
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
    fn tokens() {
        use Token::{Literal, One, Run, Variable};
        let table = [
            ("", vec![]),
            ("a**?", vec![Literal('a'), Run, One]),
            ("${*}${?}${$}", vec![Literal('*'), Literal('?'), Literal('$')]),
            ("ü${aws:username}", vec![Literal('ü'), Variable]),
            ("$x${", vec![Literal('$'), Literal('x'), Literal('$'), Literal('{')]),
        ];
        for (text, expected) in table {
            assert_eq!(pattern(text).tokens(), expected, "{text}");
        }
    }

    #[test]
    fn everything() {
        assert!(pattern("*").is_everything() && pattern("**").is_everything());
        assert!(!pattern("").is_everything() && !pattern("*:*").is_everything());
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in r"[a*?${}ü]{0,20}") {
            let _ = pattern(&text).tokens();
        }
    }
}
