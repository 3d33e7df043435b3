//! The event history of a live account.

use std::num::NonZeroUsize;
use std::time::Duration;

use jiff::Timestamp;
use leastwise_iam::AccountId;
use leastwise_model::Missing;
use tokio::time::Instant;

use super::keys::date;
use crate::access::Connection;
use crate::ask::ask;
use crate::each::each;
use crate::failure::Failure;
use crate::pages::Markers;
use crate::permissions::LOOKUP_EVENTS;
use crate::progress::{Progress, Watch};
use crate::session::Session;

/// How many events a call may give.
const PAGE: i32 = 50;
/// An account may call twice a second in each region.
const PACE: Duration = Duration::from_millis(500);
/// How many regions are read at a time.
const REGIONS: NonZeroUsize = NonZeroUsize::MIN.saturating_add(7);

/// Which events to look up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookupRequest {
    /// The regions; global services have their events in `us-east-1`.
    pub regions: Vec<String>,
    /// From when on; AWS keeps 90 days.
    pub from: Option<Timestamp>,
    /// Until when.
    pub to: Option<Timestamp>,
    /// Whose account it is, for the watch.
    pub account: Option<AccountId>,
}

/// What the lookup in one region came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lookup {
    /// The region.
    pub region: String,
    /// How many events were given on.
    pub events: usize,
    /// How many came without a record.
    pub without_record: usize,
    /// Why there may be more.
    pub missing: Option<Missing>,
}

/// Looks events up, and gives the record of each to `take`, as JSON, newest first in each region; the regions are read
/// side by side, each no quicker than AWS allows.
///
/// Source: [LookupEvents](https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html).
pub async fn lookup_events(
    connection: &Connection,
    request: &LookupRequest,
    take: &(dyn Fn(&str, String) + Send + Sync),
    watch: &Watch,
) -> Vec<Lookup> {
    let session = Session::new(&connection.config);
    let readers =
        request.regions.iter().map(|region| Reader { session: &session, request, region, take, watch });
    each(REGIONS, readers.map(Reader::read)).await
}

struct Reader<'r> {
    session: &'r Session,
    request: &'r LookupRequest,
    region: &'r str,
    take: &'r (dyn Fn(&str, String) + Send + Sync),
    watch: &'r Watch,
}

impl Reader<'_> {
    async fn read(self) -> Lookup {
        let region = self.region.to_owned();
        let mut lookup = Lookup { region, events: 0, without_record: 0, missing: None };
        if let Err(failure) = self.pages(&mut lookup).await {
            lookup.missing = Some(failure.missing);
        }
        lookup
    }

    async fn pages(&self, lookup: &mut Lookup) -> Result<(), Failure> {
        let clients = self.session.regional(self.region);
        let mut markers = Markers::of_any_length(&LOOKUP_EVENTS);
        let mut marker = None;
        loop {
            let next_call = Instant::now() + PACE;
            let call = clients.cloud_trail().lookup_events().max_results(PAGE).set_next_token(marker);
            let call = call.set_start_time(self.request.from.map(date));
            let call = call.set_end_time(self.request.to.map(date));
            let answer = ask(&LOOKUP_EVENTS, call.send()).await?;
            let events = answer.events.ok_or_else(|| Failure::lacking(&LOOKUP_EVENTS, "Events"))?;
            for event in events {
                match event.cloud_trail_event {
                    Some(record) => {
                        lookup.events += 1;
                        (self.take)(self.region, record);
                    }
                    None => lookup.without_record += 1,
                }
            }
            self.tell(lookup);
            marker = markers.accept(answer.next_token)?;
            if marker.is_none() {
                return Ok(());
            }
            tokio::time::sleep_until(next_call).await;
        }
    }

    fn tell(&self, lookup: &Lookup) {
        let part = format!("events of {}", self.region);
        (self.watch)(Progress {
            account: self.request.account,
            part: &part,
            done: lookup.events,
            total: None,
        });
    }
}
