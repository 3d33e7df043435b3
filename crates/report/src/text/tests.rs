use leastwise_model::{Finding, Severity};
use textwrap::core::display_width;

use super::*;
use crate::testing::{self, PRODUCTION, finding};

fn rendered(view: &View, by: By) -> String {
    render(&testing::assessment(), view, &Style { by, ..Style::plain(80) })
}

fn only(statuses: &[Status]) -> View {
    View { statuses: statuses.iter().copied().collect(), ..View::default() }
}

#[test]
fn by_finding() {
    insta::assert_snapshot!("finding", rendered(&View::default(), By::Finding));
}

#[test]
fn by_account() {
    insta::assert_snapshot!("account", rendered(&View { limit: Some(2), ..View::default() }, By::Account));
}

#[test]
fn by_framework() {
    insta::assert_snapshot!("bp", rendered(&View::default(), By::Framework("bp".to_owned())));
    let failed = rendered(&only(&[Status::Fail]), By::Framework("cis_aws_1_4".to_owned()));
    insta::assert_snapshot!("cis_failed", failed);
    let absent = rendered(&View::default(), By::Framework("soc\u{1b}2".to_owned()));
    assert!(absent.contains("The framework `soc\\u{1b}2` is not part of this audit."), "{absent}");
}

#[test]
fn what_was_asked_for_by_name() {
    let severe = View { min_severity: Some(Severity::High), ..only(&[Status::Unknown, Status::Pass]) };
    insta::assert_snapshot!("unknown_and_pass", rendered(&severe, By::Finding));
    let none = View { min_severity: Some(Severity::Critical), ..only(&[Status::Manual]) };
    assert!(rendered(&none, By::Finding).contains("No findings to show."));
}

#[test]
fn one_account_is_not_named_again() {
    let mut assessment = testing::assessment();
    assessment.accounts.truncate(1);
    assessment.findings.retain(|finding| finding.account.to_string() == PRODUCTION);
    assessment.frameworks.clear();
    assessment.gaps.clear();
    assessment.skipped.clear();
    insta::assert_snapshot!("one_account", render(&assessment, &View::default(), &Style::plain(80)));
}

#[test]
fn colors_change_no_word() {
    let style = Style { color: true, ..Style::plain(80) };
    let colored = render(&testing::assessment(), &View::default(), &style);
    assert!(colored.contains("\u{1b}[1m\u{1b}[7m\u{1b}[31mCRITICAL\u{1b}[0m"), "{colored:?}");
    assert_eq!(testing::without_colors(&colored), rendered(&View::default(), By::Finding));
}

#[test]
fn lines_fit_but_for_what_cannot_be_broken() {
    for by in
        [By::Finding, By::Account, By::Framework("bp".to_owned()), By::Framework("cis_aws_1_4".to_owned())]
    {
        for width in [0, 60, 72, 80, 100, 200] {
            let style = Style { by: by.clone(), ..Style::plain(width) };
            for limit in [Some(10), None] {
                let text = render(&testing::assessment(), &View { limit, ..View::default() }, &style);
                let too_long = |line: &&str| display_width(line) > width.max(60) && line.trim().contains(' ');
                assert_eq!(text.lines().find(too_long), None, "at {width}");
            }
        }
    }
}

#[test]
fn thousands_of_findings_are_grouped() {
    let user = |number: usize| {
        let (subject, evidence) = (format!("user/u{number}"), format!("password is {number} days old"));
        finding(PRODUCTION, "iam-user-console-mfa", &subject, Status::Fail, &evidence)
    };
    let findings: Vec<Finding> = (0..20_000).map(user).collect();
    let mut assessment = testing::of(findings);
    let account = assessment.accounts[0].clone();
    assessment.accounts = (0..1000)
        .map(|number| {
            let mut account = account.clone();
            account.id = format!("{:012}", 111_122_223_333_u64 + number).parse().unwrap();
            account
        })
        .collect();
    let few = render(&assessment, &View::default(), &Style::plain(80));
    assert!(few.lines().count() < 70, "{few}");
    let narrow = render(&assessment, &View::default(), &Style::plain(60));
    assert_eq!(narrow.lines().find(|line| display_width(line) > 60), None);
    assert!(few.contains("… and 980 accounts with better scores"), "{few}");
    assert!(few.contains("… and 19,990 more"), "{few}");
    let all = render(&assessment, &View { limit: None, ..View::default() }, &Style::plain(80));
    assert!(all.lines().count() > 21_000);
}
