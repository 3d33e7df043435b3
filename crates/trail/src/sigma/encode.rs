//! Modifiers that change texts: encodings, signs of command-line flags, and placeholders.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::Placeholders;
use super::pattern::{Pattern, Piece};

/// As many texts as one value may become.
const MAX_TEXTS: usize = 4096;
/// What begins a flag: hyphen, slash, en dash, em dash, horizontal bar.
const FLAG_SIGNS: [char; 5] = ['-', '/', '\u{2013}', '\u{2014}', '\u{2015}'];

/// A value on its way through modifiers.
enum Draft {
    Pattern(Pattern),
    /// Encoded, but not to be found in a text yet.
    Bytes(Vec<u8>),
}

/// Applies modifiers one after the other.
pub(super) fn changed(pattern: Pattern, changes: &[&str]) -> Result<Vec<Pattern>, String> {
    let mut drafts = vec![Draft::Pattern(pattern)];
    for change in changes {
        let mut next = Vec::new();
        for draft in drafts {
            apply(draft, change, &mut next)?;
            if next.len() > MAX_TEXTS {
                return Err(format!("`{change}` makes more than {MAX_TEXTS} texts of one value"));
            }
        }
        drafts = next;
    }
    drafts.into_iter().map(finished).collect()
}

fn finished(draft: Draft) -> Result<Pattern, String> {
    match draft {
        Draft::Pattern(pattern) => Ok(pattern),
        Draft::Bytes(bytes) => String::from_utf8(bytes)
            .map(|text| Pattern::plain(&text))
            .map_err(|_| "the encoded value is no text; add `base64` or `base64offset`".to_owned()),
    }
}

fn apply(draft: Draft, change: &str, out: &mut Vec<Draft>) -> Result<(), String> {
    match change {
        "contains" => out.push(Draft::Pattern(finished(draft)?.starting().ending())),
        "startswith" => out.push(Draft::Pattern(finished(draft)?.starting())),
        "endswith" => out.push(Draft::Pattern(finished(draft)?.ending())),
        "windash" => out.extend(flag_signs(&finished(draft)?)?.into_iter().map(Draft::Pattern)),
        "base64" => out.push(Draft::Pattern(Pattern::plain(&STANDARD.encode(bytes(draft, change)?)))),
        "base64offset" => {
            let bytes = bytes(draft, change)?;
            if bytes.len() < 2 {
                return Err(
                    "`base64offset` needs at least two bytes: of one, nothing is the same at every place"
                        .to_owned(),
                );
            }
            out.extend(offsets(&bytes).iter().map(|text| Draft::Pattern(Pattern::plain(text))));
        }
        _ => out.push(Draft::Bytes(utf16(draft, change)?)),
    }
    Ok(())
}

fn bytes(draft: Draft, change: &str) -> Result<Vec<u8>, String> {
    match draft {
        Draft::Bytes(bytes) => Ok(bytes),
        Draft::Pattern(pattern) => Ok(plain(&pattern, change)?.into_bytes()),
    }
}

fn plain(pattern: &Pattern, change: &str) -> Result<String, String> {
    pattern.as_plain().ok_or_else(|| format!("`{change}` cannot be applied to wildcards"))
}

fn utf16(draft: Draft, change: &str) -> Result<Vec<u8>, String> {
    let Draft::Pattern(pattern) = draft else {
        return Err(format!("`{change}` stands behind another encoding"));
    };
    let text = plain(&pattern, change)?;
    let little = text.encode_utf16().flat_map(u16::to_le_bytes);
    Ok(match change {
        "utf16be" => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        "utf16" => [0xff, 0xfe].into_iter().chain(little).collect(),
        _ => little.collect(),
    })
}

/// How a text looks inside Base64 at each of the three places where it may begin, without the characters that depend
/// on what stands around it.
fn offsets(bytes: &[u8]) -> Vec<String> {
    let mut texts = Vec::new();
    for (offset, front) in [(0, 0), (1, 2), (2, 3)] {
        let mut shifted = vec![b' '; offset];
        shifted.extend_from_slice(bytes);
        let back = [0, 3, 2].get(shifted.len() % 3).copied().unwrap_or(0);
        let encoded = STANDARD.encode(&shifted);
        let end = encoded.len().saturating_sub(back);
        texts.extend(encoded.get(front..end).map(str::to_owned));
    }
    texts
}

/// All ways to write the flags of a command line.
fn flag_signs(pattern: &Pattern) -> Result<Vec<Pattern>, String> {
    let is_word =
        |piece: Option<&Piece>| matches!(piece, Some(Piece::Char(c)) if c.is_alphanumeric() || *c == '_');
    let pieces = &pattern.0;
    let is_sign = |at: usize| {
        matches!(pieces.get(at), Some(Piece::Char(c)) if FLAG_SIGNS.contains(c))
            && !(at > 0 && is_word(pieces.get(at - 1)))
            && is_word(pieces.get(at + 1))
    };
    let places: Vec<_> = (0..pieces.len()).filter(|at| is_sign(*at)).collect();
    let mut patterns = vec![pattern.clone()];
    for at in places {
        if patterns.len() * FLAG_SIGNS.len() > MAX_TEXTS {
            return Err(format!("`windash` makes more than {MAX_TEXTS} texts of one value"));
        }
        let written = |pattern: &Pattern, sign: char| {
            let mut pattern = pattern.clone();
            if let Some(piece) = pattern.0.get_mut(at) {
                *piece = Piece::Char(sign);
            }
            pattern
        };
        patterns = patterns
            .iter()
            .flat_map(|pattern| FLAG_SIGNS.iter().map(|sign| written(pattern, *sign)))
            .collect();
    }
    Ok(patterns)
}

/// Replaces `%name%` by each of the values that the configuration gives for it; `\%` is a percent sign.
pub(super) fn expand(text: &str, placeholders: &Placeholders) -> Result<Vec<String>, String> {
    let mut texts = vec![String::new()];
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        let (before, behind) = rest.split_at_checked(at).unwrap_or((rest, ""));
        let behind = behind.strip_prefix('%').unwrap_or(behind);
        let (values, after) = match before.strip_suffix('\\') {
            Some(before) => (vec![format!("{before}%")], behind),
            None => match behind.split_once('%') {
                None => (vec![format!("{before}%")], behind),
                Some((name, after)) => {
                    let values = placeholders.get(name).filter(|values| !values.is_empty());
                    let values = values.ok_or_else(|| {
                        format!("the placeholder `%{name}%` has no values; give them in the configuration")
                    })?;
                    (values.iter().map(|value| format!("{before}{value}")).collect(), after)
                }
            },
        };
        texts =
            texts.iter().flat_map(|text| values.iter().map(move |value| format!("{text}{value}"))).collect();
        if texts.len() > MAX_TEXTS {
            return Err(format!("placeholders make more than {MAX_TEXTS} texts of one value"));
        }
        rest = after;
    }
    Ok(texts.into_iter().map(|text| text + rest).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str, changes: &[&str]) -> Vec<String> {
        let patterns = changed(Pattern::parse(text), changes).unwrap();
        patterns.iter().map(|pattern| pattern.as_plain().unwrap()).collect()
    }

    #[test]
    fn encodings() {
        assert_eq!(texts("cmd", &["base64"]), ["Y21k"]);
        assert_eq!(texts("cmd", &["wide", "base64"]), ["YwBtAGQA"]);
        assert_eq!(texts("cmd", &["utf16be", "base64"]), ["AGMAbQBk"]);
        assert_eq!(texts("cmd", &["utf16", "base64"]), ["//5jAG0AZAA="]);
        assert_eq!(texts("cmd", &["wide"]), ["c\0m\0d\0"]);
        assert!(changed(Pattern::parse("cmd"), &["utf16"]).is_err());
        assert!(changed(Pattern::parse("c*d"), &["base64"]).unwrap_err().contains("wildcards"));
        assert!(changed(Pattern::parse("cmd"), &["wide", "utf16be"]).is_err());
        assert!(changed(Pattern::parse("c"), &["base64offset"]).is_err());
    }

    #[test]
    fn offsets_are_found_wherever_the_text_begins() {
        let needles = texts("http://", &["base64offset"]);
        assert_eq!(needles, ["aHR0cDovL", "h0dHA6Ly", "odHRwOi8v"]);
        for text in ["ab", "abc", "secret-access"] {
            let needles = texts(text, &["base64offset"]);
            for before in 0..4 {
                for after in 0..4 {
                    let hay = STANDARD.encode(format!("{}{text}{}", "x".repeat(before), "y".repeat(after)));
                    assert!(
                        needles.iter().any(|needle| hay.contains(needle)),
                        "{text} {before} {after} {hay}"
                    );
                }
            }
        }
    }

    #[test]
    fn flags() {
        let found = texts("a -b -c x-y", &["windash"]);
        assert_eq!(found.len(), 25);
        assert!(
            found.contains(&"a /b \u{2014}c x-y".to_owned())
                && found.iter().all(|text| text.ends_with("x-y"))
        );
        assert_eq!(texts("none", &["windash"]), ["none"]);
        assert!(changed(Pattern::plain(&"-a ".repeat(20)), &["windash"]).is_err());
    }

    #[test]
    fn placeholders() {
        let known = Placeholders::from([
            ("a".to_owned(), vec!["1".to_owned(), "2*".to_owned()]),
            ("none".to_owned(), Vec::new()),
        ]);
        let cases: [(&str, &[&str]); 5] = [
            ("%a%", &["1", "2*"]),
            ("x%a%-%a%", &["x1-1", "x1-2*", "x2*-1", "x2*-2*"]),
            (r"\%plain%a%", &["%plain1", "%plain2*"]),
            ("100%", &["100%"]),
            ("", &[""]),
        ];
        for (text, expected) in cases {
            assert_eq!(expand(text, &known).unwrap(), expected, "{text}");
        }
        assert!(expand("%b%", &known).unwrap_err().contains("`%b%`"));
        assert!(expand("%none%", &known).is_err());
    }
}
