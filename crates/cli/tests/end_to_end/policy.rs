//! What policies mean: cases, one request explained, and the linter.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{Ran, leastwise, root, run};

const ALLOW: &str = r#"{"Version":"2012-10-17","Statement":[{"Sid":"Read","Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::reports/*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}]}"#;

fn policy(arguments: &[&str]) -> Command {
    let mut command = leastwise();
    command.arg("policy").args(arguments);
    command
}

fn simulate(cases: &str, format: &str) -> Ran {
    let mut command = policy(&["simulate", "--cases", "-", "--format", format]);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(cases.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ran { code: output.status.code().unwrap(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

fn case(name: &str, expect: &str) -> String {
    format!(
        r#"{{"name":"{name}","request":{{"principal":"arn:aws:iam::123456789012:user/a","action":"s3:GetObject","resource":"arn:aws:s3:::reports/x","context":{{"aws:MultiFactorAuthPresent":true}}}},"policies":{{"identity":[{ALLOW}]}},"expect":{expect}}}"#
    ) + "\n"
}

#[test]
fn simulate_gives_one_line_for_each_case_and_goes_on_behind_errors() {
    let cases = case("right", "\"allowed\"") + "not a case\n\n" + &case("open", "null");
    let ran = simulate(&cases, "json");
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    let lines: Vec<Value> = ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        lines[0],
        serde_json::json!({"name":"right","decision":"allowed","decided_by":"identity","expected":"allowed","error":null})
    );
    assert_eq!((&lines[1]["decision"], &lines[1]["name"]), (&Value::Null, &Value::Null));
    assert!(lines[1]["error"].as_str().unwrap().starts_with("line 2: not a case"), "{}", lines[1]);
    assert_eq!(lines[2]["expected"], Value::Null);
    assert!(ran.stderr.contains("2 cases decided; 1 of 1 as expected, 0 otherwise; 1 could not be decided"));
}

#[test]
fn simulate_ends_with_1_where_a_decision_differs() {
    let ran = simulate(&(case("wrong", "\"explicit_deny\"") + "{}\n"), "text");
    assert_eq!(ran.code, 1);
    assert!(ran.stdout.contains("differs  wrong (line 1): allowed by identity, expected explicit_deny"));
    assert_eq!(simulate(&case("right", "\"allowed\""), "text").code, 0);
    let missing = run(&mut policy(&["simulate", "--cases", "nowhere.jsonl"]));
    assert_eq!(missing.code, 2);
    assert!(missing.stderr.contains("nowhere.jsonl"), "{}", missing.stderr);
}

#[test]
fn the_corpus_in_the_repository_comes_out_as_it_says() {
    let file = root().join("corpus/evaluation.jsonl");
    let ran = run(policy(&["simulate", "--cases"]).arg(file));
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{}", ran.stderr);
}

#[test]
fn hostile_cases_are_errors_or_answers() {
    let deep = format!("{{\"name\":\"deep\",\"request\":{}{}}}\n", "[".repeat(100_000), "]".repeat(100_000));
    let stars = "*a".repeat(10_000);
    let wild = format!(
        r#"{{"name":"wild","request":{{"principal":"anonymous","action":"s3:GetObject","resource":"arn:aws:s3:::{}"}},"policies":{{"resource":{{"Statement":{{"Effect":"Allow","Principal":"*","Action":"{stars}","Resource":"{stars}"}}}}}}}}"#,
        "b".repeat(2_000)
    );
    let ran = simulate(&(deep + &wild + "\n"), "json");
    assert_eq!(ran.code, 3);
    let lines: Vec<Value> = ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines[0]["decision"], Value::Null);
    assert_eq!(lines[1]["decision"], "implicit_deny");
}

fn written(text: &str) -> (TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("policy.json");
    std::fs::write(&file, text).unwrap();
    let name = file.to_str().unwrap().to_owned();
    (folder, name)
}

#[test]
fn explain_says_why_and_what_would_have_to_change() {
    let (_folder, file) = written(ALLOW);
    let request = [
        "explain",
        "--principal",
        "arn:aws:iam::123456789012:user/a",
        "--action",
        "s3:GetObject",
        "--resource",
        "arn:aws:s3:::reports/x",
        "--identity",
        &file,
    ];
    let ran = run(&mut policy(&request));
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    for words in [
        "`Read`: does not apply: `aws:MultiFactorAuthPresent` `Bool` `true`",
        "does not have it",
        "must allow it",
    ] {
        assert!(ran.stdout.replace("\n    ", " ").contains(words), "{}", ran.stdout);
    }
    let ran = run(policy(&request).args(["--context", "aws:MultiFactorAuthPresent=true"]));
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    let ran = run(policy(&request).args([
        "--scp",
        "",
        "--context",
        "aws:MultiFactorAuthPresent=true",
        "--format",
        "json",
    ]));
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((&report["decision"], &report["decided_by"]), (&"implicit_deny".into(), &"scp".into()));
}

#[test]
fn lint_names_rule_place_and_remedy() {
    let (_folder, file) = written(&ALLOW.replace("s3:GetObject", "s3:GetObjects"));
    let ran = run(&mut policy(&["lint", &file]));
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    let unwrapped = ran.stdout.replace("\n    ", " ");
    assert!(
        unwrapped.contains("did you mean `s3:GetObject`?") && unwrapped.contains("unknown-action"),
        "{unwrapped}"
    );
    assert_eq!(run(&mut policy(&["lint", "--fail-on", "never", &file])).code, 0);
    let (_folder, broken) = written("{\"Statement\":\n [{}]}");
    let ran = run(&mut policy(&["lint", "--format", "json", &broken]));
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(report["files"][0]["findings"][0]["rule"], "not-a-policy");
    assert!(report["files"][0]["findings"][0]["message"].as_str().unwrap().contains("line 2"));
}

#[test]
fn explain_takes_a_case_or_flags_but_not_both() {
    let (_folder, file) = written(&case("mine", "\"allowed\"").replace("\"policies\"", "\n\"policies\""));
    let ran = run(&mut policy(&["explain", "--case", &file]));
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let heading = "arn:aws:iam::123456789012:user/a s3:GetObject on arn:aws:s3:::reports/x";
    assert!(ran.stdout.replace('\n', " ").contains(heading), "{}", ran.stdout);
    let both = run(&mut policy(&["explain", "--case", &file, "--resource", "arn:aws:s3:::other"]));
    assert_eq!(both.code, 2, "{}", both.stdout);
    assert!(both.stderr.contains("--resource"), "{}", both.stderr);
    let (_folder, two) = written(&case("one", "null").repeat(2));
    let ran = run(&mut policy(&["explain", "--case", &two]));
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("several cases") && ran.stderr.contains(&two), "{}", ran.stderr);
}

#[test]
fn explain_says_that_nobody_knows_an_operator() {
    let (_folder, file) = written(&case("strange", "null").replace("\"Bool\"", "\"Boolean\""));
    let ran = run(&mut policy(&["explain", "--case", &file]));
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stdout.contains("AWS has no operator `Boolean`"), "{}", ran.stdout);
    let ran = run(&mut policy(&["explain", "--case", &file, "--format", "json"]));
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert!(report["remarks"][0].as_str().unwrap().contains("`Boolean`"), "{report}");
}

#[test]
fn a_file_that_is_missing_hides_no_findings_of_others() {
    let (_folder, file) = written(&ALLOW.replace("s3:GetObject", "s3:GetObjects"));
    let ran = run(&mut policy(&["lint", "nowhere.json", &file, "nor-here.json"]));
    assert_eq!(ran.code, 2, "{}", ran.stdout);
    assert!(
        ran.stdout.contains("unknown-action") && ran.stdout.contains("1 document, 1 finding"),
        "{}",
        ran.stdout
    );
    assert!(ran.stderr.contains("nowhere.json") && ran.stderr.contains("nor-here.json"), "{}", ran.stderr);
}

#[test]
fn what_is_no_policy_is_taken_for_none() {
    let (_folder, file) = written("{\"Statement\": 1}");
    let ran = run(&mut policy(&["lint", "--kind", "managed", &file]));
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stdout.contains("(no policy)") && !ran.stdout.contains("not-a-policy"), "{}", ran.stdout);
    let ran = run(&mut policy(&["lint", "--format", "json", &file]));
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(report["files"][0]["kind"], Value::Null);
}

#[test]
fn rules_fit_the_screen() {
    for arguments in [&["rules"][..], &["rules", "unknown-action"]] {
        let ran = run(&mut policy(arguments));
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        for line in ran.stdout.lines().filter(|line| !line.contains("https://")) {
            assert!(line.chars().count() <= 80 && !line.starts_with('#'), "{line}");
        }
        assert!(ran.stdout.contains("unknown-action"), "{}", ran.stdout);
    }
}

#[test]
fn the_manual_has_the_subcommands_of_subcommands() {
    let ran = run(leastwise().arg("man"));
    let page = ran.stdout.replace('\\', "");
    for words in
        ["policy simulate", "policy explain", "policy lint", "policy rules", "checks list", "checks show"]
    {
        assert!(page.contains(&format!("leastwise {words}")), "{words}");
    }
    for flag in ["--cases", "--resource-policy", "--fail-on"] {
        assert!(page.contains(flag), "{flag}");
    }
}
