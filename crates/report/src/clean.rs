use std::borrow::Cow;

use leastwise_model::acts;

/// The text with every character that acts instead of showing replaced by an escape such as `\u{1b}`:
/// controls (line breaks included), marks that change the direction of text, and what has no width.
pub fn clean(text: &str) -> Cow<'_, str> {
    if text.chars().any(acts) { Cow::Owned(text.chars().map(shown).collect()) } else { Cow::Borrowed(text) }
}

fn shown(character: char) -> String {
    if acts(character) { character.escape_unicode().to_string() } else { character.to_string() }
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
