use std::fmt;

use crate::{Part, Parts, Version};

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

    /// The pattern taken apart, as version 2012-10-17 of the language reads it.
    pub fn tokens(&self) -> Vec<Token> {
        let mut tokens = Vec::with_capacity(self.0.len());
        for part in self.parts(Version::V2012) {
            match part {
                Part::Literal(text) => tokens.extend(text.chars().map(Token::Literal)),
                Part::One => tokens.push(Token::One),
                Part::Run if tokens.last() == Some(&Token::Run) => {}
                Part::Run => tokens.push(Token::Run),
                Part::Variable(_) => tokens.push(Token::Variable),
            }
        }
        tokens
    }

    /// The parts of the pattern, as this version of the language reads it.
    pub fn parts(&self, version: Version) -> Parts<'_> {
        Parts::new(&self.0, version)
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
