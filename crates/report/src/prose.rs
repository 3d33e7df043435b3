//! The Markdown of documentation pages as plain text that can be wrapped.

use leastwise_checks::Check;

use crate::paper::{Paper, plain, strong};

/// A piece of a documentation page.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// A heading, without its marks.
    Heading(String),
    /// A paragraph on one line.
    Paragraph(String),
    /// An entry of a list on one line, its mark included.
    Item(String),
    /// A line of code.
    Code(String),
}

/// What stands on the check's page under "How to fix".
pub(crate) fn fix(check: &Check) -> Vec<Piece> {
    let below = check.documentation.iter().skip_while(|line| line.trim() != "## How to fix").skip(1);
    pieces(below.take_while(|line| !line.trim().starts_with("## ")).copied())
}

/// Joins lines to paragraphs.
pub(crate) fn pieces<'a>(lines: impl IntoIterator<Item = &'a str>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let (mut code, mut fresh) = (false, true);
    for line in lines {
        let text = line.trim();
        if text.starts_with("```") {
            (code, fresh) = (!code, true);
        } else if code {
            pieces.push(Piece::Code(line.trim_end().to_owned()));
        } else if text.is_empty() {
            fresh = true;
        } else if text.starts_with('#') {
            pieces.push(Piece::Heading(text.trim_start_matches('#').trim().to_owned()));
            fresh = true;
        } else if is_item(text) {
            pieces.push(Piece::Item(text.to_owned()));
            fresh = false;
        } else {
            extend(&mut pieces, text, fresh);
            fresh = false;
        }
    }
    pieces
}

fn extend(pieces: &mut Vec<Piece>, text: &str, fresh: bool) {
    match pieces.last_mut() {
        Some(Piece::Paragraph(last) | Piece::Item(last)) if !fresh => {
            last.push(' ');
            last.push_str(text);
        }
        _ => pieces.push(Piece::Paragraph(text.to_owned())),
    }
}

fn is_item(text: &str) -> bool {
    let number = text.trim_start_matches(|c: char| c.is_ascii_digit());
    text.starts_with("- ")
        || text.starts_with("* ")
        || (number.len() < text.len() && number.starts_with(". "))
}

/// Writes the pieces, wrapped; `lead` stands before the first one.
pub(crate) fn write(paper: &mut Paper, indent: usize, lead: &str, pieces: &[Piece]) {
    let mut lead = lead;
    for piece in pieces {
        match piece {
            Piece::Heading(text) => {
                paper.blank();
                paper.put(indent, indent, &[strong(text)]);
            }
            Piece::Paragraph(text) => paper.put(indent, indent, &[strong(lead), plain(text)]),
            Piece::Item(text) => paper.put(indent + 2, indent + 4, &[plain(text)]),
            Piece::Code(text) => paper.put(indent + 4, indent + 8, &[plain(text)]),
        }
        lead = "";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_become_paragraphs_items_and_code() {
        let page = [
            " ## How to fix",
            " One",
            " two.",
            "",
            " Three:",
            " - a",
            "   b",
            " 1. c",
            " ```",
            "  x = 1",
            " ```",
        ];
        let expected = [
            Piece::Heading("How to fix".to_owned()),
            Piece::Paragraph("One two.".to_owned()),
            Piece::Paragraph("Three:".to_owned()),
            Piece::Item("- a b".to_owned()),
            Piece::Item("1. c".to_owned()),
            Piece::Code("  x = 1".to_owned()),
        ];
        assert_eq!(pieces(page), expected);
    }

    #[test]
    fn every_check_says_how_to_fix() {
        for check in leastwise_checks::all() {
            assert!(!fix(check).is_empty(), "{}", check.id);
        }
    }
}
