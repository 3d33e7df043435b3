//! Numbers and instants as people read them.

use jiff::Timestamp;
use leastwise_checks::Counts;
use leastwise_model::Status;

/// The score with one decimal. Only a perfect score is 100.
pub(crate) fn rounded(score: f64) -> f64 {
    let tenths = (score * 10.0).round() / 10.0;
    if tenths >= 100.0 && score < 100.0 { 99.9 } else { tenths }
}

pub(crate) fn score(score: Option<f64>) -> String {
    score.map_or_else(|| "-".to_owned(), |score| format!("{:.1}", rounded(score)))
}

/// `2026-03-01 12:00 UTC`.
pub(crate) fn instant(instant: Timestamp) -> String {
    instant.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// How old something was, in whole hours; `-` for what there is not.
pub(crate) fn age(made: Option<Timestamp>, as_of: Timestamp) -> String {
    match made.map(|made| as_of.duration_since(made).as_hours()) {
        None => "-".to_owned(),
        Some(hours) if hours < 1 => "< 1 h".to_owned(),
        Some(hours) => format!("{} h", number(usize::try_from(hours).unwrap_or_default())),
    }
}

/// `12,345`.
pub fn number(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 account`, `3 accounts`, `2 policies`; for nouns whose plural is regular.
pub fn count(count: usize, noun: &str) -> String {
    let many = match noun.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{stem}ies"),
        _ => format!("{noun}s"),
    };
    format!("{} {}", number(count), if count == 1 { noun } else { &many })
}

/// `2 fail, 1 unknown, 30 pass`: what occurs.
pub(crate) fn counts(counts: Counts) -> String {
    let shown = Status::ALL.into_iter().filter(|status| counts.of(*status) > 0);
    let parts: Vec<String> = shown.map(|status| format!("{} {status}", number(counts.of(status)))).collect();
    if parts.is_empty() { "nothing".to_owned() } else { parts.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_perfect_score_is_100() {
        assert_eq!(score(Some(100.0)), "100.0");
        assert_eq!(score(Some(99.99)), "99.9");
        assert_eq!(score(Some(61.449)), "61.4");
        assert_eq!(score(None), "-");
    }

    #[test]
    fn numbers_and_ages() {
        let table = [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")];
        for (given, expected) in table {
            assert_eq!(number(given), expected);
        }
        let as_of: Timestamp = "2026-03-01T12:00:59.5Z".parse().unwrap();
        assert_eq!(instant(as_of), "2026-03-01 12:00 UTC");
        assert_eq!(age("2026-03-01T08:30:00Z".parse().ok(), as_of), "3 h");
        assert_eq!(age("2026-03-01T13:30:00Z".parse().ok(), as_of), "< 1 h");
        assert_eq!(age(None, as_of), "-");
    }
}
