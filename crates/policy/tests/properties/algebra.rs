//! Other ways to write the same policies decide the same.

use std::sync::atomic::{AtomicU64, Ordering};

use leastwise_iam::{Document, Pattern, Principal, PrincipalKind, Principals, Quantifier, Scope, Statement};
use leastwise_policy::{Action, Context};
use proptest::prelude::*;
use serde_json::Value;

use crate::config;
use crate::universe::{Entries, cases, entries, set};
use crate::words::ACTIONS;

proptest! {
    #![proptest_config(config())]

    #[test]
    fn print_and_re_parse_change_no_decision(case in cases()) {
        let again = case.with_each(|document| {
            *document = Document::parse(&document.to_json_pretty().unwrap()).unwrap();
        });
        prop_assert_eq!(case.verdict(), again.verdict());
    }

    #[test]
    fn a_single_value_is_a_list_of_one(case in cases()) {
        let listed = case.with_each(|document| *document = rewritten(document, &in_lists));
        let single = case.with_each(|document| *document = rewritten(document, &without_lists));
        prop_assert_eq!(case.verdict(), listed.verdict());
        prop_assert_eq!(case.verdict(), single.verdict());
    }

    #[test]
    fn order_is_irrelevant(case in cases(), seed: u64) {
        let turn = AtomicU64::new(seed);
        let mut shuffled = case.with_each(|document| {
            shuffle(&mut document.statements, &turn);
            for statement in &mut document.statements {
                shuffle(&mut statement.conditions, &turn);
            }
        });
        shuffled.documents.lists(|list| shuffle(list, &turn));
        prop_assert_eq!(case.verdict(), shuffled.verdict());
        prop_assert_eq!(case.verdict(), case.reversed().verdict());
    }

    #[test]
    fn statements_can_be_split(case in cases()) {
        let split = case.with_each(|document| {
            document.statements = document.statements.iter().flat_map(single_statements).collect();
        });
        prop_assert_eq!(case.verdict(), split.verdict());
    }

    #[test]
    fn values_of_a_condition_can_be_split(case in cases()) {
        let split = case.with_each(|document| {
            document.statements = document.statements.iter().flat_map(single_values).collect();
        });
        prop_assert_eq!(case.verdict(), split.verdict());
    }

    #[test]
    fn policies_of_a_list_can_be_one_statement_each(case in cases()) {
        let mut split = case.clone();
        split.documents.lists(|list| {
            *list = list.iter().flat_map(|document| {
                let single = |s: &Statement| Document { statements: vec![s.clone()], ..document.clone() };
                document.statements.iter().map(single).collect::<Vec<_>>()
            }).collect();
        });
        prop_assert_eq!(case.verdict(), split.verdict());
    }

    #[test]
    fn what_is_said_twice_is_said_once(case in cases()) {
        let mut twice = case.with_each(|document| document.statements.extend(document.statements.clone()));
        twice.documents.lists(|list| list.extend(list.clone()));
        prop_assert_eq!(case.verdict(), twice.verdict());
    }

    #[test]
    fn wildcards_are_all_that_they_match(case in cases()) {
        let expanded = case.with_each(|document| each_scope(document, |scope| match scope {
            Scope::Only(patterns) => Scope::Only(matched(patterns)),
            Scope::AllBut(patterns) => Scope::AllBut(matched(patterns)),
            Scope::Unspecified => Scope::Unspecified,
        }));
        prop_assert_eq!(case.verdict(), expanded.verdict());
    }

    #[test]
    fn not_action_is_every_other_action(case in cases()) {
        let complement = case.with_each(|document| each_scope(document, |scope| match scope {
            Scope::AllBut(patterns) => Scope::Only(others(patterns)),
            Scope::Only(patterns) => Scope::AllBut(others(patterns)),
            Scope::Unspecified => Scope::Unspecified,
        }));
        prop_assert_eq!(case.verdict(), complement.verdict());
    }

    #[test]
    fn the_case_of_actions_and_keys_is_irrelevant(case in cases(), entries in entries(), upper: bool) {
        let written = |text: &str| if upper { text.to_ascii_uppercase() } else { text.to_ascii_lowercase() };
        let mut plain = case.clone();
        plain.request.context = context(&entries, str::to_owned);
        let mut other = case.with_each(|document| {
            each_scope(document, |scope| changed(scope, |text| written(text)));
            for condition in document.statements.iter_mut().flat_map(|s| &mut s.conditions) {
                condition.key = written(&condition.key).into();
            }
        });
        other.request.action = Action::parse(&written(case.request.action.as_str())).unwrap();
        other.request.context = context(&entries, written);
        prop_assert_eq!(plain.verdict(), other.verdict());
    }

    #[test]
    fn an_account_goes_by_its_root_arn_and_everyone_by_aws(case in cases()) {
        let other = case.with_each(|document| {
            for statement in &mut document.statements {
                let (Principals::Only(list) | Principals::AllBut(list)) = &mut statement.principals else { continue };
                list.iter_mut().for_each(by_its_other_name);
            }
        });
        prop_assert_eq!(case.verdict(), other.verdict());
    }
}

fn by_its_other_name(principal: &mut Principal) {
    let Principal { kind, value } = principal;
    if *kind == PrincipalKind::Everyone {
        *kind = PrincipalKind::Aws;
    } else if *kind == PrincipalKind::Aws && &**value == "*" {
        *kind = PrincipalKind::Everyone;
    } else if value.bytes().all(|b| b.is_ascii_digit()) {
        *value = format!("arn:aws:iam::{value}:root").into();
    } else if let Some(account) = value.strip_prefix("arn:aws:iam::").and_then(|v| v.strip_suffix(":root")) {
        *value = account.into();
    }
}

fn context(entries: &Entries, written: impl Fn(&str) -> String) -> Context {
    let mut context = Context::new();
    for (key, values) in entries {
        set(&mut context, &written(key), values.clone());
    }
    context
}

fn each_scope(document: &mut Document, change: impl Fn(&Scope) -> Scope) {
    for statement in &mut document.statements {
        statement.actions = change(&statement.actions);
    }
}

fn changed(scope: &Scope, change: impl Fn(&str) -> String) -> Scope {
    let all = |patterns: &[Pattern]| patterns.iter().map(|p| Pattern::new(change(p.as_str()))).collect();
    match scope {
        Scope::Unspecified => Scope::Unspecified,
        Scope::Only(patterns) => Scope::Only(all(patterns)),
        Scope::AllBut(patterns) => Scope::AllBut(all(patterns)),
    }
}

/// The actions of the universe that the patterns match.
fn matched(patterns: &[Pattern]) -> Vec<Pattern> {
    ACTIONS
        .iter()
        .filter(|action| any_matches(patterns, action))
        .map(|action| Pattern::new(*action))
        .collect()
}

/// The actions of the universe that none of the patterns matches.
fn others(patterns: &[Pattern]) -> Vec<Pattern> {
    ACTIONS
        .iter()
        .filter(|action| !any_matches(patterns, action))
        .map(|action| Pattern::new(*action))
        .collect()
}

fn any_matches(patterns: &[Pattern], action: &str) -> bool {
    let action = action.to_ascii_lowercase();
    patterns.iter().any(|p| plain_match(p.as_str().to_ascii_lowercase().as_bytes(), action.as_bytes()))
}

/// The definition of wildcards, independent of the engine.
pub fn plain_match(pattern: &[u8], text: &[u8]) -> bool {
    match (pattern, text) {
        ([], []) => true,
        ([b'*', rest @ ..], _) if plain_match(rest, text) => true,
        ([b'*', ..], [_, left @ ..]) => plain_match(pattern, left),
        ([b'?', rest @ ..], [_, left @ ..]) => plain_match(rest, left),
        ([p, rest @ ..], [t, left @ ..]) if p == t => plain_match(rest, left),
        _ => false,
    }
}

/// One statement for each action, resource and principal.
fn single_statements(statement: &Statement) -> Vec<Statement> {
    let mut singles = Vec::new();
    for actions in single_scopes(&statement.actions) {
        for resources in single_scopes(&statement.resources) {
            for principals in single_principals(&statement.principals) {
                let (actions, resources) = (actions.clone(), resources.clone());
                singles.push(Statement { actions, resources, principals, ..statement.clone() });
            }
        }
    }
    singles
}

fn single_scopes(scope: &Scope) -> Vec<Scope> {
    match scope {
        Scope::Only(patterns) => patterns.iter().map(|p| Scope::Only(vec![p.clone()])).collect(),
        other => vec![other.clone()],
    }
}

fn single_principals(principals: &Principals) -> Vec<Principals> {
    match principals {
        Principals::Only(list) => list.iter().map(|p| Principals::Only(vec![p.clone()])).collect(),
        other => vec![other.clone()],
    }
}

/// One statement for each value of the first condition, where one match is enough.
fn single_values(statement: &Statement) -> Vec<Statement> {
    let Some(first) = statement.conditions.first() else { return vec![statement.clone()] };
    let operator = &first.operator;
    let one_is_enough =
        !operator.comparison.contains("Not") && operator.quantifier != Some(Quantifier::AllValues);
    if !one_is_enough {
        return vec![statement.clone()];
    }
    let single = |value: &[Box<str>]| {
        let mut single = statement.clone();
        single.conditions[0].values = value.to_vec();
        single
    };
    first.values.chunks(1).map(single).collect()
}

/// The document with its JSON rewritten and read again.
fn rewritten(document: &Document, rewrite: &dyn Fn(&str, Value) -> Value) -> Document {
    let json: Value = serde_json::from_str(&document.to_json().unwrap()).unwrap();
    Document::parse(&walk(json, rewrite).to_string()).unwrap()
}

/// Rewrites the values of all members, the inner ones first.
fn walk(value: Value, rewrite: &dyn Fn(&str, Value) -> Value) -> Value {
    match value {
        Value::Object(map) => map
            .into_iter()
            .map(|(key, value)| {
                let value = rewrite(&key, walk(value, rewrite));
                (key, value)
            })
            .collect(),
        Value::Array(items) => items.into_iter().map(|item| walk(item, rewrite)).collect(),
        other => other,
    }
}

fn in_lists(key: &str, value: Value) -> Value {
    match value {
        Value::String(text) if !is_plain(key) && text != "*" => Value::Array(vec![Value::String(text)]),
        Value::Object(map) if key == "Statement" => Value::Array(vec![Value::Object(map)]),
        other => other,
    }
}

fn without_lists(_key: &str, value: Value) -> Value {
    match value {
        Value::Array(mut items) if items.len() == 1 => items.pop().unwrap(),
        other => other,
    }
}

/// Elements that are never lists.
fn is_plain(key: &str) -> bool {
    ["Version", "Id", "Sid", "Effect", "Principal", "NotPrincipal"].contains(&key)
}

/// Shuffles in an order that the seed decides.
fn shuffle<T>(items: &mut [T], turn: &AtomicU64) {
    for last in (1..items.len()).rev() {
        let mut state = turn.load(Ordering::Relaxed) | 1;
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        turn.store(state, Ordering::Relaxed);
        items.swap(last, usize::try_from(state % (last as u64 + 1)).unwrap());
    }
}
