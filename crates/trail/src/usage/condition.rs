//! When a call needs an action.

use crate::json::Value;
use crate::{Event, Path};

/// What must hold of an event.
#[derive(Debug, Clone)]
pub(super) enum Condition {
    /// Nothing.
    Always,
    /// `with PATH`: there is a value.
    With(Path),
    /// `without PATH`: there is none.
    Without(Path),
    /// `when PATH=TEXT`: the value is this text.
    Is(Path, Box<str>),
    /// `unless PATH=TEXT`: it is not.
    IsNot(Path, Box<str>),
    /// `when PATH^TEXT`: the value begins with this text, whatever its case, after white space.
    Begins(Path, Box<str>),
    /// `from PATH`: there is a value, and it names the S3 object that the action is on.
    From(Path),
}

impl Condition {
    /// Reads one; nothing if it is none.
    pub(super) fn read(text: &str) -> Option<Self> {
        let Some((word, rest)) = text.split_once(' ') else { return text.is_empty().then_some(Self::Always) };
        let with_text = |sign| rest.split_once(sign).map(|(path, text)| (Path::new(path), Box::from(text)));
        match word {
            "with" => Some(Self::With(Path::new(rest))),
            "without" => Some(Self::Without(Path::new(rest))),
            "from" => Some(Self::From(Path::new(rest))),
            "unless" => with_text('=').map(|(path, text)| Self::IsNot(path, text)),
            "when" => {
                let is = with_text('=').map(|(path, text)| Self::Is(path, text));
                is.or_else(|| with_text('^').map(|(path, text)| Self::Begins(path, text)))
            }
            _ => None,
        }
    }

    /// True if it holds.
    pub(super) fn holds(&self, event: &Event<'_>) -> bool {
        let there = |path| event.find(path).filter(|value| !value.is_null());
        let text = |path| there(path).and_then(Value::as_str);
        match self {
            Self::Always => true,
            Self::With(path) | Self::From(path) => there(path).is_some(),
            Self::Without(path) => there(path).is_none(),
            Self::Is(path, wanted) => text(path) == Some(wanted),
            Self::IsNot(path, wanted) => text(path) != Some(wanted),
            Self::Begins(path, wanted) => text(path).is_some_and(|text| begins(text.trim_start(), wanted)),
        }
    }
}

fn begins(text: &str, beginning: &str) -> bool {
    text.get(..beginning.len()).is_some_and(|start| start.eq_ignore_ascii_case(beginning))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Record;

    #[test]
    fn conditions() {
        let json = br#"{"requestParameters":{"a":"x","b":null,"s":" select * from t"}}"#;
        let record = Record::parse(json).unwrap();
        let event = Event::new(record.root()).unwrap();
        for (text, expected) in [
            ("", true),
            ("with requestParameters.a", true),
            ("with requestParameters.b", false),
            ("without requestParameters.b", true),
            ("without requestParameters.a", false),
            ("when requestParameters.a=x", true),
            ("when requestParameters.a=y", false),
            ("unless requestParameters.a=x", false),
            ("unless requestParameters.c=x", true),
            ("when requestParameters.s^Select", true),
            ("when requestParameters.s^Insert", false),
            ("from requestParameters.a", true),
        ] {
            assert_eq!(Condition::read(text).unwrap().holds(&event), expected, "{text}");
        }
        assert!(Condition::read("sometimes").is_none() && Condition::read("when x").is_none());
    }
}
