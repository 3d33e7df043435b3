//! The report for spreadsheets: one row a finding.

use std::io::{self, Write};

use leastwise_checks::Assessment;

use crate::citations::Citations;
use crate::names::Names;
use crate::{View, clean};

/// The columns.
pub const COLUMNS: [&str; 10] = [
    "account_id",
    "account_name",
    "check",
    "title",
    "severity",
    "status",
    "subject",
    "arn",
    "evidence",
    "controls",
];

/// Writes a row for each finding of the view, below a row of column names.
///
/// # Errors
/// The writer's.
pub fn write(assessment: &Assessment, view: &View, out: &mut dyn Write) -> io::Result<()> {
    let citations = Citations::of(assessment.frameworks.iter().map(|result| result.framework));
    let names = Names::of(&assessment.accounts);
    let mut rows = csv::Writer::from_writer(out);
    rows.write_record(COLUMNS)?;
    for finding in assessment.findings.iter().filter(|finding| view.lists(finding)) {
        let title = leastwise_checks::find(finding.check).map_or(finding.check, |check| check.title);
        record(
            &mut rows,
            &[
                &finding.account.to_string(),
                names.name(finding.account),
                finding.check,
                title,
                finding.severity.as_str(),
                &finding.status.as_str().replace(' ', "_"),
                &finding.subject.to_string(),
                finding.arn.as_ref().map_or("", |arn| arn.as_str()),
                &finding.evidence,
                &citations.get(finding.check).join(" "),
            ],
        )?;
    }
    rows.flush()
}

/// Writes one row, made harmless.
pub(crate) fn record<W: Write>(rows: &mut csv::Writer<W>, fields: &[&str]) -> io::Result<()> {
    rows.write_record(fields.iter().map(|field| cell(field)))?;
    Ok(())
}

/// The field without characters that act, and with a `'` before what a spreadsheet would take for a formula.
fn cell(field: &str) -> String {
    let formula =
        |c: char| matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠');
    let guard = if field.starts_with(formula) { "'" } else { "" };
    format!("{guard}{}", clean(field))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    fn written(assessment: &Assessment) -> String {
        let mut out = Vec::new();
        write(assessment, &View::default(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn one_row_a_finding() {
        insta::assert_snapshot!("csv", written(&testing::assessment()));
    }

    #[test]
    fn fields_are_no_formulas_and_no_commands() {
        let table = [
            ("plain", "plain"),
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\\u{9}=1"),
            ("＝1", "'＝1"),
            ("a\nb", "a\\u{a}b"),
            ("a=b", "a=b"),
        ];
        for (field, expected) in table {
            assert_eq!(cell(field), expected);
        }
    }
}
