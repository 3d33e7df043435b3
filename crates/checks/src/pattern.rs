//! What the patterns of a policy match.
//!
//! Source: [IAM JSON policy elements: Resource](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html),
//! [Action](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html),
//! [policy variables](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html).

use leastwise_iam::{Pattern, Token};

/// True if the pattern matches this action; case does not matter.
pub(crate) fn matches_action(pattern: &Pattern, action: &str) -> bool {
    matches(&Pattern::new(pattern.as_str().to_ascii_lowercase()), &action.to_ascii_lowercase())
}

/// True if the pattern matches this very text; case matters.
pub(crate) fn matches(pattern: &Pattern, text: &str) -> bool {
    let tokens = pattern.tokens();
    after_reading(&tokens, text.chars()).contains(&tokens.len())
}

/// True if the pattern matches *every* text that is longer than `prefix` and starts with it; case matters.
///
/// `arn:aws:iam::*:role/*` covers the prefix `arn:aws:iam::123456789012:role/`, and so does
/// `arn:aws:iam::*:role/?*`, because names are not empty.
pub(crate) fn covers_prefix(pattern: &Pattern, prefix: &str) -> bool {
    let tokens = pattern.tokens();
    let reached = after_reading(&tokens, prefix.chars());
    match_every_text(reached.into_iter().filter_map(|at| tokens.get(at..)))
}

/// True if the pattern matches every text but the empty one: `*`, `?*`, `*?`.
pub(crate) fn matches_every_text(pattern: &Pattern) -> bool {
    match_every_text(std::iter::once(pattern.tokens().as_slice()))
}

/// The text before the first wildcard or variable, and whether that is all of it.
pub(crate) fn literal_start(text: &str) -> (&str, bool) {
    let end = text.find(['*', '?']).into_iter().chain(text.find("${")).min();
    end.map_or((text, true), |end| (text.get(..end).unwrap_or_default(), false))
}

/// True if the text is not empty and has neither wildcard nor variable.
pub(crate) fn is_literal(text: &str) -> bool {
    !text.is_empty() && literal_start(text).1
}

/// True if the text has a policy variable: whatever stands there is not the policy's to say, and may be
/// what the caller wants.
pub(crate) fn has_variable(text: &str) -> bool {
    text.contains("${")
}

/// True if these together match every text but the empty one. Only those help that are nothing but
/// wildcards: with a run they match every text of a length and more, without one those of that very length.
fn match_every_text<'a>(alternatives: impl Iterator<Item = &'a [Token]>) -> bool {
    let is_wildcard = |token: &Token| matches!(token, Token::One | Token::Run);
    let mut exact = Vec::new();
    let mut at_least = None::<usize>;
    for tokens in alternatives.filter(|tokens| tokens.iter().all(is_wildcard)) {
        let length = tokens.iter().filter(|token| **token == Token::One).count();
        if tokens.contains(&Token::Run) {
            at_least = Some(at_least.map_or(length, |least| least.min(length)));
        } else {
            exact.push(length);
        }
    }
    at_least.is_some_and(|least| (1..least).all(|length| exact.contains(&length)))
}

/// The positions in `tokens` that can be reached by reading `text`, in ascending order.
fn after_reading(tokens: &[Token], text: impl Iterator<Item = char>) -> Vec<usize> {
    let mut active = close(tokens, vec![0]);
    for c in text {
        let mut next = Vec::new();
        for at in active {
            match tokens.get(at) {
                Some(Token::Run) => next.push(at),
                Some(Token::One) => next.push(at + 1),
                Some(Token::Literal(l)) if *l == c => next.push(at + 1),
                _ => {}
            }
        }
        active = close(tokens, next);
    }
    active
}

/// Adds the positions that are reached by letting a run match nothing; no two runs are neighbours.
fn close(tokens: &[Token], mut positions: Vec<usize>) -> Vec<usize> {
    for i in 0..positions.len() {
        if let Some(&at) = positions.get(i)
            && tokens.get(at) == Some(&Token::Run)
        {
            positions.push(at + 1);
        }
    }
    positions.sort_unstable();
    positions.dedup();
    positions
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> Pattern {
        Pattern::new(text)
    }

    #[test]
    fn matching() {
        let yes = [
            ("*", ""),
            ("a*c", "abbc"),
            ("a*c", "ac"),
            ("a?c", "abc"),
            ("*b*", "abc"),
            ("${*}", "*"),
            ("a${?}", "a?"),
            ("ü*", "über"),
            ("$", "$"),
        ];
        for (p, text) in yes {
            assert!(matches(&pattern(p), text), "{p} ~ {text}");
        }
        let no = [
            ("", "a"),
            ("a?c", "ac"),
            ("a*c", "abd"),
            ("${*}", "x"),
            ("${aws:username}", "alice"),
            ("A", "a"),
        ];
        for (p, text) in no {
            assert!(!matches(&pattern(p), text), "{p} !~ {text}");
        }
        assert!(matches_action(&pattern("IAM:pass*"), "iam:PassRole"));
    }

    #[test]
    fn covering_a_prefix() {
        let prefix = "arn:aws:iam::123456789012:role/";
        for p in [
            "*",
            "**",
            "arn:*",
            "arn:aws:iam::*:role/*",
            "arn:aws:iam::123456789012:*",
            "arn:aws:iam::123456789012:role/*",
            "arn:aws:iam::123456789012:role/?*",
            "arn:aws:iam::123456789012:role/*?",
            "arn:aws:iam::123456789012:role/*?*",
            "arn:aws:iam::123456789012:role*??",
            "?*",
        ] {
            assert!(covers_prefix(&pattern(p), prefix), "{p}");
        }
        for p in [
            "arn:aws:iam::123456789012:role/app-*",
            "arn:aws:iam::123456789012:role/??*",
            "arn:aws:iam::123456789012:role/?*?",
            "arn:aws:iam::123456789012:role/?",
            "arn:aws:iam::999999999999:role/*",
            "arn:aws:iam::*:user/*",
            "*/x",
            "",
            "arn:aws:iam::*:role/${aws:username}",
            "arn:aws:iam::*:role/${*}",
        ] {
            assert!(!covers_prefix(&pattern(p), prefix), "{p}");
        }
    }

    #[test]
    fn starts_before_wildcards() {
        for (text, expected) in
            [("abc", ("abc", true)), ("a*?", ("a", false)), ("a${b}*", ("a", false)), ("$a", ("$a", true))]
        {
            assert_eq!(literal_start(text), expected, "{text}");
        }
        assert!(is_literal("a") && !is_literal("") && !is_literal("a?"));
    }

    #[test]
    fn many_wildcards_do_not_explode() {
        let p = pattern(&"*a".repeat(2_000));
        assert!(!matches(&p, &"b".repeat(2_000)));
    }

    fn words(alphabet: &[char], longest: usize) -> Vec<String> {
        let mut words = vec![String::new()];
        let mut last = words.clone();
        for _ in 0..longest {
            last = last.iter().flat_map(|word| alphabet.iter().map(move |c| format!("{word}{c}"))).collect();
            words.extend(last.clone());
        }
        words
    }

    #[test]
    fn a_prefix_is_covered_when_every_extension_matches() {
        let (prefixes, rests) = (words(&['a', 'b'], 2), words(&['a', 'b'], 4));
        for p in words(&['a', 'b', '*', '?'], 4) {
            let p = pattern(&p);
            for prefix in &prefixes {
                let every = rests.iter().skip(1).all(|rest| matches(&p, &format!("{prefix}{rest}")));
                assert_eq!(covers_prefix(&p, prefix), every, "{p} covers {prefix}");
            }
        }
    }
}
