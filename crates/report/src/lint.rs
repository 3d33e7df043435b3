//! What the linter found.

use leastwise_iam::lint::{Finding, Severity};
use serde_json::json;

use crate::Style;
use crate::paper::{Paper, plain, severity};

/// The findings of one document.
#[derive(Debug, Clone, Copy)]
pub struct File<'a> {
    /// The document's name.
    pub name: &'a str,
    /// What it was taken for.
    pub kind: &'a str,
    /// What was found.
    pub findings: &'a [Finding],
}

/// The findings for people, document by document.
pub fn text(files: &[File<'_>], style: &Style) -> String {
    let mut paper = Paper::new(style);
    for file in files.iter().filter(|file| !file.findings.is_empty()) {
        paper.heading(&format!("{} (as {} policy)", file.name, file.kind));
        for finding in file.findings {
            let place =
                if finding.element.is_empty() { String::new() } else { format!("{}: ", finding.element) };
            let label = finding.severity.as_str();
            let spans = [
                severity(tone(finding.severity), label),
                plain(format!("  {place}{} [{}]", finding.message, finding.rule)),
            ];
            paper.put(2, 4, &spans);
        }
    }
    let count: usize = files.iter().map(|file| file.findings.len()).sum();
    paper.blank();
    paper.line(0, &format!("{} documents, {count} findings", files.len()));
    paper.finish()
}

const fn tone(severity: Severity) -> leastwise_model::Severity {
    match severity {
        Severity::Error => leastwise_model::Severity::High,
        Severity::Security => leastwise_model::Severity::Medium,
        Severity::Warning => leastwise_model::Severity::Low,
        Severity::Suggestion => leastwise_model::Severity::Info,
    }
}

/// The findings for programs.
///
/// # Errors
/// None that can happen: a finding is text.
pub fn json(files: &[File<'_>]) -> Result<String, serde_json::Error> {
    let files: Vec<_> = files
        .iter()
        .map(|file| json!({"file": file.name, "kind": file.kind, "findings": file.findings}))
        .collect();
    let report = json!({"schema_version": 1, "files": files});
    Ok(serde_json::to_string_pretty(&report)? + "\n")
}
