//! Tests of loading rules together.

use super::*;
use crate::sigma::ProblemKind;

fn load(text: &str) -> Rules {
    let servers = ("servers".to_owned(), vec!["web-*".to_owned(), "db-1".to_owned()]);
    Rules::load_with_tests([Source { name: "test.yml", text }], &Placeholders::from([servers]))
}

fn check_all(rules: &Rules) {
    assert_eq!(rules.problems(), []);
    for outcome in crate::sigma::check(rules) {
        assert_eq!(outcome.failures, Vec::<String>::new());
        assert!(outcome.matching > 0 && outcome.not_matching > 0, "{}", outcome.title);
    }
}

#[test]
fn placeholders_stand_for_values() {
    check_all(&load(
        "
title: known servers
logsource: {product: aws, service: cloudtrail}
detection:
    selection: {host|expand: '%servers%'}
    part: {path|expand|contains: '/%servers%/'}
    condition: 1 of them
tests:
    match: [{host: web-7}, {host: DB-1}, {path: 'x/web-2/y'}]
    no_match: [{host: db-2}, {host: '%servers%'}, {path: 'web-2'}]
",
    ));
}

#[test]
fn collections_with_actions() {
    check_all(&load(
        "
action: global
logsource: {product: aws, service: cloudtrail}
detection: {filter: {errorCode|exists: true}, condition: selection and not filter}
tests: {no_match: [{eventName: A, errorCode: X}]}
---
title: first
detection: {selection: {eventName: A}}
tests: {match: [{eventName: A}]}
---
action: repeat
title: second
detection: {selection: {eventName: B}}
tests: {match: [{eventName: B}]}
---
action: reset
---
title: third
logsource: {product: aws, service: cloudtrail}
detection: {selection: {eventName: C}, condition: selection}
tests: {match: [{eventName: C, errorCode: X}], no_match: [{}]}
",
    ));
}

#[test]
fn ids_and_names_belong_to_one_rule() {
    let rule = |title: &str, id: &str, name: &str| {
        format!(
            "---\ntitle: {title}\nid: {id}\nname: {name}\nlogsource: {{product: aws}}\ndetection: {{s: {{a: b}}, condition: s}}\n"
        )
    };
    let text = rule("one", "1", "a")
        + &rule("two", "2", "b")
        + &rule("three", "1", "c")
        + &rule("four", "4", "b")
        + &rule("five", "b", "e");
    let rules = load(&text);
    let problems: Vec<_> = rules.problems().iter().map(ToString::to_string).collect();
    assert_eq!(
        problems,
        [
            "test.yml:14: `three`: the id or name `1` belongs to the rule in test.yml:2 already",
            "test.yml:20: `four`: the id or name `b` belongs to the rule in test.yml:8 already",
            "test.yml:26: `five`: the id or name `b` belongs to the rule in test.yml:8 already",
        ]
    );
    assert!(rules.problems().iter().all(|problem| problem.kind == ProblemKind::Duplicate));
    assert_eq!(rules.len(), 2);
}

#[test]
fn what_refers_to_a_broken_rule_is_not_used_either() {
    let rules = load(
        "
title: broken
id: broken
logsource: {product: aws}
detection: {s: {a|nonsense: b}, condition: s}
---
title: outer
correlation: {type: event_count, rules: [inner], group-by: [a], timespan: 1h, condition: {gte: 2}}
---
title: middle
name: inner
correlation: {type: event_count, rules: [broken], group-by: [a], timespan: 1h, condition: {gte: 2}}
---
title: filter
logsource: {product: aws}
filter: {rules: [broken, nobody], s: {a: b}, condition: not s}
---
title: alone
id: alone
logsource: {product: aws}
detection: {s: {a: b}, condition: s}
---
title: text
- broken YAML
",
    );
    let mut found: Vec<_> = rules.problems().iter().map(|problem| &*problem.reason).collect();
    found.sort_unstable();
    assert_eq!(
        found[..4],
        [
            "it is for rules that are not there or cannot be used: `broken`, `nobody`",
            "it refers to `broken`, and that rule cannot be used",
            "it refers to `inner`, and that rule cannot be used",
            "the modifier `nonsense` is unknown",
        ]
    );
    assert!(found[4].starts_with("this is not YAML"), "{found:?}");
    assert_eq!(rules.iter().map(|(meta, _)| &*meta.id).collect::<Vec<_>>(), ["alone"]);
}
