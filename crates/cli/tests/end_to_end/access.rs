//! Who can do what: questions to the example and to the lab.

use serde_json::Value;

use crate::support::{Lab, example, leastwise, run};

fn ask(arguments: &[&str]) -> (i32, Value) {
    let mut command = leastwise();
    command.args(arguments).arg("--from").arg(example()).args(["--format", "json"]);
    let ran = run(&mut command);
    assert!([0, 3].contains(&ran.code), "exit {}: {}", ran.code, ran.stderr);
    (ran.code, serde_json::from_str(&ran.stdout).unwrap())
}

/// The answer for a principal whose ARN ends so.
fn answer<'a>(report: &'a Value, principal: &str) -> &'a Value {
    let rows = report["rows"].as_array().unwrap();
    let found = rows.iter().find(|row| row["principal"].as_str().unwrap().ends_with(principal));
    found.unwrap_or_else(|| panic!("no row for {principal}"))
}

#[test]
fn all_policy_types_have_their_say() {
    let (_, report) = ask(&["who-can", "iam:CreateUser"]);
    assert_eq!(answer(&report, "user/alice")["answer"], "always");
    assert_eq!(answer(&report, "user/cost-report-reader")["answer"], "never");
    let (_, report) = ask(&["who-can", "ec2:RunInstances", "arn:aws:ec2:eu-west-1:405916827342:instance/*"]);
    assert_eq!(answer(&report, "405916827342:root")["answer"], "never", "the organisation allows one region");
    let (_, report) = ask(&["who-can", "ec2:RunInstances", "arn:aws:ec2:us-east-1:405916827342:instance/*"]);
    assert_eq!(answer(&report, "405916827342:root")["answer"], "always");
}

#[test]
fn conditions_are_listed_until_they_are_said() {
    let question = ["who-can", "s3:DeleteBucket", "arn:aws:s3:::anything"];
    let (_, report) = ask(&question);
    let row = answer(&report, "405916827342:root");
    assert_eq!(row["answer"], "conditionally");
    assert!(row["requirements"].to_string().contains("aws:RequestedRegion"), "{row}");
    let (_, report) = ask(&[&question[..], &["--context", "aws:RequestedRegion=eu-west-3"]].concat());
    assert_eq!(answer(&report, "405916827342:root")["answer"], "never");
}

#[test]
fn a_trust_policy_says_who_may_assume_a_role_from_outside() {
    let role = "arn:aws:iam::405916827342:role/northwatch-monitoring";
    let (_, report) = ask(&["who-can", "sts:AssumeRole", role]);
    let strangers: Vec<&Value> = report["rows"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["kind"] == "of another account" && row["answer"] != "never")
        .collect();
    assert!(!strangers.is_empty(), "{report}");
}

#[test]
fn why_names_the_statement_and_the_way_out() {
    let mut command = leastwise();
    command.args(["why", "user/dan", "s3:DeleteBucket", "arn:aws:s3:::x", "--from"]).arg(example());
    let ran = run(&mut command);
    assert!(
        ran.stdout.contains("OnlyOurRegion") && ran.stdout.contains("What would have to change"),
        "{}",
        ran.stdout
    );
    assert!(ran.stdout.lines().all(|line| line.chars().count() <= 100), "{}", ran.stdout);
}

#[test]
fn an_unknown_principal_is_an_error() {
    let mut command = leastwise();
    command.args(["can", "user/nobody", "s3:GetObject", "--from"]).arg(example());
    let ran = run(&mut command);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("no principal `user/nobody`"), "{}", ran.stderr);
}

#[test]
fn an_overview_agrees_with_single_questions() {
    let (_, overview) = ask(&["can", "user/cost-report-reader"]);
    let names = |key: &str| overview[key].as_array().unwrap().clone();
    assert!(names("perhaps").contains(&"s3:GetObject".into()), "{overview}");
    assert!(!names("always").contains(&"iam:CreateUser".into()));
    let (_, everyone) = ask(&["can", "--everyone"]);
    assert!(everyone["rows"].as_array().unwrap().len() > 50);
}

#[test]
fn text_says_what_many_have_in_common_once_and_the_resource_in_the_title_only() {
    let resource = "arn:aws:s3:::anything";
    let mut command = leastwise();
    command.args(["who-can", "s3:DeleteBucket", resource, "--from"]).arg(example());
    let ran = run(&mut command);
    assert!(
        ran.stdout.contains("Under conditions: ") && !ran.stdout.contains("conditionally"),
        "{}",
        ran.stdout
    );
    assert_eq!(ran.stdout.matches(resource).count(), 1, "{}", ran.stdout);
    let mut lines: Vec<&str> =
        ran.stdout.lines().filter(|line| line.contains("aws:RequestedRegion")).collect();
    let all = lines.len();
    lines.dedup();
    assert!(all > 0 && lines.len() == all, "{}", ran.stdout);
}

#[test]
fn counts_for_everyone_do_not_break_arns() {
    let mut command = leastwise();
    command.args(["can", "--everyone", "--from"]).arg(example());
    let ran = run(&mut command);
    let (_, report) = ask(&["can", "--everyone"]);
    for row in report["rows"].as_array().unwrap() {
        let arn = row["principal"].as_str().unwrap();
        assert!(ran.stdout.contains(arn), "{arn} is broken: {}", ran.stdout);
    }
}

#[test]
fn resource_policies_of_the_lab_have_their_say() {
    let lab = Lab::with("resources");
    let snapshot = lab.folder().join("snapshot.json");
    let ran = run(lab.leastwise("snapshot").arg("--resources").arg("-o").arg(&snapshot));
    assert!([0, 3].contains(&ran.code), "{}", ran.stderr);
    let collected: Value = serde_json::from_str(&std::fs::read_to_string(&snapshot).unwrap()).unwrap();
    let buckets = &collected["accounts"][0]["resources"]["known"]["buckets"]["known"];
    let public = buckets.as_array().unwrap().iter().find(|bucket| {
        let policy = bucket["policy"].to_string();
        policy.contains(r#""Principal":"*""#) && policy.contains("Allow")
    });
    let bucket = public.expect("a bucket that its policy opens")["arn"].as_str().unwrap().to_owned();
    let mut command = leastwise();
    command
        .args(["who-can", "s3:GetObject", &format!("{bucket}/x"), "--format", "json", "--from"])
        .arg(&snapshot);
    let report: Value = serde_json::from_str(&run(&mut command).stdout).unwrap();
    assert_ne!(answer(&report, "anyone")["answer"], "never", "{report}");
}
