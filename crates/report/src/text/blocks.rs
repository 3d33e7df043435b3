use leastwise_model::Status;

use crate::digest::{Block, Group, Rest};
use crate::figures::{count, number};
use crate::paper::{Paper, plain, severity, status as painted, strong};
use crate::prose;

/// One check: what is asked, who has the status, and the way to fix what failed.
pub(super) fn write(paper: &mut Paper, block: &Block<'_>, status: Status) {
    paper.blank();
    let word = block.severity.as_str().to_uppercase();
    let found = match status {
        Status::Manual | Status::NotApplicable => format!("{} {status}", number(block.found)),
        _ => format!("{} of {} {status}", number(block.found), number(block.judged)),
    };
    paper.put(
        0,
        2,
        &[
            severity(block.severity, word),
            strong(format!("  {}", block.id)),
            plain(": "),
            painted(status, found),
        ],
    );
    let lead = if status == Status::Pass { "" } else { "Should be: " };
    paper.put(2, 4, &[plain(lead), plain(block.title())]);
    groups(paper, 2, &block.groups);
    rest(paper, 2, block.rest, block.id);
    if let (Status::Fail, Some(check)) = (status, block.check) {
        prose::write(paper, 2, "Fix: ", &prose::fix(check));
    }
}

/// Subjects with what is said of them.
pub(crate) fn groups(paper: &mut Paper, indent: usize, groups: &[Group<'_>]) {
    for group in groups {
        let mut indent = indent;
        if let Some(account) = &group.account {
            paper.put(indent, indent + 2, &[strong(account)]);
            indent += 2;
        }
        for entry in &group.entries {
            paper.put(indent, indent + 2, &[plain(entry.who.join(", ")), plain(": "), plain(entry.says)]);
        }
    }
}

/// How many subjects were left out, and how to see them.
fn rest(paper: &mut Paper, indent: usize, rest: Rest, check: &str) {
    if rest.subjects == 0 {
        return;
    }
    let accounts =
        if rest.accounts > 1 { format!(" in {}", count(rest.accounts, "account")) } else { String::new() };
    let more = number(rest.subjects);
    let text = format!("… and {more} more{accounts} (see --format csv, or --check {check} --all)");
    paper.put(indent, indent + 2, &[plain(text)]);
}
