use std::cmp::Reverse;

use leastwise_model::LONGEST_NAME;
use serde::Serialize;

use crate::usage::hash::Map;

/// How many names are kept at least.
pub(super) const KEPT: usize = 1 << 14;

/// Names and how often each came.
///
/// It is exact for up to twice [`KEPT`] names. Where there are more, those that came least are dropped, and counted
/// together: what comes often stays, and no count is too low by more than is said.
#[derive(Debug, Default)]
pub(super) struct Table {
    counts: Map<Box<str>, u64>,
    other: u64,
    short_by: u64,
}

/// The names that came most often.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Top {
    /// Those that came most often first, then by name.
    pub rows: Vec<Row>,
    /// How many names there are, those not shown included; at least, if some were not kept.
    pub names: usize,
    /// How often all came that are not shown.
    pub other: u64,
    /// How much a count can be too low; zero if all names were kept.
    pub short_by: u64,
}

/// A name and how often it came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// The name.
    pub name: String,
    /// How often.
    pub count: u64,
}

impl Table {
    pub(super) fn count(&mut self, name: &str) {
        self.add(name, 1);
    }

    pub(super) fn add(&mut self, name: &str, count: u64) {
        if let Some(own) = self.counts.get_mut(name) {
            *own += count;
        } else if name.len() > LONGEST_NAME {
            self.other += count;
        } else {
            self.counts.insert(name.into(), count);
            self.prune();
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.other += other.other;
        self.short_by += other.short_by;
        // In an order that is always the same, as what is dropped depends on it.
        let mut counts: Vec<(Box<str>, u64)> = other.counts.into_iter().collect();
        if self.counts.len() + counts.len() > 2 * KEPT {
            counts.sort_unstable();
        }
        for (name, count) in counts {
            if let Some(own) = self.counts.get_mut(&name) {
                *own += count;
            } else {
                self.counts.insert(name, count);
                self.prune();
            }
        }
    }

    fn prune(&mut self) {
        if self.counts.len() <= 2 * KEPT {
            return;
        }
        let mut rows = self.rows();
        let dropped = rows.split_off(KEPT);
        self.short_by += dropped.first().map_or(0, |(_, count)| *count);
        self.other += dropped.iter().map(|(_, count)| count).sum::<u64>();
        self.counts = rows.into_iter().collect();
    }

    /// All names, those that came most often first; the table is empty after.
    fn rows(&mut self) -> Vec<(Box<str>, u64)> {
        let mut rows: Vec<(Box<str>, u64)> = std::mem::take(&mut self.counts).into_iter().collect();
        rows.sort_unstable_by(|(a, m), (b, n)| (Reverse(m), a).cmp(&(Reverse(n), b)));
        rows
    }

    /// The same by the first word of each name. All names that were dropped may have had the same first word.
    pub(super) fn by_first_word(&self) -> Self {
        let short_by = if self.short_by > 0 { self.other } else { 0 };
        let mut words = Self { other: self.other, short_by, ..Self::default() };
        let mut names: Vec<(&Box<str>, &u64)> = self.counts.iter().collect();
        names.sort_unstable();
        for (name, count) in names {
            words.add(name.split(' ').next().unwrap_or(name), *count);
        }
        words
    }

    pub(super) fn top(mut self, most: usize) -> Top {
        let mut rows = self.rows();
        let names = rows.len();
        let hidden = rows.split_off(most.min(names));
        let other = self.other + hidden.iter().map(|(_, count)| count).sum::<u64>();
        let row = |(name, count): (Box<str>, u64)| Row { name: name.into(), count };
        Top { rows: rows.into_iter().map(row).collect(), names, other, short_by: self.short_by }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(names: impl Iterator<Item = (String, u64)>) -> Table {
        let mut table = Table::default();
        names.for_each(|(name, count)| table.add(&name, count));
        table
    }

    #[test]
    fn the_most_come_first() {
        let mut one =
            table([("b", 2), ("a", 2), ("c", 5)].map(|(name, count)| (name.to_owned(), count)).into_iter());
        one.merge(table([("a".to_owned(), 1)].into_iter()));
        let top = one.top(2);
        let rows: Vec<_> = top.rows.iter().map(|row| (&*row.name, row.count)).collect();
        assert_eq!(rows, [("c", 5), ("a", 3)]);
        assert_eq!((top.names, top.other, top.short_by), (3, 2, 0));
    }

    #[test]
    fn what_comes_often_stays_above_the_bound() {
        let rare = (0..3 * KEPT).map(|n| (format!("rare-{n}"), 1));
        let often = (0..9).map(|n| (format!("often-{n}"), 100));
        let mut one = table(rare.clone().chain(often.clone()));
        one.merge(table(rare.map(|(name, count)| (name + "x", count)).chain(often)));
        let top = one.top(9);
        assert!(
            top.rows.iter().all(|row| row.count == 200 && row.name.starts_with("often")),
            "{:?}",
            top.rows
        );
        assert!((1..10).contains(&top.short_by), "{}", top.short_by);
        let total: u64 = top.other + top.rows.iter().map(|row| row.count).sum::<u64>();
        assert_eq!(total, 6 * KEPT as u64 + 1_800);
    }

    #[test]
    fn by_first_word() {
        let names = [("a x", 1), ("a y", 2), ("b", 4)].map(|(name, count)| (name.to_owned(), count));
        let top = table(names.into_iter()).by_first_word().top(9);
        let rows: Vec<_> = top.rows.iter().map(|row| (&*row.name, row.count)).collect();
        assert_eq!(rows, [("b", 4), ("a", 3)]);
    }
}
