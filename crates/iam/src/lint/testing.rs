//! How rules are tested: each line is the inside of one statement, and what the rule says of it.

use super::{PolicyKind, lint};
use crate::Document;

/// What `rule` finds in a document, each as `element: message`.
pub(crate) fn found(rule: &str, kind: PolicyKind, document: &str) -> Vec<String> {
    assert!(super::find(rule).is_some(), "there is no rule `{rule}`");
    let document = Document::parse(document).unwrap();
    let findings = lint(&document, kind).into_iter().filter(|finding| finding.rule == rule);
    findings.map(|finding| format!("{}: {}", finding.element, finding.message)).collect()
}

/// Checks a rule on statements of a managed policy of the current version. Each line is the inside of a
/// statement, `Effect: Allow` and `Resource: *` where it says nothing else, and parts of the only message expected;
/// an empty text where nothing is found.
pub(crate) fn check(rule: &str, table: &[(&str, &str)]) {
    check_kind(rule, PolicyKind::Managed, table);
}

/// As [`check`], for another kind of policy. A `Resource` is added for none.
pub(crate) fn check_kind(rule: &str, kind: PolicyKind, table: &[(&str, &str)]) {
    for (statement, expected) in table {
        let effect = if statement.contains("\"Effect\"") { "" } else { r#""Effect":"Allow","# };
        let whole = kind.is_identity() && !statement.contains("Resource\"");
        let resource = if whole { r#","Resource":"*""# } else { "" };
        let document =
            format!(r#"{{"Version":"2012-10-17","Statement":[{{{effect}{statement}{resource}}}]}}"#);
        let messages = found(rule, kind, &document);
        if expected.is_empty() {
            assert!(messages.is_empty(), "{statement}\nis fine, but {messages:?}");
        } else {
            let wanted = expected.split(" … ").all(|part| messages.iter().any(|m| m.contains(part)));
            assert!(wanted && messages.len() == 1, "{statement}\n`{expected}` expected, not {messages:?}");
        }
    }
}
