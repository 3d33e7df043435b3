//! Calls that two accounts log: the caller's and that of what is called. They count once.
//!
//! Both records have the same `sharedEventID`. The one in the log of the caller's account knows the caller best, so
//! it is the one that counts, wherever it stands; the other counts if there is no such one. Of a service's calls,
//! which have no account, the first counts.
//!
//! Source: [record contents, `sharedEventID`](https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html).

use std::sync::Arc;

use leastwise_iam::catalogue::ActionId;
use leastwise_model::Merge;

use super::counts::Counts;
use super::hash::Map;
use super::lean::Lean;
use super::part::Key;
use super::who::Who;

/// How many ids of shared calls are remembered at least; twice as many at most.
const WINDOW: usize = 1 << 17;

/// A shared call that is not counted yet.
#[derive(Debug)]
pub(super) struct Held {
    /// The shared id.
    pub(super) id: u128,
    /// True of a service's call.
    pub(super) of_service: bool,
    pub(super) who: Arc<Who>,
    pub(super) region: Box<str>,
    pub(super) via: Option<Box<str>>,
    pub(super) calls: Vec<HeldCall>,
}

/// One action of a call that is not counted yet.
#[derive(Debug)]
pub(super) struct HeldCall {
    pub(super) action: ActionId,
    pub(super) denied: bool,
    pub(super) lean: Lean,
    pub(super) arns: Vec<Box<str>>,
    /// How many more resources there are.
    pub(super) more: u64,
}

/// What is known of an id.
#[derive(Debug)]
enum State {
    /// A record of it was counted.
    Counted,
    /// The record of the account that was called waits for that of the caller.
    Waiting(Box<Held>),
}

/// The shared calls of the last while, in the order in which logs are read.
#[derive(Debug, Default)]
pub(super) struct Pairs {
    young: Map<u128, State>,
    old: Map<u128, State>,
}

impl Pairs {
    /// Takes the id of a call that was counted.
    pub(super) fn counted(&mut self, id: u128, counts: &mut Counts) {
        match self.state(id) {
            None => self.remember(id, State::Counted, counts),
            Some(state) => {
                if let State::Waiting(_) = std::mem::replace(state, State::Counted) {
                    twice(counts);
                }
            }
        }
    }

    /// Takes a call that is not counted yet.
    pub(super) fn held(&mut self, held: Held, counts: &mut Counts) {
        let id = held.id;
        if self.state(id).is_some() {
            twice(counts);
        } else if held.of_service {
            count(held, counts);
            self.remember(id, State::Counted, counts);
        } else {
            self.remember(id, State::Waiting(Box::new(held)), counts);
        }
    }

    fn state(&mut self, id: u128) -> Option<&mut State> {
        match self.young.get_mut(&id) {
            Some(state) => Some(state),
            None => self.old.get_mut(&id),
        }
    }

    fn remember(&mut self, id: u128, state: State, counts: &mut Counts) {
        self.young.insert(id, state);
        if self.young.len() >= WINDOW {
            let young = std::mem::take(&mut self.young);
            let waited = give_up(std::mem::replace(&mut self.old, young), counts);
            counts.usage.shared_unsearched.merge(waited);
        }
    }

    /// Counts those whose pair was not among the logs.
    pub(super) fn finish(self, counts: &mut Counts) {
        give_up(self.old, counts);
        give_up(self.young, counts);
    }
}

fn twice(counts: &mut Counts) {
    counts.usage.shared_twice.merge(1);
}

/// Counts what waits, in an order that is always the same, and says how many that is.
fn give_up(states: Map<u128, State>, counts: &mut Counts) -> u64 {
    let waiting = |(_, state)| match state {
        State::Waiting(held) => Some(*held),
        State::Counted => None,
    };
    let mut waiting: Vec<Held> = states.into_iter().filter_map(waiting).collect();
    waiting.sort_unstable_by_key(|held| held.id);
    let number = waiting.len() as u64;
    for held in waiting {
        count(held, counts);
    }
    number
}

fn count(held: Held, counts: &mut Counts) {
    let Some(caller) = counts.caller(&held.who.caller) else {
        return held.calls.iter().for_each(|call| counts.usage.other_callers.merge(call.lean.tally()));
    };
    if let Some(session) = &held.who.session {
        counts.session(caller, session, 1);
    }
    let region = counts.regions.number(&held.region);
    let via = held.via.and_then(|service| counts.services.number(&service));
    for HeldCall { action, denied, lean, arns, more } in held.calls {
        let number = counts.calls(Key { caller, action, denied, region, via }, lean);
        if let Some(kept) = counts.resources(number) {
            for arn in &arns {
                kept.add(arn, 1);
            }
            kept.add_other(more);
        }
    }
}

/// The number that a UUID is.
pub(super) fn uuid(text: &str) -> Option<u128> {
    let mut number = 0u128;
    let mut digits = 0;
    for byte in text.bytes().filter(|byte| *byte != b'-') {
        number = number << 4 | u128::from(char::from(byte).to_digit(16)?);
        digits += 1;
        if digits > 32 {
            return None;
        }
    }
    (digits == 32).then_some(number)
}
