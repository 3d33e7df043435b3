//! What the events of one file come to: numbers and short lists, quick to add to and to join.

use std::sync::Arc;

use leastwise_iam::catalogue::ActionId;
use leastwise_model::{Coverage, Merge, Stream, Usage};

use super::hash::Map;
use super::lean::Lean;
use super::pairs::Held;
use super::table::Meaning;
use super::who::Who;
use super::words::Words;

/// Which calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Key {
    /// The number of the row of the caller.
    pub(super) caller: u32,
    pub(super) action: ActionId,
    pub(super) denied: bool,
    /// The number of the region's word; none if there is none, or too many.
    pub(super) region: Option<u16>,
    /// Likewise of the service that called in the caller's name.
    pub(super) via: Option<u16>,
}

/// What one identity did.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) who: Arc<Who>,
    pub(super) calls: Lean,
}

/// A name that was counted for a row or for calls; it is in `text`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Named {
    /// The number of the row, or of the calls.
    pub(super) of: u32,
    start: usize,
    end: usize,
    pub(super) count: u64,
}

/// What the events of one file come to.
#[derive(Debug, Default)]
pub struct UsagePart {
    pub(super) usage: Usage,
    pub(super) rows: Vec<Row>,
    row_numbers: Map<u128, u32>,
    /// Addresses that keys were used from.
    pub(super) addresses: Vec<Named>,
    /// Row, whether it succeeded, and when.
    pub(super) sign_ins: Vec<(u32, bool, Option<i64>)>,
    pub(super) calls: Vec<(Key, Lean)>,
    call_numbers: Map<Key, u32>,
    /// The resources of calls.
    pub(super) resources: Vec<Named>,
    /// Calls with more resources than are looked at, and how many those are.
    pub(super) more_resources: Vec<(u32, u64)>,
    text: String,
    pub(super) regions: Words,
    pub(super) services: Words,
    pub(super) meanings: Map<u128, Arc<Meaning>>,
    /// Shared ids of calls that were counted.
    pub(super) shared: Vec<u128>,
    /// Calls that are counted only if their pair is not.
    pub(super) held: Vec<Held>,
    /// The account and region of the last event: most files have one of each.
    stream: Option<(Box<str>, Box<str>, Stream)>,
}

impl UsagePart {
    /// The row of an identity.
    pub(super) fn row(&mut self, print: u128, who: impl FnOnce() -> Arc<Who>) -> u32 {
        if let Some(number) = self.row_numbers.get(&print) {
            return *number;
        }
        let number = number(self.rows.len());
        self.rows.push(Row { who: who(), calls: Lean::default() });
        self.row_numbers.insert(print, number);
        number
    }

    /// Counts a call of a row, and the address if a long-term key signed it.
    pub(super) fn call(&mut self, row: u32, time: Option<i64>, address: &str) {
        let Some(own) = self.rows.get_mut(row as usize) else { return };
        own.calls.merge(Lean::one(time));
        if own.who.key.is_some() {
            push(&mut self.addresses, &mut self.text, row, address);
        }
    }

    /// Counts calls of a key, and what they were on.
    pub(super) fn add<'t>(&mut self, key: Key, lean: Lean, arns: impl Iterator<Item = &'t str>, more: usize) {
        let next = number(self.calls.len());
        let call = *self.call_numbers.entry(key).or_insert(next);
        match self.calls.get_mut(call as usize) {
            Some((_, own)) => own.merge(lean),
            None => self.calls.push((key, lean)),
        }
        arns.for_each(|arn| push(&mut self.resources, &mut self.text, call, arn));
        if more > 0 {
            self.more_resources.push((call, more as u64));
        }
    }

    /// The name that was counted.
    pub(super) fn name(&self, named: Named) -> &str {
        self.text.get(named.start..named.end).unwrap_or_default()
    }

    /// Counts an event of an account in a region.
    pub(super) fn seen(&mut self, account: &str, region: &str, time: Option<jiff::Timestamp>) {
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

    /// Puts the account and region of the last event to the others.
    pub(super) fn flush(&mut self) {
        let Some((account, region, stream)) = self.stream.take() else { return };
        let coverage = &mut self.usage.coverage;
        coverage.events.merge(stream.events);
        if coverage.accounts.len() < Coverage::MOST_ACCOUNTS || coverage.accounts.contains_key(&*account) {
            coverage.accounts.entry(account.into()).or_default().entry(&region).merge(stream);
        } else {
            coverage.other_accounts.merge(stream.events.count);
        }
    }
}

/// Counts a name: with the last one if it is the same.
fn push(list: &mut Vec<Named>, text: &mut String, of: u32, name: &str) {
    if let Some(last) = list.last_mut()
        && last.of == of
        && text.get(last.start..last.end) == Some(name)
    {
        last.count += 1;
        return;
    }
    let start = text.len();
    text.push_str(name);
    list.push(Named { of, start, end: text.len(), count: 1 });
}

/// The number of what comes next in a list. No stretch of a file has as many events as there are numbers.
fn number(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
