//! The comparison for a terminal.

use super::groups::{Block, blocks, hidden, names, says, step, transitions};
use super::{Change, Comparison, Presence};
use crate::digest::{Item, cut, group};
use crate::figures::{counts, instant, number, score};
use crate::paper::{Column, Paper, plain, severity, strong};
use crate::{Style, View};

/// The comparison as text; the view's statuses play no part.
pub fn render(comparison: &Comparison, view: &View, style: &Style) -> String {
    let mut paper = Paper::new(style);
    head(&mut paper, comparison);
    for change in Change::ALL {
        section(&mut paper, comparison, change, view);
    }
    foot(&mut paper, comparison, view);
    paper.finish()
}

fn head(paper: &mut Paper, comparison: &Comparison) {
    let (old, new) = (&comparison.old, &comparison.new);
    let title = format!("{} compared with {}", instant(new.as_of), instant(old.as_of));
    paper.put(0, 2, &[strong(title)]);
    let scores = format!("Score {} → {}", score(old.score), score(new.score));
    paper.put(0, 2, &[strong(scores), plain(format!(" ({})", step(old.score, new.score)))]);
    paper.put(0, 2, &[plain(format!("before: {}", counts(old.counts)))]);
    paper.put(0, 2, &[plain(format!("after:  {}", counts(new.counts)))]);
    paper.blank();
    let columns = [
        Column::Text("Account"),
        Column::Flexible("Name"),
        Column::Number("Before"),
        Column::Number("After"),
        Column::Text("Change"),
    ];
    paper.table(
        &columns,
        comparison.accounts.iter().map(|account| {
            let name = account.name.clone().unwrap_or_default();
            let change = match account.presence {
                Presence::Both => step(account.before, account.after),
                Presence::Added => "only after".to_owned(),
                Presence::Removed => "only before".to_owned(),
            };
            vec![account.id.to_string(), name, score(account.before), score(account.after), change]
        }),
    );
}

fn section(paper: &mut Paper, comparison: &Comparison, change: Change, view: &View) {
    let blocks = blocks(comparison, change, view);
    let total: usize = blocks.iter().map(|block| block.differences.len()).sum();
    if total == 0 {
        return;
    }
    paper.heading(&format!("{}: {}", change.title(), number(total)));
    if change == Change::Other && view.limit.is_some() {
        paper.put(2, 2, &[plain(format!("{} (see --all)", transitions(comparison, change)))]);
        return;
    }
    for block in &blocks {
        write(paper, comparison, block, view);
    }
}

fn write(paper: &mut Paper, comparison: &Comparison, block: &Block<'_>, view: &View) {
    paper.blank();
    let word = block.severity.as_str().to_uppercase();
    let title = plain(format!(": {}", block.title));
    paper.put(0, 2, &[severity(block.severity, word), strong(format!("  {}", block.check)), title]);
    let says: Vec<String> = block.differences.iter().map(|difference| says(difference)).collect();
    let items = block.differences.iter().zip(&says).map(|(difference, says)| Item {
        account: difference.account,
        subject: &difference.subject,
        says,
    });
    let (items, rest) = cut(items.collect(), view.at_most());
    crate::text::groups(paper, 2, &group(&items, &names(comparison)));
    if rest.subjects > 0 {
        paper.line(2, &format!("… and {} more (see --all, or --format csv)", number(rest.subjects)));
    }
}

fn foot(paper: &mut Paper, comparison: &Comparison, view: &View) {
    paper.blank();
    if comparison.differences.is_empty() {
        paper.line(0, "Nothing changed.");
    }
    paper.line(0, &format!("As before: {}.", number(comparison.unchanged)));
    if comparison.not_compared > 0 {
        let count = number(comparison.not_compared);
        let text = format!("Not compared: {count}, whose account or check is in one of the audits only.");
        paper.put(0, 2, &[plain(text)]);
    }
    let hidden = hidden(comparison, view);
    if hidden > 0 {
        paper.line(0, &format!("Not shown: {} below the chosen severity.", number(hidden)));
    }
}
