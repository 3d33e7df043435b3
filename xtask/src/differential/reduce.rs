//! Makes a disagreement as small as it can be, so that what is left is its ground.

use anyhow::Result;
use serde_json::{Value, json};

use super::engines::Engines;

/// A case that the engines decide differently.
#[derive(Clone)]
pub(super) struct Disagreement {
    pub case: Value,
    pub ours: String,
    pub peers: String,
}

/// Enough for the largest case: every round takes at least one thing away.
const ROUNDS: usize = 60;

/// Keys that AWS sets in every request: without them, a case would be about who derives them.
const ALWAYS_SET: [&str; 8] = [
    "context/aws:ResourceAccount",
    "context/aws:PrincipalIsAWSService",
    "context/aws:PrincipalServiceName",
    "context/aws:PrincipalArn",
    "context/aws:PrincipalAccount",
    "context/aws:PrincipalType",
    "context/aws:userid",
    "context/aws:username",
];

/// Takes away, round after round, whatever is not needed for both engines to say what they said. All
/// disagreements go through the engines together.
pub(super) fn all(engines: &Engines, mut list: Vec<Disagreement>) -> Result<Vec<Disagreement>> {
    for _ in 0..ROUNDS {
        let mut attempts = Vec::new();
        for (index, disagreement) in list.iter().enumerate() {
            attempts.extend(smaller(&disagreement.case).into_iter().map(|case| (index, case)));
        }
        let mut cases: Vec<Value> = attempts.iter().map(|(_, case)| case.clone()).collect();
        for (case, number) in cases.iter_mut().zip(0..) {
            case["name"] = json!(format!("attempt-{number}"));
        }
        let answers = engines.ask(&cases)?;
        let mut reduced = vec![false; list.len()];
        for (((index, case), ours), peers) in attempts.into_iter().zip(answers.ours).zip(answers.peers) {
            let (Some(disagreement), Some(done)) = (list.get_mut(index), reduced.get_mut(index)) else {
                continue;
            };
            let same = ours.as_ref() == Ok(&disagreement.ours) && peers.as_ref() == Ok(&disagreement.peers);
            if same && !*done {
                disagreement.case = case;
                *done = true;
            }
        }
        if !reduced.contains(&true) {
            break;
        }
    }
    Ok(list)
}

/// Every case that is one step smaller, the largest steps first.
fn smaller(case: &Value) -> Vec<Value> {
    let mut attempts = Vec::new();
    let mut without = |pointer: String| attempts.extend(removed(case, &pointer));
    for kind in ["resource", "boundary", "session", "scp", "rcp", "endpoint"] {
        without(format!("/policies/{kind}"));
    }
    without("/request/s3_public_access_block".to_owned());
    for pointer in paths(case) {
        without(pointer);
    }
    attempts.extend(plainer(case));
    attempts
}

/// Everything that may be missing: list entries, conditions and context keys.
fn paths(case: &Value) -> Vec<String> {
    let mut found = Vec::new();
    walk(case, "", &mut found);
    found.retain(|path| !path.starts_with("/request") || path.starts_with("/request/context/"));
    found.retain(|path| !ALWAYS_SET.iter().any(|key| path.ends_with(key)));
    found
}

fn walk(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            let is_free = path == "/request/context" || path.contains("/Condition");
            for (key, inner) in map {
                let below = format!("{path}/{}", key.replace('~', "~0").replace('/', "~1"));
                if is_free || key == "Condition" {
                    found.push(below.clone());
                }
                walk(inner, &below, found);
            }
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                let below = format!("{path}/{index}");
                found.push(below.clone());
                walk(inner, &below, found);
            }
        }
        _ => {}
    }
}

/// The case without what the pointer leads to; nothing if that is not there, or if only an empty element is left
/// that no policy may have.
fn removed(case: &Value, pointer: &str) -> Option<Value> {
    let (parent, last) = pointer.rsplit_once('/')?;
    let action = case.pointer("/request/action").and_then(Value::as_str).unwrap_or_default();
    let has_resource_policy = ["kms:", "sts:"].iter().any(|service| action.starts_with(service));
    let mut smaller = case.clone();
    match smaller.pointer_mut(parent)? {
        Value::Array(items) => {
            // A restriction without policies is another restriction than one with a policy that says nothing.
            let is_list_of_values = items.iter().all(Value::is_string);
            let is_restriction = parent.starts_with("/policies/") && !parent.contains("/Statement");
            if items.len() == 1 && (is_list_of_values || is_restriction && !parent.contains("/identity")) {
                return None;
            }
            let at: usize = last.parse().ok()?;
            (at < items.len()).then(|| items.remove(at))?;
        }
        // Keys and roles always have a policy.
        Value::Object(_) if pointer == "/policies/resource" && has_resource_policy => return None,
        Value::Object(map) if parent == "/policies" => {
            let value = map.get_mut(last).filter(|value| !value.is_null())?;
            *value = Value::Null;
        }
        Value::Object(map) => {
            map.remove(&last.replace("~1", "/").replace("~0", "~"))?;
        }
        _ => return None,
    }
    Some(smaller)
}

/// The case with an element of a statement that matches everything, or with a plain element instead of its
/// negation.
fn plainer(case: &Value) -> Vec<Value> {
    let mut attempts = Vec::new();
    for path in paths(case).into_iter().filter(|path| path.contains("/Statement/")) {
        let Some(Value::Object(statement)) = case.pointer(&path) else { continue };
        for (negated, plain) in [
            ("NotAction", "Action"),
            ("NotResource", "Resource"),
            ("Action", "Action"),
            ("Resource", "Resource"),
        ] {
            if statement.get(negated).is_none_or(|value| *value == "*") {
                continue;
            }
            let mut attempt = case.clone();
            if let Some(Value::Object(statement)) = attempt.pointer_mut(&path) {
                statement.remove(negated);
                statement.insert(plain.to_owned(), "*".into());
            }
            attempts.push(attempt);
        }
    }
    attempts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_takes_something_away() {
        let case = json!({
            "request": {"principal": "p", "action": "s3:GetObject", "context": {"a": "1", "b/c": ["2", "3"]}},
            "policies": {"identity": [{"Statement": [{"Effect": "Allow", "NotAction": ["x", "y"], "Resource": "*",
                "Condition": {"StringEquals": {"a": "1"}}}]}], "boundary": null, "resource": {"Statement": []}},
        });
        let attempts: Vec<String> = smaller(&case).iter().map(ToString::to_string).collect();
        let has = |text: &str| attempts.iter().any(|attempt| attempt.contains(text));
        assert!(has(r#""resource":null"#) && has(r#""identity":[]"#) && has(r#""Statement":[]"#));
        assert!(has(r#"{"a":"1","b/c":["3"]}"#) && has(r#""context":{"a":"1"}"#));
        assert!(has(r#""NotAction":["x"]"#) && has(r#""Action":"*""#));
        assert!(
            has(r#""Condition":{}"#) && attempts.iter().all(|attempt| attempt.contains(r#""principal":"p""#))
        );
        let whole = case.to_string();
        assert!(attempts.iter().all(|attempt| *attempt != whole));
    }
}
