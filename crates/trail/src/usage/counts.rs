//! What all events come to, as it is joined from parts.

use leastwise_iam::catalogue::Catalogue;
use leastwise_model::{Caller, CallerUse, MOST_CALLERS, Merge, Usage};

use super::hash::Map;
use super::kept::Kept;
use super::lean::Lean;
use super::part::{Key, UsagePart};
use super::words::Words;

/// The counts. Everything but callers and their calls is in `usage` already.
#[derive(Debug, Default)]
pub(super) struct Counts {
    callers: Vec<(Caller, CallerUse)>,
    caller_numbers: Map<Caller, u32>,
    calls: Vec<(Key, Lean, Kept<256>)>,
    call_numbers: Map<Key, u32>,
    pub(super) regions: Words,
    pub(super) services: Words,
    pub(super) usage: Usage,
}

impl Counts {
    /// The number of a caller; nothing if there are too many.
    pub(super) fn caller(&mut self, caller: &Caller) -> Option<u32> {
        if let Some(number) = self.caller_numbers.get(caller) {
            return Some(*number);
        }
        let number =
            u32::try_from(self.callers.len()).ok().filter(|number| (*number as usize) < MOST_CALLERS)?;
        self.callers.push((caller.clone(), CallerUse::default()));
        self.caller_numbers.insert(caller.clone(), number);
        Some(number)
    }

    /// Counts a session of a caller.
    pub(super) fn session(&mut self, caller: u32, session: &str, count: u64) {
        if let Some((_, row)) = self.callers.get_mut(caller as usize) {
            row.sessions.entry(session).merge(count);
        }
    }

    /// Counts calls, and gives their number.
    pub(super) fn calls(&mut self, key: Key, lean: Lean) -> Option<u32> {
        let next = u32::try_from(self.calls.len()).ok()?;
        let number = *self.call_numbers.entry(key).or_insert(next);
        match self.calls.get_mut(number as usize) {
            Some((_, own, _)) => own.merge(lean),
            None => self.calls.push((key, lean, Kept::default())),
        }
        Some(number)
    }

    /// What the calls of a number were on.
    pub(super) fn resources(&mut self, number: Option<u32>) -> Option<&mut Kept<256>> {
        self.calls.get_mut(number? as usize).map(|(_, _, kept)| kept)
    }

    /// Adds all of a part, save its shared calls.
    pub(super) fn join(&mut self, part: &mut UsagePart) {
        part.flush();
        self.usage.merge(std::mem::take(&mut part.usage));
        let callers = self.join_rows(part);
        let (regions, services) = (self.regions.join(&part.regions), self.services.join(&part.services));
        let number =
            |numbers: &[Option<u16>], own: Option<u16>| numbers.get(usize::from(own?)).copied().flatten();
        let mut numbers = Vec::with_capacity(part.calls.len());
        for (key, lean) in &part.calls {
            let Some(caller) = callers.get(key.caller as usize).copied().flatten() else {
                self.usage.other_callers.merge(lean.tally());
                numbers.push(None);
                continue;
            };
            let (region, via) = (number(&regions, key.region), number(&services, key.via));
            numbers.push(self.calls(Key { caller, region, via, ..*key }, *lean));
        }
        let of = |call: u32| numbers.get(call as usize).copied().flatten();
        for named in &part.resources {
            if let Some(kept) = self.resources(of(named.of)) {
                kept.add(part.name(*named), named.count);
            }
        }
        for (call, more) in &part.more_resources {
            if let Some(kept) = self.resources(of(*call)) {
                kept.add_other(*more);
            }
        }
    }

    /// Adds the rows of a part, and gives the numbers of their callers.
    fn join_rows(&mut self, part: &UsagePart) -> Vec<Option<u32>> {
        let callers: Vec<Option<u32>> = part.rows.iter().map(|row| self.caller(&row.who.caller)).collect();
        for (row, caller) in part.rows.iter().zip(&callers) {
            let Some((_, own)) = caller.and_then(|caller| self.callers.get_mut(caller as usize)) else {
                continue;
            };
            if let Some(session) = row.who.session.as_deref().filter(|_| row.calls.count() > 0) {
                own.sessions.entry(session).merge(row.calls.count());
            }
            if let Some(key) = &row.who.key {
                own.keys.entry(key).tally.merge(row.calls.tally());
            }
        }
        for named in &part.addresses {
            let caller = callers.get(named.of as usize).copied().flatten();
            let key = part.rows.get(named.of as usize).and_then(|row| row.who.key.as_deref());
            if let (Some(caller), Some(key)) = (caller, key)
                && let Some((_, own)) = self.callers.get_mut(caller as usize)
            {
                own.keys.entry(key).addresses.entry(part.name(*named)).merge(named.count);
            }
        }
        for (row, success, time) in &part.sign_ins {
            let caller = callers.get(*row as usize).copied().flatten();
            if let Some((_, own)) = caller.and_then(|caller| self.callers.get_mut(caller as usize)) {
                let tally = if *success { &mut own.sign_ins } else { &mut own.failed_sign_ins };
                tally.merge(Lean::one(*time).tally());
            }
        }
        callers
    }

    /// The form that others read.
    pub(super) fn finish(mut self) -> Usage {
        for (key, lean, kept) in std::mem::take(&mut self.calls) {
            self.put(key, lean, kept);
        }
        self.usage.callers.extend(self.callers);
        self.usage
    }

    fn put(&mut self, key: Key, lean: Lean, kept: Kept<256>) {
        let action = Catalogue::get().action_by_id(key.action).map(|action| action.full_name().to_owned());
        let (Some((_, caller)), Some(action)) = (self.callers.get_mut(key.caller as usize), action) else {
            return self.usage.other_callers.merge(lean.tally());
        };
        let mut calls = lean.calls();
        calls.resources = kept.finish();
        if let Some(region) = key.region.and_then(|number| self.regions.word(number)) {
            calls.regions.entry(region).merge(lean.count());
        } else {
            calls.regions.add_other(lean.count());
        }
        if let Some(service) = key.via.and_then(|number| self.services.word(number)) {
            calls.via.entry(service).merge(lean.count());
        }
        let own = caller.actions.entry(action).or_default();
        if key.denied { own.denied.merge(calls) } else { own.used.merge(calls) }
    }
}
