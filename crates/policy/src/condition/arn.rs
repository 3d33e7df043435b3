//! ARNs in conditions: the six parts are compared one by one.
//!
//! Source: [ARN condition operators](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN).

use leastwise_iam::Version;

use crate::glob::{Glob, Token};
use crate::request::View;
use crate::template::{Filled, Template};
use crate::tri::Tri;

const PARTS: usize = 6;

/// An ARN, perhaps with wildcards, that a value of the request is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ArnValue {
    /// The same in all requests.
    Fixed(Shape),
    /// With policy variables.
    Variable(Template),
}

/// The parts of an ARN.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shape {
    /// `*` alone: any ARN.
    Any,
    /// Each part by itself.
    Parts(Box<[Glob]>),
    /// Not six parts: no ARN is like it.
    Nothing,
}

impl ArnValue {
    pub fn new(text: &str, version: Version) -> Self {
        let template = Template::new(text, version);
        match template.fixed(true) {
            Some(tokens) => Self::Fixed(Shape::new(&tokens)),
            None => Self::Variable(template),
        }
    }

    pub fn matches(&self, value: &str, view: &View<'_>) -> Tri {
        match self {
            Self::Fixed(shape) => shape.matches(value).into(),
            Self::Variable(template) => match template.fill(view, true) {
                Filled::Tokens(tokens) => Shape::new(&tokens).matches(value).into(),
                Filled::Nothing => Tri::No,
                Filled::Unknown => Tri::Maybe,
            },
        }
    }
}

impl Shape {
    fn new(tokens: &[Token]) -> Self {
        if !tokens.is_empty() && tokens.iter().all(|token| *token == Token::Run) {
            return Self::Any;
        }
        let parts: Vec<_> = tokens.splitn(PARTS, |token| *token == Token::Char(':')).collect();
        if parts.len() == PARTS {
            Self::Parts(parts.into_iter().map(Glob::from_tokens).collect())
        } else {
            Self::Nothing
        }
    }

    fn matches(&self, value: &str) -> bool {
        match self {
            Self::Any => value.starts_with("arn:"),
            Self::Nothing => false,
            Self::Parts(parts) => {
                let values: Vec<&str> = value.splitn(PARTS, ':').collect();
                values.len() == PARTS && parts.iter().zip(values).all(|(part, value)| part.matches(value))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_by_itself() {
        let topic = "arn:aws:sns:eu-west-1:123456789012:a:b";
        let table = [
            ("arn:aws:sns:*:*:*", true),
            ("arn:aws:sns:eu-west-?:123456789012:a*", true),
            ("arn:*:b", false),
            ("arn:aws:sns:*:a:b", false),
            ("*", true),
            ("", false),
            (topic, true),
        ];
        for (pattern, expected) in table {
            let shape = Shape::new(&crate::glob::tokens(pattern));
            assert_eq!(shape.matches(topic), expected, "{pattern}");
        }
    }
}
