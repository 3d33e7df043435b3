use leastwise_checks::FrameworkResult;

use crate::digest::{Group, Rest, Scope, Verdict, controls, totals};
use crate::figures::{counts, number};
use crate::paper::{Paper, plain, status, strong};

/// How many failing subjects stand below a control.
const FEW: usize = 3;

/// A framework, control by control.
pub(super) fn write(paper: &mut Paper, scope: Scope<'_>, id: &str) {
    let Some(result) = scope.assessment.frameworks.iter().find(|result| result.framework.id == id) else {
        paper.heading(&format!("The framework `{id}` is not part of this audit."));
        return;
    };
    paper.heading(&format!("{} ({id})", result.framework.title));
    paper.line(0, &totals(result));
    rows(paper, scope, result);
}

fn rows(paper: &mut Paper, scope: Scope<'_>, framework: &FrameworkResult) {
    let room = if scope.view.limit.is_none() { usize::MAX } else { FEW };
    let (rows, left_out) = controls(scope, framework, room);
    let id_width = framework.controls.iter().map(|row| row.control.id.len()).max().unwrap_or_default();
    let mut section = "";
    for row in &rows {
        let control = row.result.control;
        if control.section != section {
            paper.blank();
            paper.put(0, 2, &[strong(&control.section)]);
            section = &control.section;
        }
        let id = Paper::padded(&control.id, id_width + 2);
        let word = Paper::padded(&row.verdict.to_string(), VERDICT_WIDTH);
        let below = 2 + id_width + 2 + VERDICT_WIDTH;
        let title = match row.result.counts.worst() {
            None => control.title.clone(),
            Some(_) => format!("{} ({})", control.title, counts(row.result.counts)),
        };
        paper.put(2, below, &[plain(id), status(row.verdict.status(), word), plain(title)]);
        if let Some(undecided) = &control.undecided {
            let lead = if row.verdict == Verdict::NotDecided { "" } else { "not decided: " };
            paper.put(below, below, &[plain(lead), plain(undecided)]);
        }
        failing(paper, below, &row.failing, row.rest);
    }
    if left_out > 0 {
        paper.blank();
        paper.line(0, &format!("Not shown: {} controls with another status.", number(left_out)));
    }
}

/// As wide as `not applicable`, and two columns between.
const VERDICT_WIDTH: usize = 16;

fn failing(paper: &mut Paper, indent: usize, groups: &[Group<'_>], rest: Rest) {
    for group in groups {
        let account = group.account.as_ref().map(|account| format!("{account}, ")).unwrap_or_default();
        for entry in &group.entries {
            let lead = format!("- {account}{}: ", entry.says);
            paper.put(indent, indent + 2, &[plain(lead), plain(entry.who.join(", "))]);
        }
    }
    if rest.subjects > 0 {
        paper.line(indent, &format!("… and {} more", number(rest.subjects)));
    }
}
