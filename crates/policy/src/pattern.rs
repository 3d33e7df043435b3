//! Resource patterns.
//!
//! Source: [Resource](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html).

use leastwise_iam::Version;

use crate::glob::{Glob, Token};
use crate::request::View;
use crate::template::{Filled, Template};
use crate::tri::Tri;

/// The parts of an ARN before the one that names the resource.
const FIXED_PARTS: usize = 5;

/// One entry of a `Resource` or `NotResource` element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ResourcePattern {
    /// The same in all requests.
    Fixed(Shape),
    /// With policy variables.
    Variable(Template),
    /// With a policy variable where none is possible: before the fifth colon.
    Misplaced,
}

/// A pattern without variables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Every `*` may run across colons.
    Free(Glob),
    /// Some `*` stay within their part of the ARN.
    Bound(Box<[Token]>),
    /// Either of the two.
    Either(Box<Shape>, Box<Shape>),
}

impl ResourcePattern {
    pub fn new(text: &str, version: Version) -> Self {
        if !text.contains('$') && is_free(text) {
            return Self::Fixed(Shape::Free(Glob::new(text)));
        }
        let template = Template::new(text, version);
        match template.fixed(true) {
            Some(tokens) => Self::Fixed(Shape::new(tokens)),
            None if template.has_early_variable() => Self::Misplaced,
            None => Self::Variable(template),
        }
    }

    /// Whether the pattern matches one of the texts that the request's resource goes by.
    ///
    /// A variable without a value matches no resource.
    pub fn matches(&self, view: &View<'_>) -> Tri {
        if view.resource.is_unknown() && !view.request.action.facts().account_level {
            let is_everything = matches!(self, Self::Fixed(Shape::Free(glob)) if glob.matches(""));
            return if is_everything { Tri::Yes } else { Tri::Maybe };
        }
        let any = |shape: &Shape| Tri::from(view.resource_texts().any(|text| shape.matches(text)));
        match self {
            Self::Fixed(shape) => any(shape),
            Self::Misplaced => Tri::No,
            Self::Variable(template) => match template.fill(view, true) {
                Filled::Tokens(tokens) => any(&Shape::new(tokens)),
                Filled::Nothing => Tri::No,
                Filled::Unknown => Tri::Maybe,
            },
        }
    }
}

impl Shape {
    /// An ARN with fewer than six parts is completed with `*`.
    fn new(tokens: Vec<Token>) -> Self {
        let colons = tokens.iter().filter(|token| **token == Token::Char(':')).count();
        let is_arn = tokens.starts_with(&['a', 'r', 'n', ':'].map(Token::Char));
        if !is_arn || colons >= FIXED_PARTS {
            return Self::of(tokens);
        }
        let mut completed = tokens.clone();
        for _ in colons..FIXED_PARTS {
            completed.extend([Token::Char(':'), Token::Run]);
        }
        Self::Either(Box::new(Self::of(tokens)), Box::new(Self::of(completed)))
    }

    fn of(tokens: Vec<Token>) -> Self {
        if bound(&tokens).contains(&true) {
            Self::Bound(tokens.into())
        } else {
            Self::Free(Glob::from_tokens(&tokens))
        }
    }

    pub fn matches(&self, text: &str) -> bool {
        match self {
            Self::Free(glob) => glob.matches(text),
            Self::Bound(tokens) => bound_matches(tokens, text),
            Self::Either(a, b) => a.matches(text) || b.matches(text),
        }
    }
}

/// True if the text is surely a pattern in which every `*` may run across colons: a whole ARN, in the first five parts
/// of which a `*` comes last in its part.
fn is_free(text: &str) -> bool {
    let mut parts = text.splitn(FIXED_PARTS + 1, ':');
    let fixed =
        parts.by_ref().take(FIXED_PARTS).all(|part| part.find('*').is_none_or(|at| at + 1 == part.len()));
    fixed && (parts.next().is_some() || !text.starts_with("arn:"))
}

/// Which tokens are a `*` in one of the first five parts of an ARN that is not the last character of its part: such
/// a one does not run across the colon.
fn bound(tokens: &[Token]) -> Vec<bool> {
    let is_arn = tokens.first() == Some(&Token::Char('a'));
    let mut colons = 0;
    let next = tokens.iter().skip(1).map(Some).chain([None]);
    tokens
        .iter()
        .zip(next)
        .map(|(token, next)| {
            colons += usize::from(*token == Token::Char(':'));
            let ends_part = matches!(next, None | Some(Token::Char(':') | Token::Run));
            *token == Token::Run && !ends_part && is_arn && colons < FIXED_PARTS
        })
        .collect()
}

/// Walks through the text with all positions of the pattern that can be reached.
fn bound_matches(tokens: &[Token], text: &str) -> bool {
    let bound = bound(tokens);
    let mut reached = vec![false; tokens.len() + 1];
    if let Some(start) = reached.first_mut() {
        *start = true;
    }
    skip_runs(tokens, &mut reached);
    let mut next = vec![false; tokens.len() + 1];
    for c in text.chars() {
        next.fill(false);
        for (at, token) in tokens.iter().enumerate() {
            if reached.get(at) != Some(&true) {
                continue;
            }
            let to = match token {
                Token::Char(t) if *t == c => at + 1,
                Token::One => at + 1,
                Token::Run if c != ':' || bound.get(at) == Some(&false) => at,
                Token::Char(_) | Token::Run => continue,
            };
            if let Some(place) = next.get_mut(to) {
                *place = true;
            }
        }
        skip_runs(tokens, &mut next);
        std::mem::swap(&mut reached, &mut next);
    }
    reached.last() == Some(&true)
}

/// A run may match nothing.
fn skip_runs(tokens: &[Token], reached: &mut [bool]) {
    for (at, token) in tokens.iter().enumerate() {
        if *token == Token::Run
            && reached.get(at) == Some(&true)
            && let Some(next) = reached.get_mut(at + 1)
        {
            *next = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, text: &str) -> bool {
        match ResourcePattern::new(pattern, Version::V2012) {
            ResourcePattern::Fixed(shape) => shape.matches(text),
            other => panic!("{other:?} is not fixed"),
        }
    }

    #[test]
    fn wildcards_and_colons() {
        let instance = "arn:aws:ec2:eu-west-1:123456789012:instance/i-1";
        let table = [
            ("*", instance, true),
            ("arn:aws:ec2:*:*:instance/*", instance, true),
            ("arn:aws:ec2:*:instance/*", instance, true),
            ("arn:aws:ec2:eu-*-1:123456789012:instance/*", instance, true),
            ("arn:aws:ec2:eu-*2:instance/*", instance, false),
            ("arn:aws:ec2:*1:123456789012:instance/*", instance, true),
            ("arn:aws:ec2:e*9012:instance/*", instance, false),
            ("arn:aws:ec2", instance, true),
            ("arn:aws:s3", instance, false),
            ("arn:aws:s3:::b*/x", "arn:aws:s3:::bucket/a:b/x", true),
            ("arn:aws:s3:::bucket", "arn:aws:s3:::bucket/key", false),
            ("arn:aws:s3:::Bucket", "arn:aws:s3:::bucket", false),
            ("arn:aws:s3:::*", "*", false),
        ];
        for (pattern, text, expected) in table {
            assert_eq!(matches(pattern, text), expected, "{pattern} ~ {text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn the_short_way_is_the_same(text in "(arn)?[a:*?]{0,14}") {
            if is_free(&text) {
                let tokens = crate::glob::tokens(&text);
                proptest::prop_assert_eq!(Shape::Free(Glob::new(&text)), Shape::new(tokens), "{}", text);
            }
        }
    }

    #[test]
    fn variables_stand_behind_the_fifth_colon() {
        let kind = |text| ResourcePattern::new(text, Version::V2012);
        assert_eq!(kind("arn:aws:s3:::${aws:username}-x").clone(), kind("arn:aws:s3:::${aws:username}-x"));
        assert!(matches!(kind("arn:aws:s3:::b/${aws:username}"), ResourcePattern::Variable(_)));
        assert_eq!(kind("arn:aws:sqs:*:${aws:PrincipalAccount}:q"), ResourcePattern::Misplaced);
        let old = ResourcePattern::new("arn:aws:s3:::b/${aws:username}", Version::V2008);
        assert!(matches!(old, ResourcePattern::Fixed(_)));
    }
}
