use serde::de::MapAccess;

use super::conditions::Conditions;
use super::place::{Place, Step};
use super::principals::PrincipalMap;
use super::read::{Element, Name, Read};
use super::values::{Patterns, Text, Word};
use super::{Effect, Scope, Statement};
use crate::{Condition, Principals};

/// One entry of `Statement`.
#[derive(Clone, Copy)]
pub(super) struct OneStatement;

impl<'de> Element<'de> for OneStatement {
    type Value = Statement;
    const EXPECTED: &'static str = "an object";

    fn object<A: MapAccess<'de>>(self, here: &Place<'_>, mut members: A) -> Result<Statement, A::Error> {
        let mut parts = Parts::default();
        while let Some(member) = members.next_key_seed(Name(Member::new))? {
            if let Some(why) = parts.clash(&member) {
                return Err(here.step(Step::Member(member.as_str())).error(why));
            }
            parts.read(&member, here.step(Step::Member(member.as_str())), &mut members)?;
        }
        parts.finish().map_err(|why| here.error(why))
    }
}

/// What of a statement has been read.
#[derive(Default)]
struct Parts {
    sid: Option<Box<str>>,
    effect: Option<Effect>,
    principals: Option<Principals>,
    actions: Option<Scope>,
    resources: Option<Scope>,
    conditions: Option<Vec<Condition>>,
}

impl Parts {
    /// Why the member cannot stand here.
    fn clash(&self, member: &Member) -> Option<String> {
        let (given, negated) = match member {
            Member::Sid => (self.sid.is_some(), false),
            Member::Effect => (self.effect.is_some(), false),
            Member::Condition => (self.conditions.is_some(), false),
            Member::Principal | Member::NotPrincipal => {
                (self.principals.is_some(), matches!(self.principals, Some(Principals::AllBut(_))))
            }
            Member::Action | Member::NotAction => {
                (self.actions.is_some(), matches!(self.actions, Some(Scope::AllBut(_))))
            }
            Member::Resource | Member::NotResource => {
                (self.resources.is_some(), matches!(self.resources, Some(Scope::AllBut(_))))
            }
            Member::Unknown(name) => {
                return Some(format!(
                    "`{name}` is not an element of the policy language; a statement has `Sid`, `Effect`, \
                     `Principal`, `Action`, `Resource`, `Condition`"
                ));
            }
        };
        match (given, negated == member.is_negated()) {
            (false, _) => None,
            (true, true) => Some("the element is given twice; keep one".to_owned()),
            (true, false) => Some("only one of the element and its `Not` form may be given".to_owned()),
        }
    }

    fn read<'de, A: MapAccess<'de>>(
        &mut self,
        member: &Member,
        place: Place<'_>,
        members: &mut A,
    ) -> Result<(), A::Error> {
        match member {
            Member::Sid => self.sid = Some(members.next_value_seed(Read(place, Text))?),
            Member::Effect => self.effect = Some(members.next_value_seed(Read(place, Word(parse_effect)))?),
            Member::Condition => self.conditions = Some(members.next_value_seed(Read(place, Conditions))?),
            Member::Principal | Member::NotPrincipal => {
                let principals = members.next_value_seed(Read(place, PrincipalMap))?;
                let negated = member.is_negated();
                self.principals =
                    Some(if negated { Principals::AllBut(principals) } else { Principals::Only(principals) });
            }
            Member::Action | Member::NotAction => {
                self.actions = Some(scope(member, members.next_value_seed(Read(place, Patterns))?));
            }
            Member::Resource | Member::NotResource => {
                self.resources = Some(scope(member, members.next_value_seed(Read(place, Patterns))?));
            }
            // Refused before.
            Member::Unknown(_) => {}
        }
        Ok(())
    }

    fn finish(self) -> Result<Statement, &'static str> {
        Ok(Statement {
            sid: self.sid,
            effect: self.effect.ok_or("`Effect` is missing; add `Allow` or `Deny`")?,
            principals: self.principals.unwrap_or(Principals::Unspecified),
            actions: self.actions.ok_or("`Action` or `NotAction` is missing; add one")?,
            resources: self.resources.unwrap_or(Scope::Unspecified),
            conditions: self.conditions.unwrap_or_default(),
        })
    }
}

fn scope(member: &Member, patterns: Vec<crate::Pattern>) -> Scope {
    if member.is_negated() { Scope::AllBut(patterns) } else { Scope::Only(patterns) }
}

fn parse_effect(text: &str) -> Result<Effect, String> {
    [Effect::Allow, Effect::Deny]
        .into_iter()
        .find(|effect| effect.as_str() == text)
        .ok_or_else(|| format!("`{text}` is neither `Allow` nor `Deny`"))
}

enum Member {
    Sid,
    Effect,
    Principal,
    NotPrincipal,
    Action,
    NotAction,
    Resource,
    NotResource,
    Condition,
    Unknown(Box<str>),
}

impl Member {
    fn new(name: &str) -> Self {
        match name {
            "Sid" => Self::Sid,
            "Effect" => Self::Effect,
            "Principal" => Self::Principal,
            "NotPrincipal" => Self::NotPrincipal,
            "Action" => Self::Action,
            "NotAction" => Self::NotAction,
            "Resource" => Self::Resource,
            "NotResource" => Self::NotResource,
            "Condition" => Self::Condition,
            other => Self::Unknown(other.into()),
        }
    }

    fn as_str(&self) -> &str {
        match self {
            Self::Sid => "Sid",
            Self::Effect => "Effect",
            Self::Principal => "Principal",
            Self::NotPrincipal => "NotPrincipal",
            Self::Action => "Action",
            Self::NotAction => "NotAction",
            Self::Resource => "Resource",
            Self::NotResource => "NotResource",
            Self::Condition => "Condition",
            Self::Unknown(name) => name,
        }
    }

    const fn is_negated(&self) -> bool {
        matches!(self, Self::NotPrincipal | Self::NotAction | Self::NotResource)
    }
}
