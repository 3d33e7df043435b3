//! Files of all forms, whole and broken, read at once and in pieces.

use std::io::{self, Read, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use super::{Limits, Reader, Tally};
use crate::{Event, Field};

/// So small that every file of more than a few records is read in pieces.
const SMALL: Limits = Limits { whole: 700, piece: 300, text: 1 << 30 };

fn record(id: usize) -> Value {
    json!({
        "eventVersion": "1.08", "eventID": id.to_string(), "eventName": "GetObject", "readOnly": true,
        "requestParameters": {"key": "a \"quoted\" {[ \\ ä", "list": [1, {"x": null}]},
    })
}

fn records(count: usize) -> Vec<Value> {
    (0..count).map(record).collect()
}

fn ids(count: usize) -> Vec<String> {
    (0..count).map(|id| id.to_string()).collect()
}

fn lines(values: &[Value]) -> String {
    values.iter().map(|value| format!("{value}\n")).collect::<Vec<_>>().concat()
}

fn gzip(bytes: impl AsRef<[u8]>) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes.as_ref()).unwrap();
    encoder.finish().unwrap()
}

fn read_with(limits: Limits, file: impl Read) -> (Vec<String>, Tally) {
    let (mut ids, mut tally) = (Vec::new(), Tally::default());
    let mut take = |event: &Event<'_>| ids.push(event.str(Field::EventId).unwrap_or("-").to_owned());
    Reader::new(limits).read(file, &mut tally, &mut take);
    (ids, tally)
}

/// Reads at once and in pieces: both see the same events.
fn read(file: &[u8]) -> (Vec<String>, Tally) {
    let at_once = read_with(Limits::default(), file);
    for piece in [1, 300, 5000] {
        let pieces = read_with(Limits { whole: 700.max(piece), piece, ..SMALL }, file);
        assert_eq!(at_once.0, pieces.0, "in pieces of {piece}: {}", String::from_utf8_lossy(file));
        let counts = |tally: &Tally| (tally.events, tally.insights, tally.digests, tally.cut, tally.replaced);
        assert_eq!(counts(&at_once.1), counts(&pieces.1), "{:?}", String::from_utf8_lossy(file));
    }
    at_once
}

fn whys(tally: &Tally) -> Vec<&str> {
    tally.examples.iter().map(|loss| &*loss.why).collect()
}

fn forms(count: usize) -> Vec<(&'static str, String)> {
    let all = records(count);
    let texts = || all.iter().map(Value::to_string);
    let messages: Vec<_> = texts().map(|text| json!({"id": "1", "timestamp": 1, "message": text})).collect();
    let bus = |record: &Value| {
        json!({"version": "0", "id": "x", "detail-type": "AWS API Call via CloudTrail", "source": "aws.s3",
               "account": "111122223333", "time": "2024-01-01T00:00:00Z", "resources": [], "detail": record})
    };
    let row = |record: &Value| {
        let cell = |(name, value): (&String, &Value)| json!({name: value.as_str().map_or_else(|| value.to_string(), str::to_owned)});
        record.as_object().unwrap().iter().map(cell).collect::<Value>()
    };
    let looked_up: Vec<_> = texts()
        .map(|text| json!({"EventId": "x", "EventName": "y", "Resources": [], "CloudTrailEvent": text}))
        .collect();
    let stamped: Vec<_> = texts().map(|text| format!("2024-07-01T10:00:00.000Z {text}\n")).collect();
    let insights: Vec<_> = texts()
        .map(|text| json!([{"field": "@timestamp", "value": "1"}, {"field": "@message", "value": text}]))
        .collect();
    let subscription = json!({"messageType": "DATA_MESSAGE", "owner": "111122223333", "logGroup": "g",
        "logStream": "s", "subscriptionFilters": ["f"], "logEvents": messages});
    let lake = json!({"QueryStatus": "FINISHED", "QueryStatistics": {"ResultsCount": count},
        "QueryResultRows": all.iter().map(row).collect::<Vec<_>>()});
    let json_column: Vec<_> = texts().map(|text| json!([{"eventJson": text}])).collect();
    vec![
        ("native", json!({"Records": all}).to_string()),
        ("native, printed", format!("{:#}\n", json!({"Records": all}))),
        ("native, with more", format!(r#"{{"Records":{},"x":[{{}}],"y":1}}"#, json!(all))),
        ("native, after more", format!(r#"{{"x":"Records","y":["Records"],"Records":{}}}"#, json!(all))),
        ("native, twice", format!("{}{}", json!({"Records": all[..1]}), json!({"Records": all[1..]}))),
        ("native, in lines", format!("{}\n{}\n", json!({"Records": all[..1]}), json!({"Records": all[1..]}))),
        ("list", json!(all).to_string()),
        ("list, printed", format!("{:#}", json!(all))),
        ("lines", lines(&all)),
        ("lines that end as on Windows", lines(&all).replace('\n', "\r\n\r\n")),
        ("one after the other", texts().collect()),
        (
            "one after the other, printed",
            all.iter().map(|record| format!("{record:#}\n")).collect::<Vec<_>>().concat(),
        ),
        ("with a mark of the byte order", format!("\u{feff}{}", json!({"Records": all}))),
        ("with times in front", stamped.concat()),
        ("subscription", subscription.to_string()),
        (
            "subscriptions",
            lines(&[
                subscription,
                json!({"messageType": "CONTROL_MESSAGE", "logEvents": [{"message": "?"}]}),
            ]),
        ),
        ("get-log-events", json!({"events": messages, "nextForwardToken": "f/1"}).to_string()),
        ("filter-log-events", format!("{:#}", json!({"searchedLogStreams": [], "events": messages}))),
        ("messages", json!(texts().collect::<Vec<_>>()).to_string()),
        ("query of logs", json!({"results": insights, "status": "Complete"}).to_string()),
        ("bus", lines(&all.iter().map(bus).collect::<Vec<_>>())),
        ("looked up", format!("{:#}", json!({"Events": looked_up, "NextToken": "x"}))),
        ("lake", lake.to_string()),
        ("lake, printed", format!("{lake:#}")),
        ("lake, as JSON", json!({"QueryResultRows": json_column}).to_string()),
    ]
}

#[test]
fn every_form_gives_the_same_events() {
    for count in [1, 2, 40] {
        for (name, text) in forms(count) {
            for file in [text.clone().into_bytes(), gzip(&text)] {
                let (read, tally) = read(&file);
                assert_eq!((read, whys(&tally)), (ids(count), vec![]), "{name}");
                assert_eq!(tally.bytes, text.len() as u64, "{name}");
            }
        }
    }
}

#[test]
fn nothing_to_read_is_no_loss() {
    for text in ["", " \n", "[]", r#"{"Records":[]}"#, r#"{"Records":null}"#, r#"{"QueryResultRows":[]}"#] {
        for file in [text.as_bytes().to_vec(), gzip(text)] {
            assert_eq!(read(&file).1, Tally { bytes: text.len() as u64, ..Tally::default() }, "{text}");
        }
    }
}

#[test]
fn members_are_all_read() {
    let all = records(30);
    let halves = [gzip(lines(&all[..20])), gzip(lines(&all[20..]))].concat();
    assert_eq!(read(&halves).0, ids(30));
    // The end of the file says what the first member is, and yet it is not all.
    let twice = gzip(lines(&all)).repeat(2);
    assert_eq!(read(&twice).0, [ids(30), ids(30)].concat());
    let text = json!({"Records": all}).to_string();
    let split: Vec<u8> = text.as_bytes().chunks(100).flat_map(gzip).collect();
    assert_eq!(read(&split).0, ids(30));
}

#[test]
fn what_comes_before_a_cut_is_read() {
    let text = json!({"Records": records(50)}).to_string();
    let whole = gzip(&text);
    for (file, why) in [
        (whole[..whole.len() - 9].to_vec(), "the gzip data is cut off; what comes before was read"),
        (whole[..whole.len() - 3].to_vec(), "the gzip data is cut off; what comes before was read"),
        (text.as_bytes()[..text.len() * 17 / 20].to_vec(), "does not end"),
    ] {
        let (read, tally) = read(&file);
        assert!(read.len() >= 40 && read == ids(50)[..read.len()], "{read:?}");
        assert!(tally.cut >= 1 && whys(&tally).contains(&why), "{tally:?}");
    }
}

#[test]
fn wrong_sums_are_found() {
    let mut file = gzip(lines(&records(3)));
    let at = file.len() - 6;
    file[at] ^= 1;
    let (read, tally) = read(&file);
    assert_eq!((read.len(), tally.cut), (3, 1));
    assert!(whys(&tally)[0].contains("broken"), "{tally:?}");
}

#[test]
fn what_follows_a_member_and_is_none_is_told() {
    let (read, tally) = read(&[gzip(lines(&records(3))), b"padding".to_vec()].concat());
    assert_eq!((read, tally.cut), (ids(3), 1));
}

#[test]
fn broken_records_are_lost_alone() {
    let [a, b, c] = [record(0), record(1), record(2)].map(|record| record.to_string());
    for (bad, repaired) in [
        (r#"{"eventID":}"#, None),
        (r#"{"eventID":"x" "y"}"#, None),
        ("7", None),
        ("null", None),
        (r#""text""#, None),
        (r#"{"other":"thing"}"#, None),
        ("{}", None),
        (r#"{"eventID":"x","n":1e999}"#, None),
        (r#"{"eventID":"x\ud83d"}"#, Some("x\u{fffd}")),
        (r#"{"eventID":{"odd":1},"eventTime":7}"#, Some("-")),
        (r#"{"eventVersion":null}"#, Some("-")),
    ] {
        let deep = format!("{bad}{}", " ".repeat(usize::from(bad.is_empty())));
        for text in [
            format!(r#"{{"Records":[{a},{deep},{b},{c}]}}"#),
            format!("[{a},\n{deep},\n{b},{c}]"),
            format!("{a}\n{deep}\n{b}\n{c}\n"),
        ] {
            let (read, tally) = read(text.as_bytes());
            let expected: Vec<_> = ["0"].into_iter().chain(repaired).chain(["1", "2"]).collect();
            assert_eq!(read, expected, "{text}");
            assert_eq!(tally.refused, u64::from(repaired.is_none()), "{text}");
        }
    }
}

#[test]
fn broken_lines_are_lost_alone() {
    let [a, b] = [record(0), record(1)].map(|record| record.to_string());
    for bad in
        [r#"{"eventID":"x"#, r#"{"eventID":"x""#, r#"{"a":[{"#, "nonsense", "}", "]", "-- text --", "<xml/>"]
    {
        let (read, tally) = read(format!("{a}\n{bad}\n{b}\n").as_bytes());
        assert_eq!((read, tally.refused), (ids(2), 1), "{bad}");
    }
}

#[test]
fn deep_and_wide_records_are_refused() {
    let deep = format!(r#"{{"eventID":"x","v":{}{}}}"#, "[".repeat(200), "]".repeat(200));
    let text = format!("[{},{deep},{}]", record(0), record(1));
    let (read, tally) = read_with(Limits::default(), text.as_bytes());
    assert_eq!((read, tally.refused), (ids(2), 1));
}

#[test]
fn bytes_that_are_no_text_are_replaced() {
    let mut file = lines(&records(3)).into_bytes();
    let at = file.windows(9).position(|bytes| bytes == b"GetObject").unwrap();
    file[at] = 0xff;
    let (read, tally) = read(&file);
    assert_eq!((read, tally.replaced, tally.examples[0].at), (ids(3), 1, at as u64));
}

#[test]
fn long_values_are_read() {
    let mut long = record(1);
    long["userAgent"] = "long \"agent\" ".repeat(2_000_000 / 13).into();
    let text = json!({"Records": [record(0), long, record(2)]}).to_string();
    let pieces = Limits { whole: 4 << 20, piece: 1 << 10, ..SMALL };
    for (ids_read, tally) in
        [read_with(Limits::default(), text.as_bytes()), read_with(pieces, text.as_bytes())]
    {
        assert_eq!((ids_read, whys(&tally)), (ids(3), vec![]));
    }
}

#[test]
fn what_is_longer_than_the_room_is_refused() {
    let mut long = record(1);
    long["userAgent"] = "\\\"".repeat(5000).into();
    let all = [record(0), long, record(2), record(3)];
    for text in [
        json!({"Records": all}).to_string(),
        json!(all).to_string(),
        lines(&all),
        format!("{}{}{}", all[0], all[1], all[2]),
    ] {
        for limits in [SMALL, Limits { whole: 701, ..SMALL }, Limits { piece: 1, ..SMALL }] {
            let (read, tally) = read_with(limits, text.as_bytes());
            assert_eq!(read, ["0", "2", "3"][..read.len()], "{text}");
            assert_eq!((read.len() >= 2, tally.refused), (true, 1), "{tally:?}");
            assert_eq!(
                (tally.bytes, whys(&tally)),
                (text.len() as u64, vec![&*format!("is longer than {} bytes", limits.whole)])
            );
        }
    }
}

#[test]
fn bombs_are_not_read_to_their_end() {
    let limits = Limits { text: 1 << 20, ..Limits { whole: 1 << 16, piece: 1 << 14, ..SMALL } };
    for text in
        [lines(&records(1)) + &" ".repeat(10 << 20), "[".repeat(4 << 20), lines(&records(1)).repeat(20_000)]
    {
        let (_, tally) = read_with(limits, &*gzip(text));
        assert_eq!(tally.cut, 1 + u64::from(tally.events == 0), "{tally:?}");
        assert!(
            tally.bytes < 2 << 20 && whys(&tally).iter().any(|why| why.contains("more than 1048576 bytes"))
        );
    }
}

#[test]
fn digests_and_insights_are_counted() {
    let digest =
        json!({"awsAccountId": "111122223333", "digestStartTime": "2024-01-01T00:00:00Z", "logFiles": []});
    let mut insight = record(0);
    insight["eventCategory"] = "Insight".into();
    let mut named = record(0);
    named["eventType"] = "AwsCloudTrailInsight".into();
    let text = json!({"Records": [insight, named, record(0)]});
    let (_, tally) = read(format!("{digest}\n{text}").as_bytes());
    assert_eq!((tally.digests, tally.insights, tally.events, tally.is_complete()), (1, 2, 1, true));
}

/// Gives some bytes and then an error.
struct Breaks<'a>(&'a [u8]);

impl Read for Breaks<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self.0.read(into)? {
            0 => Err(io::Error::other("the disk is gone")),
            length => Ok(length),
        }
    }
}

#[test]
fn a_file_that_cannot_be_read_to_its_end() {
    for file in [lines(&records(20)).into_bytes(), gzip(lines(&records(20)))] {
        for limits in [Limits::default(), SMALL] {
            let (read, tally) = read_with(limits, Breaks(&file));
            assert_eq!((read, tally.cut, tally.refused), (ids(20), 1, 0));
            assert_eq!(whys(&tally), ["cannot be read to its end: the disk is gone"]);
        }
    }
}

#[test]
fn envelopes_have_a_bound() {
    let nested =
        |depth| (0..depth).fold(record(0), |inside, _| json!({"message": inside.to_string()})).to_string();
    assert_eq!(read_with(Limits::default(), nested(3).as_bytes()).0, ids(1));
    let (read, tally) = read_with(Limits::default(), nested(12).as_bytes());
    assert_eq!((read.len(), tally.refused), (0, 1));
}

#[test]
fn examples_have_a_bound() {
    let (_, tally) = read("nonsense\n".repeat(100).as_bytes());
    assert_eq!((tally.refused, tally.examples.len()), (100, super::tally::EXAMPLES));
}
