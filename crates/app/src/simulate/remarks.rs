//! What is strange about a case, though it can be decided.

use std::collections::{BTreeSet, HashMap};

use foldhash::fast::RandomState;
use leastwise_iam::catalogue::Catalogue;
use leastwise_iam::lint::is_context_key;
use leastwise_policy::{Policy, Request};

/// How many names are remembered.
const NAMES: usize = 10_000;

/// Finds names that AWS does not have, and remembers what it looked up.
#[derive(Debug, Default)]
pub(super) struct Remarks {
    keys: Lookups,
    actions: Lookups,
}

/// Names, and whether AWS has them.
#[derive(Debug, Default)]
struct Lookups(HashMap<Box<str>, bool, RandomState>);

impl Remarks {
    /// Operators, context keys and actions in a policy that AWS does not have. Actions with wildcards are left out.
    pub fn on_policy(&mut self, policy: &Policy) -> Vec<String> {
        let mut found: BTreeSet<String> =
            policy.unknown_operators().map(|operator| unheard("operator", &operator.to_string())).collect();
        for statement in &policy.document().statements {
            let keys = statement.conditions.iter().map(|condition| &*condition.key);
            found.extend(keys.filter(|key| !self.has_key(key)).map(|key| unheard("context key", key)));
            let actions = statement.actions.patterns().iter().map(leastwise_iam::Pattern::as_str);
            let plain = actions.filter(|action| !action.contains(['*', '?', '$']));
            found.extend(plain.filter(|action| !self.has_action(action)).map(|a| unheard("action", a)));
        }
        found.into_iter().collect()
    }

    /// The action and the context keys of a request that AWS does not have.
    pub fn on_request(&mut self, request: &Request) -> Vec<String> {
        let action = request.action.as_str();
        let mut found = Vec::new();
        if !self.has_action(action) {
            found.push(format!("`request.action`: {}", unheard("action", action)));
        }
        for key in request.context.keys().filter(|key| !self.has_key(key)) {
            found.push(format!("`request.context`: {}", unheard("context key", key)));
        }
        found
    }

    fn has_key(&mut self, key: &str) -> bool {
        self.keys.get(key, is_context_key)
    }

    fn has_action(&mut self, action: &str) -> bool {
        self.actions.get(action, |action| Catalogue::get().action(action).is_some())
    }
}

impl Lookups {
    fn get(&mut self, name: &str, look_up: impl Fn(&str) -> bool) -> bool {
        if let Some(exists) = self.0.get(name) {
            return *exists;
        }
        let exists = look_up(name);
        if self.0.len() >= NAMES {
            self.0.clear();
        }
        self.0.insert(name.into(), exists);
        exists
    }
}

fn unheard(what: &str, name: &str) -> String {
    format!("AWS has no {what} `{name}`")
}
