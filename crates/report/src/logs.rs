//! What CloudTrail's logs cover, in words and for programs.

use std::collections::BTreeMap;

use jiff::Timestamp;
use leastwise_checks::Assessment;
use leastwise_model::{Coverage, Few, Merge, Stream};
use serde::Serialize;

use crate::figures::{count, instant, number};

/// One sentence for the head of a report: of which accounts the logs are, from when to when, how many events, and what
/// was lost; nothing where no logs were given.
pub fn logs(assessment: &Assessment) -> Option<String> {
    let coverage = assessment.logs.as_ref()?;
    let events = number(usize::try_from(coverage.events.count).unwrap_or(usize::MAX));
    let accounts = count(coverage.accounts.len(), "account");
    let period = match (coverage.events.first, coverage.events.last) {
        (Some(first), Some(last)) => format!(" from {} to {}", instant(first), instant(last)),
        _ => String::new(),
    };
    let lost = match lost(coverage) {
        0 => "nothing was lost in reading them".to_owned(),
        _ => "some of them were lost".to_owned(),
    };
    let without = without(assessment, coverage);
    Some(format!("{events} events of {accounts}{period}; {lost}{without}"))
}

fn lost(coverage: &Coverage) -> u64 {
    coverage.lost.total().saturating_add(coverage.other_accounts)
}

/// The audited accounts of which the logs hold nothing.
fn without(assessment: &Assessment, coverage: &Coverage) -> String {
    let missing = |id: &String| !coverage.accounts.contains_key(id);
    let ids: Vec<String> =
        assessment.accounts.iter().map(|account| account.id.to_string()).filter(missing).collect();
    match ids.as_slice() {
        [] => String::new(),
        [one] => format!("; they hold none of account {one}"),
        [first, rest @ ..] => format!("; they hold none of account {first} and {} more", number(rest.len())),
    }
}

/// The same for programs.
#[derive(Serialize)]
pub(crate) struct Logs<'a> {
    events: u64,
    first: Option<Timestamp>,
    last: Option<Timestamp>,
    management_reads: u64,
    management_writes: u64,
    data: &'a Few<64>,
    accounts: BTreeMap<&'a str, Account<'a>>,
    lost: &'a Few<64>,
}

#[derive(Serialize)]
struct Account<'a> {
    events: u64,
    first: Option<Timestamp>,
    last: Option<Timestamp>,
    days: usize,
    regions: Vec<&'a str>,
}

impl<'a> Logs<'a> {
    pub(crate) fn new(coverage: &'a Coverage) -> Self {
        let accounts = coverage.accounts.iter();
        Self {
            events: coverage.events.count,
            first: coverage.events.first,
            last: coverage.events.last,
            management_reads: coverage.management_reads,
            management_writes: coverage.management_writes,
            data: &coverage.data,
            accounts: accounts.map(|(id, regions)| (id.as_str(), Account::new(regions))).collect(),
            lost: &coverage.lost,
        }
    }
}

impl<'a> Account<'a> {
    fn new(regions: &'a Few<64, Stream>) -> Self {
        let mut all = regions.other().clone();
        regions.iter().for_each(|(_, stream)| all.merge(stream.clone()));
        Self {
            events: all.events.count,
            first: all.events.first,
            last: all.events.last,
            days: all.days.len(),
            regions: regions.iter().map(|(name, _)| name).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{PRODUCTION, assessment};
    use crate::{Style, View};

    fn with_logs() -> Assessment {
        let mut coverage = Coverage::default();
        for time in ["2026-01-01T00:00:00Z", "2026-02-28T23:00:00Z"] {
            let time = time.parse().ok();
            coverage.events.add(time);
            for region in ["us-east-1", "eu-west-1"] {
                coverage.accounts.entry(PRODUCTION.to_owned()).or_default().entry(region).add(time);
            }
        }
        Assessment { logs: Some(coverage), ..assessment() }
    }

    #[test]
    fn the_head_says_what_logs_cover() {
        let mut assessment = with_logs();
        let expected = "2 events of 1 account from 2026-01-01 00:00 UTC to 2026-02-28 23:00 UTC; nothing was lost in \
                        reading them; they hold none of account";
        let words = logs(&assessment).unwrap();
        assert!(words.starts_with(expected) && words.ends_with("and 1 more"), "{words}");
        if let Some(coverage) = &mut assessment.logs {
            coverage.lost.count("files that could not be read");
        }
        let words = logs(&assessment).unwrap();
        assert!(words.contains("some of them were lost"), "{words}");
        let text = crate::text::render(&assessment, &View::default(), &Style::plain(100));
        let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(joined.contains(&format!("Logs: {words}")), "{text}");
        assert!(crate::markdown::render(&assessment, &View::default()).contains("Logs: 2 events"));
        assert_eq!(logs(&crate::testing::assessment()), None);
    }

    #[test]
    fn the_object_says_it_too() {
        let mut bytes = Vec::new();
        crate::json::write(&with_logs(), &View::default(), &mut bytes).unwrap();
        let report: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        let logs = &report["logs"];
        assert_eq!(logs["events"], 2);
        assert_eq!(logs["accounts"][PRODUCTION]["days"], 2);
        assert_eq!(logs["accounts"][PRODUCTION]["events"], 4);
        assert_eq!(logs["accounts"][PRODUCTION]["regions"], serde_json::json!(["eu-west-1", "us-east-1"]));
        assert_eq!(logs["lost"], serde_json::json!({}));
    }
}
