//! The comparison for wikis, tickets and pull requests.

use super::groups::{Block, blocks, hidden, names, says, step, transitions};
use super::{Change, Comparison, Presence};
use crate::View;
use crate::digest::{Item, cut, group};
use crate::figures::{counts, instant, number, score};
use crate::markdown::escape::{add, code, escape, header, row};
use crate::markdown::{capital, groups, rest};

/// The comparison as Markdown; the view's statuses play no part.
pub fn render(comparison: &Comparison, view: &View) -> String {
    let mut page = head(comparison);
    for change in Change::ALL {
        page.push_str(&section(comparison, change, view));
    }
    add(&mut page, format!("\nAs before: {}.", number(comparison.unchanged)));
    if comparison.not_compared > 0 {
        let count = number(comparison.not_compared);
        add(
            &mut page,
            format!(" Not compared: {count}, whose account or check is in one of the audits only."),
        );
    }
    let hidden = hidden(comparison, view);
    if hidden > 0 {
        add(&mut page, format!(" Not shown: {} below the chosen severity.", number(hidden)));
    }
    page.push('\n');
    page
}

fn head(comparison: &Comparison) -> String {
    let (old, new) = (&comparison.old, &comparison.new);
    let mut page = format!("# {} compared with {}\n\n", instant(new.as_of), instant(old.as_of));
    page.push_str(&header(&["Account", "Name", ">Before", ">After", "Change"]));
    for account in &comparison.accounts {
        let change = match account.presence {
            Presence::Both => step(account.before, account.after),
            Presence::Added => "only after".to_owned(),
            Presence::Removed => "only before".to_owned(),
        };
        let name = escape(account.name.as_deref().unwrap_or_default());
        page.push_str(&row(&[
            account.id.to_string(),
            name,
            score(account.before),
            score(account.after),
            change,
        ]));
    }
    let overall = [score(old.score), score(new.score), step(old.score, new.score)];
    page.push_str(&row(&["overall".to_owned(), String::new()]
        .into_iter()
        .chain(overall)
        .collect::<Vec<_>>()));
    add(&mut page, format!("\nBefore: {}. After: {}.\n", counts(old.counts), counts(new.counts)));
    page
}

fn section(comparison: &Comparison, change: Change, view: &View) -> String {
    let blocks = blocks(comparison, change, view);
    let total: usize = blocks.iter().map(|block| block.differences.len()).sum();
    if total == 0 {
        return String::new();
    }
    let mut page = format!("\n## {}: {}\n", change.title(), number(total));
    if change == Change::Other && view.limit.is_some() {
        add(&mut page, format!("\n{}\n", transitions(comparison, change)));
    } else {
        for block in &blocks {
            page.push_str(&write(comparison, block, view));
        }
    }
    page
}

fn write(comparison: &Comparison, block: &Block<'_>, view: &View) -> String {
    let says: Vec<String> = block.differences.iter().map(|difference| says(difference)).collect();
    let items = block.differences.iter().zip(&says).map(|(difference, says)| Item {
        account: difference.account,
        subject: &difference.subject,
        says,
    });
    let (items, left_out) = cut(items.collect(), view.at_most());
    let title =
        format!("\n### {} ({}): {}\n\n", code(block.check), capital(block.severity), escape(block.title));
    title + &groups(&group(&items, &names(comparison))) + &rest(left_out)
}
