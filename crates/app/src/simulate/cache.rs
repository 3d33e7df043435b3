use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher;
use std::sync::Arc;

use foldhash::fast::RandomState;
use leastwise_policy::{Policy, PolicyKind};

/// How much policy text is remembered, in bytes. Prepared, it takes about ten times as much.
const CAPACITY: usize = 4 * 1024 * 1024;

/// How many texts are known to have occurred once.
const SEEN: usize = 100_000;

/// Policies that occurred before, by kind and the bytes of their JSON. One is remembered when it occurs a second
/// time, so that a run in which every policy is new pays nothing for the memory.
#[derive(Debug, Default)]
pub(super) struct Cache {
    policies: HashMap<PolicyKind, HashMap<Box<str>, Read, RandomState>, RandomState>,
    bytes: usize,
    seen: HashSet<u64, RandomState>,
    hasher: RandomState,
}

/// A policy that was read.
#[derive(Debug, Clone)]
pub(super) struct Read {
    pub policy: Policy,
    /// What is strange about it.
    pub remarks: Arc<[String]>,
}

impl Cache {
    /// The policy, read now or before; `remark` finds what is strange about it.
    ///
    /// # Errors
    /// The text is no policy of the kind.
    pub fn get(
        &mut self,
        text: &str,
        kind: PolicyKind,
        remark: impl FnOnce(&Policy) -> Vec<String>,
    ) -> Result<Read, String> {
        if let Some(read) = self.policies.get(&kind).and_then(|policies| policies.get(text)) {
            return Ok(read.clone());
        }
        let policy = Policy::parse(text, kind).map_err(|error| error.to_string())?;
        let read = Read { remarks: remark(&policy).into(), policy };
        if self.has_occurred(text) {
            self.remember(text, &read);
        }
        Ok(read)
    }

    /// True if the text, or one of the same hash, has occurred; from now on, it has.
    fn has_occurred(&mut self, text: &str) -> bool {
        if self.seen.len() >= SEEN {
            self.seen.clear();
        }
        !self.seen.insert(self.hasher.hash_one(text))
    }

    fn remember(&mut self, text: &str, read: &Read) {
        if self.bytes + text.len() > CAPACITY {
            self.policies.clear();
            self.bytes = 0;
        }
        self.bytes += text.len();
        self.policies.entry(read.policy.kind()).or_default().insert(text.into(), read.clone());
    }
}
