//! Whatever strangers call their users: no report obeys it.

use leastwise_checks::Assessment;
use leastwise_model::{Skipped, Status};
use proptest::prelude::*;

use crate::testing::{self, PRODUCTION, SANDBOX, STAGING, finding};
use crate::{By, Style, View, csv, diff, json, markdown, text};
use leastwise_model::acts;

/// An assessment in which everything that strangers write is `name`.
fn named(name: &str) -> Assessment {
    let with = |account, check, kind: &str, status| {
        let mut finding = finding(account, check, kind, status, name);
        finding.subject.name = name.into();
        if let Some(missing) = &mut finding.missing {
            name.clone_into(&mut missing.detail);
            missing.permission = Some(name.to_owned());
        }
        finding
    };
    let statuses = Status::ALL.into_iter().enumerate();
    let mut findings: Vec<_> = statuses
        .flat_map(|(index, status)| {
            let check = leastwise_checks::all()[index].id;
            [PRODUCTION, SANDBOX, STAGING].map(|account| with(account, check, "user", status))
        })
        .collect();
    findings.push(with(PRODUCTION, "role-trust-foreign-account", "role", Status::Fail));
    let mut assessment = testing::of(findings);
    assessment.organization = Some(name.to_owned());
    assessment.accounts[0].name = Some(name.to_owned());
    let id = "000011112222".parse().unwrap();
    assessment.skipped = vec![Skipped { id, name: Some(name.to_owned()), why: name.to_owned() }];
    let mut gap = testing::assessment().gaps.remove(0);
    name.clone_into(&mut gap.part);
    name.clone_into(&mut gap.why.detail);
    gap.why.permission = Some(name.to_owned());
    assessment.gaps = vec![gap];
    assessment
}

/// Every rendering, without our own colours.
fn renderings(name: &str) -> Vec<(&'static str, String)> {
    let assessment = named(name);
    let view = View { statuses: Status::ALL.into(), ..View::default() };
    let by = [By::Finding, By::Account, By::Framework("bp".to_owned()), By::Framework(name.to_owned())];
    let mut all: Vec<_> = by
        .into_iter()
        .map(|by| {
            let text = text::render(&assessment, &view, &Style { by, color: true, width: 80 });
            ("text", testing::without_colors(&text))
        })
        .collect();
    all.push(("markdown", markdown::render(&assessment, &view)));
    all.push(("csv", written(|out| csv::write(&assessment, &view, out))));
    all.push(("json", written(|out| json::write(&assessment, &view, out))));
    let comparison = diff::compare(&testing::assessment(), &assessment);
    let changed = diff::compare(&named("other"), &assessment);
    for comparison in [comparison, changed] {
        let text = diff::text::render(&comparison, &view, &Style::plain(80));
        all.push(("diff text", text));
        all.push(("diff markdown", diff::markdown::render(&comparison, &view)));
        all.push(("diff csv", written(|out| diff::csv::write(&comparison, &view, out))));
        all.push(("diff json", written(|out| diff::json::write(&comparison, &view, out))));
    }
    all
}

fn written(write: impl FnOnce(&mut dyn std::io::Write) -> std::io::Result<()>) -> String {
    let mut out = Vec::new();
    write(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn check(name: &str) {
    for (format, text) in renderings(name) {
        let found = text.chars().find(|c| *c != '\n' && acts(*c));
        assert_eq!(found, None, "{format} of {name:?}");
    }
}

/// Text made of what acts, what means something to Markdown and spreadsheets, and what is wide.
fn hostile() -> impl Strategy<Value = String> {
    let nasty = prop::sample::select(vec![
        '\u{0}',
        '\u{7}',
        '\u{8}',
        '\t',
        '\n',
        '\r',
        '\u{1b}',
        '\u{7f}',
        '\u{85}',
        '\u{9b}',
        '\u{9d}',
        '\u{200b}',
        '\u{200d}',
        '\u{2028}',
        '\u{202e}',
        '\u{2066}',
        '\u{feff}',
        '\u{e0001}',
        '=',
        '@',
        '|',
        '`',
        '<',
        '[',
        ']',
        '(',
        '/',
        '\\',
        '"',
        ',',
        ' ',
        'a',
        'm',
        ';',
        '名',
        '🙂',
        '\u{301}',
    ]);
    prop::collection::vec(prop_oneof![4 => nasty, 1 => any::<char>()], 0..24)
        .prop_map(|characters| characters.into_iter().collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_report_obeys_a_name(name in hostile()) {
        check(&name);
    }

    #[test]
    fn csv_has_one_line_a_finding_and_no_formula(name in hostile()) {
        let assessment = named(&name);
        let text = written(|out| csv::write(&assessment, &View::default(), out));
        prop_assert_eq!(text.lines().count(), assessment.findings.len() + 1);
        for field in ::csv::Reader::from_reader(text.as_bytes()).records().flat_map(|row| {
            row.unwrap().iter().map(str::to_owned).collect::<Vec<_>>()
        }) {
            prop_assert!(!field.starts_with(['=', '+', '-', '@', '\t']), "{}", field);
        }
    }
}

#[test]
fn the_usual_suspects() {
    for name in ["\u{1b}]0;owned\u{7}", "\u{1b}[2J\u{1b}[H", "a\r\nFAKE  pass", "\u{9b}31m", "\u{202e}nimda"]
    {
        check(name);
    }
}
