use std::borrow::Cow;

/// The text with every character that acts instead of showing replaced by an escape such as `\u{1b}`:
/// controls (line breaks included), marks that change the direction of text, and what has no width.
pub fn clean(text: &str) -> Cow<'_, str> {
    if text.chars().any(acts) { Cow::Owned(text.chars().map(shown).collect()) } else { Cow::Borrowed(text) }
}

fn shown(character: char) -> String {
    if acts(character) { character.escape_unicode().to_string() } else { character.to_string() }
}

/// True of characters that a terminal or a reader obeys or hides instead of showing them.
///
/// Source: [UAX #9](https://www.unicode.org/reports/tr9/) for the bidirectional marks.
pub(crate) fn acts(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_is_shown_as_an_escape() {
        let table = [
            ("plain, ü, 名前, 🙂", "plain, ü, 名前, 🙂"),
            ("\u{1b}[31mred", "\\u{1b}[31mred"),
            ("a\nb\tc\r", "a\\u{a}b\\u{9}c\\u{d}"),
            ("\u{9b}1m\u{7f}", "\\u{9b}1m\\u{7f}"),
            ("\u{202e}nimda\u{2066}", "\\u{202e}nimda\\u{2066}"),
            ("a\u{200b}b\u{feff}\u{2028}", "a\\u{200b}b\\u{feff}\\u{2028}"),
            ("\u{e0041}", "\\u{e0041}"),
        ];
        for (raw, expected) in table {
            assert_eq!(clean(raw), expected);
        }
    }
}
