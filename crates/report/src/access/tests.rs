use leastwise_access::{Answer, Overview, Reasons, Requirement, Row};
use leastwise_iam::Effect;
use leastwise_model::{Missing, Reason};
use leastwise_policy::{
    Action, ActionSet, Caller, ConditionTrace, Explanation, Layer, Permissions, Policies, Policy, PolicyKind,
    Request, Resource, explain,
};

use super::{json, text};
use crate::Style;

const ASKED: &str = "arn:aws:s3:::reports/2026.csv";

fn row(name: &str, answer: Answer) -> Row {
    let principal = format!("arn:aws:iam::123456789012:user/{name}");
    Row { principal, kind: "user", account: None, answer, resource: ASKED.to_owned() }
}

fn holds(key: &str, wanted: &str) -> Requirement {
    let trace = ConditionTrace {
        operator: "StringEquals".to_owned(),
        key: key.to_owned(),
        wanted: vec![wanted.to_owned()],
        found: None,
    };
    Requirement::Holds(Layer::Identity, trace)
}

fn unread() -> Missing {
    Missing {
        reason: Reason::AccessDenied,
        detail: "s3:GetBucketPolicy was denied".to_owned(),
        permission: None,
    }
}

fn rows() -> Vec<Row> {
    let team = || holds("aws:PrincipalTag/team", "finance");
    let region = || holds("aws:RequestedRegion", "eu-west-1");
    vec![
        row("alice", Answer::Always),
        row("bob", Answer::Conditionally(vec![team(), region()])),
        row("carol", Answer::Conditionally(vec![team(), region()])),
        row("dan", Answer::Conditionally(vec![team(), region(), holds("aws:userid", "AIDAX")])),
        row(
            "erin",
            Answer::Conditionally(vec![region(), Requirement::Resource(Layer::Identity, Effect::Allow)]),
        ),
        row("frank", Answer::Unknown(vec![unread()])),
        row("grace", Answer::Never),
    ]
}

#[test]
fn who_can() {
    let title = format!("Who can s3:GetObject on {ASKED}");
    let style = Style::plain(80);
    insta::assert_snapshot!("who_can", text::rows(&title, Some(ASKED), &rows(), &[unread()], false, &style));
    let without = text::rows("Who can s3:GetObject on some resource", None, &rows(), &[], true, &style);
    assert_eq!(without.matches(&format!("on {ASKED}")).count(), rows().len(), "each names its resource");
    assert!(without.contains("user/grace"), "{without}");
}

#[test]
fn a_reason_is_said_once_for_many_and_lost_for_none() {
    let rows = rows();
    let found = text::rows("Who", Some(ASKED), &rows, &[], true, &Style::plain(200));
    assert!(found.contains("in all 4 rows: if `aws:RequestedRegion`"), "{found}");
    assert!(found.contains("[1] in 3 of 4 rows: if `aws:PrincipalTag/team`"), "{found}");
    for (name, marked) in [("bob", true), ("carol", true), ("dan", true), ("erin", false)] {
        assert_eq!(found.contains(&format!("user/{name}  (user) [1]")), marked, "{name}: {found}");
    }
    for reason in ["aws:userid", "identity policies include the resource", "s3:GetBucketPolicy was denied"] {
        assert_eq!(found.matches(reason).count(), 1, "{reason}: {found}");
    }
}

#[test]
fn programs_read_their_own_words() {
    let report = serde_json::to_value(json::rows("s3:GetObject", Some(ASKED), &rows(), &[])).unwrap();
    let answers: Vec<&str> =
        report["rows"].as_array().unwrap().iter().map(|row| row["answer"].as_str().unwrap()).collect();
    assert_eq!(answers[0..2], ["always", "conditionally"]);
    assert_eq!(answers[5..], ["unknown", "never"]);
}

#[test]
fn arns_are_not_broken() {
    let long = format!("arn:aws:iam::123456789012:role/{}", "path/".repeat(12) + "name");
    let rows = [(long.clone(), 12_345), ("arn:aws:iam::123456789012:root".to_owned(), 20_000)];
    let matrix = text::matrix(&rows, false, &Style::plain(80));
    assert!(matrix.contains(&long), "{matrix}");
    assert!(matrix.contains("\n  20000  arn:aws:iam::123456789012:root\n"), "{matrix}");
}

fn explained(statements: &str) -> Explanation {
    let policy = format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#);
    let identity = vec![Policy::parse(&policy, PolicyKind::Identity).unwrap()];
    let caller = Caller::parse("arn:aws:iam::123456789012:user/alice").unwrap();
    let action = Action::parse("s3:GetObject").unwrap();
    let request = Request::new(caller, action, Resource::parse(ASKED).unwrap());
    explain(&request, &Policies { identity, ..Policies::default() })
}

const STATEMENTS: &str = r#"
    {"Sid":"Read","Effect":"Allow","Action":"s3:Get*","Resource":"arn:aws:s3:::reports/*"},
    {"Sid":"Home","Effect":"Deny","Action":"s3:*","Resource":"*",
     "Condition":{"StringNotEquals":{"aws:RequestedRegion":["eu-west-1","eu-west-3"]}}}"#;

#[test]
fn why() {
    let reasons = Reasons {
        row: row("alice", Answer::Conditionally(vec![holds("aws:RequestedRegion", "eu-west-1")])),
        explanation: explained(STATEMENTS),
        unread: vec![unread()],
    };
    let title = format!("arn:aws:iam::123456789012:user/alice s3:GetObject on {ASKED}");
    insta::assert_snapshot!("why", text::reasons(&title, &reasons, &Style::plain(80)));
}

#[test]
fn explanations() {
    let remarks = ["`policies.identity`: AWS has no operator `StringIs`".to_owned()];
    let statements = STATEMENTS.replace("StringNotEquals", "StringIs");
    let explanation = explained(&statements);
    let title = format!("arn:aws:iam::123456789012:user/alice s3:GetObject on {ASKED}");
    insta::assert_snapshot!("explain", text::explanation(&title, &explanation, &remarks, &Style::plain(80)));
    assert_eq!(json::decision(&explanation, &remarks)["remarks"][0], remarks[0]);
}

#[test]
fn an_overview_says_where_the_names_are() {
    let permissions = Permissions { always: ActionSet::none(), perhaps: ActionSet::none() };
    let overview = Overview { permissions, is_incomplete: false };
    let report = text::overview("What alice can do", &overview, &Style::plain(80));
    assert!(
        report.contains("`--format json` has the names") && report.contains("Always: 0 actions"),
        "{report}"
    );
}
