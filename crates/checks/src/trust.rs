//! Whom a trust policy lets in, read off its statements.
//!
//! Source: [role trust policies](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-trust-policy.html),
//! [principals](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html).

mod caller;
mod issuer;
mod pin;

use leastwise_iam::{Document, Effect, Pattern, Principals, Statement, Token};
use leastwise_model::Missing;

pub(crate) use caller::Caller;
pub(crate) use issuer::Issuer;

use crate::condition::demands_text;
use crate::grants::covers_action;
use crate::pattern::has_variable;

pub(crate) const WEB_IDENTITY: &str = "sts:AssumeRoleWithWebIdentity";
const ASSUME: [&str; 3] = ["sts:AssumeRole", "sts:AssumeRoleWithSAML", WEB_IDENTITY];

/// A statement that lets somebody assume the role.
#[derive(Debug)]
pub(crate) struct Opening<'a> {
    pub statement: &'a Statement,
    /// Whom conditions limit the callers to, whoever the principals are; none if they do not.
    pins: Vec<Caller>,
}

/// The statements that let somebody assume the role.
pub(crate) fn openings(document: &Document) -> impl Iterator<Item = Opening<'_>> {
    let allows = document.statements.iter().filter(|statement| {
        statement.effect == Effect::Allow
            && ASSUME.iter().any(|action| covers_action(&statement.actions, action))
    });
    allows.map(|statement| Opening { statement, pins: pin::pins(document, statement) })
}

impl Opening<'_> {
    /// The accounts and organisations that are let in, and what could not be recognised. AWS services and
    /// web identity providers are not among them.
    pub(crate) fn callers(&self) -> Vec<Caller> {
        let principals = match &self.statement.principals {
            Principals::AllBut(_) => return self.narrowed(),
            Principals::Only(principals) if !principals.is_empty() => principals,
            Principals::Only(_) | Principals::Unspecified => return vec![Caller::unnamed()],
        };
        let named = principals.iter().filter_map(Caller::named_by);
        let (anyone, mut callers): (Vec<_>, Vec<_>) = named.partition(|caller| *caller == Caller::Anyone);
        if !anyone.is_empty() {
            callers.extend(self.narrowed());
        }
        callers
    }

    /// What is missing to say whom the statement lets in.
    pub(crate) fn unrecognised(&self) -> Option<Missing> {
        self.callers().into_iter().find_map(|caller| match caller {
            Caller::Unrecognised(what) => Some(Missing::invalid(what)),
            Caller::Anyone | Caller::Account(_) | Caller::Organization(_) => None,
        })
    }

    /// Whom conditions leave of "anyone".
    fn narrowed(&self) -> Vec<Caller> {
        if self.pins.is_empty() { vec![Caller::Anyone] } else { self.pins.clone() }
    }

    /// True if callers have to send the external id that was agreed on. AWS takes 2 to 1,224 characters, so
    /// a value has to give at least two in a row.
    ///
    /// Source: [the confused deputy problem](https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html),
    /// [IAM name requirements](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-names).
    pub(crate) fn demands_external_id(&self) -> bool {
        self.statement.conditions.iter().any(|condition| {
            condition.is_on("sts:ExternalId")
                && demands_text(condition)
                && condition.values.iter().all(|value| gives_away_two_characters(value))
        })
    }

    /// The organisations to which conditions limit the caller, whoever the principal is.
    pub(crate) fn demanded_organizations(&self) -> Vec<&str> {
        self.pins.iter().filter_map(Caller::organization).collect()
    }
}

fn gives_away_two_characters(value: &str) -> bool {
    let tokens = Pattern::new(value).tokens();
    let literal = |token: &Token| matches!(token, Token::Literal(_));
    !has_variable(value) && tokens.windows(2).any(|pair| pair.iter().all(literal))
}

#[cfg(test)]
mod tests;
