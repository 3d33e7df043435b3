//! The comparison for spreadsheets: one row a changed verdict.

use std::io::{self, Write};

use super::groups::names;
use super::{Comparison, Said};
use crate::View;
use crate::csv::record;

/// The columns. A status is empty where the subject is new or gone.
pub const COLUMNS: [&str; 11] = [
    "change",
    "account_id",
    "account_name",
    "check",
    "title",
    "severity",
    "subject",
    "status_before",
    "status_after",
    "evidence_before",
    "evidence_after",
];

/// Writes a row for each changed verdict, below a row of column names; the view's statuses play no part.
///
/// # Errors
/// The writer's.
pub fn write(comparison: &Comparison, view: &View, out: &mut dyn Write) -> io::Result<()> {
    let names = names(comparison);
    let mut rows = csv::Writer::from_writer(out);
    rows.write_record(COLUMNS)?;
    for difference in comparison.differences.iter().filter(|d| view.is_severe_enough(d.severity)) {
        let (before, after) = (said(difference.before.as_ref()), said(difference.after.as_ref()));
        let title = leastwise_checks::find(difference.check).map_or(difference.check, |check| check.title);
        record(
            &mut rows,
            &[
                difference.change.as_str(),
                &difference.account.to_string(),
                names.name(difference.account),
                difference.check,
                title,
                difference.severity.as_str(),
                &difference.subject.to_string(),
                before.0,
                after.0,
                before.1,
                after.1,
            ],
        )?;
    }
    rows.flush()
}

fn said(said: Option<&Said>) -> (&str, &str) {
    said.map_or(("", ""), |said| (said.status.as_str(), &said.evidence))
}
