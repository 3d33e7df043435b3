use jiff::Timestamp;
use leastwise_model::{Few, KeyUse};

use crate::time::day;

/// How many addresses evidence names.
const MOST_ADDRESSES: usize = 3;

/// `12 calls`, `1 call`.
pub(crate) fn times(count: u64, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// `, the last on 2026-03-01`, if a time is known.
pub(crate) fn last(at: Option<Timestamp>) -> String {
    at.map(|at| format!(", the last on {}", day(at))).unwrap_or_default()
}

/// `AKIA… (12 calls, the last on 2026-03-01, from 203.0.113.5 and 2 more)`.
pub(crate) fn key(id: &str, key: &KeyUse) -> String {
    format!("{id} ({})", key_use(key))
}

/// `12 calls, the last on 2026-03-01, from 203.0.113.5 and 2 more`.
pub(crate) fn key_use(key: &KeyUse) -> String {
    let addresses = addresses(&key.addresses).map(|from| format!(", from {from}")).unwrap_or_default();
    format!("{}{}{addresses}", times(key.tally.count, "call"), last(key.tally.last))
}

/// The addresses with the most calls, and how many more there are.
fn addresses<const N: usize>(few: &Few<N>) -> Option<String> {
    let mut all: Vec<(&str, u64)> = few.iter().map(|(address, count)| (address, *count)).collect();
    all.sort_by_key(|(address, count)| (std::cmp::Reverse(*count), *address));
    let shown: Vec<&str> = all.iter().take(MOST_ADDRESSES).map(|(address, _)| *address).collect();
    if shown.is_empty() {
        return None;
    }
    let rest = all.len() - shown.len();
    Some(match (rest, few.is_complete()) {
        (0, true) => shown.join(", "),
        (rest, true) => format!("{} and {rest} more", shown.join(", ")),
        (_, false) => format!("{} and many more", shown.join(", ")),
    })
}
