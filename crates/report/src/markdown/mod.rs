//! The report for wikis, tickets and pull requests.

mod blocks;
pub(crate) mod escape;
mod frameworks;

pub(crate) use blocks::{groups, rest};

use leastwise_checks::{AccountAssessment, Assessment, Counts};
use leastwise_model::{Severity, Status};

use crate::View;
use crate::digest::{Because, Scope, accounts, blocks, gaps, hidden, shown, unknown};
use crate::figures::{age, count, counts, instant, number, score};
use crate::logs;
use crate::names::label;
use crate::text::title;
use escape::{add, code, escape, header, row};

/// The report as Markdown, in GitHub's flavour.
pub fn render(assessment: &Assessment, view: &View) -> String {
    let scope = Scope::all(assessment, view);
    let mut page = head(assessment);
    page.push_str(&table(scope));
    page.push_str(&skipped(scope));
    if !assessment.notices.is_empty() {
        page.push_str("\n## What else was lost\n\n");
        for notice in &assessment.notices {
            add(&mut page, format!("- {}\n", escape(notice)));
        }
    }
    let gaps = gaps(assessment);
    if !gaps.is_empty() {
        page.push_str("\n## What could not be read\n\n");
        page.push_str(&reasons(&gaps, scope));
    }
    for status in Status::ALL.into_iter().filter(|status| view.shows(*status)) {
        page.push_str(&section(scope, status));
    }
    page.push_str(&frameworks::write(assessment));
    page.push_str(&foot(scope));
    page
}

fn head(assessment: &Assessment) -> String {
    let organization =
        assessment.organization.as_ref().map(|id| format!(" of {}", code(id))).unwrap_or_default();
    let logs = logs(assessment).map(|logs| format!("Logs: {}.\n\n", escape(&logs))).unwrap_or_default();
    format!(
        "# IAM audit of {}{organization}\n\nAs of {}. Score **{}** of 100: {}.\n\n{logs}",
        count(assessment.accounts.len(), "account"),
        instant(assessment.as_of),
        score(assessment.score()),
        counts(assessment.counts())
    )
}

fn table(scope: Scope<'_>) -> String {
    let assessment = scope.assessment;
    let (shown, left_out) = accounts(assessment, scope.view);
    let mut text =
        header(&["Account", "Name", ">Score", ">Fail", ">Unknown", ">Manual", ">Pass", ">Credential report"]);
    let cells = |account: &AccountAssessment| {
        let name = escape(account.name.as_deref().unwrap_or_default());
        let age = age(account.credential_report, assessment.as_of);
        cells(account.id.to_string(), name, account.score, account.counts, escape(&age))
    };
    for account in shown {
        text.push_str(&row(&cells(account)));
    }
    if assessment.accounts.len() > 1 {
        let (score, counts) = (assessment.score(), assessment.counts());
        text.push_str(&row(&cells_of_all(score, counts)));
    }
    if left_out > 0 {
        add(&mut text, format!("\n… and {} with better scores\n", count(left_out, "account")));
    }
    text
}

fn cells(id: String, name: String, of: Option<f64>, counts: Counts, report: String) -> Vec<String> {
    let numbers = [counts.fail, counts.unknown, counts.manual, counts.pass].map(number);
    [id, name, score(of)].into_iter().chain(numbers).chain([report]).collect()
}

fn cells_of_all(score: Option<f64>, counts: Counts) -> Vec<String> {
    cells("overall".to_owned(), String::new(), score, counts, String::new())
}

fn skipped(scope: Scope<'_>) -> String {
    let skipped = &scope.assessment.skipped;
    if skipped.is_empty() {
        return String::new();
    }
    let mut text = format!("\n## Left out: {}\n\n", count(skipped.len(), "account"));
    for account in skipped.iter().take(scope.view.at_most()) {
        let who = escape(&label(account.id, account.name.as_deref()));
        add(&mut text, format!("- {who}: {}\n", escape(&account.why)));
    }
    let more = skipped.len().saturating_sub(scope.view.at_most());
    if more > 0 {
        add(&mut text, format!("- … and {} more\n", number(more)));
    }
    text
}

fn reasons(reasons: &[Because], scope: Scope<'_>) -> String {
    let everything = scope.view.limit.is_none();
    let names = scope.names();
    let mut text = String::new();
    for because in reasons.iter().take(scope.view.at_most()) {
        let whose = because.whose(&names).map(|whose| format!(" ({})", escape(&whose))).unwrap_or_default();
        let mends = because.permission.as_ref().map(|p| format!(", allow {}", code(p))).unwrap_or_default();
        let what = escape(&because.what(everything));
        add(&mut text, format!("- **{}**{mends}{whose}: {what}", because.reason.as_str()));
        if let Some(detail) = because.detail(everything) {
            add(&mut text, format!("  \n  {}", escape(&detail)));
        }
        text.push('\n');
    }
    let left_out = reasons.len().saturating_sub(scope.view.at_most());
    if left_out > 0 {
        add(&mut text, format!("- … and {} more kinds\n", number(left_out)));
    }
    text
}

fn section(scope: Scope<'_>, status: Status) -> String {
    let found = shown(scope, status);
    if found == 0 {
        return String::new();
    }
    let mut text = format!("\n## {}: {}\n", title(status), number(found));
    if status == Status::Unknown {
        text.push('\n');
        text.push_str(&reasons(&unknown(scope), scope));
        if !scope.view.names(status) {
            return text;
        }
    }
    let mut severity: Option<Severity> = None;
    for block in blocks(scope, status) {
        if severity.replace(block.severity) != Some(block.severity) {
            add(&mut text, format!("\n### {}\n", capital(block.severity)));
        }
        text.push_str(&blocks::write(&block, status));
    }
    text
}

pub(crate) const fn capital(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "Critical",
        Severity::High => "High",
        Severity::Medium => "Medium",
        Severity::Low => "Low",
        Severity::Info => "Info",
    }
}

fn foot(scope: Scope<'_>) -> String {
    let (by_status, by_severity) = hidden(scope);
    let mut parts = Vec::new();
    if by_status.worst().is_some() {
        parts.push(counts(by_status));
    }
    if by_severity > 0 {
        parts.push(format!("{} below the chosen severity", number(by_severity)));
    }
    if parts.is_empty() { String::new() } else { format!("\nNot shown: {}.\n", parts.join("; ")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    #[test]
    fn the_whole_report() {
        insta::assert_snapshot!("markdown", render(&testing::assessment(), &View::default()));
    }
}
