//! Which actions a pattern means.

use super::Action;

/// The actions whose full name the pattern matches, in order.
pub(super) fn expand(
    actions: &'static [Action],
    pattern: &str,
) -> impl Iterator<Item = &'static Action> + use<> {
    let pattern = pattern.to_ascii_lowercase();
    let within = with_prefix(actions, literal_start(&pattern));
    within.iter().filter(move |action| matches(pattern.as_bytes(), action.lower_name().as_bytes()))
}

/// What stands before the first wildcard.
fn literal_start(pattern: &str) -> &str {
    pattern.split(['*', '?']).next().unwrap_or(pattern)
}

/// The run of sorted actions whose lower-case name starts so.
fn with_prefix(actions: &'static [Action], prefix: &str) -> &'static [Action] {
    let from = actions.partition_point(|action| action.lower_name() < prefix);
    let rest = actions.get(from..).unwrap_or_default();
    let length = rest.partition_point(|action| action.lower_name().starts_with(prefix));
    rest.get(..length).unwrap_or_default()
}

/// Matches a lower-case pattern: on a mismatch, the last `*` takes one character more.
fn matches(pattern: &[u8], name: &[u8]) -> bool {
    let (mut p, mut n) = (0, 0);
    let mut last_run: Option<(usize, usize)> = None;
    while let Some(&c) = name.get(n) {
        match pattern.get(p) {
            Some(b'*') => {
                last_run = Some((p, n));
                p += 1;
            }
            Some(&wanted) if wanted == b'?' || wanted == c => (p, n) = (p + 1, n + 1),
            _ => {
                let Some((star, taken)) = last_run else { return false };
                last_run = Some((star, taken + 1));
                (p, n) = (star + 1, taken + 1);
            }
        }
    }
    pattern.get(p..).unwrap_or_default().iter().all(|b| *b == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;

    fn expanded(pattern: &str) -> Vec<&'static str> {
        Catalogue::get().expand(pattern).map(Action::full_name).collect()
    }

    /// Another way to match, kept as plain as can be.
    fn naive(pattern: &[char], name: &[char]) -> bool {
        match (pattern, name) {
            ([], []) => true,
            (['*', rest @ ..], _) => (0..=name.len()).any(|at| naive(rest, &name[at..])),
            (['?', rest @ ..], [_, after @ ..]) => naive(rest, after),
            ([p, rest @ ..], [n, after @ ..]) => p.eq_ignore_ascii_case(n) && naive(rest, after),
            _ => false,
        }
    }

    fn naive_expanded(pattern: &str) -> Vec<&'static str> {
        let pattern: Vec<char> = pattern.chars().collect();
        let all = Catalogue::get().actions().iter().map(Action::full_name);
        all.filter(|name| naive(&pattern, &name.chars().collect::<Vec<char>>())).collect()
    }

    #[test]
    fn patterns() {
        let table: [(&str, &[&str]); 8] = [
            ("sqs:SendMessage", &["sqs:SendMessage"]),
            ("SQS:sendmessage", &["sqs:SendMessage"]),
            ("sqs:SendMessag", &[]),
            ("sqs:Send*", &["sqs:SendMessage"]),
            ("s?s:send*e", &["sqs:SendMessage"]),
            ("s*:SendMessage*", &["sms:SendMessage", "sqs:SendMessage"]),
            ("", &[]),
            ("nosuch:*", &[]),
        ];
        for (pattern, expected) in table {
            let found = expanded(pattern);
            assert_eq!(found, naive_expanded(pattern), "{pattern}");
            assert!(expected.iter().all(|name| found.contains(name)), "{pattern}: {found:?}");
            assert_eq!(found.is_empty(), expected.is_empty(), "{pattern}: {found:?}");
        }
    }

    #[test]
    fn everything() {
        assert_eq!(expanded("*").len(), Catalogue::get().len());
        assert_eq!(expanded("*:*").len(), Catalogue::get().len());
        assert_eq!(expanded("s3:*").len(), Catalogue::get().service("s3").unwrap().actions().len());
    }

    #[test]
    fn ten_thousand_wildcards_end_soon() {
        assert_eq!(expanded(&"*".repeat(10_000)).len(), Catalogue::get().len());
        assert!(expanded(&format!("{}!", "*a?".repeat(3_000))).is_empty());
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(48))]
        #[test]
        fn agrees_with_a_naive_matcher(pattern in r"(s3|iam|[sS][qQ]?|\*|\?){1}[:*](Get|put|List|\*|\?|[a-z]){0,5}") {
            proptest::prop_assert_eq!(expanded(&pattern), naive_expanded(&pattern), "{}", pattern);
        }
    }
}
