use std::io::{self, Write};

use leastwise_checks::{Check, frameworks};
use leastwise_model::Severity;
use serde::Serialize;

use super::document;
use crate::citations::Citations;
use crate::page;

#[derive(Serialize)]
struct CheckRow<'a> {
    id: &'a str,
    title: &'a str,
    severity: Severity,
    controls: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    documentation: Option<String>,
}

/// Writes what is known of one check, its documentation in Markdown included.
///
/// # Errors
/// The writer's.
pub fn check(check: &Check, out: &mut dyn Write) -> io::Result<()> {
    let citations = Citations::of(frameworks());
    document(&row(check, &citations, Some(page::documentation(check))), out)
}

/// Writes the list of all checks.
///
/// # Errors
/// The writer's.
pub fn checks(out: &mut dyn Write) -> io::Result<()> {
    let citations = Citations::of(frameworks());
    let rows: Vec<_> = leastwise_checks::all().iter().map(|check| row(check, &citations, None)).collect();
    document(&rows, out)
}

fn row<'a>(check: &'a Check, citations: &'a Citations, documentation: Option<String>) -> CheckRow<'a> {
    CheckRow {
        id: check.id,
        title: check.title,
        severity: check.severity,
        controls: citations.get(check.id),
        documentation,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_check_and_all_of_them() {
        let mut out = Vec::new();
        check(leastwise_checks::find("root-mfa").unwrap(), &mut out).unwrap();
        insta::assert_snapshot!("json_check", String::from_utf8(out).unwrap());
        let mut out = Vec::new();
        checks(&mut out).unwrap();
        let list: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(list.as_array().unwrap().len(), leastwise_checks::all().len());
    }
}
