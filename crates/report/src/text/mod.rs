//! The report for a terminal.

mod blocks;
mod controls;
mod head;
mod reasons;

pub(crate) use blocks::groups;

use leastwise_checks::Assessment;
use leastwise_model::Status;

use crate::digest::{Scope, blocks, hidden, shown, totals, unknown};
use crate::figures::{counts, number, score};
use crate::names::label;
use crate::paper::Paper;
use crate::{By, Style, View};

/// The report as text.
///
/// No line is longer than the style's width, but for words that cannot be broken, such as ARNs. Lists are cut
/// to the view's limit, and say so.
pub fn render(assessment: &Assessment, view: &View, style: &Style) -> String {
    let mut paper = Paper::new(style);
    let all = Scope::all(assessment, view);
    head::write(&mut paper, all);
    match &style.by {
        By::Finding => sections(&mut paper, all),
        By::Account => accounts(&mut paper, all),
        By::Framework(id) => controls::write(&mut paper, all, id),
    }
    if !matches!(style.by, By::Framework(_)) {
        frameworks(&mut paper, assessment);
    }
    foot(&mut paper, all, &style.by);
    paper.finish()
}

fn accounts(paper: &mut Paper, all: Scope<'_>) {
    for account in &all.assessment.accounts {
        paper.title(&format!(
            "Account {}: score {}, {}",
            label(account.id, account.name.as_deref()),
            score(account.score),
            counts(account.counts)
        ));
        sections(paper, Scope { account: Some(account.id), ..all });
    }
}

/// A section for each status, worst first.
fn sections(paper: &mut Paper, scope: Scope<'_>) {
    let listed = |status: &Status| scope.view.shows(*status) && shown(scope, *status) > 0;
    let statuses: Vec<Status> = Status::ALL.into_iter().filter(listed).collect();
    if statuses.is_empty() {
        paper.heading("No findings to show.");
    }
    for status in statuses {
        let found = shown(scope, status);
        paper.heading(&format!("{}: {}", title(status), number(found)));
        if status == Status::Unknown {
            reasons::unknown(paper, &unknown(scope), scope);
        }
        if status != Status::Unknown || scope.view.names(status) {
            for block in blocks(scope, status) {
                blocks::write(paper, &block, status);
            }
        }
    }
}

/// What a section is called.
pub(crate) const fn title(status: Status) -> &'static str {
    match status {
        Status::Fail => "What failed",
        Status::Unknown => "What could not be judged",
        Status::Manual => "Look at these yourself",
        Status::Pass => "What passed",
        Status::NotApplicable => "What does not apply",
    }
}

fn frameworks(paper: &mut Paper, assessment: &Assessment) {
    if assessment.frameworks.is_empty() {
        return;
    }
    paper.heading("Frameworks");
    for result in &assessment.frameworks {
        paper.put(2, 4, &[crate::paper::plain(format!("{}: {}", result.framework.title, totals(result)))]);
    }
}

/// What is not shown, and where to go from here.
fn foot(paper: &mut Paper, scope: Scope<'_>, by: &By) {
    paper.blank();
    let (by_status, by_severity) = hidden(scope);
    if by_status.worst().is_some() && !matches!(by, By::Framework(_)) {
        paper.line(0, &format!("Not shown: {} (see --only STATUS).", counts(by_status)));
    }
    if by_severity > 0 {
        let least = scope.view.min_severity.map_or("the chosen", |severity| severity.as_str());
        paper.line(0, &format!("Not shown: {} below severity {least}.", number(by_severity)));
    }
    let ids: Vec<&str> = scope.assessment.frameworks.iter().map(|f| f.framework.id.as_str()).collect();
    let choices = if ids.is_empty() { String::new() } else { format!("--by {} · ", ids.join(" · --by ")) };
    paper.put(
        0,
        6,
        &[crate::paper::plain(format!(
            "Next: {choices}--by account · --format csv|json|md · leastwise checks show ID"
        ))],
    );
}

#[cfg(test)]
mod tests;
