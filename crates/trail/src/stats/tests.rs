use proptest::prelude::*;

use super::*;
use crate::json::Record;

fn record(time: &str, more: &str) -> String {
    format!(
        r#"{{"eventSource":"ec2.amazonaws.com","eventName":"RunInstances","eventTime":"{time}","awsRegion":"eu-west-1","recipientAccountId":"111111111111","sourceIPAddress":"198.51.100.7","eventType":"AwsApiCall"{more}}}"#
    )
}

fn stats_in(records: &[String], ends: &[usize]) -> Stats {
    let analysis = StatsAnalysis::new(2 * HOUR);
    let (mut whole, mut part) = (StatsWhole::default(), analysis.part());
    for (index, json) in records.iter().enumerate() {
        if ends.contains(&index) {
            analysis.join(&mut whole, std::mem::take(&mut part));
        }
        let record = Record::parse(json.as_bytes()).unwrap();
        analysis.event(&mut part, &Event::new(record.root()).unwrap());
    }
    analysis.join(&mut whole, part);
    analysis.finish(whole, 5)
}

#[test]
fn all_of_it() {
    let user = r#","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111111111111:user/u"}"#;
    let records = [
        record(
            "2026-01-02T03:04:05Z",
            &format!(r#","readOnly":false,"errorCode":"X","eventCategory":"Management"{user}"#),
        ),
        record("2026-01-02T03:59:05Z", &format!(r#","readOnly":"true"{user}"#)),
        record("2026-01-02T08:00:00Z", ""),
        "{}".to_owned(),
    ];
    let stats = stats_in(&records, &[]);
    let counts = [stats.events, stats.undated, stats.reads, stats.writes, stats.read_or_write];
    assert_eq!(counts, [4, 1, 1, 1, 2]);
    let rows =
        |top: &Top| top.rows.iter().map(|row| format!("{} {}", row.name, row.count)).collect::<Vec<_>>();
    assert_eq!(rows(&stats.services), ["ec2.amazonaws.com 3", "unknown 1"]);
    assert_eq!(rows(&stats.names), ["ec2.amazonaws.com RunInstances 3", "unknown unknown 1"]);
    assert_eq!(rows(&stats.callers), ["arn:aws:iam::111111111111:user/u 2", "no identity 2"]);
    assert_eq!(rows(&stats.errors), ["X 1"]);
    assert_eq!(rows(&stats.accounts), ["111111111111 3", "unknown 1"]);
    assert_eq!(rows(&stats.categories), ["unknown 3", "Management 1"]);
    let hours: Vec<String> = stats.hours.iter().map(|(hour, events)| format!("{hour} {events}")).collect();
    assert_eq!(hours, ["2026-01-02T03:00:00Z 2", "2026-01-02T08:00:00Z 1"]);
    let gaps: Vec<String> = stats.gaps.iter().map(|gap| format!("{} {}", gap.from, gap.to)).collect();
    assert_eq!(gaps, ["2026-01-02T03:59:05Z 2026-01-02T08:00:00Z"]);
    assert_eq!(stats.first.unwrap().to_string(), "2026-01-02T03:04:05Z");
    assert_eq!(stats.last.unwrap().to_string(), "2026-01-02T08:00:00Z");
}

proptest! {
    /// Neither parts nor order matter.
    #[test]
    fn parts_and_order_do_not_matter(
        picks in proptest::collection::vec((0u8..24, 0u8..3), 0..20),
        ends in proptest::collection::vec(0usize..20, 0..4),
    ) {
        let record = |(hour, kind): &(u8, u8)| {
            let more = ["", r#","errorCode":"X""#, r#","userIdentity":{"type":"Root"}"#][usize::from(*kind)];
            record(&format!("2026-01-02T{hour:02}:00:00Z"), more)
        };
        let mut records: Vec<String> = picks.iter().map(record).collect();
        let whole = stats_in(&records, &[]);
        prop_assert_eq!(&stats_in(&records, &ends), &whole);
        records.reverse();
        prop_assert_eq!(&stats_in(&records, &ends), &whole);
    }
}
