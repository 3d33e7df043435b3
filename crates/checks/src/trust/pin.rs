//! Conditions that say who calls, by the keys for organisation, account and principal. `sts:ExternalId` and
//! addresses do not: AWS does not treat the one as a secret, and the others are not identities.
//!
//! Source: [global condition keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html).

use leastwise_iam::{Arn, Condition, Document, Effect, Principal, Principals, Scope, Statement};

use super::{ASSUME, Caller};
use crate::condition::{demands_arn, demands_no_arn, demands_no_text, demands_text};
use crate::grants::covers_action;
use crate::pattern::{has_variable, is_literal};

/// What a key tells of the caller.
#[derive(Clone, Copy)]
enum Key {
    Organization,
    OrganizationPath,
    Account,
    Principal,
}

/// Those to whom the statement's own conditions and the document's guards limit the callers. As all of
/// them have to hold, these are rather too many callers than too few.
pub(super) fn pins(document: &Document, statement: &Statement) -> Vec<Caller> {
    let own = statement.conditions.iter().filter_map(pinned);
    let guards = document.statements.iter().filter(|guard| guards(guard, statement));
    own.chain(guards.filter_map(guarded)).flatten().collect()
}

/// The callers that pass a condition, if it says who calls: by a comparison of texts, or of ARNs where the key
/// holds one.
fn pinned(condition: &Condition) -> Option<Vec<Caller>> {
    let key = key(&condition.key)?;
    let demands = if matches!(key, Key::Principal) { demands_arn } else { demands_text };
    if demands(condition) { callers(key, condition) } else { None }
}

fn key(name: &str) -> Option<Key> {
    Some(match name.to_ascii_lowercase().as_str() {
        "aws:principalorgid" | "aws:sourceorgid" => Key::Organization,
        "aws:principalorgpaths" | "aws:sourceorgpaths" => Key::OrganizationPath,
        "aws:principalaccount" | "aws:sourceaccount" => Key::Account,
        "aws:principalarn" | "aws:sourcearn" => Key::Principal,
        _ => return None,
    })
}

fn callers(key: Key, condition: &Condition) -> Option<Vec<Caller>> {
    condition.values.iter().map(|value| caller(key, value)).collect()
}

fn caller(key: Key, value: &str) -> Option<Caller> {
    let organization = |id: &str| is_literal(id).then(|| Caller::Organization(id.to_owned()));
    match key {
        _ if has_variable(value) => None,
        Key::Organization => organization(value),
        Key::OrganizationPath => organization(value.split('/').next().unwrap_or_default()),
        Key::Account => value.parse().ok().map(Caller::Account),
        Key::Principal => principal(value),
    }
}

/// The account of an ARN, of which everything before the resource has to be literal: under `StringLike` a
/// `*` spans colons, so a wildcard before the account can hide another account.
fn principal(value: &str) -> Option<Caller> {
    let arn: Arn = value.parse().ok()?;
    let account = arn.account()?;
    let literal = !arn.service().contains(['*', '?']) && !arn.region().contains(['*', '?']);
    literal.then_some(Caller::Account(account))
}

/// True if `guard` denies, on one condition, everyone what the statement allows.
fn guards(guard: &Statement, statement: &Statement) -> bool {
    let covers = |statement: &Statement, action| covers_action(&statement.actions, action);
    guard.effect == Effect::Deny
        && guard.resources == Scope::Unspecified
        && guard.conditions.len() == 1
        && matches!(&guard.principals, Principals::Only(all) if all.iter().any(Principal::is_anyone))
        && ASSUME.iter().all(|action| !covers(statement, action) || covers(guard, action))
}

/// The callers that escape a guard, if its condition says who calls: `Deny` to all whose organisation,
/// account or ARN is none of these, which includes callers without one.
fn guarded(guard: &Statement) -> Option<Vec<Caller>> {
    let condition = guard.conditions.first()?;
    let key = key(&condition.key).filter(|_| is_about_the_principal(&condition.key))?;
    let escapes = if matches!(key, Key::Principal) { demands_no_arn } else { demands_no_text };
    if escapes(condition) { callers(key, condition) } else { None }
}

fn is_about_the_principal(key: &str) -> bool {
    key.to_ascii_lowercase().starts_with("aws:principal")
}
