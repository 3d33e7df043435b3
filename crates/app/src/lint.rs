//! What is wrong with a policy document.

use leastwise_iam::Document;
use leastwise_iam::lint::{Finding, PolicyKind, Severity, lint_text};

/// The rule that a text breaks which is no policy document at all.
const NOT_A_POLICY: &str = "not-a-policy";

/// What the linter found in one document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The document's name.
    pub name: String,
    /// What it was taken for.
    pub kind: PolicyKind,
    /// What was found.
    pub findings: Vec<Finding>,
}

/// Lints a text, as what it is said to be, else as what it looks like.
pub fn run(name: &str, text: &str, kind: Option<PolicyKind>) -> Report {
    let name = name.to_owned();
    let document = Document::parse(text);
    let kind = kind.or_else(|| document.as_ref().ok().map(PolicyKind::guess)).unwrap_or(PolicyKind::Managed);
    match document.and_then(|_| lint_text(text, kind)) {
        Ok(findings) => Report { name, kind, findings },
        Err(error) => {
            let finding = Finding {
                rule: NOT_A_POLICY,
                severity: Severity::Error,
                statement: None,
                element: error.element().to_owned(),
                message: error.to_string(),
            };
            Report { name, kind, findings: vec![finding] }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_policy_is_a_finding() {
        let report = run("x.json", r#"{"Statement": 1}"#, None);
        assert_eq!((report.findings[0].rule, report.findings[0].severity), (NOT_A_POLICY, Severity::Error));
        let good = r#"{"Version":"2012-10-17","Statement":[{"Sid":"Read","Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}]}"#;
        assert_eq!(run("y.json", good, None).findings, []);
    }
}
