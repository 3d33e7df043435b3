//! Foreign text made fit for a message.

/// The longest piece of foreign text that a message repeats, in characters.
const LIMIT: usize = 240;

/// A name, of a user or a file for instance: without control characters, and not too long.
pub(crate) fn quote(text: &str) -> String {
    clip(&flat(text))
}

/// A message, of AWS for instance: one line without request ids, and not too long.
pub(crate) fn said(text: &str) -> String {
    let flat = flat(text);
    let words = flat.split_whitespace().collect::<Vec<_>>().join(" ");
    let stable = until_request_id(&words).trim_end_matches([' ', '(', ',', ';', '.']);
    clip(stable)
}

fn flat(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn until_request_id(text: &str) -> &str {
    let lower = text.to_ascii_lowercase();
    ["request id:", "requestid:", "request-id:", "request id=", "requestid=", "request-id="]
        .iter()
        .filter_map(|mark| lower.find(mark))
        .min()
        .and_then(|end| text.get(..end))
        .unwrap_or(text)
}

fn clip(text: &str) -> String {
    let mut clipped: String = text.chars().take(LIMIT).collect();
    if clipped.len() < text.len() {
        clipped.push('…');
    }
    clipped
}

/// The innermost cause of an error, which says most with the fewest words.
pub(crate) fn root_cause(error: &(dyn std::error::Error + 'static)) -> String {
    let mut cause = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    said(&cause.to_string())
}

/// An error and its causes, outermost first, without repetitions.
pub(crate) fn causes(error: &(dyn std::error::Error + 'static)) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut next = Some(error);
    while let Some(cause) = next {
        let text = cause.to_string();
        if !parts.iter().any(|part| part.contains(&text)) {
            parts.push(text);
        }
        next = cause.source();
    }
    said(&parts.join(": "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_one_stable_line() {
        let table = [
            ("a\u{1b}[31mb\r\nc", "a [31mb c"),
            ("Rate exceeded (Service: Iam, Request ID: 1-2-3)", "Rate exceeded (Service: Iam"),
            ("  plain. ", "plain"),
            ("no RequestId-svc here; RequestId: 12", "no RequestId-svc here"),
            ("", ""),
        ];
        for (text, expected) in table {
            assert_eq!(said(text), expected);
        }
        assert_eq!(said(&"ü".repeat(500)).chars().count(), LIMIT + 1);
    }

    #[test]
    fn a_name_is_kept() {
        let table = [
            ("requestid-svc", "requestid-svc"),
            ("ends, with (dots).", "ends, with (dots)."),
            ("a\u{1b}[31mb\nc", "a [31mb c"),
        ];
        for (text, expected) in table {
            assert_eq!(quote(text), expected);
        }
        assert_eq!(quote(&"ü".repeat(500)).chars().count(), LIMIT + 1);
    }
}
