use leastwise_iam::lint::{Rule, all};

/// The page of the linter: a table of all rules, and the documentation of each.
pub(super) fn page() -> String {
    let mut page = "# Rules of the policy linter\n\n\
        Generated from the rules themselves by `cargo xtask docs`. *Error*: AWS refuses the document, or the element can\n\
        never do what it says. *Security*: it may allow more than its author meant. *Warning*: it may not do what its\n\
        author meant. *Suggestion*: it would mean the same in a simpler form.\n\n\
        | rule | severity | what is wrong |\n|---|---|---|\n"
        .to_owned();
    for Rule { id, severity, title, .. } in all() {
        let row = ["| [`", id, "`](#", id, ") | ", severity.as_str(), " | ", title, " |\n"];
        page.extend(row);
    }
    for rule in all() {
        page.extend(["\n## ", rule.id, "\n"]);
        page.extend(rule.page().lines().flat_map(line));
    }
    page
}

/// A line of a rule's page; its headings are smaller here.
fn line(line: &str) -> [&str; 3] {
    match line.strip_prefix("## ") {
        Some(heading) => ["\n### ", heading, "\n\n"],
        None => [line, "\n", ""],
    }
}
