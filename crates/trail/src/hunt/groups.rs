//! The groups of one correlation, as many as fit.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use crate::sigma::CompiledCorrelation;

use super::GROUPS;
use super::buffer::Waiting;
use super::window::Window;

/// Groups by the values of `group-by`.
#[derive(Debug)]
pub(super) struct Groups {
    groups: HashMap<Box<str>, Group, FixedState>,
    /// Groups without effect are dropped when so many are there.
    next_sweep: usize,
}

/// One group.
#[derive(Debug)]
pub(super) struct Group {
    /// The time of its last event.
    last: i64,
    /// True while the condition goes on to hold.
    pub holds: bool,
    pub window: Window,
    /// The last event of a timespan that is judged in the end, and what it hands on.
    pub note: Option<(Waiting, Vec<Option<String>>)>,
}

/// From so many groups on it is worth while to look for those without effect.
const FEW: usize = 1024;

impl Default for Groups {
    fn default() -> Self {
        Self { groups: HashMap::default(), next_sweep: FEW }
    }
}

impl Groups {
    /// The group of that key, which gets an event now. `evicted` counts groups that are forgotten.
    pub fn at(
        &mut self,
        key: &str,
        now: i64,
        correlation: &CompiledCorrelation,
        evicted: &mut u64,
    ) -> &mut Group {
        if !self.groups.contains_key(key) && self.groups.len() >= self.next_sweep.min(GROUPS) {
            self.sweep(now, correlation, evicted);
        }
        let group = self.groups.entry(key.into()).or_insert_with(|| Group {
            last: now,
            holds: false,
            window: Window::new(correlation),
            note: None,
        });
        group.last = now;
        group
    }

    /// Takes a group away.
    pub fn take(&mut self, key: &str) -> Option<Group> {
        self.groups.remove(key)
    }

    fn sweep(&mut self, now: i64, correlation: &CompiledCorrelation, evicted: &mut u64) {
        let since = now.saturating_sub(correlation.timespan.0.saturating_mul(1_000_000));
        self.groups.retain(|_, group| group.last >= since || group.note.is_some());
        let fits = GROUPS / 8 * 7;
        if self.groups.len() > fits {
            let mut oldest: Vec<_> =
                self.groups.iter().map(|(key, group)| (group.last, key.clone())).collect();
            oldest.sort();
            oldest.truncate(self.groups.len() - fits);
            for (_, key) in oldest {
                self.groups.remove(&key);
                *evicted += 1;
            }
        }
        self.next_sweep = (self.groups.len() * 2).max(FEW);
    }
}
