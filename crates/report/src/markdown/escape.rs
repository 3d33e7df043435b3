//! Markdown, and strangers' text inside it.

use crate::clean;

/// Adds to the page.
pub(crate) fn add(page: &mut String, text: impl AsRef<str>) {
    page.push_str(text.as_ref());
}

/// The text so that it shows as it is: no emphasis, links, tags, entities or cells.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for character in clean(text).chars() {
        match character {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' | '!' | '$' => {
                escaped.push('\\');
                escaped.push(character);
            }
            _ => escaped.push(character),
        }
    }
    without_links(&escaped)
}

/// Addresses stay text: GitHub makes links of what looks like one.
fn without_links(text: &str) -> String {
    text.replace("://", "&#58;//").replace("www.", "www&#46;")
}

/// The text as code, in backticks that do not occur in it; not for the cells of a table.
pub(crate) fn code(text: &str) -> String {
    let text = clean(text);
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    let space = if text.starts_with('`') || text.ends_with('`') || text.is_empty() { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

/// A row of a table; the cells are Markdown already.
pub(crate) fn row(cells: &[String]) -> String {
    format!("| {} |\n", cells.join(" | "))
}

/// The first two lines of a table; a title that starts with `>` stands over numbers.
pub(crate) fn header(titles: &[&str]) -> String {
    let names: Vec<String> = titles.iter().map(|title| title.trim_start_matches('>').to_owned()).collect();
    let rules: Vec<String> =
        titles.iter().map(|title| if title.starts_with('>') { "--:" } else { "---" }.to_owned()).collect();
    row(&names) + &row(&rules)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strangers_write_no_markdown() {
        let table = [
            ("a|b", "a\\|b"),
            ("<img src=x>", "&lt;img src=x&gt;"),
            ("[x](javascript:1)", "\\[x\\](javascript:1)"),
            ("`rm`", "\\`rm\\`"),
            ("https://example.com", "https&#58;//example.com"),
            ("a\nb", "a\\\\u{a}b"),
            ("snake_case", "snake\\_case"),
        ];
        for (text, expected) in table {
            assert_eq!(escape(text), expected);
        }
    }

    #[test]
    fn code_cannot_be_left() {
        let table = [
            ("user/alice", "`user/alice`"),
            ("a`b", "``a`b``"),
            ("``a", "``` ``a ```"),
            ("a|b", "`a|b`"),
            ("a\nb", "`a\\u{a}b`"),
        ];
        for (text, expected) in table {
            assert_eq!(code(text), expected);
        }
    }
}
