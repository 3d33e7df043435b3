use std::collections::BTreeMap;

use jiff::Timestamp;
use leastwise_model::{CallerKind, Calls, Role, Usage};

use super::Logs;
use super::words::times;
use crate::Context;
use crate::time::day;

/// The actions whose resource is the role that is assumed.
///
/// Source: [Actions of STS](https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html).
const ASSUME: [&str; 3] = ["sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"];

/// Which roles were assumed, by ARN: how often, and a time at or after which.
pub(crate) type Assumed<'a> = BTreeMap<&'a str, (u64, Option<Timestamp>)>;

/// What the logs show of a role.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RoleSeen {
    /// How often it was assumed.
    assumed: u64,
    /// How many calls it made.
    calls: u64,
    /// It was used then, or later.
    pub(crate) at: Option<Timestamp>,
}

impl Context<'_> {
    /// What the logs show of a role, but for a namesake of before; nothing if they do not show it.
    pub(crate) fn role_seen(&self, role: &Role) -> Option<RoleSeen> {
        let logs = self.logs().ok()?;
        let index = self.assumed.get_or_init(|| assumed(logs.usage));
        let (assumed, at) = index.get(role.arn.as_str()).copied().unwrap_or_default();
        let mut seen = RoleSeen { assumed, calls: 0, at };
        for row in logs.caller(CallerKind::Role, &role.arn) {
            let total = row.total();
            seen.calls = seen.calls.saturating_add(total.count.max(row.sessions.total()));
            // Calls that need no permission are counted, but not dated: they are somewhere in the logs.
            let at = total.last.or_else(|| logs.begin().filter(|_| !row.sessions.is_empty()));
            seen.at = seen.at.max(at);
        }
        let is_its_own = seen.at.is_none_or(|at| at >= role.created);
        Some(seen).filter(|seen| (seen.calls > 0 || seen.assumed > 0) && is_its_own)
    }
}

impl Logs<'_> {
    /// When the logs begin.
    fn begin(self) -> Option<Timestamp> {
        self.usage.coverage.events.first
    }
}

impl RoleSeen {
    /// `3 sessions and 12 calls of it, the last on 2026-03-01 or later`.
    pub(crate) fn in_words(&self) -> String {
        let at = self.at.map(|at| format!(", the last on {} or later", day(at))).unwrap_or_default();
        let parts = [(self.assumed, "session"), (self.calls, "call")];
        let parts: Vec<String> = parts
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, noun)| times(count, noun))
            .collect();
        format!("{} of it{at}", parts.join(" and "))
    }
}

/// The roles that any caller assumed.
fn assumed(usage: &Usage) -> Assumed<'_> {
    let mut assumed = Assumed::new();
    for row in usage.callers.values() {
        for calls in ASSUME.iter().filter_map(|name| row.actions.get(*name)).map(|action| &action.used) {
            for (arn, count) in calls.resources.iter() {
                let (sum, last) = assumed.entry(arn).or_default();
                *sum = sum.saturating_add(*count);
                *last = (*last).max(at(calls));
            }
        }
    }
    assumed
}

/// When a resource of these calls was used at the earliest: times are kept for all resources together, and for calls
/// that failed together with those that did not.
fn at(calls: &Calls) -> Option<Timestamp> {
    let mut resources = calls.resources.iter();
    let one = resources.next().is_some() && resources.next().is_none() && calls.resources.is_complete();
    match calls.failed {
        0 if one && calls.unknown_resource == 0 => calls.tally.last,
        0 => calls.tally.first,
        _ => None,
    }
}
