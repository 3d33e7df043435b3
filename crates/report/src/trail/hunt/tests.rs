use std::sync::Arc;

use leastwise_model::acts;
use leastwise_trail::hunt::{Hit, RuleInfo};
use leastwise_trail::sigma::Level;
use proptest::prelude::*;

use super::*;
use crate::trail::Head;
use crate::{Style, html};

fn hit(level: Level, title: &str, principal: Option<&str>, minute: u8) -> Hit {
    let info = RuleInfo {
        rule: format!("id-of-{}", title.to_lowercase().replace(' ', "-")),
        title: title.to_owned(),
        level,
        kind: "single",
        tags: vec!["attack.persistence".to_owned(), "attack.t1098.001".to_owned()],
    };
    Hit {
        time: format!("2026-03-01T12:{minute:02}:07Z").parse().ok(),
        event_ids: vec![format!("00000000-0000-4000-8000-0000000000{minute:02}")],
        info: Arc::new(info),
        account: Some("111122223333".to_owned()),
        region: Some("us-east-1".to_owned()),
        principal: principal.map(str::to_owned),
        source_address: Some("203.0.113.7".to_owned()),
        event_source: Some("iam.amazonaws.com".to_owned()),
        event_name: Some("CreateAccessKey".to_owned()),
        error_code: (minute == 9).then(|| "AccessDenied".to_owned()),
        matched: vec![("requestParameters.userName".to_owned(), vec!["root-backup".to_owned()])],
    }
}

fn hits() -> Vec<Hit> {
    let (alice, build) = ("arn:aws:iam::111122223333:user/alice", "arn:aws:iam::111122223333:role/build");
    let mut hits = vec![
        hit(Level::Critical, "Root user signed in", Some("arn:aws:iam::111122223333:root"), 0),
        hit(Level::Informational, "A service was used for the first time", None, 8),
    ];
    hits.extend([3, 4, 5, 9].map(|minute| hit(Level::High, "Access key was created", Some(alice), minute)));
    hits.push(hit(Level::Low, "A service was used for the first time", Some(build), 59));
    hits.sort();
    hits
}

fn head() -> Head {
    Head {
        facts: vec!["2 files, 1,234 events".to_owned(), "170 rules".to_owned()],
        losses: vec!["`broken.json.gz` ends too early".to_owned()],
    }
}

fn written(write: impl Fn(&mut dyn std::io::Write) -> std::io::Result<()>) -> String {
    let mut out = Vec::new();
    write(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn reports() {
    let (head, hits) = (head(), hits());
    insta::assert_snapshot!("text", text(&head, &hits, &Style::plain(80)));
    insta::assert_snapshot!("markdown", markdown(&head, &hits));
    insta::assert_snapshot!("csv", written(|out| csv(&hits, out)));
    insta::assert_snapshot!("json_lines", written(|out| json_lines(&hits[..2], out)));
    insta::assert_snapshot!("html", html::hunt(&head, &hits));
}

#[test]
fn without_hits() {
    insta::assert_snapshot!("text_without_hits", text(&Head::default(), &[], &Style::plain(80)));
    assert!(html::hunt(&Head::default(), &[]).contains("No rule matched"));
    assert!(markdown(&Head::default(), &[]).contains("Hits: none"));
}

#[test]
fn long_lists_are_folded() {
    let many: Vec<Hit> = (0..60).map(|minute| hit(Level::Low, "Many", Some("p"), minute)).collect();
    let text = text(&Head::default(), &many, &Style::plain(80));
    assert!(
        text.contains("and 57 more; `--format jsonl` lists them all") && text.contains("and 48 more"),
        "{text}"
    );
    assert!(text.lines().count() < 50, "{text}");
}

/// A hit in which everything that strangers write is `name`.
fn named(name: &str) -> Hit {
    let text = || Some(name.to_owned());
    Hit {
        principal: text(),
        source_address: text(),
        event_name: text(),
        error_code: text(),
        region: text(),
        account: text(),
        event_ids: vec![name.to_owned()],
        matched: vec![(name.to_owned(), vec![name.to_owned()])],
        ..hit(Level::High, name, None, 1)
    }
}

proptest! {
    #[test]
    fn strangers_cannot_act(name in "[<>&\"'=|`\u{1b}\u{202e}\n a-z@+-]{1,12}") {
        let (head, hits) = (Head { facts: vec![name.clone()], losses: vec![name.clone()] }, [named(&name)]);
        let text = text(&head, &hits, &Style::plain(80));
        prop_assert!(!text.chars().any(|c| c != '\n' && acts(c)));
        let page = html::hunt(&head, &hits);
        prop_assert!(!page.chars().any(|c| c != '\n' && acts(c)));
        let tags = |page: &str| page.matches('<').count();
        let harmless = html::hunt(&Head { facts: vec!["x".into()], losses: vec!["x".into()] }, &[named("x")]);
        prop_assert_eq!(tags(&page), tags(&harmless));
        let rows = markdown(&head, &hits).lines().filter(|line| line.starts_with('|')).count();
        prop_assert_eq!(rows, 9);
        let csv = written(|out| csv(&hits, out));
        prop_assert_eq!(csv.lines().count(), 2);
    }
}
