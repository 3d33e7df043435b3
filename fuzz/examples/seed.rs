//! Turns cases in JSON Lines into the fuzzers' first inputs: whole lines for `decide`, documents for `document`.

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
    write("corpus/document", "document", documents.iter().map(String::as_bytes))
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
