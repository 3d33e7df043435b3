//! The texts inside a request or an answer, each with the name of the member that holds it.

use crate::json::{Shape, Value};

/// How deep to look; requests are rarely deeper than six levels.
const DEEPEST: usize = 10;

/// Parts of requests that name no resource of the call: what is filtered by, and tags.
const PASSED_OVER: [&str; 8] = [
    "filterSet",
    "filters",
    "Filter",
    "tagSet",
    "tags",
    "tagList",
    "tagSpecificationSet",
    "TagSpecification",
];

/// Gives every text its member's name, and whether it is at the top.
///
/// Lists do not count as levels: `instanceIds: ["i-1"]` gives (`instanceIds`, `i-1`). Newer EC2 calls write lists as
/// `FlowLogId: {"tag": 1, "content": "fl-1"}`, which gives (`FlowLogId`, `fl-1`).
pub(super) fn leaves<'r>(value: Value<'r>, visit: &mut impl FnMut(&'r str, &'r str, bool)) {
    members(value, "", 0, visit);
}

fn members<'r>(
    value: Value<'r>,
    name: &'r str,
    depth: usize,
    visit: &mut impl FnMut(&'r str, &'r str, bool),
) {
    match value.shape() {
        Shape::String(text) => visit(name, text, depth == 1),
        Shape::Array if depth < DEEPEST => value.items().for_each(|item| members(item, name, depth, visit)),
        Shape::Object if depth < DEEPEST => {
            for (own, value) in value.members() {
                if !PASSED_OVER.contains(&own) {
                    members(value, if own == "content" { name } else { own }, depth + 1, visit);
                }
            }
        }
        _ => {}
    }
}

/// The texts at a path; lists on the way are gone through.
pub(super) fn at<'r>(value: Value<'r>, path: &[Box<str>], visit: &mut impl FnMut(Value<'r>)) {
    if matches!(value.shape(), Shape::Array) {
        return value.items().for_each(|item| at(item, path, visit));
    }
    match path.split_first() {
        None => visit(value),
        Some((name, rest)) => {
            if let Some(value) = value.get(name) {
                at(value, rest, visit);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Record;

    #[test]
    fn texts_and_names() {
        let json = br#"{"a":"1","b":{"items":[{"c":"2"},{"c":"3"}]},"d":["4",["5"]],"X":{"FlowLogId":{"tag":1,"content":"fl-1"}},"filterSet":{"items":[{"name":"no"}]},"n":7}"#;
        let record = Record::parse(json).unwrap();
        let mut found = Vec::new();
        leaves(record.root(), &mut |name, text, top| found.push(format!("{name}={text}{}", u8::from(top))));
        assert_eq!(found, ["a=11", "c=20", "c=30", "d=41", "d=51", "FlowLogId=fl-10"]);
        let mut found = Vec::new();
        let path = ["b", "items", "c"].map(Box::from);
        at(record.root(), &path, &mut |value| found.extend(value.as_str()));
        assert_eq!(found, ["2", "3"]);
    }
}
