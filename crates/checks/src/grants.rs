//! What a single policy document grants on its face: what a reader sees in it, before boundaries,
//! organisation policies and other documents have their say.

mod limits;
mod scope;
mod services;

use leastwise_iam::{AccountId, Document, Effect, Partition, Scope, Statement};

pub(crate) use scope::covers_action;
pub(crate) use services::Services;

use limits::{constrains_nothing, limits_pass_role};
use scope::{covers_prefix, is_every_action, is_every_resource};

/// The first statement that allows every action on every resource without a condition, or with conditions
/// that constrain nothing.
pub(crate) fn full_administrator(document: &Document) -> Option<String> {
    first(document, |statement| {
        allows_everything(statement) && statement.conditions.iter().all(constrains_nothing)
    })
}

/// The first statement that allows every action on every resource, but only with conditions, and on what.
pub(crate) fn conditional_administrator(document: &Document) -> Option<String> {
    let (index, statement) = numbered(document, |statement| {
        allows_everything(statement) && !statement.conditions.iter().all(constrains_nothing)
    })?;
    let keys: Vec<String> = statement
        .conditions
        .iter()
        .filter(|condition| !constrains_nothing(condition))
        .map(|condition| format!("`{}`", condition.key))
        .collect();
    let name = name(index, statement);
    Some(format!("{name} allows everything only with a condition on {}", keys.join(" and ")))
}

/// The first statement that allows all but some actions.
pub(crate) fn allow_not_action(document: &Document) -> Option<String> {
    first(document, |statement| {
        statement.effect == Effect::Allow && matches!(statement.actions, Scope::AllBut(_))
    })
}

/// The first statement that allows something on all but some resources.
pub(crate) fn allow_not_resource(document: &Document) -> Option<String> {
    first(document, |statement| {
        statement.effect == Effect::Allow && matches!(statement.resources, Scope::AllBut(_))
    })
}

/// The first statement that allows `iam:PassRole` on every role of the account, to whatever service.
pub(crate) fn pass_any_role(document: &Document, partition: Partition, account: AccountId) -> Option<String> {
    let every_role = format!("arn:{partition}:iam::{account}:role/");
    let passes = |statement: &Statement| {
        covers_action(&statement.actions, "iam:PassRole") && covers_prefix(&statement.resources, &every_role)
    };
    let denied = document.statements.iter().any(|statement| {
        statement.effect == Effect::Deny && statement.conditions.is_empty() && passes(statement)
    });
    if denied {
        return None;
    }
    first(document, |statement| {
        statement.effect == Effect::Allow
            && passes(statement)
            && !statement.conditions.iter().any(limits_pass_role)
    })
}

fn allows_everything(statement: &Statement) -> bool {
    statement.effect == Effect::Allow
        && is_every_action(&statement.actions)
        && is_every_resource(&statement.resources)
}

/// The name of the first statement that fulfils a condition.
fn first(document: &Document, fulfils: impl Fn(&Statement) -> bool) -> Option<String> {
    numbered(document, fulfils).map(|(index, statement)| name(index, statement))
}

fn numbered(document: &Document, fulfils: impl Fn(&Statement) -> bool) -> Option<(usize, &Statement)> {
    document.statements.iter().enumerate().find(|(_, statement)| fulfils(statement))
}

/// How evidence names a statement: ``statement 2 (`Admin`)``.
fn name(index: usize, statement: &Statement) -> String {
    let number = index + 1;
    match &statement.sid {
        Some(sid) if !sid.is_empty() => format!("statement {number} (`{sid}`)"),
        _ => format!("statement {number}"),
    }
}

#[cfg(test)]
mod tests;
