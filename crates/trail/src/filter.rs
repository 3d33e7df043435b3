//! Which events are wanted.

use jiff::{SignedDuration, Timestamp};
use leastwise_iam::AccountId;

use crate::{Event, Field, Place};

/// How much later than its events a file may be delivered. A path carries the time of delivery, so a file of up to
/// so long after the span that is asked for is read.
pub const SLACK: SignedDuration = SignedDuration::from_hours(24);

/// Which events are wanted: those of some accounts, regions and a span of time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only events of these accounts; of all, if there are none.
    pub accounts: Vec<AccountId>,
    /// Only events of these regions; of all, if there are none.
    pub regions: Vec<String>,
    /// Only events of this instant and later.
    pub since: Option<Timestamp>,
    /// Only events before this instant.
    pub until: Option<Timestamp>,
}

impl Filter {
    /// True if no file of that place can hold a wanted event.
    pub fn skips(&self, place: &Place<'_>) -> bool {
        let account = self.accounts.is_empty() || self.accounts.contains(&place.account);
        let region = self.regions.is_empty() || self.regions.iter().any(|region| region == place.region);
        !account || !region || self.is_too_early(place.delivered) || self.is_too_late(place.delivered)
    }

    /// Events happen before they are delivered (clocks may differ a little); minutes are all that a path has.
    fn is_too_early(&self, delivered: Timestamp) -> bool {
        let latest = delivered.saturating_add(SignedDuration::from_mins(5));
        self.since.zip(latest.ok()).is_some_and(|(since, latest)| latest < since)
    }

    fn is_too_late(&self, delivered: Timestamp) -> bool {
        let earliest = delivered.saturating_sub(SLACK);
        self.until.zip(earliest.ok()).is_some_and(|(until, earliest)| earliest >= until)
    }

    /// True if the event is wanted. One whose account, region or time is not known is not among those asked for.
    pub fn takes(&self, event: &Event<'_>) -> bool {
        self.takes_account(event) && self.takes_region(event) && self.takes_time(event)
    }

    fn takes_account(&self, event: &Event<'_>) -> bool {
        let account = || event.str(Field::RecipientAccountId).and_then(|account| account.parse().ok());
        self.accounts.is_empty() || account().is_some_and(|account| self.accounts.contains(&account))
    }

    fn takes_region(&self, event: &Event<'_>) -> bool {
        let wanted = |region| self.regions.iter().any(|wanted| wanted == region);
        self.regions.is_empty() || event.str(Field::AwsRegion).is_some_and(wanted)
    }

    fn takes_time(&self, event: &Event<'_>) -> bool {
        if self.since.is_none() && self.until.is_none() {
            return true;
        }
        let in_span = |time| {
            self.since.is_none_or(|since| time >= since) && self.until.is_none_or(|until| time < until)
        };
        event.time().is_some_and(in_span)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Record;

    fn filter(accounts: &[&str], regions: &[&str], since: &str, until: &str) -> Filter {
        Filter {
            accounts: accounts.iter().map(|account| account.parse().unwrap()).collect(),
            regions: regions.iter().map(ToString::to_string).collect(),
            since: since.parse().ok(),
            until: until.parse().ok(),
        }
    }

    #[test]
    fn files() {
        let path = "111122223333_CloudTrail_us-east-1_20240702T1200Z_x.json.gz";
        for (filter, skips) in [
            (Filter::default(), false),
            (filter(&["111122223333"], &["us-east-1", "eu-west-1"], "", ""), false),
            (filter(&["999999999999"], &[], "", ""), true),
            (filter(&[], &["eu-west-1"], "", ""), true),
            (filter(&[], &[], "2024-07-02T12:04:00Z", ""), false),
            (filter(&[], &[], "2024-07-02T12:06:00Z", ""), true),
            (filter(&[], &[], "", "2024-07-01T12:00:01Z"), false),
            (filter(&[], &[], "", "2024-07-01T12:00:00Z"), true),
        ] {
            assert_eq!(filter.skips(&Place::new(path).unwrap()), skips, "{filter:?}");
        }
    }

    #[test]
    fn events() {
        let text = br#"{"eventTime":"2024-07-02T12:00:00Z","awsRegion":"us-east-1","recipientAccountId":"111122223333"}"#;
        let record = Record::parse(text).unwrap();
        for (filter, takes) in [
            (Filter::default(), true),
            (filter(&["111122223333"], &["us-east-1"], "2024-07-02T12:00:00Z", "2024-07-02T12:00:01Z"), true),
            (filter(&["999999999999"], &[], "", ""), false),
            (filter(&[], &["eu-west-1"], "", ""), false),
            (filter(&[], &[], "2024-07-02T12:00:01Z", ""), false),
            (filter(&[], &[], "", "2024-07-02T12:00:00Z"), false),
        ] {
            assert_eq!(filter.takes(&Event::new(record.root()).unwrap()), takes, "{filter:?}");
            let empty = Record::parse(b"{}").unwrap();
            assert_eq!(filter.takes(&Event::new(empty.root()).unwrap()), filter == Filter::default());
        }
    }
}
