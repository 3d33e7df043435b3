use std::collections::HashMap;

use leastwise_policy::{Policy, PolicyKind};

/// How much policy text is remembered, in bytes. Prepared, it takes about ten times as much.
const CAPACITY: usize = 8 * 1024 * 1024;

/// Policies that were read before, by kind and the bytes of their JSON.
#[derive(Debug, Default)]
pub(super) struct Cache {
    policies: HashMap<(PolicyKind, Box<str>), Policy>,
    bytes: usize,
}

impl Cache {
    /// The policy, read now or before.
    ///
    /// # Errors
    /// The text is no policy of the kind.
    pub fn get(&mut self, text: &str, kind: PolicyKind) -> Result<Policy, String> {
        let key = (kind, text.into());
        if let Some(policy) = self.policies.get(&key) {
            return Ok(policy.clone());
        }
        let policy = Policy::parse(text, kind).map_err(|error| error.to_string())?;
        self.remember(key, policy.clone());
        Ok(policy)
    }

    fn remember(&mut self, key: (PolicyKind, Box<str>), policy: Policy) {
        if self.bytes + key.1.len() > CAPACITY {
            self.policies.clear();
            self.bytes = 0;
        }
        self.bytes += key.1.len();
        self.policies.insert(key, policy);
    }
}
