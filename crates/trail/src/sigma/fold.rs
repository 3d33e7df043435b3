//! Letters without their case: simple case folding as Unicode defines it, one character for one.

/// The same letter for both of its cases.
pub(crate) fn fold_char(c: char) -> char {
    match c {
        _ if c.is_ascii() => c.to_ascii_lowercase(),
        // No capital letter in simple folding: Turkish alone pairs it with `I`.
        'ı' => c,
        // Pairs whose capital forms are two letters, so that the way over capitals does not find them.
        '\u{1fd3}' => '\u{390}',
        '\u{1fe3}' => '\u{3b0}',
        '\u{fb05}' => '\u{fb06}',
        _ => single(single(c, char::to_uppercase), char::to_lowercase),
    }
}

/// The other case of a character, if it is one character.
fn single<I: Iterator<Item = char>>(c: char, case: fn(char) -> I) -> char {
    let mut cased = case(c);
    match (cased.next(), cased.next()) {
        (Some(only), None) => only,
        _ => c,
    }
}

/// Writes a text without its case over `folded`.
pub(crate) fn fold_into(text: &str, folded: &mut String) {
    folded.clear();
    if text.is_ascii() {
        folded.push_str(text);
        folded.make_ascii_lowercase();
    } else {
        folded.extend(text.chars().map(fold_char));
    }
}

/// A text without its case.
pub(crate) fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    fold_into(text, &mut folded);
    folded
}

/// True if a text is the same as one that has no case any more.
pub(crate) fn equals_folded(text: &str, folded: &str) -> bool {
    text.eq_ignore_ascii_case(folded) || (!text.is_ascii() && text.chars().map(fold_char).eq(folded.chars()))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use regex::RegexBuilder;

    use super::*;

    /// The engine for regular expressions folds by Unicode's own tables.
    #[test]
    fn folding_agrees_with_unicodes_tables() {
        let cased = |c: &char| c.to_lowercase().ne([*c]) || c.to_uppercase().ne([*c]) || fold_char(*c) != *c;
        let cased: String = ('\0'..=char::MAX).filter(cased).collect();
        // Characters that one of the two does not know yet: their tables may be of different years.
        let all = regex::Regex::new(r"\p{Cn}").unwrap().replace_all(&cased, "").into_owned();
        let mut classes: BTreeMap<char, Vec<char>> = BTreeMap::new();
        for c in all.chars() {
            classes.entry(fold_char(c)).or_default().push(c);
        }
        for c in all.chars() {
            let regex =
                RegexBuilder::new(&regex::escape(&c.to_string())).case_insensitive(true).build().unwrap();
            let found: Vec<_> = regex.find_iter(&all).flat_map(|found| found.as_str().chars()).collect();
            assert_eq!(found, classes[&fold_char(c)], "{c:?}");
        }
    }

    #[test]
    fn texts() {
        for (left, right, same) in [
            ("ÄÖÜß", "äöüß", true),
            ("STRASSE", "straße", false),
            ("\u{212a}elvin", "KELVIN", true),
            ("ΣΑΣ", "σας", true),
            ("I", "ı", false),
            ("a", "ab", false),
        ] {
            assert_eq!(equals_folded(left, &folded(right)), same, "{left} {right}");
            assert_eq!(folded(left) == folded(right), same, "{left} {right}");
        }
    }
}
