//! A second matcher, as plain as can be, that agrees with the quick one on random rules and records.
//!
//! It works on `serde_json` values, rule by rule, without an index, and shares no code with the other: rules are made
//! as JSON, which is YAML, and read here as JSON.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests may stop")]

use leastwise_trail::json::Record;
use leastwise_trail::sigma::{Placeholders, Rules, Source};
use leastwise_trail::{Analysis, Event, Hunt};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

// ---- The plain matcher.

fn matches(rule: &Value, event: &Value) -> bool {
    let detection = rule["detection"].as_object().unwrap();
    let words: Vec<&str> = detection["condition"].as_str().unwrap().split(' ').collect();
    let (result, rest) = either(&words, detection, event);
    assert!(rest.is_empty(), "{rest:?}");
    result
}

fn either<'w>(words: &'w [&'w str], detection: &Map<String, Value>, event: &Value) -> (bool, &'w [&'w str]) {
    let (mut result, mut rest) = both(words, detection, event);
    while rest.first() == Some(&"or") {
        let (right, after) = both(&rest[1..], detection, event);
        result |= right;
        rest = after;
    }
    (result, rest)
}

fn both<'w>(words: &'w [&'w str], detection: &Map<String, Value>, event: &Value) -> (bool, &'w [&'w str]) {
    let (mut result, mut rest) = single(words, detection, event);
    while rest.first() == Some(&"and") {
        let (right, after) = single(&rest[1..], detection, event);
        result &= right;
        rest = after;
    }
    (result, rest)
}

fn single<'w>(words: &'w [&'w str], detection: &Map<String, Value>, event: &Value) -> (bool, &'w [&'w str]) {
    match words {
        ["not", rest @ ..] => {
            let (result, rest) = single(rest, detection, event);
            (!result, rest)
        }
        ["(", rest @ ..] => {
            let (result, rest) = either(rest, detection, event);
            assert_eq!(rest[0], ")");
            (result, &rest[1..])
        }
        [quantity, "of", pattern, rest @ ..] => {
            let fits = |name: &str| match *pattern {
                "them" => !name.starts_with('_'),
                pattern => name.starts_with(pattern.trim_end_matches('*')),
            };
            let mut results = detection
                .iter()
                .filter(|(name, _)| *name != "condition" && fits(name))
                .map(|(_, s)| search(s, event));
            let result = if *quantity == "all" { results.all(|r| r) } else { results.any(|r| r) };
            (result, rest)
        }
        [name, rest @ ..] => (search(&detection[*name], event), rest),
        [] => panic!("a condition ends early"),
    }
}

fn search(search: &Value, event: &Value) -> bool {
    match search {
        Value::Object(items) => items.iter().all(|(key, values)| item(key, values, event)),
        Value::Array(parts) => parts.iter().any(|part| match part {
            Value::Object(_) => self::search(part, event),
            keyword => item("", keyword, event),
        }),
        keyword => item("", keyword, event),
    }
}

fn item(key: &str, values: &Value, event: &Value) -> bool {
    let mut parts = key.split('|');
    let field = parts.next().unwrap();
    let modifiers: Vec<&str> = parts.collect();
    let has = |name: &str| modifiers.contains(&name);
    let values = match values {
        Value::Array(values) => values.clone(),
        value => vec![value.clone()],
    };
    let ends =
        if field.is_empty() { texts(event) } else { ends(event, &field.split('.').collect::<Vec<_>>()) };
    let leaves = flat(&ends);
    if has("exists") {
        return ends.is_empty() != (values[0] == json!(true));
    }
    let one = |value: &Value| one(value, &modifiers, &ends, &leaves, event, field.is_empty());
    if has("neq") {
        !leaves.iter().any(Value::is_null) && !ends.is_empty() && !values.iter().any(one)
    } else if has("all") {
        values.iter().all(one)
    } else {
        values.iter().any(one)
    }
}

fn one(
    value: &Value,
    modifiers: &[&str],
    ends: &[Value],
    leaves: &[Value],
    event: &Value,
    keyword: bool,
) -> bool {
    let has = |name: &str| modifiers.contains(&name);
    if value.is_null() {
        return ends.is_empty() || leaves.iter().any(Value::is_null);
    }
    let wanted = text(value).unwrap();
    if has("re") {
        let flags = if has("i") { "(?i)" } else { "" };
        let regex = regex::Regex::new(&format!("{flags}{wanted}")).unwrap();
        return leaves.iter().filter_map(json_text).any(|leaf| regex.is_match(&leaf));
    }
    if has("fieldref") {
        let others = flat(&self::ends(event, &wanted.split('.').collect::<Vec<_>>()));
        return leaves.iter().filter_map(text).any(|leaf| {
            others.iter().filter_map(text).any(|other| match (has("startswith"), has("contains")) {
                (true, _) => lower(&leaf).starts_with(&lower(&other)),
                (_, true) => lower(&leaf).contains(&lower(&other)),
                _ => lower(&leaf) == lower(&other),
            })
        });
    }
    for (name, holds) in [
        ("lt", (|a, b| a < b) as fn(f64, f64) -> bool),
        ("lte", |a, b| a <= b),
        ("gt", |a, b| a > b),
        ("gte", |a, b| a >= b),
    ] {
        if has(name) {
            let number: f64 = wanted.parse().unwrap();
            return leaves
                .iter()
                .filter(|leaf| !leaf.is_boolean())
                .filter_map(text)
                .filter_map(|leaf| leaf.parse::<f64>().ok())
                .any(|leaf| leaf.is_finite() && holds(leaf, number));
        }
    }
    let is_text = value.is_string();
    let pattern: Vec<Result<char, char>> =
        if is_text { pattern(&wanted) } else { wanted.chars().map(Ok).collect() };
    let many = Err('*');
    let pattern = [
        if has("contains") || has("endswith") || (keyword && !has("startswith")) {
            vec![many]
        } else {
            vec![]
        },
        pattern,
        if has("contains") || has("startswith") || (keyword && !has("endswith")) {
            vec![many]
        } else {
            vec![]
        },
    ]
    .concat();
    let wild = pattern.iter().any(Result::is_err);
    let changed = ["contains", "startswith", "endswith"].iter().any(|name| has(name));
    let same = |leaf: &Value| {
        let leaf_text = if wild { json_text(leaf) } else { text(leaf) };
        let Some(leaf_text) = leaf_text else { return false };
        let (pattern, leaf_text) = if has("cased") {
            (pattern.clone(), leaf_text)
        } else {
            let lowered = |piece: &Result<char, char>| match piece {
                Ok(c) => lower(&c.to_string()).chars().next().map(Ok).unwrap(),
                wild => *wild,
            };
            (pattern.iter().map(lowered).collect(), lower(&leaf_text))
        };
        like(&pattern, &leaf_text.chars().collect::<Vec<_>>())
            || (value.is_number()
                && !changed
                && !keyword
                && leaf.as_f64() == value.as_f64()
                && leaf.is_number())
    };
    leaves.iter().any(same)
}

/// One character for one; the two small sigmas are one letter.
fn lower(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).map(|c| if c == 'ς' { 'σ' } else { c }).collect()
}

/// A character, or a wildcard.
fn pattern(text: &str) -> Vec<Result<char, char>> {
    match text.chars().collect::<Vec<_>>().as_slice() {
        [] => vec![],
        ['\\', c @ ('*' | '?' | '\\'), rest @ ..] => {
            [vec![Ok(*c)], pattern(&rest.iter().collect::<String>())].concat()
        }
        [c @ ('*' | '?'), rest @ ..] => [vec![Err(*c)], pattern(&rest.iter().collect::<String>())].concat(),
        [c, rest @ ..] => [vec![Ok(*c)], pattern(&rest.iter().collect::<String>())].concat(),
    }
}

fn like(pattern: &[Result<char, char>], text: &[char]) -> bool {
    match (pattern, text) {
        ([], text) => text.is_empty(),
        ([Err('*'), rest @ ..], _) => (0..=text.len()).any(|from| like(rest, &text[from..])),
        ([Err(_), rest @ ..], [_, after @ ..]) => like(rest, after),
        ([Ok(c), rest @ ..], [other, after @ ..]) => c == other && like(rest, after),
        (_, []) => false,
    }
}

/// What a path leads to, lists not taken apart.
fn ends(value: &Value, names: &[&str]) -> Vec<Value> {
    match (names, value) {
        ([], value) => vec![value.clone()],
        (_, Value::Array(items)) => items.iter().flat_map(|item| ends(item, names)).collect(),
        ([first, rest @ ..], Value::Object(members)) => match members.get(*first) {
            Some(member) => ends(member, rest),
            None => (2..=names.len())
                .filter_map(|count| Some(ends(members.get(&names[..count].join("."))?, &names[count..])))
                .flatten()
                .collect(),
        },
        _ => vec![],
    }
}

/// Values with lists taken apart.
fn flat(values: &[Value]) -> Vec<Value> {
    let one = |value: &Value| match value {
        Value::Array(items) => flat(items),
        leaf => vec![leaf.clone()],
    };
    values.iter().flat_map(one).collect()
}

/// All texts of a record, with names of members.
fn texts(value: &Value) -> Vec<Value> {
    match value {
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        Value::Object(members) => {
            members.iter().flat_map(|(name, member)| [vec![json!(name)], texts(member)].concat()).collect()
        }
        Value::Null => vec![],
        leaf => vec![leaf.clone()],
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    }
}

fn json_text(value: &Value) -> Option<String> {
    if value.is_object() { Some(value.to_string()) } else { text(value) }
}

// ---- Random rules and records, from few words so that they meet.

const FIELDS: [&str; 9] = [
    "eventName",
    "eventSource",
    "userAgent",
    "requestParameters.a",
    "requestParameters.a.b",
    "requestParameters.list.x",
    "userIdentity.type",
    "other",
    "other.a",
];

fn word() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "",
        "a",
        "A",
        "ab",
        "abc",
        "Root",
        "root",
        "ListUsers",
        "listusers",
        "ListRoles",
        "GetUser",
        "s3",
        "iam.amazonaws.com",
        "aws-cli/2 Linux",
        "5",
        "5.0",
        "12",
        "true",
        "Ärger",
        "äRGER",
        "a*b",
        "a?b",
        r"a\b",
        "null",
        "Σίσυφος",
        "ΣΊΣΥΦΟΣ",
    ])
    .prop_map(str::to_owned)
}

fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        8 => word().prop_map(Value::from),
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::from),
        2 => prop::sample::select(vec![json!(5), json!(5.0), json!(-1), json!(12), json!(5.5)]),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::vec((member(), inner), 0..3)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn member() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["a", "b", "x", "list", "a.b", "list.x", "type"]).prop_map(str::to_owned)
}

fn event() -> impl Strategy<Value = Value> {
    let members = (
        prop::option::weighted(0.9, leaf()),
        prop::option::weighted(0.8, leaf()),
        prop::option::of(value()),
        prop::option::weighted(0.8, value()),
        prop::option::of(value()),
        prop::option::of(value()),
        prop::option::weighted(0.2, value()),
    );
    members.prop_map(|(name, source, agent, parameters, identity, other, dotted)| {
        let mut event = Map::new();
        for (key, value) in [
            ("eventName", name),
            ("eventSource", source),
            ("userAgent", agent),
            ("requestParameters", parameters),
            ("userIdentity", identity),
            ("other", other),
            ("other.a", dotted),
        ] {
            event.extend(value.map(|value| (key.to_owned(), value)));
        }
        Value::Object(event)
    })
}

fn pattern_word() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => word(),
        3 => prop::sample::select(vec![
            "*", "a*", "*b", "*ist*", "List*", "?oot", "a??", "*.amazonaws.com", r"a\*b", r"a\?b", r"a\\*", r"*\\b", "cli", "LINUX",
            "*a*b*", "är*", "?rger", "*Σ", "\"a\":",
        ]).prop_map(str::to_owned),
    ]
}

fn rule_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        10 => pattern_word().prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        2 => prop::sample::select(vec![json!(5), json!(12), json!(-1)]),
    ]
}

fn values(of: impl Strategy<Value = Value> + 'static) -> impl Strategy<Value = Value> {
    let of = of.boxed();
    prop_oneof![of.clone(), prop::collection::vec(of, 1..7).prop_map(Value::from)]
}

fn pair() -> impl Strategy<Value = (String, Value)> {
    let field = prop::sample::select(FIELDS.to_vec());
    let modified = prop_oneof![
        6 => values(prop_oneof![9 => rule_value(), 1 => Just(Value::Null)]).prop_map(|v| ("", v)),
        5 => (prop::sample::select(vec![
                "|contains", "|startswith", "|endswith", "|contains|all", "|cased", "|contains|cased", "|neq", "|contains|neq",
                "|all", "|endswith|cased",
            ]), values(rule_value())),
        2 => (prop::sample::select(vec!["|re", "|re|i"]), values(prop::sample::select(vec!["^a", "ist[UR]", "o+t$", "^.*b$", "ä"]).prop_map(Value::from))),
        1 => any::<bool>().prop_map(|b| ("|exists", json!(b))),
        1 => (prop::sample::select(vec!["|lt", "|lte", "|gt", "|gte"]), prop::sample::select(vec![json!(5), json!(5.5), json!(12)])),
        1 => (prop::sample::select(vec!["|fieldref", "|fieldref|startswith", "|fieldref|contains", "|fieldref|neq"]), prop::sample::select(FIELDS.to_vec()).prop_map(Value::from)),
    ];
    (field, modified).prop_map(|(field, (modifiers, values))| (format!("{field}{modifiers}"), values))
}

fn a_search() -> impl Strategy<Value = Value> {
    let map =
        || prop::collection::vec(pair(), 1..3).prop_map(|pairs| Value::Object(pairs.into_iter().collect()));
    let keywords = || {
        let words = prop::collection::vec(rule_value(), 1..3).prop_map(Value::from);
        (prop::sample::select(vec!["|all", "|cased", "|startswith", ""]), words).prop_map(
            |(modifiers, words)| {
                if modifiers.is_empty() { words } else { json!({ modifiers: words }) }
            },
        )
    };
    prop_oneof![
        6 => map(),
        2 => prop::collection::vec(map(), 1..3).prop_map(Value::from),
        1 => keywords(),
    ]
}

fn condition() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "sel_a",
        "sel_b",
        "fil",
        "1 of sel_*",
        "all of sel_*",
        "1 of them",
        "all of them",
    ]);
    leaf.prop_map(str::to_owned).prop_recursive(3, 8, 2, |inner| {
        prop_oneof![
            inner.clone().prop_map(|inner| format!("not {inner}")),
            inner.clone().prop_map(|inner| format!("( {inner} )")),
            (inner.clone(), inner.clone()).prop_map(|(left, right)| format!("{left} and {right}")),
            (inner.clone(), inner).prop_map(|(left, right)| format!("{left} or {right}")),
        ]
    })
}

fn rule() -> impl Strategy<Value = Value> {
    (a_search(), a_search(), a_search(), condition()).prop_map(|(first, second, third, condition)| {
        json!({
            "title": "t",
            "logsource": {"product": "aws", "service": "cloudtrail"},
            "detection": {"sel_a": first, "sel_b": second, "fil": third, "condition": condition},
        })
    })
}

fn hits(rules: &Rules, event: &Value) -> Vec<String> {
    let text = event.to_string();
    let record = Record::parse(text.as_bytes()).unwrap();
    let hunt = Hunt::new(rules);
    let (mut whole, mut part) = (hunt.whole(), hunt.part());
    // Twice, so that what is kept from one event to the next is tried too.
    for _ in 0..2 {
        hunt.event(&mut part, &Event::new(record.root()).unwrap());
    }
    hunt.join(&mut whole, part);
    let mut hits: Vec<_> = hunt.finish(whole).hits.iter().map(|hit| hit.info.rule.clone()).collect();
    let twice = hits.len();
    hits.dedup();
    assert_eq!(twice, 2 * hits.len());
    hits
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

    #[test]
    fn both_matchers_agree(
        rules in prop::collection::vec(rule(), 1..6),
        events in prop::collection::vec(event(), 1..6),
    ) {
        let documents: Vec<_> = rules.iter().enumerate().map(|(number, rule)| {
            let mut rule = rule.clone();
            rule["id"] = json!(format!("rule-{number}"));
            rule.to_string()
        }).collect();
        let text = documents.join("\n---\n");
        let loaded = Rules::load([Source { name: "random", text: &text }], &Placeholders::new());
        prop_assert_eq!(loaded.problems(), &[]);
        for event in &events {
            let expected: Vec<_> = rules.iter().enumerate().filter(|(_, rule)| matches(rule, event)).map(|(number, _)| format!("rule-{number}")).collect();
            let mut found = hits(&loaded, event);
            found.sort();
            prop_assert_eq!(found, expected, "event {}\nrules {}", event, text);
        }
    }
}
