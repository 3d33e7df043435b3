//! What there is in logs: who, what, where, when, and where something may be missing.

mod runs;
mod table;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use self::runs::Runs;
use self::table::Table;
use crate::json::{Shape, Value};
use crate::usage::hash::{Map, Prints};
use crate::usage::identity::Identity;
use crate::{Analysis, Event, Field, moment};

pub use table::{Row, Top};

/// How many pairs of account and region are looked at for gaps.
const MOST_STREAMS: usize = 10_000;

const HOUR: i64 = 60 * 60;

/// Makes [`Stats`] of events.
#[derive(Debug, Clone)]
pub struct StatsAnalysis {
    /// A gap is longer than this many seconds.
    gap: i64,
    prints: Prints,
}

/// What the events of one file come to.
#[derive(Debug, Default)]
pub struct StatsPart {
    counts: Counts,
    callers: Map<u128, Box<str>>,
    key: String,
    place: Option<(Box<str>, Box<str>, u64, Runs)>,
    hour: (i64, u64),
}

/// What all events come to.
#[derive(Debug, Default)]
pub struct StatsWhole {
    counts: Counts,
}

#[derive(Debug, Default)]
struct Counts {
    events: u64,
    undated: u64,
    reads: u64,
    writes: u64,
    accounts: Table,
    regions: Table,
    names: Table,
    errors: Table,
    callers: Table,
    addresses: Table,
    kinds: Table,
    categories: Table,
    hours: BTreeMap<i64, u64>,
    streams: BTreeMap<(Box<str>, Box<str>), Runs>,
    other_streams: u64,
}

/// What there is in logs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stats {
    /// How many events.
    pub events: u64,
    /// Events whose record tells no time that can be one; they are in no histogram.
    pub undated: u64,
    /// The first event.
    pub first: Option<Timestamp>,
    /// The last event.
    pub last: Option<Timestamp>,
    /// Events that only read.
    pub reads: u64,
    /// Events that change something.
    pub writes: u64,
    /// Events whose record does not tell whether they only read.
    pub read_or_write: u64,
    /// By the account whose log they are in.
    pub accounts: Top,
    /// By region.
    pub regions: Top,
    /// By service: `ec2.amazonaws.com`.
    pub services: Top,
    /// By service and event: `ec2.amazonaws.com RunInstances`.
    pub names: Top,
    /// Errors, by code.
    pub errors: Top,
    /// By caller, without its sessions.
    pub callers: Top,
    /// By the address that the call came from.
    pub addresses: Top,
    /// By type: `AwsApiCall`, `AwsConsoleSignIn` and so on.
    pub kinds: Top,
    /// By category: management, data, network activity, Insight.
    pub categories: Top,
    /// How many events in each hour (UTC) that has any.
    pub hours: Vec<(Timestamp, u64)>,
    /// Where something may be missing: see [`Gap`].
    pub gaps: Vec<Gap>,
    /// How long a gap is at least, in seconds.
    pub gap_seconds: i64,
    /// Events of further accounts and regions, in which no gaps were looked for.
    pub unwatched: u64,
}

/// A stretch longer than a stated length in which an account had no event in a region, though it had before and after.
/// It was quiet, or logs are missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Gap {
    /// The account.
    pub account: String,
    /// The region.
    pub region: String,
    /// The last event before.
    pub from: Timestamp,
    /// The first event after.
    pub to: Timestamp,
}

impl StatsAnalysis {
    /// Gaps are longer than this many seconds, which are at least one.
    pub fn new(gap_seconds: i64) -> Self {
        Self { gap: gap_seconds.max(1), prints: Prints::default() }
    }

    /// The result, with so many rows in each list.
    pub fn finish(&self, whole: StatsWhole, rows: usize) -> Stats {
        whole.counts.finish(self.gap, rows)
    }
}

impl Analysis for StatsAnalysis {
    type Part = StatsPart;
    type Whole = StatsWhole;

    fn part(&self) -> StatsPart {
        StatsPart::default()
    }

    fn event(&self, part: &mut StatsPart, event: &Event<'_>) {
        part.counts.events += 1;
        part.when_and_where(event, self.gap);
        part.who(event, &self.prints);
        part.what(event);
    }

    fn join(&self, whole: &mut StatsWhole, mut part: StatsPart) {
        part.flush(self.gap);
        whole.counts.join(part.counts, self.gap);
    }
}

impl StatsPart {
    fn when_and_where(&mut self, event: &Event<'_>, gap: i64) {
        let account = event.str(Field::RecipientAccountId).or_else(|| account_of_caller(event));
        let [account, region] = [account, event.str(Field::AwsRegion)]
            .map(|text| text.filter(|text| !text.is_empty()).unwrap_or("unknown"));
        if !matches!(&self.place, Some((own, place, ..)) if **own == *account && **place == *region) {
            self.flush(gap);
            self.place = Some((account.into(), region.into(), 0, Runs::default()));
        }
        let time = moment::seconds(event);
        if let Some((_, _, events, runs)) = &mut self.place {
            *events += 1;
            if let Some(time) = time {
                runs.add(time, gap);
            }
        }
        match time.map(|time| time.div_euclid(HOUR)) {
            None => self.counts.undated += 1,
            Some(hour) if hour == self.hour.0 => self.hour.1 += 1,
            Some(hour) => {
                self.flush_hour();
                self.hour = (hour, 1);
            }
        }
    }

    fn who(&mut self, event: &Event<'_>, prints: &Prints) {
        let identity = Identity::of(event);
        let print = identity.print(prints);
        if let Some(caller) = self.callers.get(&print) {
            self.counts.callers.count(caller);
        } else {
            let caller: Box<str> = identity.caller().id.into();
            self.counts.callers.count(&caller);
            if self.callers.len() < table::KEPT {
                self.callers.insert(print, caller);
            }
        }
        self.counts.addresses.count(event.str(Field::SourceIpAddress).unwrap_or("unknown"));
    }

    fn what(&mut self, event: &Event<'_>) {
        self.key.clear();
        self.key.push_str(event.str(Field::EventSource).unwrap_or("unknown"));
        self.key.push(' ');
        self.key.push_str(event.str(Field::EventName).unwrap_or("unknown"));
        self.counts.names.count(&self.key);
        if let Some(code) = event.str(Field::ErrorCode).filter(|code| !code.is_empty()) {
            self.counts.errors.count(code);
        }
        self.counts.kinds.count(event.str(Field::EventType).unwrap_or("unknown"));
        self.counts.categories.count(event.str(Field::EventCategory).unwrap_or("unknown"));
        match event.field(Field::ReadOnly).map(Value::shape) {
            Some(Shape::Bool(true) | Shape::String("true")) => self.counts.reads += 1,
            Some(Shape::Bool(false) | Shape::String("false")) => self.counts.writes += 1,
            _ => {}
        }
    }

    fn flush(&mut self, gap: i64) {
        self.flush_hour();
        if let Some((account, region, events, runs)) = self.place.take() {
            self.counts.accounts.add(&account, events);
            self.counts.regions.add(&region, events);
            self.counts.add_stream((account, region), runs, gap);
        }
    }

    fn flush_hour(&mut self) {
        let (hour, events) = std::mem::take(&mut self.hour);
        if events > 0 {
            *self.counts.hours.entry(hour).or_default() += events;
        }
    }
}

fn account_of_caller<'r>(event: &Event<'r>) -> Option<&'r str> {
    event.field(Field::UserIdentity)?.get("accountId")?.as_str()
}

impl Counts {
    fn add_stream(&mut self, place: (Box<str>, Box<str>), runs: Runs, gap: i64) {
        if let Some(own) = self.streams.get_mut(&place) {
            own.merge(runs, gap);
        } else if self.streams.len() < MOST_STREAMS {
            self.streams.insert(place, runs);
        } else {
            self.other_streams += runs.events();
        }
    }

    fn join(&mut self, other: Self, gap: i64) {
        self.events += other.events;
        self.undated += other.undated;
        self.reads += other.reads;
        self.writes += other.writes;
        self.accounts.merge(other.accounts);
        self.regions.merge(other.regions);
        self.names.merge(other.names);
        self.errors.merge(other.errors);
        self.callers.merge(other.callers);
        self.addresses.merge(other.addresses);
        self.kinds.merge(other.kinds);
        self.categories.merge(other.categories);
        for (hour, events) in other.hours {
            *self.hours.entry(hour).or_default() += events;
        }
        for (place, runs) in other.streams {
            self.add_stream(place, runs, gap);
        }
        self.other_streams += other.other_streams;
    }

    fn finish(self, gap: i64, rows: usize) -> Stats {
        let instant = |seconds| Timestamp::from_second(seconds).ok();
        let ends = self.streams.values().filter_map(Runs::ends);
        let (firsts, lasts): (Vec<i64>, Vec<i64>) = ends.unzip();
        Stats {
            events: self.events,
            undated: self.undated,
            first: firsts.into_iter().min().and_then(instant),
            last: lasts.into_iter().max().and_then(instant),
            reads: self.reads,
            writes: self.writes,
            read_or_write: self.events - self.reads - self.writes,
            accounts: self.accounts.top(rows),
            regions: self.regions.top(rows),
            services: self.names.by_first_word().top(rows),
            names: self.names.top(rows),
            errors: self.errors.top(rows),
            callers: self.callers.top(rows),
            addresses: self.addresses.top(rows),
            kinds: self.kinds.top(rows),
            categories: self.categories.top(rows),
            hours: self
                .hours
                .iter()
                .filter_map(|(hour, events)| Some((instant(hour * HOUR)?, *events)))
                .collect(),
            gaps: self.streams.iter().flat_map(gaps).collect(),
            gap_seconds: gap,
            unwatched: self.other_streams,
        }
    }
}

fn gaps(((account, region), runs): (&(Box<str>, Box<str>), &Runs)) -> Vec<Gap> {
    let gap = |(from, to)| {
        let [from, to] = [from, to].map(|seconds| Timestamp::from_second(seconds).ok());
        Some(Gap { account: account.to_string(), region: region.to_string(), from: from?, to: to? })
    };
    runs.gaps().filter_map(gap).collect()
}

#[cfg(test)]
mod tests;
