use leastwise_checks::{AccountAssessment, Counts};

use super::reasons;
use crate::digest::{Scope, accounts, gaps};
use crate::figures::{age, count, counts, instant, number, score};
use crate::logs;
use crate::names::label;
use crate::paper::{Column, Paper, plain, strong};

/// Title, scores, accounts, and what could not be read.
pub(super) fn write(paper: &mut Paper, scope: Scope<'_>) {
    let assessment = scope.assessment;
    let organization = assessment.organization.as_ref().map(|id| format!(" of {id}")).unwrap_or_default();
    let title = format!("IAM audit of {}{organization}", count(assessment.accounts.len(), "account"));
    paper.put(0, 0, &[strong(title), plain(format!(", as of {}", instant(assessment.as_of)))]);
    let verdicts = counts(assessment.counts());
    paper.put(
        0,
        0,
        &[strong(format!("Score {} of 100", score(assessment.score()))), plain(format!(": {verdicts}"))],
    );
    if let Some(logs) = logs(assessment) {
        paper.put(0, 2, &[plain(format!("Logs: {logs}"))]);
    }
    table(paper, scope);
    skipped(paper, scope);
    if !assessment.notices.is_empty() {
        paper.heading("What else was lost");
        for notice in &assessment.notices {
            paper.put(2, 4, &[plain(notice.as_str())]);
        }
    }
    let gaps = gaps(assessment);
    if !gaps.is_empty() {
        paper.heading("What could not be read");
        reasons::write(paper, &gaps, scope);
    }
}

const COLUMNS: [Column; 8] = [
    Column::Text("Account"),
    Column::Flexible("Name"),
    Column::Number("Score"),
    Column::Number("Fail"),
    Column::Number("Unknown"),
    Column::Number("Manual"),
    Column::Number("Pass"),
    Column::Number("Report"),
];

fn table(paper: &mut Paper, scope: Scope<'_>) {
    let assessment = scope.assessment;
    let (shown, left_out) = accounts(assessment, scope.view);
    if shown.is_empty() {
        return;
    }
    paper.blank();
    let row = |account: &&AccountAssessment| {
        let name = account.name.as_deref().unwrap_or_default();
        let report = age(account.credential_report, assessment.as_of);
        cells(account.id.to_string(), name, account.score, account.counts, report)
    };
    let mut rows: Vec<_> = shown.iter().map(row).collect();
    if assessment.accounts.len() > 1 {
        rows.push(cells("overall".to_owned(), "", assessment.score(), assessment.counts(), String::new()));
    }
    paper.table(&COLUMNS, rows);
    if left_out > 0 {
        paper.line(0, &format!("… and {} with better scores (see --all)", count(left_out, "account")));
    }
    paper.line(0, "Report: the age of the credential report behind the verdicts.");
}

fn cells(id: String, name: &str, of: Option<f64>, counts: Counts, report: String) -> Vec<String> {
    let numbers = [counts.fail, counts.unknown, counts.manual, counts.pass].map(number);
    [id, name.to_owned(), score(of)].into_iter().chain(numbers).chain([report]).collect()
}

fn skipped(paper: &mut Paper, scope: Scope<'_>) {
    let skipped = &scope.assessment.skipped;
    if skipped.is_empty() {
        return;
    }
    paper.heading(&format!("Left out: {}", count(skipped.len(), "account")));
    for account in skipped.iter().take(scope.view.at_most()) {
        let who = label(account.id, account.name.as_deref());
        paper.put(2, 4, &[plain(format!("{who}: {}", account.why))]);
    }
    let more = skipped.len().saturating_sub(scope.view.at_most());
    if more > 0 {
        paper.line(2, &format!("… and {} more (see --all)", number(more)));
    }
}
