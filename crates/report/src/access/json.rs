//! Answers for programs.

use leastwise_access::{Answer, Overview, Reasons, Requirement, Row};
use leastwise_iam::catalogue::Action;
use leastwise_model::Missing;
use leastwise_policy::{ActionSet, ConditionTrace, Explanation, StatementTrace};
use serde::Serialize;
use serde_json::{Value, json};

use super::words;

/// The answers to one question.
#[derive(Serialize)]
pub struct Answers<'a> {
    schema_version: u32,
    action: &'a str,
    resource: Option<&'a str>,
    rows: Vec<Value>,
    unread: Vec<String>,
}

/// The answers to one question, in the order of the snapshot.
pub fn rows<'a>(action: &'a str, resource: Option<&'a str>, rows: &[Row], unread: &[Missing]) -> Answers<'a> {
    Answers {
        schema_version: 1,
        action,
        resource,
        rows: rows.iter().map(row).collect(),
        unread: unread.iter().map(ToString::to_string).collect(),
    }
}

fn row(row: &Row) -> Value {
    json!({
        "principal": row.principal,
        "kind": row.kind,
        "account": row.account,
        "answer": row.answer.as_str(),
        "resource": row.resource,
        "requirements": requirements(&row.answer),
        "missing": missing(&row.answer),
    })
}

fn requirements(answer: &Answer) -> Vec<Value> {
    match answer {
        Answer::Conditionally(list) => list.iter().map(requirement).collect(),
        _ => Vec::new(),
    }
}

fn missing(answer: &Answer) -> Vec<String> {
    match answer {
        Answer::Unknown(list) => list.iter().map(ToString::to_string).collect(),
        _ => Vec::new(),
    }
}

fn requirement(requirement: &Requirement) -> Value {
    let text = words::requirement(requirement);
    match requirement {
        Requirement::Holds(layer, condition) => {
            json!({"holds": true, "layer": layer.as_str(), "condition": self::condition(condition), "text": text})
        }
        Requirement::HoldsNot(layer, condition) => {
            json!({"holds": false, "layer": layer.as_str(), "condition": self::condition(condition), "text": text})
        }
        Requirement::Resource(layer, _) | Requirement::Session(layer, _) => {
            json!({"layer": layer.as_str(), "text": text})
        }
        Requirement::Grant(grant) => {
            json!({"layer": "kms_grant", "constraints": grant.constraints, "text": text})
        }
        Requirement::Unread(_) => json!({"text": text}),
    }
}

fn condition(condition: &ConditionTrace) -> Value {
    json!({
        "operator": condition.operator,
        "key": condition.key,
        "wanted": condition.wanted,
        "found": condition.found,
    })
}

/// All that a principal can do.
pub fn overview(principal: &str, overview: &Overview) -> Value {
    let names = |set: &ActionSet| set.iter().map(Action::full_name).collect::<Vec<_>>();
    json!({
        "schema_version": 1,
        "principal": principal,
        "always": names(&overview.permissions.always),
        "perhaps": names(&overview.permissions.perhaps),
        "incomplete": overview.is_incomplete,
    })
}

/// How many actions each principal may carry out on `*`.
pub fn matrix(rows: &[(String, usize)], incomplete: bool) -> Value {
    let rows: Vec<Value> =
        rows.iter().map(|(arn, actions)| json!({"principal": arn, "actions": actions})).collect();
    json!({"schema_version": 1, "resource": "*", "rows": rows, "incomplete": incomplete})
}

/// Why a principal can or cannot do something.
pub fn reasons(reasons: &Reasons) -> Value {
    json!({
        "schema_version": 1,
        "row": row(&reasons.row),
        "explanation": explanation(&reasons.explanation),
        "unread": reasons.unread.iter().map(ToString::to_string).collect::<Vec<_>>(),
    })
}

/// A decision with its reasons, and what is strange about the policies.
pub fn decision(explanation: &Explanation, remarks: &[String]) -> Value {
    let mut report = self::explanation(explanation);
    if let Some(report) = report.as_object_mut() {
        report.insert("remarks".to_owned(), json!(remarks));
    }
    report
}

/// A decision with its reasons.
pub fn explanation(explanation: &Explanation) -> Value {
    let resources = explanation.resources.iter().map(|resource| {
        json!({
            "resource": resource.resource,
            "statements": resource.statements.iter().map(statement).collect::<Vec<_>>(),
            "remedies": resource.remedies.iter().map(words::remedy).collect::<Vec<_>>(),
        })
    });
    json!({
        "decision": explanation.decision.verdict.as_str(),
        "decided_by": explanation.decision.by.as_str(),
        "resources": resources.collect::<Vec<_>>(),
    })
}

fn statement(trace: &StatementTrace) -> Value {
    json!({
        "layer": trace.place.layer.as_str(),
        "level": trace.place.level,
        "policy": trace.place.policy,
        "statement": trace.place.statement,
        "sid": trace.sid,
        "effect": words::effect(trace.effect),
        "outcome": words::outcome(trace),
        "conditions": trace.conditions.iter().map(condition).collect::<Vec<_>>(),
    })
}
