//! What is left in a reduced case, as words that classes of disagreements are told by.

use std::collections::BTreeSet;

use serde_json::Value;

/// The words of a case.
pub(super) fn of(case: &Value) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    let request = &case["request"];
    let principal = request["principal"].as_str().unwrap_or_default();
    words.insert(format!("caller:{}", caller(principal)));
    let account = principal.split(':').nth(4).unwrap_or_default();
    if !account.is_empty() {
        let is_own = request["resource_account"] == account;
        words.insert(if is_own { "account:own" } else { "account:other" }.to_owned());
    }
    let action = request["action"].as_str().unwrap_or_default();
    words.insert(format!("service:{}", action.split(':').next().unwrap_or_default()));
    let tag = request.pointer("/context/aws:PrincipalTag~1team");
    words.insert(if tag.is_some_and(|tag| tag == "") { "tag:empty" } else { "tag:other" }.to_owned());
    if !request["s3_public_access_block"].is_null() {
        words.insert("public-access-block".to_owned());
    }
    for (kind, given) in case["policies"].as_object().into_iter().flatten() {
        let mut count = 0;
        each_document(given, &mut |document| {
            count += 1;
            of_document(kind, document, &request["context"], &mut words);
        });
        if count > 0 {
            words.insert(format!("has:{kind}"));
        }
    }
    words
}

fn caller(principal: &str) -> &'static str {
    let kinds = [
        ("anonymous", "anonymous"),
        ("service:", "service"),
        (":user/", "user"),
        (":role/", "role"),
        (":assumed-role/", "session"),
        (":federated-user/", "federated"),
        (":root", "root"),
    ];
    kinds.iter().find(|(part, _)| principal.contains(part)).map_or("unknown", |(_, kind)| kind)
}

fn each_document(value: &Value, then: &mut impl FnMut(&Value)) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| each_document(item, then)),
        Value::Object(_) => then(value),
        _ => {}
    }
}

fn of_document(kind: &str, document: &Value, context: &Value, words: &mut BTreeSet<String>) {
    let text = document.to_string();
    let is_old = document["Version"] != "2012-10-17";
    let marks = [("${*}", "escape"), ("${?}", "escape"), ("${aws:", "variable"), (", '", "default")];
    for (mark, word) in marks.iter().filter(|(mark, _)| text.contains(mark)) {
        words.insert(if is_old && mark.starts_with('$') { "literal-variable" } else { word }.to_owned());
    }
    if !is_old && variables(&text).any(|key| is_without_value(&context[key])) {
        words.insert("variable:unset".to_owned());
    }
    for statement in document["Statement"].as_array().into_iter().flatten() {
        let effect = statement["Effect"].as_str().unwrap_or_default();
        words.insert(format!("{effect}:{kind}"));
        for element in ["NotPrincipal", "NotAction", "NotResource"] {
            if !statement[element].is_null() {
                words.insert(format!("{effect}:{element}"));
            }
        }
        of_principals(&statement["Principal"], words);
        for (operator, keys) in statement["Condition"].as_object().into_iter().flatten() {
            for (key, wanted) in keys.as_object().into_iter().flatten() {
                of_condition(effect, operator, wanted, &context[key.as_str()], words);
            }
        }
    }
}

/// The context keys that stand as variables in a text.
fn variables(text: &str) -> impl Iterator<Item = &str> {
    text.split("${").skip(1).filter_map(|rest| rest.split(['}', ',']).next())
}

fn is_without_value(found: &Value) -> bool {
    found.is_null() || found.as_array().is_some_and(Vec::is_empty)
}

fn of_principals(principals: &Value, words: &mut BTreeSet<String>) {
    if *principals == "*" {
        words.insert("names:everyone".to_owned());
    }
    for list in principals.as_object().into_iter().flat_map(|map| map.values()) {
        let single = std::slice::from_ref(list);
        for entry in list.as_array().map_or(single, Vec::as_slice).iter().filter_map(Value::as_str) {
            let word = match entry {
                "*" => "everyone",
                _ if entry.ends_with(":root") || !entry.contains(['.', ':']) => "account",
                _ => caller(entry),
            };
            words.insert(format!("names:{word}"));
        }
    }
}

fn of_condition(effect: &str, operator: &str, wanted: &Value, found: &Value, words: &mut BTreeSet<String>) {
    let (quantifier, rest) = operator.split_once(':').unwrap_or(("", operator));
    let comparison = rest.strip_suffix("IfExists").unwrap_or(rest);
    words.insert(format!("operator:{comparison}"));
    if !quantifier.is_empty() {
        words.insert(format!("{effect}:{quantifier}"));
    }
    if comparison != rest {
        words.insert(format!("{effect}:IfExists"));
    }
    if found.is_array() && quantifier.is_empty() && comparison != "Null" {
        words.insert("plain-operator-on-a-list".to_owned());
    }
    words.insert(match found {
        Value::Null => "found:nothing".to_owned(),
        Value::Array(values) => {
            format!("found:{}", ["none", "one", "several"].get(values.len()).unwrap_or(&"several"))
        }
        Value::String(text) if text.is_empty() => "found:empty".to_owned(),
        _ => "found:value".to_owned(),
    });
    if comparison.ends_with("IpAddress") && found.as_str().is_some_and(|address| address.contains(':')) {
        words.insert("found:ipv6".to_owned());
    }
    let wanted = wanted.to_string();
    for (part, word) in
        [("\"\"", "wanted:empty"), ("1767225600", "wanted:epoch"), ("0.0.0.0/0", "wanted:everywhere")]
    {
        if wanted.contains(part) {
            words.insert(word.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn words_of_a_case() {
        let case = json!({
            "request": {"principal": "arn:aws:sts::1:assumed-role/app/s", "action": "s3:GetObject",
                "resource_account": "1", "context": {"aws:TagKeys": ["a"], "aws:SourceIp": "2001:db8::1"}},
            "policies": {"boundary": null, "resource": {"Version": "2012-10-17", "Statement": [
                {"Effect": "Deny", "Principal": {"AWS": ["*", "1"]}, "NotAction": "*", "Condition": {
                    "StringNotLike": {"aws:TagKeys": "${aws:username}"},
                    "ForAnyValue:NotIpAddressIfExists": {"aws:SourceIp": ["0.0.0.0/0"]}}}]}},
        });
        let words: Vec<String> = of(&case).into_iter().collect();
        let expected = "Deny:ForAnyValue Deny:IfExists Deny:NotAction Deny:resource account:own caller:session found:ipv6 \
            found:one found:value has:resource names:account names:everyone operator:NotIpAddress \
            operator:StringNotLike plain-operator-on-a-list service:s3 tag:other variable variable:unset \
            wanted:everywhere";
        assert_eq!(words.join(" "), expected);
        let mut old = case.clone();
        old["policies"]["resource"]["Version"] = "2008-10-17".into();
        let words = of(&old);
        assert!(words.contains("literal-variable") && !words.contains("variable:unset"));
    }
}
