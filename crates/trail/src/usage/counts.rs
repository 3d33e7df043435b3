//! What events come to, in a form that is quick to count in and to join.

use jiff::Timestamp;
use leastwise_iam::catalogue::{ActionId, Catalogue};
use leastwise_model::{Caller, CallerUse, Calls, Coverage, MOST_CALLERS, Merge, Stream, Tally, Usage};

use super::hash::Map;

/// Which calls: of whom, with what, denied or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) caller: CallerId,
    pub(super) action: ActionId,
    pub(super) denied: bool,
}

/// The place of a caller in the list of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct CallerId(u32);

/// The counts. Everything but callers and their calls is in `usage` already.
#[derive(Debug, Default)]
pub(super) struct Counts {
    callers: Vec<(Caller, CallerUse)>,
    caller_ids: Map<Caller, CallerId>,
    calls: Map<Key, Calls>,
    pub(super) usage: Usage,
    /// The account and region of the last event: most files have one of each.
    stream: Option<(Box<str>, Box<str>, Stream)>,
}

impl Counts {
    /// The id of a caller; nothing if there are too many.
    pub(super) fn caller_id(&mut self, caller: &Caller) -> Option<CallerId> {
        if let Some(id) = self.caller_ids.get(caller) {
            return Some(*id);
        }
        let id = CallerId(u32::try_from(self.callers.len()).ok().filter(|id| (*id as usize) < MOST_CALLERS)?);
        self.callers.push((caller.clone(), CallerUse::default()));
        self.caller_ids.insert(caller.clone(), id);
        Some(id)
    }

    /// A caller, and what it did besides calls.
    pub(super) fn caller(&mut self, id: CallerId) -> Option<&mut (Caller, CallerUse)> {
        self.callers.get_mut(id.0 as usize)
    }

    /// The calls of a key.
    pub(super) fn calls(&mut self, key: Key) -> &mut Calls {
        self.calls.entry(key).or_default()
    }

    /// Counts an event of an account in a region.
    pub(super) fn seen(&mut self, account: &str, region: &str, time: Option<Timestamp>) {
        match &mut self.stream {
            Some((own, place, stream)) if **own == *account && **place == *region => stream.add(time),
            _ => {
                self.flush();
                let mut stream = Stream::default();
                stream.add(time);
                self.stream = Some((account.into(), region.into(), stream));
            }
        }
    }

    fn flush(&mut self) {
        let Some((account, region, stream)) = self.stream.take() else { return };
        let coverage = &mut self.usage.coverage;
        coverage.events.merge(stream.events);
        if coverage.accounts.len() < Coverage::MOST_ACCOUNTS || coverage.accounts.contains_key(&*account) {
            coverage.accounts.entry(account.into()).or_default().entry(&region).merge(stream);
        } else {
            coverage.other_accounts.merge(stream.events.count);
        }
    }

    /// Adds all of another.
    pub(super) fn join(&mut self, mut other: Self) {
        other.flush();
        self.usage.merge(other.usage);
        let mut ids = Vec::with_capacity(other.callers.len());
        for (caller, what) in other.callers {
            let id = self.caller_id(&caller);
            if let Some((_, own)) = id.and_then(|id| self.caller(id)) {
                own.merge(what);
            }
            ids.push(id);
        }
        // The order of a hash map does not matter: adding up is the same in any.
        other.calls.into_iter().for_each(|(key, calls)| {
            match ids.get(key.caller.0 as usize).copied().flatten() {
                Some(caller) => self.calls(Key { caller, ..key }).merge(calls),
                None => self.usage.other_callers.merge(calls.tally),
            }
        });
    }

    /// The form that others read.
    pub(super) fn finish(mut self) -> Usage {
        self.flush();
        // The order of a hash map does not matter here either.
        let all: Vec<(Key, Calls)> = std::mem::take(&mut self.calls).into_iter().collect();
        for (key, calls) in all {
            self.put(key, calls);
        }
        self.usage.callers.extend(self.callers);
        self.usage
    }

    fn put(&mut self, key: Key, calls: Calls) {
        let action = Catalogue::get().action_by_id(key.action).map(|action| action.full_name().to_owned());
        let (Some((_, caller)), Some(action)) = (self.callers.get_mut(key.caller.0 as usize), action) else {
            return self.usage.other_callers.merge(calls.tally);
        };
        let action = caller.actions.entry(action).or_default();
        if key.denied { action.denied.merge(calls) } else { action.used.merge(calls) }
    }

    /// Counts calls of a caller for whom there is no room.
    pub(super) fn other_caller(&mut self, time: Option<Timestamp>) {
        self.usage.other_callers.merge(Tally { count: 1, first: time, last: time });
    }
}
