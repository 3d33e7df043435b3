use jiff::Timestamp;
use proptest::prelude::*;

use super::*;

/// One thing that was seen, in a small world.
#[derive(Debug, Clone)]
struct Seen {
    caller: u8,
    action: u8,
    resource: u8,
    denied: bool,
    time: i64,
}

fn seen() -> impl Strategy<Value = Seen> {
    (0u8..3, 0u8..3, 0u8..4, any::<bool>(), 1_600_000_000i64..1_600_900_000)
        .prop_map(|(caller, action, resource, denied, time)| Seen { caller, action, resource, denied, time })
}

fn usage(events: &[Seen]) -> Usage {
    let mut usage = Usage::default();
    for event in events {
        let time = Timestamp::from_second(event.time).ok();
        let caller = Caller {
            kind: CallerKind::Role,
            account: "123456789012".parse().ok(),
            id: format!("arn:aws:iam::123456789012:role/{}", event.caller),
        };
        let calls = usage.callers.entry(caller).or_default();
        calls.sessions.count(&format!("session-{}", event.resource));
        calls.keys.entry("AKIAIOSFODNN7EXAMPLE").tally.add(time);
        let action = calls.actions.entry(format!("s3:Action{}", event.action)).or_default();
        let calls = if event.denied { &mut action.denied } else { &mut action.used };
        calls.tally.add(time);
        calls.regions.count("eu-west-1");
        calls.resources.count(&format!("arn:aws:s3:::bucket-{}", event.resource));
        usage.coverage.events.add(time);
        let regions = usage.coverage.accounts.entry("123456789012".to_owned()).or_default();
        regions.entry("eu-west-1").add(time);
        usage.unmapped.entry("x.amazonaws.com Y").add(time);
    }
    usage
}

proptest! {
    /// Neither the order of events nor the grouping of merges matters.
    #[test]
    fn merging(events in proptest::collection::vec(seen(), 0..30), one in 0usize..30, two in 0usize..30) {
        let (one, two) = (one.min(two).min(events.len()), one.max(two).min(events.len()));
        let [a, b, c] = [&events[..one], &events[one..two], &events[two..]].map(usage);
        let mut left = a.clone();
        left.merge(b.clone());
        left.merge(c.clone());
        let mut inner = c;
        inner.merge(b);
        inner.merge(a);
        prop_assert_eq!(&left, &inner);
        prop_assert_eq!(&left, &usage(&events));
        let text = left.to_json().unwrap();
        prop_assert_eq!(Usage::from_json(text.as_bytes()).unwrap(), left);
    }

    /// Callers above the bound are counted, whichever way they come.
    #[test]
    fn callers_are_bounded(events in proptest::collection::vec(seen(), 0..30), most in 0usize..3) {
        let mut bounded = usage(&events);
        bounded.bound_callers(most);
        let kept: u64 = bounded.callers.values().map(|calls| calls.total().count).sum();
        prop_assert!(bounded.callers.len() <= most);
        prop_assert_eq!(kept + bounded.other_callers.count, events.len() as u64);
    }
}

#[test]
fn what_is_no_usage_file_is_an_error() {
    let table = [
        ("", "not a usage file: EOF"),
        ("{}", "not a usage file: missing field `schema_version`"),
        (r#"{"schema_version":9}"#, "schema version 9, this program reads version 1"),
        (r#"{"schema_version":1}"#, "not a usage file: missing field"),
    ];
    for (text, expected) in table {
        let message = Usage::from_json(text.as_bytes()).unwrap_err().to_string();
        assert!(message.contains(expected), "{message}");
    }
}

#[test]
fn the_form_of_the_file() {
    let events = [Seen { caller: 0, action: 1, resource: 2, denied: false, time: 1_600_000_000 }];
    let text = usage(&events).to_json().unwrap();
    let caller = r#"{"caller":{"kind":"role","account":"123456789012","id":"arn:aws:iam::123456789012:role/0"},"sessions":{"session-2":1},"#;
    let action = r#""actions":{"s3:Action1":{"used":{"count":1,"first":"2020-09-13T12:26:40Z","last":"2020-09-13T12:26:40Z","regions":{"eu-west-1":1},"resources":{"arn:aws:s3:::bucket-2":1}}}}"#;
    assert!(text.contains(caller) && text.contains(action), "{text}");
}
