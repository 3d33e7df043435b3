//! Cases in the form of `leastwise policy simulate`, as far as the targets need it: see `docs/simulate.md`.

use leastwise_iam::Document;
use leastwise_policy::{Action, Caller, Context, Request, Resource};
use serde_json::Value;

use crate::{Case, Documents};

/// The case, if it is one. Settings of single services are not read.
pub fn read(bytes: &[u8]) -> Option<Case> {
    let value: Value = serde_json::from_slice(bytes).ok()?;
    Some(Case { request: request(&value["request"])?, documents: documents(&value["policies"])? })
}

fn request(given: &Value) -> Option<Request> {
    let mut caller = Caller::parse(given["principal"].as_str()?).ok()?;
    if let Some(role) = given["principal_role"].as_str() {
        caller = caller.with_role(role).ok()?;
    }
    let action = Action::parse(given["action"].as_str()?).ok()?;
    let mut request = Request::new(caller, action, Resource::any());
    let several = given["resources"].as_array().into_iter().flatten();
    let names = given["resource"].as_str().into_iter().chain(several.filter_map(Value::as_str));
    request.resources = names.map(Resource::parse).collect::<Result<_, _>>().ok()?;
    if let Some(owner) = given["resource_account"].as_str().and_then(|account| account.parse().ok()) {
        request.resources = request.resources.into_iter().map(|r| r.owned_by(owner)).collect();
    }
    request.management_account =
        given["management_account"].as_str().and_then(|account| account.parse().ok());
    request.context = context(&given["context"]);
    Some(request)
}

fn context(given: &Value) -> Context {
    let mut context = Context::new();
    for (key, value) in given.as_object().into_iter().flatten() {
        match value {
            Value::Array(values) => context.set_all(key, values.iter().map(text).collect()),
            value => context.set(key, text(value)),
        }
    }
    context
}

fn text(value: &Value) -> Box<str> {
    value.as_str().map_or_else(|| value.to_string().into(), Into::into)
}

fn documents(given: &Value) -> Option<Documents> {
    Some(Documents {
        identity: list(&given["identity"])?.unwrap_or_default(),
        resource: if given["resource"].is_null() { None } else { Some(document(&given["resource"])?) },
        boundary: list(&given["boundary"])?,
        session: list(&given["session"])?,
        scp: levels(&given["scp"])?,
        rcp: levels(&given["rcp"])?,
        endpoint: list(&given["endpoint"])?,
    })
}

fn levels(given: &Value) -> Option<Option<Vec<Vec<Document>>>> {
    let Some(levels) = given.as_array() else { return Some(None) };
    levels.iter().map(|level| list(level).map(Option::unwrap_or_default)).collect::<Option<_>>().map(Some)
}

fn list(given: &Value) -> Option<Option<Vec<Document>>> {
    let Some(items) = given.as_array() else { return Some(None) };
    items.iter().map(document).collect::<Option<_>>().map(Some)
}

fn document(given: &Value) -> Option<Document> {
    Document::parse(&given.to_string()).ok()
}
