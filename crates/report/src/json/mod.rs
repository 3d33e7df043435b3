//! The report for programs.
//!
//! One object, pretty-printed, the same bytes for the same assessment. A member that this version does not
//! document may come later; `schema_version` changes where one goes or changes its meaning.
//!
//! ```json
//! {
//!   "schema_version": 1,
//!   "as_of": "2026-03-01T12:00:00Z",
//!   "organization": "o-example",             // or null
//!   "score": 87.5,                           // 0 to 100 with one decimal, or null: nothing could be judged
//!   "counts": {"fail": 1, "unknown": 0, "manual": 0, "pass": 7, "not_applicable": 0},
//!   "accounts": [{
//!     "id": "111122223333", "name": "production",                    // name: or null
//!     "score": 87.5, "counts": {},
//!     "credential_report": "2026-03-01T09:00:00Z"                    // when it was made, or null
//!   }],
//!   "skipped": [{"id": "444455556666", "name": "old", "why": "suspended"}],
//!   "notices": ["…"],                        // what else was lost, such as files that were not recognised
//!   "logs": {                                // what CloudTrail's logs cover; only where they were given
//!     "events": 12000, "first": "2026-01-01T00:00:00Z", "last": "2026-03-01T00:00:00Z",   // or null
//!     "management_reads": 9000, "management_writes": 3000, "data": {"s3.amazonaws.com": 4000},
//!     "accounts": {"111122223333": {
//!       "events": 12000, "first": "…", "last": "…", "days": 60, "regions": ["us-east-1"]
//!     }},
//!     "lost": {"files that could not be read": 1}
//!   },
//!   "unread": [{
//!     "account": "111122223333",             // null: the organisation
//!     "part": "credential report",
//!     "reason": "access_denied",             // not_supported, not_collected, failed, invalid
//!     "detail": "…",
//!     "permission": "iam:GetCredentialReport"                        // what would mend it, or null
//!   }],
//!   "frameworks": [{
//!     "id": "cis_aws_1_4", "title": "…",
//!     "controls": [{
//!       "id": "1.4", "title": "…", "section": "…", "level": "Level 1",          // level: or null
//!       "status": "fail",                    // unknown, manual, pass, not_applicable
//!       "counts": {}, "checks": ["root-access-key"],
//!       "undecided": null,                   // what nothing decides yet: such a control never passes
//!       "accounts": {"111122223333": "fail"}
//!     }]
//!   }],
//!   "findings": [{
//!     "account": "111122223333", "check": "root-access-key", "title": "…",
//!     "severity": "critical",                // high, medium, low, info
//!     "status": "fail", "subject": "root", "arn": "arn:aws:iam::111122223333:root", "evidence": "…",
//!     "missing": {"reason": "access_denied", "detail": "…", "permission": "…"}, // only where unknown
//!     "controls": ["cis_aws_1_4/1.4"]
//!   }]
//! }
//! ```
//!
//! A view narrows `findings` and nothing else.

mod check;
mod report;

use std::io::{self, BufWriter, Write};

use leastwise_checks::Assessment;
use serde::{Serialize, Serializer};

use crate::View;

pub use check::{check, checks};

/// The version of the object's form.
pub const SCHEMA_VERSION: u32 = 1;

/// Writes the report, finding by finding: memory does not grow with their number.
///
/// # Errors
/// The writer's.
pub fn write(assessment: &Assessment, view: &View, out: &mut dyn Write) -> io::Result<()> {
    document(&report::Report::new(assessment, view), out)
}

/// Writes a value, pretty, with a line break at the end and nothing that a terminal obeys.
pub(crate) fn document(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    let mut serializer =
        serde_json::Serializer::with_formatter(&mut out, leastwise_model::Visible::default());
    value.serialize(&mut serializer)?;
    out.write_all(b"\n")?;
    out.flush()
}

/// A list that is made while it is written.
pub(crate) struct Each<F>(pub(crate) F);

impl<F, I> Serialize for Each<F>
where
    F: Fn() -> I,
    I: Iterator<Item: Serialize>,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((self.0)())
    }
}

#[cfg(test)]
mod tests {
    use leastwise_model::{Severity, Status};

    use super::*;
    use crate::testing;

    fn written(assessment: &Assessment, view: &View) -> String {
        let mut out = Vec::new();
        write(assessment, view, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_whole_report() {
        let mut assessment = testing::assessment();
        for result in &mut assessment.frameworks {
            result.controls.truncate(2);
        }
        insta::assert_snapshot!("json", written(&assessment, &View::default()));
    }

    #[test]
    fn a_view_narrows_the_findings_only() {
        let view =
            View { statuses: [Status::Fail].into(), min_severity: Some(Severity::High), ..View::default() };
        let all: serde_json::Value =
            serde_json::from_str(&written(&testing::assessment(), &View::default())).unwrap();
        let some: serde_json::Value = serde_json::from_str(&written(&testing::assessment(), &view)).unwrap();
        assert_eq!(all["counts"], some["counts"]);
        assert_eq!(all["frameworks"], some["frameworks"]);
        let findings = some["findings"].as_array().unwrap();
        assert!(findings.iter().all(|finding| finding["status"] == "fail"));
        assert!(findings.len() < all["findings"].as_array().unwrap().len());
    }

    #[test]
    fn what_acts_is_escaped_and_reads_back() {
        let mut assessment = testing::assessment();
        let name = "a\u{1b}[2J\u{9b}\u{202e}\u{7f}\u{200b}\u{e0041}é🙂";
        assessment.accounts[0].name = Some(name.to_owned());
        let text = written(&assessment, &View::default());
        assert!(!text.chars().any(|c| c != '\n' && leastwise_model::acts(c)));
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["accounts"][0]["name"], name);
    }
}
