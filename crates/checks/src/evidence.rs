//! What CloudTrail's logs say of the subjects of checks, and what it is worth that they say nothing.
//!
//! A call that was logged was made: what was *seen* counts wherever it comes from. That something was *not* seen
//! counts only where [`coverage`] says that it would have been, and then only against a subject: the silence of logs
//! never makes a verdict pass. Whoever gives the logs can leave some out.

mod coverage;
mod data_events;
mod roles;
mod root;
mod services;
mod words;

use jiff::{SignedDuration, Timestamp};
use leastwise_iam::Arn;
use leastwise_model::{Account, Caller, CallerKind, CallerUse, KeyUse, Missing, Reason, Tally, Usage, User};

use crate::Context;
use crate::time::days_between;

pub(crate) use roles::Assumed;
pub(crate) use root::RootSeen;
pub(crate) use words::{key, key_use, last, times};

/// The logs, as far as they are about one account.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Logs<'a> {
    usage: &'a Usage,
    account: &'a Account,
    now: Timestamp,
}

impl<'a> Context<'a> {
    /// What the logs say.
    ///
    /// # Errors
    /// No logs were given.
    pub(crate) fn logs(&self) -> Result<Logs<'a>, Missing> {
        let Some(usage) = self.usage else {
            return Err(Missing::new(Reason::NotRequested, "no logs were given; give them with `--trail`"));
        };
        Ok(Logs { usage, account: self.account, now: self.now })
    }

    /// What the logs add to evidence: what was seen, else what it is worth that nothing was within these days.
    /// Nothing where there are no logs.
    pub(crate) fn logs_add(&self, seen: Option<String>, days: u64) -> String {
        let Ok(logs) = self.logs() else { return String::new() };
        match (seen, logs.cover(days)) {
            (Some(seen), _) => format!("; the logs show {seen}"),
            (None, Ok(())) => format!("; the logs of these {days} days show none"),
            (None, Err(why)) => format!("; the logs show none, which proves little: {}", why.detail),
        }
    }
}

impl<'a> Logs<'a> {
    /// What a user did. The path of a user is not in every record, so there may be two rows.
    fn caller(self, kind: CallerKind, arn: &Arn) -> impl Iterator<Item = &'a CallerUse> {
        let word = arn.resource().split('/').next().unwrap_or_default();
        let without_path =
            format!("arn:{}:iam::{}:{word}/{{path}}{}", arn.partition(), self.account.id, arn.name());
        [arn.as_str().to_owned(), without_path].into_iter().filter_map(move |id| {
            self.usage.callers.get(&Caller { kind, account: Some(self.account.id), id })
        })
    }

    /// The console sign-ins of a user that succeeded, but for those of a namesake of before.
    pub(crate) fn sign_ins(self, user: &User) -> Option<Tally> {
        let mut sum = Tally::default();
        self.caller(CallerKind::User, &user.arn).for_each(|row| sum.merge(row.sign_ins));
        Some(sum).filter(|sum| sum.last.is_some_and(|last| last >= user.created))
    }

    /// The calls that a user's key signed.
    pub(crate) fn key(self, user: &User, id: &str) -> Option<KeyUse> {
        let mut sum = KeyUse::default();
        for own in self.caller(CallerKind::User, &user.arn).filter_map(|row| row.keys.get(id)) {
            merge_key(&mut sum, own);
        }
        Some(sum).filter(|sum| sum.tally.last.is_some())
    }

    /// The keys that signed calls of a user, existing or not.
    pub(crate) fn keys(self, user: &User) -> Vec<(&'a str, &'a KeyUse)> {
        let rows = self.caller(CallerKind::User, &user.arn);
        rows.flat_map(|row| row.keys.iter()).filter(|(_, key)| key.tally.last >= Some(user.created)).collect()
    }

    /// Days since what the logs date; the logs may well be later than the snapshot.
    fn days_since(self, at: Timestamp) -> u64 {
        days_between(at, self.now).unwrap_or(0)
    }

    /// True if it was fewer than this number of days ago.
    pub(crate) fn is_within(self, at: Timestamp, days: u64) -> bool {
        self.days_since(at) < days
    }

    /// The instant so many days ago.
    fn days_ago(self, days: u64) -> Timestamp {
        let hours = i64::try_from(days).unwrap_or(i64::MAX).saturating_mul(24);
        let long_ago = SignedDuration::from_hours(hours.min(24 * 365 * 1000));
        self.now.checked_sub(long_ago).unwrap_or(Timestamp::MIN)
    }
}

fn merge_key(sum: &mut KeyUse, other: &KeyUse) {
    sum.tally.merge(other.tally);
    sum.addresses.merge(other.addresses.clone());
}

#[cfg(test)]
mod tests;
