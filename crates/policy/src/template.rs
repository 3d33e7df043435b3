//! Texts with policy variables, which get their values from the request.
//!
//! Source: [policy variables](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html).

use leastwise_iam::Version;

use crate::glob::Token;
use crate::key::Key;
use crate::request::{Found, View};

/// A text as it stands in a policy, with its variables apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Template(Vec<Part>);

/// How long a text may become, in characters, before it is no longer compared: no value of a request is as long.
const LONGEST: usize = 256 * 1024;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    /// Text in which `*` and `?` are wildcards, where wildcards are meant at all.
    Text(Box<str>),
    /// `${*}`, `${?}` or `${$}`: the character itself.
    Escaped(char),
    /// `${key}` or `${key, 'default'}`.
    Variable {
        /// The context key.
        key: Key,
        /// What stands for a key that the request lacks.
        default: Option<Box<str>>,
    },
}

/// What a template comes to in a request.
pub(crate) enum Filled {
    /// Characters and wildcards.
    Tokens(Vec<Token>),
    /// A variable has no value: nothing is equal to it or like it.
    Nothing,
    /// A variable's value is not known, or the text would be longer than any value.
    Unknown,
}

impl Template {
    /// Policies of version 2008-10-17 have no variables: the text is taken as it stands.
    pub fn new(text: &str, version: Version) -> Self {
        match version {
            Version::V2008 => Self(vec![Part::Text(text.into())]),
            Version::V2012 => Self(parts(text)),
        }
    }

    /// True if a variable stands before the fifth colon of an ARN, where none is possible.
    pub fn has_early_variable(&self) -> bool {
        let mut colons = 0;
        for part in &self.0 {
            match part {
                Part::Text(text) => colons += text.matches(':').count(),
                Part::Escaped(_) => {}
                Part::Variable { .. } => return colons < 5,
            }
        }
        false
    }

    /// The tokens of a text that is the same in all requests.
    pub fn fixed(&self, wildcards: bool) -> Option<Vec<Token>> {
        let mut tokens = Vec::new();
        for part in &self.0 {
            match part {
                Part::Text(text) => push(&mut tokens, text, wildcards),
                Part::Escaped(c) => tokens.push(Token::Char(*c)),
                Part::Variable { .. } => return None,
            }
        }
        Some(tokens)
    }

    /// Puts the request's values in place of the variables; a wildcard in a value is a character like any other.
    pub fn fill(&self, view: &View<'_>, wildcards: bool) -> Filled {
        let mut tokens = Vec::new();
        for part in &self.0 {
            if tokens.len() > LONGEST {
                return Filled::Unknown;
            }
            match part {
                Part::Text(text) => push(&mut tokens, text, wildcards),
                Part::Escaped(c) => tokens.push(Token::Char(*c)),
                Part::Variable { key, default } => match view.find(key) {
                    Found::One(value) => push(&mut tokens, value, false),
                    Found::Unknown => return Filled::Unknown,
                    // A key with several values is no value for a variable.
                    Found::Absent | Found::Many(_) => match default {
                        Some(default) => push(&mut tokens, default, false),
                        None => return Filled::Nothing,
                    },
                },
            }
        }
        Filled::Tokens(tokens)
    }
}

fn push(tokens: &mut Vec<Token>, text: &str, wildcards: bool) {
    if wildcards {
        tokens.extend(crate::glob::tokens(text));
    } else {
        tokens.extend(text.chars().map(Token::Char));
    }
}

fn parts(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, variable, after)) = first_variable(rest) {
        if !before.is_empty() {
            parts.push(Part::Text(before.into()));
        }
        parts.push(variable);
        rest = after;
    }
    if !rest.is_empty() || parts.is_empty() {
        parts.push(Part::Text(rest.into()));
    }
    parts
}

/// What stands before the first variable, the variable, and what stands behind it.
fn first_variable(text: &str) -> Option<(&str, Part, &str)> {
    let (before, rest) = text.split_once("${")?;
    let (inside, after) = rest.split_once('}')?;
    let part = match inside {
        "*" => Part::Escaped('*'),
        "?" => Part::Escaped('?'),
        "$" => Part::Escaped('$'),
        _ => variable(inside),
    };
    Some((before, part, after))
}

/// `key`, or `key, 'default'`.
fn variable(inside: &str) -> Part {
    let (name, default) = match inside.split_once(',') {
        Some((name, default)) => (name, default.trim().strip_prefix('\'').and_then(|d| d.strip_suffix('\''))),
        None => (inside, None),
    };
    Part::Variable { key: Key::new(name.trim()), default: default.map(Into::into) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_taken_apart() {
        let text = |t: &str| Part::Text(t.into());
        let variable =
            |k: &str, d: Option<&str>| Part::Variable { key: Key::new(k), default: d.map(Into::into) };
        let table = [
            ("", vec![text("")]),
            ("a*", vec![text("a*")]),
            ("a${aws:username}/b", vec![text("a"), variable("aws:username", None), text("/b")]),
            ("${aws:PrincipalTag/team, 'a b'}", vec![variable("aws:PrincipalTag/team", Some("a b"))]),
            ("${*}${?}${$}", vec![Part::Escaped('*'), Part::Escaped('?'), Part::Escaped('$')]),
            ("${open", vec![text("${open")]),
        ];
        for (source, expected) in table {
            assert_eq!(Template::new(source, Version::V2012).0, expected, "{source}");
        }
        assert!(Template::new("${aws:username}", Version::V2008).fixed(true).is_some());
    }
}
