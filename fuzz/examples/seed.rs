//! Turns cases in JSON Lines into the fuzzers' first inputs: whole lines for `decide`, documents for `document`; and
//! writes some logs for `trail`.

use std::collections::BTreeSet;
use std::io::{Error, Result};
use std::path::Path;
use std::{env, fs};

use serde_json::Value;

fn main() -> Result<()> {
    let folder = env::args()
        .nth(1)
        .ok_or_else(|| Error::other("name the folder of the cases, such as `../corpus`"))?;
    let (mut cases, mut documents) = (BTreeSet::new(), BTreeSet::new());
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "jsonl") {
            continue;
        }
        for line in fs::read_to_string(path)?.lines().filter(|line| !line.trim().is_empty()) {
            let case: Value = serde_json::from_str(line)?;
            collect(&case["policies"], &mut documents);
            cases.insert(
                serde_json::json!({"request": case["request"], "policies": case["policies"]}).to_string(),
            );
        }
    }
    write("corpus/decide", "case", cases.iter().map(String::as_bytes))?;
    write("corpus/decide", "noise", noise().iter().map(Vec::as_slice))?;
    write("corpus/document", "document", documents.iter().map(String::as_bytes))?;
    write("corpus/trail", "log", logs().iter().map(String::as_bytes))
}

/// A record of CloudTrail in each of the forms that the reader knows.
fn logs() -> Vec<String> {
    let record = serde_json::json!({
        "eventVersion": "1.08", "eventID": "1a2b3c4d-0000-4000-8000-000000000001", "eventName": "GetObject",
        "eventTime": "2024-07-01T10:00:00Z", "userIdentity": {"type": "IAMUser", "userName": "a\"\u{e4}"},
        "requestParameters": {"list": [1, -2.5e3, true, null, {}]}, "readOnly": true,
    });
    let text = record.to_string();
    [
        serde_json::json!({"Records": [record, record]}).to_string(),
        serde_json::json!({"Records": null}).to_string(),
        serde_json::json!([record, record]).to_string(),
        format!("{text}\n{text}\n"),
        format!("2024-07-01T10:00:00.000Z {text}\n"),
        format!("{record:#}"),
        serde_json::json!({"messageType": "DATA_MESSAGE", "logEvents": [{"message": text}]}).to_string(),
        serde_json::json!({"detail-type": "AWS API Call via CloudTrail", "detail": record}).to_string(),
        serde_json::json!({"Events": [{"EventId": "x", "CloudTrailEvent": text}]}).to_string(),
        serde_json::json!({"QueryResultRows": [[{"eventID": "x"}, {"eventJson": text}]]}).to_string(),
        serde_json::json!({"results": [[{"field": "@message", "value": text}]]}).to_string(),
        serde_json::json!({"digestStartTime": "2024-07-01T10:00:00Z", "logFiles": []}).to_string(),
    ]
    .into()
}

/// Bytes that describe cases of the small vocabulary: the same in every run.
fn noise() -> Vec<Vec<u8>> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3]
    };
    (0..256).map(|_| std::iter::once(0).chain((0..600).map(|_| next())).collect()).collect()
}

fn collect(value: &Value, documents: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) if map.contains_key("Statement") => drop(documents.insert(value.to_string())),
        Value::Object(map) => map.values().for_each(|inner| collect(inner, documents)),
        Value::Array(items) => items.iter().for_each(|inner| collect(inner, documents)),
        _ => {}
    }
}

fn write<'a>(folder: &str, name: &str, inputs: impl Iterator<Item = &'a [u8]>) -> Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    fs::create_dir_all(&folder)?;
    let mut written = 0;
    for input in inputs {
        fs::write(folder.join(format!("{name}-{written:04}")), input)?;
        written += 1;
    }
    println!("{written} inputs in {}", folder.display());
    Ok(())
}
