//! Messages of deserializers, without the names of Rust's types.

/// Says what was found and what was expected in words that need no Rust. `object` is what the format calls a
/// thing with named members, with its article: `an object` in JSON, `a table` in TOML.
pub fn in_words(message: &str, object: &str) -> String {
    let message = message.replace("wanted string or table", "expected a string or a table");
    let Some((found, expected)) = message.split_once(", expected ") else { return message };
    let (expected, place) = match expected.split_once(" at line ") {
        Some((expected, place)) => (expected, format!(" at line {place}")),
        None => (expected, String::new()),
    };
    format!("{}, expected {}{place}", found_in_words(found, object), expected_in_words(expected, object))
}

fn found_in_words(found: &str, object: &str) -> String {
    let noun = object.split_once(' ').map_or(object, |(_, noun)| noun);
    let Some((what, value)) = found.split_once(": ") else { return found.to_owned() };
    let value = match value {
        "map" => noun,
        "sequence" => "list",
        "unit value" => "null",
        _ => value,
    };
    let value = value.strip_suffix(" as i128").or_else(|| value.strip_suffix(" as u128")).unwrap_or(value);
    let value = match value.strip_prefix("floating point ") {
        Some(number) => format!("number {number}"),
        None => value.to_owned(),
    };
    format!("{what}: {value}")
}

fn expected_in_words(expected: &str, object: &str) -> String {
    match expected {
        "u8" => format!("a whole number from 0 to {}", u8::MAX),
        "u16" => format!("a whole number from 0 to {}", u16::MAX),
        "u32" => format!("a whole number from 0 to {}", u32::MAX),
        "u64" | "u128" | "usize" => format!("a whole number from 0 to {}", u64::MAX),
        "i8" | "i16" | "i32" | "i64" | "i128" | "isize" => "a whole number".to_owned(),
        "f32" | "f64" => "a number".to_owned(),
        "a boolean" => "true or false".to_owned(),
        "a sequence" => "a list".to_owned(),
        "a map" => object.to_owned(),
        _ if expected.starts_with("struct ") => object.to_owned(),
        _ if expected.starts_with("enum ") => format!("a word, or {object}"),
        _ if expected.starts_with("tuple ") => "a list".to_owned(),
        _ => expected.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_type_of_rust_is_named() {
        let table = [
            (
                "invalid value: integer `-1`, expected u32",
                "integer `-1`, expected a whole number from 0 to 4294967295",
            ),
            (
                "invalid type: null, expected a string at line 1 column 2",
                "null, expected a string at line 1 column 2",
            ),
            (
                "invalid length 0, expected struct Snapshot with 6 elements at line 1 column 2",
                "invalid length 0, expected a table at line 1 column 2",
            ),
            ("invalid type: map, expected a sequence", "invalid type: table, expected a list"),
            ("invalid type: sequence, expected a map", "invalid type: list, expected a table"),
            (
                "invalid type: integer `99999999999999999999` as i128, expected u64",
                "integer `99999999999999999999`, expected a whole number from 0 to",
            ),
            (
                "invalid type: floating point `1.5`, expected i64",
                "invalid type: number `1.5`, expected a whole number",
            ),
            ("invalid type: string \"yes\", expected a boolean", "string \"yes\", expected true or false"),
            ("invalid type: integer `1`, expected enum Known", "expected a word, or a table"),
            ("wanted string or table", "expected a string or a table"),
            ("unknown field `x`, expected `a` or `b`", "unknown field `x`, expected `a` or `b`"),
            ("missing field `x` at line 1 column 2", "missing field `x` at line 1 column 2"),
        ];
        for (message, expected) in table {
            let words = in_words(message, "a table");
            assert!(words.ends_with(expected) || words.contains(expected), "{words}");
        }
    }
}
