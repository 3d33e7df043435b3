use std::collections::HashMap;

use foldhash::fast::RandomState;
use leastwise_policy::{Policy, PolicyKind};

/// How much policy text is remembered, in bytes. Prepared, it takes about ten times as much.
const CAPACITY: usize = 4 * 1024 * 1024;

/// Policies that were read before, by kind and the bytes of their JSON.
#[derive(Debug, Default)]
pub(super) struct Cache {
    policies: HashMap<PolicyKind, HashMap<Box<str>, Policy, RandomState>, RandomState>,
    bytes: usize,
}

impl Cache {
    /// The policy, read now or before.
    ///
    /// # Errors
    /// The text is no policy of the kind.
    pub fn get(&mut self, text: &str, kind: PolicyKind) -> Result<Policy, String> {
        if let Some(policy) = self.policies.get(&kind).and_then(|policies| policies.get(text)) {
            return Ok(policy.clone());
        }
        let policy = Policy::parse(text, kind).map_err(|error| error.to_string())?;
        if self.bytes + text.len() > CAPACITY {
            self.policies.clear();
            self.bytes = 0;
        }
        self.bytes += text.len();
        self.policies.entry(kind).or_default().insert(text.into(), policy.clone());
        Ok(policy)
    }
}
