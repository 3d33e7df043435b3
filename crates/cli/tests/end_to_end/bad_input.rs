//! Bad input: a clear error with place and remedy, or unknown with the rest intact. Never a panic, never a pass.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::{Lab, Ran, audit, example, leastwise, rows, run};
use serde_json::Value;

fn refuse(command: &mut Command, expected: &[&str]) -> Ran {
    let ran = run(command);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.stderr.starts_with("error: "), "{}", ran.stderr);
    assert!(!ran.stderr.contains("panicked"), "{}", ran.stderr);
    for text in expected {
        assert!(ran.stderr.contains(text), "`{text}` is missing in: {}", ran.stderr);
    }
    ran
}

fn refuse_snapshot(text: &str, expected: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("snapshot.json");
    fs::write(&file, text).unwrap();
    refuse(leastwise().arg("audit").arg(&file), &["snapshot.json"]);
    refuse(leastwise().arg("audit").arg(&file), expected);
}

#[test]
fn snapshots_that_are_none() {
    let text = fs::read_to_string(example()).unwrap();
    refuse_snapshot("", &["not a snapshot"]);
    refuse_snapshot("[]", &["not a snapshot"]);
    refuse_snapshot(crate::support::first_half(&text), &["not a snapshot", "line"]);
    refuse_snapshot(&text.replace("\"schema_version\": 1", "\"schema_version\": 2"), &["schema version 2"]);
    refuse_snapshot(
        &text.replace("\"schema_version\": 1", "\"schema_version\": 99, \"new\": 0"),
        &["schema version 99"],
    );
    refuse_snapshot(
        &text.replacen("\"password_policy\"", "\"password_polcy\"", 1),
        &["password_polcy", "line"],
    );
    refuse_snapshot(&text.replacen("\"collected_at\": \"2", "\"collected_at\": \"x2", 1), &["line"]);
    let mut twice: Value = serde_json::from_str(&text).unwrap();
    let account = twice["accounts"][0].clone();
    twice["accounts"].as_array_mut().unwrap().push(account);
    refuse_snapshot(&twice.to_string(), &["twice"]);
}

#[test]
fn files_that_cannot_be_read() {
    refuse(leastwise().args(["audit", "/no/such/file.json"]), &["/no/such/file.json"]);
    refuse(leastwise().arg("audit").arg(example()).args(["--config", "/no/such.toml"]), &["/no/such.toml"]);
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("leastwise.toml");
    fs::write(&config, "[thresholds]\nunused_days = 1\n").unwrap();
    refuse(
        leastwise().arg("audit").arg(example()).arg("--config").arg(&config),
        &["leastwise.toml", "unused_days", "line 2"],
    );
    fs::write(folder.path().join("binary.json"), [0xff, 0xfe, 0x00]).unwrap();
    refuse(leastwise().arg("audit").arg(folder.path().join("binary.json")), &["binary.json"]);
}

#[test]
fn output_that_cannot_be_written_leaves_no_half_file() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("no/report.json");
    refuse(leastwise().arg("audit").arg(example()).arg("-o").arg(&missing), &["report.json", "folder"]);
    refuse(leastwise().arg("audit").arg(example()).arg("-o").arg(folder.path()), &["folder"]);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn what_is_read_is_not_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let (old, new) = (folder.path().join("old.json"), folder.path().join("new.json"));
    fs::copy(example(), &old).unwrap();
    fs::copy(example(), &new).unwrap();
    fs::write(folder.path().join("own.toml"), "").unwrap();
    let before = fs::read(&old).unwrap();
    let mut commands = Vec::new();
    for flag in ["-o", "--save-snapshot"] {
        let mut audit = leastwise();
        audit.current_dir(&folder).args(["audit", "old.json", flag]).arg(&old);
        commands.push((audit, "old.json"));
    }
    for (flag, named) in [("old.json", "old.json"), ("./new.json", "new.json"), ("own.toml", "own.toml")] {
        let mut diff = leastwise();
        diff.current_dir(&folder).args(["diff", "old.json", "new.json", "--config", "own.toml", "-o", flag]);
        commands.push((diff, named));
    }
    let mut snapshot = leastwise();
    snapshot.current_dir(&folder).args(["snapshot", "old.json", "-o", "old.json"]);
    commands.push((snapshot, "old.json"));
    for (mut command, named) in commands {
        refuse(&mut command, &["would replace", named, "another file"]);
    }
    assert_eq!(fs::read(&old).unwrap(), before);
    assert_eq!(fs::read(&new).unwrap(), before);
    let twice = ["audit", "old.json", "--save-snapshot", "x.json", "-o", "./x.json"];
    refuse(leastwise().current_dir(&folder).args(twice), &["same file"]);
}

#[test]
fn flags_that_make_no_sense() {
    for (arguments, expected) in [
        (vec!["audit", "--check", "root-mfas"], "root-mfa"),
        (vec!["audit", "--check", "iam-unused-services"], "--last-accessed"),
        (vec!["audit", "--framework", "cis_aws_1_4", "--by", "bp"], "--by bp"),
        (vec!["audit", "--as-of", "tomorrow"], "2026-03-01"),
        (vec!["audit", "--framework", "no-such"], "cis_aws_1_4"),
        (vec!["audit", "--role", "X"], "--org"),
        (vec!["audit", "--org", "--role", ""], "the role's name"),
        (vec!["audit", "--org", "--role", "a b/c"], "the role's name"),
        (vec!["snapshot", "--org", "--role", "arn:aws:iam::123456789012:role/X"], "the role's name"),
        (vec!["permissions", "--org", "--role", "*"], "the role's name"),
        (vec!["audit", "x.json", "--org"], "--org"),
        (vec!["audit", "--timeout", "0"], "--timeout"),
        (vec!["audit", "--endpoint-url", "localhost:1"], "endpoint"),
    ] {
        refuse(leastwise().args(&arguments), &[expected]);
    }
}

#[test]
fn no_credentials_and_no_region() {
    refuse(leastwise().arg("audit"), &["credentials", "aws"]);
    refuse(leastwise().args(["audit", "--profile", "no-such"]), &["no-such"]);
    let lab = Lab::with("small");
    let report = audit(lab.audit().env_remove("AWS_REGION"));
    assert!(!rows(&report, &["pass"]).is_empty());
}

#[test]
fn a_region_that_is_none() {
    let lab = Lab::start();
    let words = ["`us_east_1` (from `--region`) is not a region; write"];
    refuse(lab.leastwise("audit").args(["--region", "us_east_1"]), &words);
    refuse(lab.leastwise("audit").env("AWS_REGION", "us east"), &["`us east` (from `AWS_REGION`)"]);
    let config = lab.folder().join("config");
    fs::write(&config, "[default]\nregion = eu/1\n").unwrap();
    let mut command = lab.leastwise("audit");
    command.env_remove("AWS_REGION").env("AWS_CONFIG_FILE", &config);
    refuse(&mut command, &["`eu/1` (from profile `default`)"]);
    let report = audit(lab.leastwise("audit").env("AWS_REGION", ""));
    assert!(!rows(&report, &["pass"]).is_empty(), "an empty variable counts as unset");
}

#[test]
fn kinds_of_endpoints_that_contradict_the_endpoint() {
    let lab = Lab::start();
    for (variable, what) in [("AWS_USE_FIPS_ENDPOINT", "FIPS"), ("AWS_USE_DUALSTACK_ENDPOINT", "dual-stack")]
    {
        let words = [variable, what, &lab.endpoint, "--endpoint-url"];
        let ran = refuse(lab.leastwise("audit").env(variable, "true"), &words);
        assert!(!ran.stderr.contains("reached"), "{}", ran.stderr);
    }
    let mut command = leastwise();
    command.env("AWS_ACCESS_KEY_ID", "x").env("AWS_SECRET_ACCESS_KEY", "y").env("AWS_REGION", "eu-west-1");
    command.env("AWS_USE_FIPS_ENDPOINT", "true").env("AWS_ENDPOINT_URL_STS", &lab.endpoint);
    let ran = refuse(command.arg("audit"), &["not asked", "has no endpoint", "FIPS"]);
    assert!(!ran.stderr.contains(['{', '"']), "{}", ran.stderr);
}

#[test]
fn an_endpoint_that_is_not_aws() {
    let lab = Lab::with("small");
    let refused = ["http://127.0.0.1:9", "connect"];
    let mut command = leastwise();
    command.args(["audit", "--timeout", "2", "--endpoint-url", refused[0]]);
    refuse(
        command.env("AWS_ACCESS_KEY_ID", "x").env("AWS_SECRET_ACCESS_KEY", "y").env("AWS_MAX_ATTEMPTS", "1"),
        &["127.0.0.1:9"],
    );
    lab.control("POST", "fault", r#"{"kind": "html"}"#);
    refuse(lab.audit().env("AWS_MAX_ATTEMPTS", "1"), &["not AWS"]);
    lab.control("DELETE", "fault", "");
    lab.control("POST", "fault", r#"{"kind": "expired_token"}"#);
    refuse(lab.audit().env("AWS_MAX_ATTEMPTS", "1"), &["expired", "aws sso login"]);
}

/// What an audit makes of one operation that misbehaves.
fn with_fault(lab: &Lab, kind: &str, operation: &str) -> Value {
    let fault = format!(r#"{{"kind": "{kind}", "operations": ["{operation}"], "seconds": 20}}"#);
    lab.control("POST", "fault", &fault);
    let report = audit(lab.audit().args(["--timeout", "4"]).env("AWS_MAX_ATTEMPTS", "1"));
    lab.control("DELETE", "fault", "");
    report
}

#[test]
fn an_operation_that_answers_nonsense_or_not_at_all() {
    let lab = Lab::with("small");
    let before = rows(&audit(&mut lab.audit()), &["pass"]);
    for kind in ["html", "malformed_xml", "hang", "throttle", "unsupported"] {
        for operation in ["GetAccountPasswordPolicy", "GetAccountAuthorizationDetails", "GetCredentialReport"]
        {
            let report = with_fault(&lab, kind, operation);
            assert!(!report["unread"].as_array().unwrap().is_empty(), "{kind} {operation}");
            let passed = rows(&report, &["pass"]);
            let invented: Vec<_> = passed.difference(&before).collect();
            assert!(invented.is_empty(), "{kind} {operation}: {invented:?}");
            assert!(passed.len() > 5, "{kind} {operation}: the rest is intact");
        }
    }
}

#[test]
fn policy_documents_of_every_kind() {
    let mut snapshot: Value = serde_json::from_str(&fs::read_to_string(example()).unwrap()).unwrap();
    let template = snapshot["accounts"][0]["policies"]["known"][0].clone();
    assert!(template.is_object());
    let huge = format!(
        r#"{{"Statement":[{}]}}"#,
        vec![r#"{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}"#; 15_000].join(",")
    );
    let documents = [
        ("encoded", Value::from("%7B%22Statement%22%3A%5B%5D%7D")),
        ("invalid", serde_json::json!({"Statement": [{"Effect": "Maybe"}]})),
        ("deep", Value::from("[".repeat(5_000))),
        ("huge", serde_json::from_str(&huge).unwrap()),
        ("empty", Value::from("")),
    ];
    let account = snapshot["accounts"][0]["id"].as_str().unwrap().to_owned();
    let policies = snapshot["accounts"][0]["policies"]["known"].as_array_mut().unwrap();
    for (name, document) in documents {
        let mut policy = template.clone();
        policy["name"] = name.into();
        policy["arn"] = format!("arn:aws:iam::{account}:policy/{name}").into();
        policy["document"] = serde_json::json!({"known": document});
        policies.push(policy);
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("snapshot.json");
    fs::write(&file, snapshot.to_string()).unwrap();
    let report = audit(leastwise().arg("audit").arg(&file));
    let verdict = |status: &str, name: &str| {
        rows(&report, &[status]).contains(&(
            account.clone(),
            "iam-policy-not-action".to_owned(),
            format!("policy/{name}"),
        ))
    };
    for name in ["encoded", "invalid", "deep", "empty"] {
        assert!(verdict("unknown", name), "{name}");
    }
    assert!(verdict("pass", "huge"));
}

#[test]
fn control_characters_are_never_printed() {
    let hostile = "evil\\u001b[31m\\u0007\\u202e\\u009bname\\r";
    let text = fs::read_to_string(example()).unwrap();
    let name = first_user(&text);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("snapshot.json");
    fs::write(&file, text.replace(&format!("\"{name}\""), &format!("\"{hostile}\""))).unwrap();
    for format in ["text", "md", "csv"] {
        let ran = run(audit_as(&file, format).arg("--all"));
        assert!(ran.stdout.contains("evil"), "{format}");
        let raw =
            |c: char| (c.is_control() && c != '\n' && !(format == "csv" && c == '\r')) || c == '\u{202e}';
        assert!(
            !ran.stdout.contains(raw),
            "{format}: {:?}",
            ran.stdout.lines().find(|line| line.contains("evil"))
        );
    }
}

fn audit_as(file: &Path, format: &str) -> Command {
    let mut command = leastwise();
    command.arg("audit").arg(file).args(["--format", format]);
    command
}

fn first_user(text: &str) -> String {
    let snapshot: Value = serde_json::from_str(text).unwrap();
    let accounts = snapshot["accounts"].as_array().unwrap().iter();
    let mut users = accounts.flat_map(|account| account["users"]["known"].as_array().unwrap());
    users.next().unwrap()["name"].as_str().unwrap().to_owned()
}
