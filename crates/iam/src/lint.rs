//! Finds what is wrong with a policy document, or is not what its author meant.
//!
//! A rule is one file in `rules/` that documents itself, with its tests. Rules look at one document and at the
//! [`catalogue`](crate::catalogue); they know no account and no request.
//!
//! ```
//! use leastwise_iam::Document;
//! use leastwise_iam::lint::{PolicyKind, lint};
//!
//! let document = Document::parse(
//!     r#"{"Version": "2012-10-17",
//!         "Statement": {"Effect": "Allow", "Action": "s3:GetObjects", "Resource": "arn:aws:s3:::reports/*"}}"#,
//! )?;
//! let findings = lint(&document, PolicyKind::Managed);
//! assert_eq!(findings[0].rule, "unknown-action");
//! assert_eq!(findings[0].element, "Statement[0].Action");
//! assert_eq!(findings[0].message, "`s3:GetObjects` is not an action; did you mean `s3:GetObject`?");
//! # Ok::<(), leastwise_iam::DocumentError>(())
//! ```

mod arn_form;
mod cover;
mod finding;
mod keys;
mod kind;
mod nearest;
mod operators;
mod overlap;
mod resources;
mod rule;
mod rules;
mod size;
mod spot;
mod subject;
#[cfg(test)]
mod testing;

pub use finding::{Finding, Severity};
pub use keys::is_context_key;
pub use kind::{PolicyKind, PolicyKindError};
pub use rule::Rule;
pub use rules::{all, find};

use crate::{Document, DocumentError};
use finding::Found;
use subject::Subject;

/// What the rules find in a document of this kind, in the order of its statements; document-wide findings first.
///
/// The time is in proportion to the document: of hostile ones, a part is not examined, which the rule
/// `too-large-to-examine` then says.
pub fn lint(document: &Document, kind: PolicyKind) -> Vec<Finding> {
    examine(&Subject::new(document, kind, None))
}

/// As [`lint`], for a document's text: its length is then that of the text, where [`lint`] takes the shortest form in
/// which the document can be written.
///
/// # Errors
/// The text is not a policy document.
pub fn lint_text(text: &str, kind: PolicyKind) -> Result<Vec<Finding>, DocumentError> {
    let document = Document::parse(text)?;
    Ok(examine(&Subject::new(&document, kind, Some(size::characters(text)))))
}

fn examine(subject: &Subject<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for rule in all() {
        (rule.find)(subject, &mut Found::new(rule, &mut findings));
    }
    // The order of rules decides within one statement: sorting is stable.
    findings.sort_by_key(|finding| finding.statement);
    findings
}
