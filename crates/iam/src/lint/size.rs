/// The characters of a JSON text but for the white space between its elements, which AWS does not count.
///
/// Source: [IAM and STS quotas](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-entity-length).
pub(crate) fn characters(text: &str) -> usize {
    let (mut count, mut quoted, mut escaped) = (0, false, false);
    for c in text.chars() {
        match c {
            '"' if !escaped => quoted = !quoted,
            ' ' | '\t' | '\n' | '\r' if !quoted => continue,
            _ => {}
        }
        escaped = quoted && c == '\\' && !escaped;
        count += 1;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_counts_in_strings_only() {
        for (text, expected) in [
            ("", 0),
            ("{ }", 2),
            ("{\"a b\" : \n[]}", 10),
            (r#"{"a\" " : 1}"#, 10),
            (r#"{"\\" : 1}"#, 8),
            ("\"ü\"", 3),
        ] {
            assert_eq!(characters(text), expected, "{text}");
        }
    }
}
