//! What the linter found.

use leastwise_iam::lint::{Finding, Rule, Severity};
use serde_json::json;

use crate::Style;
use crate::figures::count;
use crate::paper::{Column, Paper, plain, severity, strong};
use crate::prose;

/// The findings of one document.
#[derive(Debug, Clone, Copy)]
pub struct File<'a> {
    /// The document's name.
    pub name: &'a str,
    /// What it was taken for; none where it is no policy at all.
    pub kind: Option<&'a str>,
    /// What was found.
    pub findings: &'a [Finding],
}

/// The findings for people, document by document.
pub fn text(files: &[File<'_>], style: &Style) -> String {
    let mut paper = Paper::new(style);
    for file in files.iter().filter(|file| !file.findings.is_empty()) {
        let kind = file.kind.map_or_else(|| "no policy".to_owned(), |kind| format!("as {kind} policy"));
        paper.heading(&format!("{} ({kind})", file.name));
        for finding in file.findings {
            let place =
                if finding.element.is_empty() { String::new() } else { format!("{}: ", finding.element) };
            let label = finding.severity.as_str();
            let rule = if file.kind.is_some() { format!(" [{}]", finding.rule) } else { String::new() };
            let spans = [
                severity(tone(finding.severity), label),
                plain(format!("  {place}{}{rule}", finding.message)),
            ];
            paper.put(2, 4, &spans);
        }
    }
    let findings: usize = files.iter().map(|file| file.findings.len()).sum();
    paper.blank();
    paper.line(0, &format!("{}, {}", count(files.len(), "document"), count(findings, "finding")));
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

/// All rules, one row each.
pub fn rules(style: &Style) -> String {
    let columns = [Column::Text("Rule"), Column::Text("Severity"), Column::Flexible("What is wrong")];
    let mut paper = Paper::new(style);
    let row =
        |rule: &&Rule| vec![rule.id.to_owned(), rule.severity.as_str().to_owned(), rule.title.to_owned()];
    paper.table(&columns, leastwise_iam::lint::all().iter().map(row));
    paper.finish()
}

/// A rule's page for a terminal.
pub fn rule(rule: &Rule, style: &Style) -> String {
    let mut paper = Paper::new(style);
    paper.put(0, 2, &[strong(rule.id), plain(": "), plain(rule.title)]);
    paper.put(0, 2, &[plain("Severity: "), severity(tone(rule.severity), rule.severity.as_str())]);
    prose::write(&mut paper, 0, "", &prose::pieces(rule.documentation.iter().copied()));
    paper.finish()
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

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(rule: &'static str, severity: Severity, element: &str, message: &str) -> Finding {
        let statement = (!element.is_empty()).then_some(0);
        Finding { rule, severity, statement, element: element.to_owned(), message: message.to_owned() }
    }

    #[test]
    fn findings_stand_under_their_document() {
        let findings = [
            finding("old-version", Severity::Suggestion, "", "the document has no `Version`"),
            finding(
                "unknown-action",
                Severity::Error,
                "Statement[0].Action",
                "`s3:GetObjects` is not an action; did you mean `s3:GetObject`?",
            ),
        ];
        let broken = [finding("not-a-policy", Severity::Error, "", "`Statement` is missing")];
        let files = [
            File { name: "good.json", kind: Some("scp"), findings: &[] },
            File { name: "policy.json", kind: Some("managed"), findings: &findings },
            File { name: "broken.json", kind: None, findings: &broken },
        ];
        insta::assert_snapshot!("lint_text", text(&files, &Style::plain(80)));
        let one = [File { name: "broken.json", kind: None, findings: &broken }];
        assert!(text(&one, &Style::plain(80)).ends_with("\n1 document, 1 finding\n"));
    }

    #[test]
    fn rules_fit_the_screen() {
        let pages = leastwise_iam::lint::all().iter().map(|rule| super::rule(rule, &Style::plain(80)));
        for text in pages.chain([rules(&Style::plain(80))]) {
            for line in text.lines() {
                let wide = textwrap::core::display_width(line) > 80 && !line.contains("https://");
                assert!(!wide && !line.starts_with('#'), "{line}");
            }
        }
        for rule in leastwise_iam::lint::all() {
            assert!(rules(&Style::plain(80)).contains(rule.id), "{}", rule.id);
        }
        let rule = leastwise_iam::lint::find("duplicate-sid").unwrap();
        insta::assert_snapshot!("lint_rule", super::rule(rule, &Style::plain(80)));
    }
}
