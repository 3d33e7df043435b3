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
    /// What it was taken for; none where it is no policy at all.
    pub kind: Option<PolicyKind>,
    /// What was found, in the order of its place.
    pub findings: Vec<Finding>,
}

/// Lints a text, as what it is said to be, else as what it looks like.
pub fn run(name: &str, text: &str, kind: Option<PolicyKind>) -> Report {
    let name = name.to_owned();
    let linted = Document::parse(text).and_then(|document| {
        let kind = kind.unwrap_or_else(|| PolicyKind::guess(&document));
        Ok((kind, lint_text(text, kind)?))
    });
    match linted {
        Ok((kind, mut findings)) => {
            findings.sort_by_cached_key(|finding| (finding.statement, place(&finding.element)));
            Report { name, kind: Some(kind), findings }
        }
        Err(error) => {
            let finding = Finding {
                rule: NOT_A_POLICY,
                severity: Severity::Error,
                statement: None,
                element: error.element().to_owned(),
                message: error.to_string(),
            };
            Report { name, kind: None, findings: vec![finding] }
        }
    }
}

/// The names and numbers in an element's path, so that entry 10 comes behind entry 9.
fn place(element: &str) -> Vec<(String, usize)> {
    let step = |step: &str| {
        let (name, number) = step.trim_end_matches(']').split_once('[').unwrap_or((step, ""));
        (name.to_owned(), number.parse().unwrap_or_default())
    };
    element.split('.').map(step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_are_in_the_order_of_their_place() {
        let actions = format!(r#""{}""#, ["s3:Nothing"; 12].join("\",\""));
        let text = format!(
            r#"{{"Statement":[{{"Effect":"Allow","Action":[{actions}],"Resource":"x"}},{{"Effect":"Allow","Action":"s3:No","Resource":"*"}}]}}"#
        );
        let report = run("x.json", &text, None);
        let unknown = report.findings.iter().filter(|finding| finding.rule == "unknown-action");
        let elements: Vec<&str> = unknown.map(|finding| finding.element.as_str()).collect();
        let mut expected: Vec<String> = (0..12).map(|n| format!("Statement[0].Action[{n}]")).collect();
        expected.push("Statement[1].Action".to_owned());
        assert_eq!(elements, expected);
        let resource = report.findings.iter().position(|finding| finding.element == "Statement[0].Resource");
        let second = report.findings.iter().position(|finding| finding.element == "Statement[1].Action");
        assert!(resource.is_some() && resource < second, "{:?}", report.findings);
        assert_eq!(report.findings[0].element, "", "what is about the whole document comes first");
    }

    #[test]
    fn what_is_no_policy_is_a_finding() {
        let report = run("x.json", r#"{"Statement": 1}"#, None);
        assert_eq!((report.findings[0].rule, report.findings[0].severity), (NOT_A_POLICY, Severity::Error));
        assert_eq!(report.kind, None);
        let good = r#"{"Version":"2012-10-17","Statement":[{"Sid":"Read","Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}]}"#;
        assert_eq!(run("y.json", good, None).findings, []);
    }
}
