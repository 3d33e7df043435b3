//! Callers, worked out once for each identity that is seen.

use std::sync::{Arc, PoisonError, RwLock};

use leastwise_model::Caller;

use super::hash::{Map, Prints};
use super::identity::Identity;

/// How many identities are remembered.
const MOST: usize = 1 << 16;

/// What an identity comes to.
#[derive(Debug)]
pub(super) struct Who {
    pub(super) caller: Caller,
    /// The session, or the user of a provider.
    pub(super) session: Option<Box<str>>,
    /// The long-term key that signed.
    pub(super) key: Option<Box<str>>,
}

/// The identities that were seen in any part.
#[derive(Debug, Default)]
pub(super) struct Everybody(RwLock<Map<u128, Arc<Who>>>);

impl Everybody {
    pub(super) fn who(&self, print: u128, identity: &Identity<'_>) -> Arc<Who> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner).get(&print).map(Arc::clone);
        known.unwrap_or_else(|| self.new_one(print, identity))
    }

    fn new_one(&self, print: u128, identity: &Identity<'_>) -> Arc<Who> {
        let who = Arc::new(Who {
            caller: identity.caller(),
            session: identity.session().map(Box::from),
            key: identity.long_term_key().map(Box::from),
        });
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() < MOST {
            known.insert(print, Arc::clone(&who));
        }
        who
    }
}

impl Identity<'_> {
    /// What tells this identity from others.
    pub(crate) fn print(&self, prints: &Prints) -> u128 {
        prints.of(self.parts())
    }
}
