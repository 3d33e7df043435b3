//! Which events were there already: CloudTrail delivers some twice, and folders are copied.

use std::collections::HashSet;
use std::hash::BuildHasher;
use std::sync::Mutex;

use foldhash::fast::FixedState;
use uuid::Uuid;

/// At least so many of the last event ids are remembered, and at most twice as many (about 70 MB): a second record
/// with one of them is a duplicate, and not counted.
pub const WINDOW: usize = 1 << 20;

/// Locks, so that threads seldom wait for each other.
const SHARDS: usize = 64;

/// The ids of the last events.
pub(super) struct Seen {
    shards: Vec<Mutex<Generations>>,
    room: usize,
}

/// When the newer half is full, the older one is forgotten.
#[derive(Default)]
struct Generations {
    newer: HashSet<u128, FixedState>,
    older: HashSet<u128, FixedState>,
}

impl Seen {
    pub(super) fn new(window: usize) -> Self {
        let shards = (0..SHARDS).map(|_| Mutex::default()).collect();
        Self { shards, room: window.div_ceil(SHARDS).max(1) }
    }

    /// Notes an id; false if it was there already.
    pub(super) fn is_new(&self, id: &str) -> bool {
        let id = number(id);
        let shard = usize::try_from(id % SHARDS as u128).ok().and_then(|shard| self.shards.get(shard));
        let shard = shard.and_then(|shard| shard.lock().ok());
        shard.is_none_or(|mut generations| generations.note(id, self.room))
    }
}

impl Generations {
    fn note(&mut self, id: u128, room: usize) -> bool {
        if !self.newer.insert(id) {
            return false;
        }
        let is_new = !self.older.contains(&id);
        if self.newer.len() >= room {
            std::mem::swap(&mut self.newer, &mut self.older);
            self.newer.clear();
        }
        is_new
    }
}

/// The number of a UUID; a hash of any other text.
fn number(id: &str) -> u128 {
    if let Ok(uuid) = Uuid::try_parse(id) {
        return uuid.as_u128();
    }
    let hash = |seed| u128::from(FixedState::with_seed(seed).hash_one(id));
    hash(1) << 64 | hash(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_new_once() {
        let seen = Seen::new(1000);
        let id = "1a2b3c4d-0000-4000-8000-000000000001";
        assert!(seen.is_new(id) && !seen.is_new(id) && !seen.is_new(&id.to_uppercase()));
        assert!(seen.is_new("other") && !seen.is_new("other") && seen.is_new("another"));
    }

    #[test]
    fn the_window_is_bounded_and_as_large_as_it_says() {
        let seen = Seen::new(1);
        assert!(seen.is_new("x"));
        let forgotten = (0..100_000).any(|other| {
            seen.is_new(&other.to_string());
            seen.shards.iter().all(|shard| {
                let shard = shard.lock().unwrap();
                !shard.newer.contains(&number("x")) && !shard.older.contains(&number("x"))
            })
        });
        assert!(forgotten);
        let seen = Seen::new(100 * SHARDS);
        let ids = || (0..50 * SHARDS).map(|id| id.to_string());
        assert!(ids().all(|id| seen.is_new(&id)));
        assert!(ids().all(|id| !seen.is_new(&id)));
    }
}
