//! Context keys of every type, and conditions on them.

use serde_json::{Map, Value, json};

use super::super::random::Random;

/// A type of context key: which operators are for it, what policies compare it with.
struct Type {
    operators: &'static [&'static str],
    wanted: &'static [&'static str],
}

const TEXT: Type = Type {
    operators: &[
        "StringEquals",
        "StringNotEquals",
        "StringEqualsIgnoreCase",
        "StringNotEqualsIgnoreCase",
        "StringLike",
        "StringNotLike",
    ],
    wanted: &[
        "core",
        "Core",
        "c*",
        "?ore",
        "*",
        "alice",
        "${aws:username}",
        "${aws:PrincipalTag/team}",
        "${aws:PrincipalTag/team, 'core'}",
        "${*}",
        "a${?}c",
        "",
    ],
};
const ARN: Type = Type {
    operators: &["ArnEquals", "ArnNotEquals", "ArnLike", "ArnNotLike", "StringLike", "StringNotEquals"],
    wanted: &[
        "arn:aws:iam::111111111111:user/alice",
        "arn:aws:iam::111111111111:role/*",
        "arn:aws:iam::*:user/*",
        "arn:aws:sns:*:111111111111:*",
        "arn:aws:iam::111111111111:role/app",
        "arn:*:iam::222222222222:*",
        "arn:aws:iam::111111111111:user/${aws:username}",
    ],
};
const NUMBER: Type = Type {
    operators: &[
        "NumericEquals",
        "NumericNotEquals",
        "NumericLessThan",
        "NumericLessThanEquals",
        "NumericGreaterThan",
        "NumericGreaterThanEquals",
    ],
    wanted: &["300", "3600", "3600.0", "0"],
};
const DATE: Type = Type {
    operators: &[
        "DateEquals",
        "DateNotEquals",
        "DateLessThan",
        "DateLessThanEquals",
        "DateGreaterThan",
        "DateGreaterThanEquals",
    ],
    wanted: &["2026-01-01T00:00:00Z", "2026-06-01", "2025-12-31T23:00:00-01:00", "1767225600"],
};
const FLAG: Type = Type { operators: &["Bool"], wanted: &["true", "false"] };
const ADDRESS: Type = Type {
    operators: &["IpAddress", "NotIpAddress"],
    wanted: &["203.0.113.0/24", "203.0.113.7", "0.0.0.0/0", "2001:db8::/32", "198.51.100.0/25"],
};
const BYTES: Type = Type { operators: &["BinaryEquals"], wanted: &["QmluYXJ5", "b3RoZXI="] };

/// Keys with their type, what a request says of them, and whether a request can have several values.
const KEYS: [(&str, &Type, &[&str], bool); 19] = [
    ("aws:PrincipalTag/team", &TEXT, &["core", "Core", "c*", "", "alice"], false),
    ("aws:RequestTag/team", &TEXT, &["core", "edge", "*"], false),
    ("aws:PrincipalOrgID", &TEXT, &["core", "o-1"], false),
    ("aws:SourceVpce", &TEXT, &["vpce-1", "core"], false),
    ("aws:username", &TEXT, &[], false),
    ("aws:userid", &TEXT, &[], false),
    ("aws:PrincipalType", &TEXT, &[], false),
    ("aws:TagKeys", &TEXT, &["core", "edge", "Core", "alice"], true),
    ("aws:CalledVia", &TEXT, &["core", "athena.amazonaws.com"], true),
    ("aws:PrincipalOrgPaths", &TEXT, &["core", "o-1/r-1/ou-1/"], true),
    ("aws:PrincipalArn", &ARN, &[], false),
    (
        "aws:SourceArn",
        &ARN,
        &["arn:aws:sns:eu-west-1:111111111111:news", "arn:aws:iam::111111111111:role/app"],
        false,
    ),
    ("aws:MultiFactorAuthAge", &NUMBER, &["300", "3601", "3600"], false),
    ("aws:CurrentTime", &DATE, &["2026-01-01T00:00:00Z", "2026-07-01T12:00:00Z"], false),
    ("aws:TokenIssueTime", &DATE, &["2026-01-01T00:00:00Z", "2025-01-01T00:00:00Z"], false),
    ("aws:SecureTransport", &FLAG, &["true", "false"], false),
    ("aws:MultiFactorAuthPresent", &FLAG, &["true", "false"], false),
    ("aws:SourceIp", &ADDRESS, &["203.0.113.7", "198.51.100.200", "2001:db8::1"], false),
    ("aws:RequestTag/bytes", &BYTES, &["QmluYXJ5", "b3RoZXI="], false),
];

/// Gives about half of the keys values.
pub(super) fn fill(random: &mut Random, context: &mut Map<String, Value>) {
    for (key, _, values, several) in KEYS {
        if values.is_empty() || random.percent(45) {
            continue;
        }
        let value = if several {
            let count = random.between(0, 2);
            (0..count).map(|_| Value::from(random.pick(values))).collect()
        } else {
            Value::from(random.pick(values))
        };
        context.insert(key.to_owned(), value);
    }
}

/// A `Condition` element with one or two conditions.
pub(super) fn block(random: &mut Random) -> Value {
    let mut block = Map::new();
    for _ in 0..random.between(1, 2) {
        let (operator, key, wanted) = condition(random);
        let entry = block.entry(operator).or_insert_with(|| json!({}));
        if let Some(keys) = entry.as_object_mut() {
            keys.insert(key, wanted);
        }
    }
    Value::Object(block)
}

fn condition(random: &mut Random) -> (String, String, Value) {
    let at = random.between(0, KEYS.len() - 1);
    let (key, of, _, several) = KEYS.get(at).copied().unwrap_or(("", &TEXT, &[], false));
    if random.percent(8) {
        return ("Null".to_owned(), key.to_owned(), random.pick(&["true", "false"]).into());
    }
    let quantified = if several { 85 } else { 6 };
    let quantifier =
        if random.percent(quantified) { random.pick(&["ForAnyValue:", "ForAllValues:"]) } else { "" };
    let if_exists = if random.percent(25) { "IfExists" } else { "" };
    let operator = format!("{quantifier}{}{if_exists}", random.pick(of.operators));
    let mut wanted: Vec<&str> = (0..random.between(1, 2)).map(|_| random.pick(of.wanted)).collect();
    wanted.dedup();
    let wanted = match wanted.as_slice() {
        [one] if random.percent(50) => (*one).into(),
        _ => json!(wanted),
    };
    (operator, key.to_owned(), wanted)
}
