//! Reasons that several answers have in common.

use leastwise_access::Row;

use super::words;

/// From so many rows on a reason is said once for all of them.
const MANY: usize = 3;

/// The reasons that are said above the rows.
pub(super) struct Shared {
    /// In the order of their first row, with the number of rows that have them.
    pub reasons: Vec<(String, usize)>,
    rows: usize,
}

impl Shared {
    pub fn of(rows: &[&Row]) -> Self {
        let mut reasons: Vec<(String, usize)> = Vec::new();
        for reason in rows.iter().flat_map(|row| distinct(row)) {
            match reasons.iter_mut().find(|(known, _)| *known == reason) {
                Some((_, count)) => *count += 1,
                None => reasons.push((reason, 1)),
            }
        }
        let all = rows.len();
        reasons.retain(|(_, count)| *count >= MANY || (*count == all && all > 1));
        Self { reasons, rows: all }
    }

    /// The place of a reason among the shared ones, counted from 1.
    pub fn find(&self, reason: &str) -> Option<usize> {
        self.reasons.iter().zip(1..).find(|((known, _), _)| known == reason).map(|(_, number)| number)
    }

    /// Each reason, and what stands before it.
    pub fn lines(&self) -> impl Iterator<Item = (&str, String)> {
        let all = self.rows;
        self.reasons.iter().zip(1..).map(move |((reason, count), number)| {
            let lead = if *count == all {
                format!("in all {all} rows")
            } else {
                format!("[{number}] in {count} of {all} rows")
            };
            (reason.as_str(), lead)
        })
    }

    /// The numbers of the shared reasons that a row has; those of all rows need none.
    pub fn marks(&self, row: &Row) -> String {
        let reasons = distinct(row);
        let numbered = self.reasons.iter().zip(1..);
        numbered
            .filter(|((reason, count), _)| *count < self.rows && reasons.contains(reason))
            .map(|(_, number)| format!(" [{number}]"))
            .collect()
    }
}

fn distinct(row: &Row) -> Vec<String> {
    let mut reasons = Vec::new();
    for reason in words::reasons(&row.answer) {
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    reasons
}
