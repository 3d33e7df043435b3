use leastwise_checks::Check;
use leastwise_model::Status;

use super::escape::{add, code, escape};
use crate::digest::{Block, Group, Rest};
use crate::figures::number;
use crate::page::documentation;

/// One check: what should be so, who has the status, and the way to fix what failed.
pub(super) fn write(block: &Block<'_>, status: Status) -> String {
    let found = match status {
        Status::Manual | Status::NotApplicable => number(block.found),
        _ => format!("{} of {}", number(block.found), number(block.judged)),
    };
    let mut text = format!("\n#### {}: {found} {status}\n\n", code(block.id));
    add(&mut text, format!("Should be: {}.\n\n", escape(block.title())));
    text.push_str(&groups(&block.groups));
    text.push_str(&rest(block.rest));
    if let (Status::Fail, Some(check)) = (status, block.check) {
        add(&mut text, format!("\n**Fix:** {}\n", fix(check)));
    }
    text
}

/// The documentation's own Markdown below "How to fix".
fn fix(check: &Check) -> String {
    let page = documentation(check);
    let (_, below) = page.split_once("## How to fix").unwrap_or_default();
    let end = below.find("\n## ").unwrap_or(below.len());
    below.get(..end).unwrap_or_default().trim().to_owned()
}

/// Subjects with what is said of them, as a list.
pub(crate) fn groups(groups: &[Group<'_>]) -> String {
    let mut text = String::new();
    for group in groups {
        let mut indent = "";
        if let Some(account) = &group.account {
            add(&mut text, format!("- {}\n", escape(account)));
            indent = "  ";
        }
        for entry in &group.entries {
            let who: Vec<String> = entry.who.iter().map(|who| code(who)).collect();
            add(&mut text, format!("{indent}- {}: {}\n", who.join(", "), escape(entry.says)));
        }
    }
    text
}

pub(crate) fn rest(rest: Rest) -> String {
    match rest.subjects {
        0 => String::new(),
        more => format!("- … and {} more\n", number(more)),
    }
}
