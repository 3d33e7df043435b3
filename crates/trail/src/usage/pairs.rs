//! Calls that two accounts log: the caller's and that of what is called. They count once.
//!
//! Both records have the same `sharedEventID`. The one in the log of the caller's account knows the caller best, so
//! it is the one that counts, wherever it stands; the other counts if there is no such one.
//!
//! Source: [record contents, `sharedEventID`](https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html).

use std::collections::BTreeMap;

use leastwise_iam::catalogue::ActionId;
use leastwise_model::{Caller, Calls};

use super::counts::{Counts, Key};
use super::hash::Map;

/// How many ids of shared calls are remembered at least; twice as many at most.
const WINDOW: usize = 1 << 17;

/// A shared call that is not counted yet.
#[derive(Debug)]
pub(super) struct Shared {
    /// The shared id.
    pub(super) id: u128,
    /// True of the record in the caller's account, and of one whose caller has none.
    pub(super) from_caller: bool,
    pub(super) caller: Caller,
    pub(super) session: Option<Box<str>>,
    pub(super) calls: BTreeMap<(ActionId, bool), Calls>,
}

/// What is known of an id.
#[derive(Debug)]
enum State {
    /// The record of the caller's account was counted.
    Counted,
    /// The other one waits for it.
    Waiting(Box<Shared>),
}

/// The shared calls of the last while, in the order in which logs are read.
#[derive(Debug, Default)]
pub(super) struct Pairs {
    young: Map<u128, State>,
    old: Map<u128, State>,
}

impl Pairs {
    /// Takes the next shared call.
    pub(super) fn take(&mut self, shared: Shared, counts: &mut Counts) {
        let id = shared.id;
        let known =
            if self.young.contains_key(&id) { self.young.get_mut(&id) } else { self.old.get_mut(&id) };
        match known {
            Some(state) => {
                counts.usage.shared_twice = counts.usage.shared_twice.saturating_add(1);
                if shared.from_caller && matches!(state, State::Waiting(_)) {
                    *state = State::Counted;
                    count(shared, counts);
                }
            }
            None if shared.from_caller => {
                self.young.insert(id, State::Counted);
                count(shared, counts);
            }
            None => drop(self.young.insert(id, State::Waiting(Box::new(shared)))),
        }
        if self.young.len() >= WINDOW {
            let young = std::mem::take(&mut self.young);
            let old = std::mem::replace(&mut self.old, young);
            let waited = give_up(old, counts);
            counts.usage.shared_unsearched = counts.usage.shared_unsearched.saturating_add(waited);
        }
    }

    /// Counts those whose pair was not among the logs.
    pub(super) fn finish(self, counts: &mut Counts) {
        give_up(self.old, counts);
        give_up(self.young, counts);
    }
}

/// Counts what waits, and says how many that is. The order does not matter, as long as it is always the same.
fn give_up(states: Map<u128, State>, counts: &mut Counts) -> u64 {
    let waiting = |(_, state)| match state {
        State::Waiting(shared) => Some(*shared),
        State::Counted => None,
    };
    let mut waiting: Vec<Shared> = states.into_iter().filter_map(waiting).collect();
    waiting.sort_unstable_by_key(|shared| shared.id);
    let number = waiting.len() as u64;
    for shared in waiting {
        count(shared, counts);
    }
    number
}

fn count(shared: Shared, counts: &mut Counts) {
    let Some(caller) = counts.caller_id(&shared.caller) else {
        return shared.calls.into_values().for_each(|calls| counts.usage.other_callers.merge(calls.tally));
    };
    if let (Some(session), Some((_, row))) = (&shared.session, counts.caller(caller)) {
        row.sessions.count(session);
    }
    for ((action, denied), calls) in shared.calls {
        counts.calls(Key { caller, action, denied }).merge(calls);
    }
}

/// The number that a UUID is.
pub(super) fn uuid(text: &str) -> Option<u128> {
    let mut number = 0u128;
    let mut digits = 0;
    for character in text.chars().filter(|character| *character != '-') {
        number = number << 4 | u128::from(character.to_digit(16)?);
        digits += 1;
        if digits > 32 {
            return None;
        }
    }
    (digits == 32).then_some(number)
}
