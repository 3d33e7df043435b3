//! The documentation of checks.

use leastwise_checks::{Check, frameworks};

use crate::citations::Citations;
use crate::markdown::escape::add;
use crate::paper::{Column, Paper, plain, severity, strong};
use crate::prose;
use crate::{Style, clean};

/// The check's page in Markdown.
pub fn markdown(check: &Check) -> String {
    let mut page = format!("# `{}`\n\n{}.\n\n", check.id, sentence(check.title));
    add(&mut page, format!("Severity: **{}**\n\n", check.severity));
    let citations = citations(check);
    if !citations.is_empty() {
        page.push_str("Decides, or helps to decide:\n\n");
        for (id, title) in citations {
            add(&mut page, format!("- `{id}`: {title}\n"));
        }
        page.push('\n');
    }
    page.push_str(&documentation(check));
    page
}

/// The check's page for a terminal.
pub fn text(check: &Check, style: &Style) -> String {
    let mut paper = Paper::new(style);
    paper.put(0, 2, &[strong(check.id), plain(": "), plain(check.title)]);
    paper.put(0, 2, &[plain("Severity: "), severity(check.severity, check.severity.as_str())]);
    prose::write(&mut paper, 0, "", &prose::pieces(check.documentation.iter().copied()));
    let citations = citations(check);
    if !citations.is_empty() {
        paper.heading("Decides, or helps to decide");
    }
    for (id, title) in citations {
        paper.put(0, 2, &[plain(id), plain(": "), plain(title)]);
    }
    paper.finish()
}

/// All checks, one row each.
pub fn list(style: &Style) -> String {
    let columns = [Column::Text("Check"), Column::Text("Severity"), Column::Flexible("What should be so")];
    let mut paper = Paper::new(style);
    let row = |check: &&Check| vec![check.id.to_owned(), check.severity.to_string(), check.title.to_owned()];
    paper.table(&columns, leastwise_checks::all().iter().map(row));
    paper.finish()
}

/// The list of all checks in Markdown, with links to their pages.
pub fn index() -> String {
    let mut page = String::from(
        "# Checks\n\nGenerated from the checks themselves by `cargo xtask docs`.\n\n\
         | check | severity | what should be so | decides, or helps to decide |\n|---|---|---|---|\n",
    );
    let all = Citations::of(frameworks());
    for check in leastwise_checks::all() {
        let (id, cited) = (check.id, all.get(check.id).join(", "));
        add(&mut page, format!("| [`{id}`]({id}.md) | {} | {} | {cited} |\n", check.severity, check.title));
    }
    page
}

/// The check's documentation in Markdown, with an empty line around each heading.
pub(crate) fn documentation(check: &Check) -> String {
    let mut page = String::new();
    for line in check.documentation {
        let line = line.strip_prefix(' ').unwrap_or(line).trim_end();
        let heading = line.starts_with('#');
        if heading && !page.is_empty() && !page.ends_with("\n\n") {
            page.push('\n');
        }
        page.push_str(line);
        page.push_str(if heading { "\n\n" } else { "\n" });
    }
    page
}

/// The controls that cite the check, with their titles.
fn citations(check: &Check) -> Vec<(String, &'static str)> {
    let citations = Citations::of(frameworks());
    let title = |citation: &String| {
        let controls = frameworks().iter().flat_map(|f| f.controls.iter().map(move |c| (f, c)));
        let mut found = controls.filter(|(f, c)| *citation == format!("{}/{}", f.id, c.id));
        found.next().map_or("", |(_, control)| control.title.as_str())
    };
    citations.get(check.id).iter().map(|id| (id.clone(), title(id))).collect()
}

/// With a capital letter at the start.
fn sentence(text: &str) -> String {
    let mut rest = text.chars();
    let first = rest.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    clean(&format!("{first}{}", rest.as_str())).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check() -> &'static Check {
        leastwise_checks::find("iam-access-key-unused").unwrap()
    }

    #[test]
    fn pages() {
        insta::assert_snapshot!("page_markdown", markdown(check()));
        insta::assert_snapshot!("page_text", text(check(), &Style::plain(80)));
    }

    #[test]
    fn the_list_fits() {
        for width in [60, 80, 120] {
            let list = list(&Style::plain(width));
            assert!(list.lines().all(|line| textwrap::core::display_width(line) <= width), "{list}");
            for check in leastwise_checks::all() {
                assert!(list.contains(check.id), "{} is broken at {width}", check.id);
            }
        }
        insta::assert_snapshot!("page_list", list(&Style::plain(80)));
    }
}
