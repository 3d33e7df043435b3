//! Tests of the order of notes, of bounds, and of what is reported.

use proptest::prelude::*;

use super::*;
use crate::json::Record;
use crate::sigma::{Placeholders, Source};

const RULES: &str = "
title: failure
id: failure
name: failure
logsource: {product: aws, service: cloudtrail}
detection: {selection: {eventName: Fail}, condition: selection}
level: low
---
title: success
id: success
logsource: {product: aws, service: cloudtrail}
detection: {selection: {eventName: Succeed}, condition: selection}
level: informational
tags: [attack.t1078]
---
title: many failures
id: many
correlation: {type: event_count, rules: [failure], group-by: [leastwise.principal], timespan: 1h, condition: {gte: 3}}
level: high
---
title: many, then success
id: then
correlation: {type: temporal_ordered, rules: [many, success], group-by: [leastwise.principal], timespan: 2h}
generate: true
level: critical
---
title: few failures
id: few
correlation: {type: event_count, rules: [failure], group-by: [leastwise.principal], timespan: 1h, condition: {lt: 3}}
---
title: new name
id: new
detection: {selection: {eventName: '*'}, condition: selection}
first_seen: {by: [leastwise.principal], value: [eventName], within: 1d, learn: 1h}
";

fn rules(text: &str) -> Rules {
    let rules = Rules::load([Source { name: "test", text }], &Placeholders::new());
    assert_eq!(rules.problems(), []);
    rules
}

fn event(minute: i64, name: &str, user: &str) -> String {
    let time = jiff::Timestamp::from_second(1_735_689_600 + minute * 60).unwrap();
    format!(
        r#"{{"eventTime":"{time}","eventID":"{minute}-{name}-{user}","eventName":"{name}","awsRegion":"eu-west-1","recipientAccountId":"111122223333","sourceIPAddress":"198.51.100.7","userIdentity":{{"type":"IAMUser","arn":"{user}"}}}}"#
    )
}

/// Each inner list is the events of one file.
fn run(hunt: &Hunt<'_>, files: &[Vec<String>]) -> Outcome {
    let mut whole = hunt.whole();
    for file in files {
        let mut part = hunt.part();
        for text in file {
            let record = Record::parse(text.as_bytes()).unwrap();
            hunt.event(&mut part, &Event::new(record.root()).unwrap());
        }
        hunt.join(&mut whole, part);
    }
    hunt.finish(whole)
}

fn shown(outcome: &Outcome) -> Vec<(String, Vec<String>)> {
    outcome.hits.iter().map(|hit| (hit.info.rule.clone(), hit.event_ids.clone())).collect()
}

#[test]
fn one_hit_while_a_condition_goes_on_to_hold() {
    let rules = rules(RULES);
    let hunt = Hunt::new(&rules);
    let events = (0..10).map(|minute| event(minute, "Fail", "a")).chain([event(12, "Succeed", "a")]);
    let later = (200..203).map(|minute| event(minute, "Fail", "a"));
    let outcome = run(&hunt, &[events.chain(later).collect()]);
    let ids = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
    let expected = [
        ("many".to_owned(), ids(&["0-Fail-a", "1-Fail-a", "2-Fail-a"])),
        ("success".to_owned(), ids(&["12-Succeed-a"])),
        ("then".to_owned(), ids(&["2-Fail-a", "12-Succeed-a"])),
        ("many".to_owned(), ids(&["200-Fail-a", "201-Fail-a", "202-Fail-a"])),
    ];
    assert_eq!(shown(&outcome), expected);
    let counts: Vec<_> = outcome.summary.matched.iter().map(|count| (&*count.rule, count.matched)).collect();
    assert_eq!(counts, [("failure", 13), ("many", 2), ("success", 1), ("then", 1)]);
    assert!(outcome.summary.is_complete());
}

#[test]
fn a_hit_says_who_where_and_what() {
    let rules = rules(RULES);
    let outcome = run(&Hunt::new(&rules), &[vec![event(0, "Succeed", "a"), event(70, "Other", "a")]]);
    let hits = serde_json::to_value(&outcome.hits).unwrap();
    let context = serde_json::json!({
        "account": "111122223333", "region": "eu-west-1", "principal": "a", "source_address": "198.51.100.7",
        "event_source": null, "error_code": null,
    });
    let mut expected = [
        serde_json::json!({
            "time": "2025-01-01T00:00:00Z", "event_ids": ["0-Succeed-a"], "rule": "success", "title": "success",
            "level": "informational", "kind": "single", "tags": ["attack.t1078"], "event_name": "Succeed",
            "matched": {"eventName": ["Succeed"]},
        }),
        serde_json::json!({
            "time": "2025-01-01T01:10:00Z", "event_ids": ["70-Other-a"], "rule": "new", "title": "new name",
            "level": "medium", "kind": "first_seen", "tags": [], "event_name": "Other",
            "matched": {
                "leastwise.principal": ["a"], "eventName": ["Other"], "known since": ["2025-01-01T00:00:00Z"],
            },
        }),
    ];
    for hit in &mut expected {
        hit.as_object_mut().unwrap().extend(context.as_object().unwrap().clone());
    }
    assert_eq!(hits, serde_json::Value::from(expected.to_vec()));
}

#[test]
fn levels_below_are_counted_only() {
    let rules = rules(RULES);
    let events =
        vec![(0..3).map(|minute| event(minute, "Fail", "a")).chain([event(3, "Succeed", "a")]).collect()];
    let outcome = run(&Hunt::new(&rules).with_level(Level::Critical), &events);
    assert_eq!(shown(&outcome).iter().map(|(rule, _)| &**rule).collect::<Vec<_>>(), ["then"]);
    assert_eq!(outcome.summary.matched.len(), 4);
}

#[test]
fn what_comes_too_late_is_counted() {
    let rules = rules(RULES);
    let hunt = Hunt::new(&rules).with_buffer(4);
    let files: Vec<_> = [0, 10, 20, 30, 40, 50, 5].map(|minute| vec![event(minute, "Fail", "a")]).to_vec();
    let outcome = run(&hunt, &files);
    // Of each event there are a note for the correlations and one for the first-seen rule.
    assert_eq!(outcome.summary.late, 2);
    assert!(!outcome.summary.is_complete());
    let generous = run(&Hunt::new(&rules), &files);
    assert_eq!((generous.summary.late, generous.summary.is_complete()), (0, true));
}

#[test]
fn events_without_time_or_fields_are_counted() {
    let rules = rules(RULES);
    let files = [vec![
        r#"{"eventName":"Fail","userIdentity":{"arn":"a"}}"#.to_owned(),
        r#"{"eventName":"Fail","eventTime":"soon","userIdentity":{"arn":"a"}}"#.to_owned(),
        r#"{"eventName":"Fail","eventTime":"2025-01-01T00:00:00Z"}"#.to_owned(),
    ]];
    let outcome = run(&Hunt::new(&rules), &files);
    // Two correlations and the first-seen rule lack the principal.
    assert_eq!((outcome.summary.without_time, outcome.summary.without_fields), (2, 3));
}

#[test]
fn groups_are_bounded() {
    let rules = rules(RULES);
    let hunt = Hunt::new(&rules);
    let users = GROUPS + 10;
    let files = [(0..users).map(|user| event(0, "Fail", &format!("user-{user}"))).collect()];
    let outcome = run(&hunt, &files);
    assert!(outcome.summary.evicted > 0 && !outcome.summary.is_complete(), "{}", outcome.summary.evicted);
}

#[test]
fn a_rule_for_correlations_only_gives_no_hits() {
    let text = RULES.replace("generate: true", "generate: false");
    let rules = rules(&text);
    let outcome = run(&Hunt::new(&rules), &[vec![event(0, "Succeed", "a")]]);
    assert_eq!(outcome.hits, []);
}

#[test]
fn copies_of_rules_give_the_same_hits() {
    let copy = RULES
        .replace("id: ", "id: copy-")
        .replace("name: failure", "name: copy-failure")
        .replace("rules: [failure]", "rules: [copy-failure]")
        .replace("rules: [many, success]", "rules: [copy-many, copy-success]");
    let both = format!("{RULES}---{copy}");
    let rules = rules(&both);
    let events = (0..5)
        .map(|minute| event(minute, "Fail", "a"))
        .chain([event(90, "Succeed", "a"), event(95, "New", "a")]);
    let outcome = run(&Hunt::new(&rules), &[events.collect()]);
    let (copies, firsts): (Vec<_>, Vec<_>) =
        shown(&outcome).into_iter().partition(|(rule, _)| rule.starts_with("copy-"));
    let copies: Vec<_> = copies.into_iter().map(|(rule, ids)| (rule.replace("copy-", ""), ids)).collect();
    assert_eq!(copies, firsts);
    assert_eq!(
        firsts.iter().map(|(rule, _)| &**rule).collect::<Vec<_>>(),
        ["many", "then", "new", "success", "new"]
    );
}

/// Moments and users so few that windows, groups and habits overlap.
fn some_events() -> impl Strategy<Value = Vec<String>> {
    let one = (
        0..2000_i64,
        prop::sample::select(vec!["Fail", "Succeed", "Other"]),
        prop::sample::select(vec!["a", "b"]),
    );
    prop::collection::btree_set(one, 0..60)
        .prop_map(|events| events.into_iter().map(|(minute, name, user)| event(minute, name, user)).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn hits_do_not_depend_on_files_and_their_order(
        events in some_events(), order in prop::collection::vec(any::<prop::sample::Index>(), 60), cut in 1..7_usize
    ) {
        let rules = rules(RULES);
        let hunt = Hunt::new(&rules);
        let expected = run(&hunt, std::slice::from_ref(&events));
        let mut shuffled = events.clone();
        for (at, other) in order.iter().enumerate().take(shuffled.len()) {
            let other = other.index(shuffled.len());
            shuffled.swap(at, other);
        }
        let files: Vec<Vec<String>> = shuffled.chunks(cut).map(<[String]>::to_vec).collect();
        prop_assert_eq!(&run(&hunt, &files), &expected);
        // A buffer that holds half of the notes, with events that come in order.
        let files: Vec<Vec<String>> = events.chunks(cut).map(<[String]>::to_vec).collect();
        let small = run(&Hunt::new(&rules).with_buffer(60), &files);
        if small.summary.late == 0 {
            prop_assert_eq!(&small, &expected);
        }
    }
}
