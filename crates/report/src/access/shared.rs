//! Reasons that several answers have in common.

use leastwise_access::Row;

use super::words;

/// From so many rows on a reason is said once for all of them.
const MANY: usize = 3;

/// The reasons that are said above the rows.
pub(super) struct Shared {
    /// Reasons of all rows.
    general: Vec<String>,
    /// Reasons of many rows, with the number of rows that have them.
    frequent: Vec<(String, usize)>,
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
        let (general, mut frequent): (Vec<_>, Vec<_>) =
            reasons.into_iter().partition(|(_, count)| *count == all && all > 1);
        frequent.retain(|(_, count)| *count >= MANY);
        Self { general: general.into_iter().map(|(reason, _)| reason).collect(), frequent, rows: all }
    }

    /// True if the reason is said above the rows.
    pub fn contains(&self, reason: &str) -> bool {
        let frequent = self.frequent.iter().map(|(reason, _)| reason);
        self.general.iter().chain(frequent).any(|known| known == reason)
    }

    /// What is said above the rows; reasons of many rows have a number.
    pub fn lines(&self) -> Vec<String> {
        let all = self.rows;
        let general = self.general.iter().map(|reason| format!("in all {all} rows: {reason}"));
        let frequent = self.frequent.iter().zip(1..);
        let frequent = frequent
            .map(|((reason, count), number)| format!("[{number}] in {count} of {all} rows: {reason}"));
        general.chain(frequent).collect()
    }

    /// The numbers of the reasons that a row has; those of all rows have none.
    pub fn marks(&self, row: &Row) -> String {
        let reasons = distinct(row);
        let has = |(reason, _): &(String, usize)| reasons.contains(reason);
        let numbers = self.frequent.iter().zip(1..).filter(|(reason, _)| has(reason));
        let marks: Vec<String> = numbers.map(|(_, number)| format!(" [{number}]")).collect();
        marks.concat()
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
