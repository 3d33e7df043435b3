use serde::de::{MapAccess, SeqAccess};

use super::place::{Place, Step};
use super::read::{Element, Name, Read};
use super::statement::OneStatement;
use super::values::{Text, Word, list};
use super::{Document, Statement, Version};

/// The outermost object.
pub(super) struct Root;

impl<'de> Element<'de> for Root {
    type Value = Document;
    const EXPECTED: &'static str = "an object";

    fn object<A: MapAccess<'de>>(self, here: &Place<'_>, mut members: A) -> Result<Document, A::Error> {
        let (mut version, mut id, mut statements) = (None, None, None);
        while let Some(member) = members.next_key_seed(Name(Member::new))? {
            let name = member.as_str();
            let given = match member {
                Member::Version => version.is_some(),
                Member::Id => id.is_some(),
                Member::Statement => statements.is_some(),
                Member::Unknown(_) => false,
            };
            if given {
                return Err(here.error(format_args!("`{name}` is given twice; keep one")));
            }
            let place = here.step(Step::Member(name));
            match member {
                Member::Version => version = Some(members.next_value_seed(Read(place, Word(parse_version)))?),
                Member::Id => id = Some(members.next_value_seed(Read(place, Text))?),
                Member::Statement => statements = Some(members.next_value_seed(Read(place, Statements))?),
                Member::Unknown(_) => {
                    return Err(here.error(format_args!(
                        "`{name}` is not an element of the policy language; `Version`, `Id` and `Statement` are"
                    )));
                }
            }
        }
        let statements = statements.ok_or_else(|| here.error("`Statement` is missing; add it"))?;
        Ok(Document { version: version.unwrap_or(Version::V2008), id, statements })
    }
}

enum Member {
    Version,
    Id,
    Statement,
    Unknown(Box<str>),
}

impl Member {
    fn new(name: &str) -> Self {
        match name {
            "Version" => Self::Version,
            "Id" => Self::Id,
            "Statement" => Self::Statement,
            other => Self::Unknown(other.into()),
        }
    }

    fn as_str(&self) -> &str {
        match self {
            Self::Version => "Version",
            Self::Id => "Id",
            Self::Statement => "Statement",
            Self::Unknown(name) => name,
        }
    }
}

fn parse_version(text: &str) -> Result<Version, String> {
    [Version::V2008, Version::V2012]
        .into_iter()
        .find(|version| version.as_str() == text)
        .ok_or_else(|| format!("`{text}` is neither `2012-10-17` nor `2008-10-17`"))
}

/// One statement or a list of them, which may be empty.
struct Statements;

impl<'de> Element<'de> for Statements {
    type Value = Vec<Statement>;
    const EXPECTED: &'static str = "a statement or a list of statements";

    fn list<A: SeqAccess<'de>>(self, place: &Place<'_>, items: A) -> Result<Vec<Statement>, A::Error> {
        list(place, items, OneStatement)
    }

    fn object<A: MapAccess<'de>>(self, place: &Place<'_>, members: A) -> Result<Vec<Statement>, A::Error> {
        Ok(vec![OneStatement.object(place, members)?])
    }
}
