//! What logs come to, for tests.

use leastwise_model::{ActionUse, Caller, CallerKind, CallerUse, KeyUse, Tally, Usage};

use super::{days_ago, now};

/// Who calls.
#[derive(Clone, Copy)]
pub(crate) struct Logged {
    pub(crate) kind: CallerKind,
    pub(crate) id: &'static str,
}

/// Logs of every day from so many days ago to now, as a trail of all regions gives them, in which nobody did a thing.
pub(crate) fn covering(days: i64) -> Usage {
    let mut usage = Usage::default();
    let coverage = &mut usage.coverage;
    for region in ["us-east-1", "eu-west-1", "eu-central-1"] {
        let regions = coverage.accounts.entry("123456789012".to_owned()).or_default();
        for time in (0..=days).map(|days| if days == 0 { now() } else { days_ago(days) }) {
            regions.entry(region).add(Some(time));
            coverage.events.add(Some(time));
        }
    }
    (coverage.management_reads, coverage.management_writes) = (1, 1);
    usage
}

/// With what a caller did besides.
pub(crate) fn with(mut usage: Usage, who: Logged, what: CallerUse) -> Usage {
    let account = who.id.split(':').nth(4).and_then(|account| account.parse().ok());
    let caller = Caller { kind: who.kind, account, id: who.id.to_owned() };
    usage.callers.entry(caller).or_default().merge(what);
    usage
}

fn tally(days: &[i64]) -> Tally {
    let mut tally = Tally::default();
    for days in days {
        tally.add(Some(days_ago(*days)));
    }
    tally
}

/// Calls of one action, so many days ago.
pub(crate) fn calling(action: &str, days: &[i64]) -> CallerUse {
    let mut calls = ActionUse::default();
    calls.used.tally = tally(days);
    CallerUse { actions: [(action.to_owned(), calls)].into(), ..CallerUse::default() }
}

/// Console sign-ins, so many days ago.
pub(crate) fn signing_in(days: &[i64]) -> CallerUse {
    CallerUse { sign_ins: tally(days), ..CallerUse::default() }
}

/// Calls that a key signed from these addresses, so many days ago.
pub(crate) fn signing(key: &str, addresses: &[&str], days: &[i64]) -> CallerUse {
    let mut caller = CallerUse::default();
    let mut used = KeyUse { tally: tally(days), ..KeyUse::default() };
    for address in addresses {
        used.addresses.count(address);
    }
    *caller.keys.entry(key) = used;
    caller
}
