//! Which files there are, and how many events each has.

use fastrand::Rng;
use jiff::Timestamp;

use super::world::{self, REGIONS};

/// The first instant of the logs.
pub(super) const START: i64 = 1_767_571_200;

/// How long the logs are: a week.
pub(super) const SPAN: i64 = 7 * 24 * 60 * 60;

/// All files, in the order of accounts, regions and delivery.
pub(super) struct Layout {
    pub(super) files: Vec<File>,
}

/// One file of logs.
#[derive(Debug, Clone)]
pub(super) struct File {
    pub(super) index: usize,
    pub(super) account: usize,
    pub(super) region: &'static str,
    /// When it was delivered, in seconds since 1970.
    pub(super) delivered: i64,
    /// How many events of its own it has.
    pub(super) events: usize,
    unique: String,
}

impl Layout {
    pub(super) fn new(seed: u64, events: usize, files: usize) -> Self {
        let mut rng = Rng::with_seed(seed);
        let mut places: Vec<(usize, usize, i64, f64)> = (0..files).map(|_| place(&mut rng)).collect();
        places.sort_unstable_by_key(|(account, region, delivered, _)| (*account, *region, *delivered));
        let sizes = shares(events, &places.iter().map(|place| place.3).collect::<Vec<_>>());
        let file = |(index, ((account, region, delivered, _), events)): (usize, _)| File {
            index,
            account,
            region: REGIONS.get(region).copied().unwrap_or_default(),
            delivered,
            events,
            unique: std::iter::repeat_with(|| rng.alphanumeric()).take(16).collect(),
        };
        Self { files: places.into_iter().zip(sizes).enumerate().map(file).collect() }
    }

    /// The file of the same account and region that was delivered before.
    pub(super) fn earlier(&self, file: &File) -> Option<&File> {
        let before = self.files.get(file.index.checked_sub(1)?)?;
        (before.account == file.account && before.region == file.region).then_some(before)
    }

    /// The first file that can have an event of this account, region and time; else the last one of the account in
    /// the region, else any of the account.
    pub(super) fn for_event(&self, account: usize, region: &str, time: i64) -> Option<&File> {
        let mut of_region = self.files.iter().filter(|file| file.account == account && file.region == region);
        let later = of_region.clone().find(|file| file.delivered >= time);
        later
            .or_else(|| of_region.next_back())
            .or_else(|| self.files.iter().find(|file| file.account == account))
    }
}

impl File {
    /// The place below the bucket.
    pub(super) fn path(&self) -> String {
        let account = world::account(self.account);
        let time = Timestamp::from_second(self.delivered).unwrap_or_default();
        let (day, minute) = (time.strftime("%Y/%m/%d"), time.strftime("%Y%m%dT%H%MZ"));
        let (organisation, region, unique) = (world::ORGANIZATION, self.region, &self.unique);
        format!(
            "AWSLogs/{organisation}/{account}/CloudTrail/{region}/{day}/{account}_CloudTrail_{region}_{minute}_{unique}.json.gz"
        )
    }
}

/// Account, region, delivery and weight of a file: most are small, some large, a few huge.
fn place(rng: &mut Rng) -> (usize, usize, i64, f64) {
    // The first accounts and regions have most of the traffic.
    let account =
        (0..world::ACCOUNTS.len() - 1).find(|_| rng.u8(..100) < 35).unwrap_or(world::ACCOUNTS.len() - 1);
    let region = (0..REGIONS.len() - 1).find(|_| rng.u8(..100) < 50).unwrap_or(REGIONS.len() - 1);
    let minutes = rng.i64(0..SPAN / 300) * 5;
    let normal = (0..12).map(|_| rng.f64()).sum::<f64>() - 6.0;
    let tail = if rng.usize(..500) == 0 { 40.0 } else { 1.0 };
    (account, region, START + minutes * 60 + 300, (normal * 1.3).exp() * tail)
}

/// Shares of a number by weight, each at least one.
fn shares(number: usize, weights: &[f64]) -> Vec<usize> {
    let total: f64 = weights.iter().sum();
    let rest = number.saturating_sub(weights.len());
    let (mut sum, mut given) = (0.0, 0);
    let mut share = |weight: &f64| {
        sum += weight;
        let until = whole(sum / total * as_float(rest)).min(rest);
        let own = until.saturating_sub(given);
        given = given.max(until);
        own + 1
    };
    let mut shares: Vec<usize> = weights.iter().map(&mut share).collect();
    if let Some(last) = shares.last_mut() {
        *last += rest - given;
    }
    shares
}

#[expect(clippy::cast_precision_loss, reason = "numbers of events are far below 2^52")]
fn as_float(number: usize) -> f64 {
    number as f64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it is between 0 and a number of events"
)]
fn whole(number: f64) -> usize {
    number.round() as usize
}
