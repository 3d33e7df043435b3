use jiff::Timestamp;
use leastwise_model::{Caller, CallerKind, CallerUse, Calls, KeyUse, Tally};

use super::words::{self, last, times};
use super::{Logs, merge_key};

/// What the logs show of the root user of one account.
#[derive(Debug, Default)]
pub(crate) struct RootSeen<'a> {
    /// Console sign-ins that succeeded.
    sign_ins: Tally,
    /// Its access keys that signed calls.
    keys: Vec<(&'a str, KeyUse)>,
    /// Calls of its own, however they were signed.
    calls: u64,
    /// It called then, or later.
    called: Option<Timestamp>,
}

impl<'a> Logs<'a> {
    /// What the logs show of the account's root user; nothing if they do not show it.
    pub(crate) fn root(self) -> Option<RootSeen<'a>> {
        let mut seen = RootSeen::default();
        for id in [self.account.root_arn().to_string(), "root".to_owned()] {
            let caller = Caller { kind: CallerKind::Root, account: Some(self.account.id), id };
            if let Some(row) = self.usage.callers.get(&caller) {
                seen.add(row);
            }
        }
        Some(seen).filter(|seen| !seen.is_empty())
    }
}

impl<'a> RootSeen<'a> {
    fn add(&mut self, row: &'a CallerUse) {
        self.sign_ins.merge(row.sign_ins);
        for (id, key) in row.keys.iter() {
            match self.keys.iter_mut().find(|(own, _)| *own == id) {
                Some((_, sum)) => merge_key(sum, key),
                None => self.keys.push((id, key.clone())),
            }
        }
        for action in row.actions.values() {
            for calls in [&action.used, &action.denied] {
                let (count, at) = own_calls(calls);
                self.calls = self.calls.saturating_add(count);
                self.called = self.called.max(at);
            }
        }
    }

    fn is_empty(&self) -> bool {
        self.sign_ins.is_empty() && self.keys.is_empty() && self.calls == 0
    }

    /// Its keys that signed calls, in words.
    pub(crate) fn keys_in_words(&self) -> Option<String> {
        let keys: Vec<String> = self.keys.iter().map(|(id, key)| words::key(id, key)).collect();
        (!keys.is_empty()).then(|| keys.join(", "))
    }

    /// The last time that one of its keys signed a call.
    pub(crate) fn key_last_used(&self) -> Option<Timestamp> {
        self.keys.iter().filter_map(|(_, key)| key.tally.last).max()
    }

    /// What was used last, and when, or at the earliest.
    pub(crate) fn last_use(&self) -> Option<(&'static str, Timestamp)> {
        let uses = [
            ("password", self.sign_ins.last),
            ("access key", self.key_last_used()),
            ("session", self.called),
        ];
        uses.into_iter().filter_map(|(what, at)| Some((what, at?))).max_by_key(|(_, at)| *at)
    }

    /// All of it in words.
    pub(crate) fn in_words(&self) -> String {
        let mut parts = Vec::new();
        if !self.sign_ins.is_empty() {
            let count = times(self.sign_ins.count, "sign-in");
            parts.push(format!("{count} of root{}", last(self.sign_ins.last)));
        }
        if let Some(keys) = self.keys_in_words() {
            parts.push(format!("its access key {keys}"));
        }
        if self.calls > 0 {
            parts.push(format!("{} of its own", times(self.calls, "call")));
        }
        parts.join("; ")
    }
}

/// Calls that root made itself, and one time at or after which it did. What a service does in its name is no use of
/// root, as in CIS's own filter; where both are counted together, only the first time is sure to be no later than
/// the last of its own.
///
/// Source: CIS AWS Foundations Benchmark 1.4, 4.3 (`userIdentity.invokedBy NOT EXISTS`).
fn own_calls(calls: &Calls) -> (u64, Option<Timestamp>) {
    let own = calls.tally.count.saturating_sub(calls.via.total());
    match own {
        0 => (0, None),
        own if own == calls.tally.count => (own, calls.tally.last),
        own => (own, calls.tally.first),
    }
}
