use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use leastwise_iam::Partition;
use leastwise_iam::catalogue::{AccessLevel, Catalogue};
use leastwise_model::{Few, Missing, Stream};

use super::Logs;
use crate::time::day;

/// How long before the instant of judgement logs may end. CloudTrail delivers within minutes, most of the time.
const DELAY: SignedDuration = SignedDuration::from_hours(24);

/// The region in which IAM, STS's global endpoint and sign-ins of root are logged, and how many regions the logs of a
/// trail for all regions have at least. A trail for one region gives events of its own, and at most those of global
/// services besides; so it takes three, where there are so many.
///
/// Source: [global service events](https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html#cloudtrail-concepts-global-service-events).
const fn regions_of(partition: Partition) -> (&'static str, usize) {
    match partition {
        Partition::Aws => ("us-east-1", 3),
        Partition::AwsCn => ("cn-north-1", 2),
        Partition::AwsUsGov => ("us-gov-west-1", 2),
        Partition::AwsEusc => ("eusc-de-east-1", 1),
        Partition::AwsIso => ("us-iso-east-1", 2),
        Partition::AwsIsoB => ("us-isob-east-1", 1),
        Partition::AwsIsoE => ("eu-isoe-west-1", 1),
        Partition::AwsIsoF => ("us-isof-south-1", 2),
    }
}

impl Logs<'_> {
    /// That the logs would show a management event of the account, in whatever region, of any of these last days.
    ///
    /// The rule: the account's events begin before these days and end no more than a day before now; no day (UTC)
    /// between is without one; they come from that of global services and, where there are so many, from three regions
    /// together, as those of a trail for one region do not; both reads and writes are logged; and nothing was lost on the
    /// way. IAM users may sign in and roles may be assumed in any region, so that the region of global services alone
    /// would not do.
    ///
    /// What this cannot tell: whether several trails of one region each leave a region out, and whether a trail leaves
    /// out the events of a service.
    ///
    /// # Errors
    /// They would not, and why.
    pub(crate) fn cover(self, days: u64) -> Result<(), Missing> {
        let id = self.account.id.to_string();
        let Some(regions) = self.usage.coverage.accounts.get(&id) else {
            return not_told(format!("the logs hold no event of account {id}"));
        };
        self.nothing_lost()?;
        self.kinds()?;
        self.regions(regions)?;
        self.period(regions, &id, days)
    }

    fn nothing_lost(self) -> Result<(), Missing> {
        let lost = &self.usage.coverage.lost;
        if let Some((what, count)) = lost.iter().next() {
            return not_told(format!("the logs were not read in full ({count} {what})"));
        }
        if !lost.is_complete() || !self.usage.other_callers.is_empty() {
            return not_told("the logs have too many callers to tell them all apart".to_owned());
        }
        Ok(())
    }

    fn kinds(self) -> Result<(), Missing> {
        let coverage = &self.usage.coverage;
        let (mut reads, mut writes) = (coverage.management_reads > 0, coverage.management_writes > 0);
        if coverage.accounts.len() > 1 {
            // The counts are of all accounts together: what the account's own callers did tells of its trail.
            let (own_reads, own_writes) = self.own_kinds();
            (reads, writes) = (reads && own_reads, writes && own_writes);
        }
        if reads && writes {
            return Ok(());
        }
        let what = if reads { "write" } else { "read" };
        not_told(format!(
            "the logs hold no management events that {what} of this account; the trail may leave them out"
        ))
    }

    /// Whether callers of the account read, and whether they wrote, as far as actions tell.
    fn own_kinds(self) -> (bool, bool) {
        let own = self.usage.callers.iter().filter(|(caller, _)| caller.account == Some(self.account.id));
        let levels =
            own.flat_map(|(_, calls)| calls.actions.keys()).filter_map(|name| Catalogue::get().action(name));
        levels.fold((false, false), |(reads, writes), action| match action.access_level() {
            AccessLevel::Read | AccessLevel::List => (true, writes),
            _ => (reads, true),
        })
    }

    fn regions<const N: usize>(self, regions: &Few<N, Stream>) -> Result<(), Missing> {
        let (global, least) = regions_of(self.account.partition);
        if regions.get(global).is_none() {
            return not_told(format!("the logs hold no event of {global}, where global services are logged"));
        }
        let known = regions.iter().filter(|(name, _)| *name != "unknown").count();
        if known < least {
            let noun = if known == 1 { "region" } else { "regions" };
            return not_told(format!(
                "the logs are of {known} {noun} only, so the trail may not be one of all regions"
            ));
        }
        Ok(())
    }

    fn period<const N: usize>(self, regions: &Few<N, Stream>, id: &str, days: u64) -> Result<(), Missing> {
        let streams = || regions.iter().map(|(_, stream)| stream).chain([regions.other()]);
        let (first, last) = (
            streams().filter_map(|stream| stream.events.first).min(),
            streams().filter_map(|stream| stream.events.last).max(),
        );
        let (Some(first), Some(last)) = (first, last) else {
            return not_told("the logs hold no dated event of the account".to_owned());
        };
        let since = self.days_ago(days);
        if first > since {
            return not_told(format!("the logs begin on {} only, not {days} days ago", day(first)));
        }
        if self.now.duration_since(last) > DELAY {
            return not_told(format!("the logs end on {}", day(last)));
        }
        let (since, until) = (date(since), date(self.now));
        let days = self.usage.coverage.days_of(id);
        let gap = days.gaps().find(|(from, to)| *to >= since && *from <= until);
        match gap {
            Some((from, to)) if from == to => not_told(format!("the logs hold no event of {from}")),
            Some((from, to)) => not_told(format!("the logs hold no event from {from} to {to}")),
            None => Ok(()),
        }
    }
}

fn date(at: Timestamp) -> jiff::civil::Date {
    TimeZone::UTC.to_datetime(at).date()
}

fn not_told(why: String) -> Result<(), Missing> {
    Err(Missing::not_collected(why))
}
