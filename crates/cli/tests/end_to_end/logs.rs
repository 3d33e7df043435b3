//! Commands on CloudTrail's logs: the shipped tree with planted attacks, odd input, and what is kept between runs.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{Ran, leastwise, root, run};

/// Logs of six accounts in the form that AWS delivers them, with attacks planted.
fn example() -> PathBuf {
    root().join("examples/trail/AWSLogs")
}

fn trail(arguments: &[&str]) -> Command {
    let mut command = leastwise();
    command.arg("trail").args(arguments);
    command
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn events(value: &Value) -> impl Iterator<Item = String> {
    value.as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned())
}

#[test]
fn planted_attacks_are_found() {
    let ran = run(trail(&["hunt", "--format", "jsonl", "--level", "medium"]).arg(example()));
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    let hit: BTreeSet<String> = lines(&ran.stdout).iter().flat_map(|hit| events(&hit["event_ids"])).collect();
    let truth = fs::read_to_string(root().join("examples/trail/truth.jsonl")).unwrap();
    let missed: Vec<String> = lines(&truth)
        .iter()
        .filter(|planted| planted["kind"] == "attack")
        .filter(|planted| !events(&planted["events"]).any(|id| hit.contains(&id)))
        .map(|planted| planted["attack"].as_str().unwrap().to_owned())
        .collect();
    // These instances are started under the name of Terraform, as an owner's would be.
    assert_eq!(missed, ["many-large-instances"]);
}

#[test]
fn a_hit_says_who_what_where_and_why() {
    let ran = run(trail(&["hunt", "--format", "jsonl", "--level", "critical"]).arg(example()));
    let hits = lines(&ran.stdout);
    let root_user = hits.iter().find(|hit| hit["title"] == "Root user signed in without MFA").unwrap();
    for field in ["rule", "level", "time", "account", "region", "principal", "source_address", "event_name"] {
        assert!(root_user[field].is_string(), "{field}: {root_user}");
    }
    assert_eq!(root_user["matched"]["userIdentity.type"][0], "Root");
    assert_eq!(events(&root_user["event_ids"]).count(), 1);
}

#[test]
fn every_format_is_written() {
    let folder = TempDir::new().unwrap();
    for (format, start) in [
        ("table", "Hunt through CloudTrail\n==="),
        ("json", "{\n  \"schema_version\": 1,"),
        ("jsonl", "{\"time\":"),
        ("csv", "time,level,title,"),
        ("md", "# Hunt through CloudTrail"),
        ("html", "<!DOCTYPE html>"),
    ] {
        let file = folder.path().join(format);
        let ran = run(trail(&["hunt", "--format", format, "-o"]).arg(&file).arg(example()));
        assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{}", ran.stderr);
        let text = fs::read_to_string(&file).unwrap();
        assert!(text.starts_with(start), "{format}: {}", text.chars().take(80).collect::<String>());
    }
}

#[test]
fn threads_and_order_change_nothing() {
    let hunt = |more: &[&str], sources: &[PathBuf]| {
        let mut command = trail(&["hunt", "--format", "jsonl", "--fail-on", "never"]);
        let ran = run(command.args(more).args(sources));
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        ran.stdout
    };
    let one = hunt(&["--threads", "1"], &[example()]);
    assert!(!one.is_empty());
    assert_eq!(one, hunt(&["--threads", "3"], &[example()]));
    assert_eq!(one, hunt(&[], &[example(), example()]), "duplicates count once");
    let mut folders: Vec<PathBuf> =
        fs::read_dir(example().join("o-exampleorgid")).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    folders.reverse();
    assert_eq!(one, hunt(&[], &folders));
}

#[test]
fn filters_skip_what_is_not_asked_for() {
    let stats = |more: &[&str]| {
        let ran = run(trail(&["stats", "--format", "json"]).args(more).arg(example()));
        serde_json::from_str::<Value>(&ran.stdout).unwrap()
    };
    let all = stats(&[]);
    let part = stats(&["--account", "111122223333", "--region", "us-east-1"]);
    let names = |top: &Value| {
        top["rows"].as_array().unwrap().iter().map(|row| row["name"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(names(&part["stats"]["accounts"]), ["111122223333"]);
    assert_eq!(names(&part["stats"]["regions"]), ["us-east-1"]);
    assert!(part["reading"]["filtered_files"].as_u64() > Some(0), "{}", part["reading"]);
    let count = |stats: &Value| stats["stats"]["events"].as_u64().unwrap();
    let hours = all["stats"]["hours"].as_array().unwrap().iter();
    let before: u64 = hours
        .filter(|hour| hour[0].as_str().unwrap() < "2026-01-08")
        .map(|hour| hour[1].as_u64().unwrap())
        .sum();
    // Files are left out by the time of their delivery, which in this small tree is that of few events.
    let about = |found: u64, expected: u64| found <= expected && found > expected * 9 / 10;
    let (early, late) =
        (count(&stats(&["--until", "2026-01-08"])), count(&stats(&["--since", "2026-01-08"])));
    assert!(about(early, before) && about(late, count(&all) - before), "{early}, {late}, {before}");
    let never = run(trail(&["stats", "--since", "2026-01-08", "--until", "2026-01-08"]).arg(example()));
    assert_eq!(never.code, 2, "{}", never.stderr);
}

fn piped(command: &mut Command, input: &[u8]) -> Ran {
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ran { code: output.status.code().unwrap(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

const ROOT_SIGNED_IN: &str = r#"{"eventVersion":"1.11","userIdentity":{"type":"Root","arn":"arn:aws:iam::111122223333:root","accountId":"111122223333"},"eventTime":"2026-03-01T12:00:00Z","eventSource":"signin.amazonaws.com","eventName":"ConsoleLogin","awsRegion":"us-east-1","sourceIPAddress":"203.0.113.7","eventType":"AwsConsoleSignIn","responseElements":{"ConsoleLogin":"Success"},"additionalEventData":{"MFAUsed":"Yes"},"eventID":"11111111-1111-4111-8111-111111111111","recipientAccountId":"111122223333"}"#;

#[test]
fn what_cannot_be_read_is_counted_and_named() {
    let folder = TempDir::new().unwrap();
    let file = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
    file("good.json", format!("{{\"Records\":[{ROOT_SIGNED_IN}]}}").as_bytes());
    file("null.json", b"{\"Records\":null}");
    file("empty.json", b"");
    let quiet = run(trail(&["hunt", "--fail-on", "never"]).arg(folder.path()));
    assert_eq!(quiet.code, 0, "{}{}", quiet.stdout, quiet.stderr);
    file("half.json", format!("{{\"Records\":[{ROOT_SIGNED_IN},{{\"eventName\":").as_bytes());
    file("cut.json.gz", &[0x1f, 0x8b, 8, 0, 0, 0]);
    let ran = run(trail(&["hunt", "--fail-on", "never"]).arg(folder.path()));
    assert_eq!(ran.code, 3, "{}", ran.stdout);
    for named in ["half.json", "cut.json.gz", "Root user signed in to the console"] {
        assert!(ran.stdout.contains(named), "{named}: {}", ran.stdout);
    }
    let allowed = run(trail(&["hunt", "--fail-on", "never", "--allow-incomplete"]).arg(folder.path()));
    assert_eq!(allowed.code, 0);
    let nowhere = run(&mut trail(&["hunt", "nowhere"]));
    assert_eq!(nowhere.code, 2);
    assert!(nowhere.stderr.contains("nowhere"), "{}", nowhere.stderr);
}

#[test]
fn the_standard_input_is_a_source() {
    let ran = piped(&mut trail(&["hunt", "-", "--format", "jsonl"]), ROOT_SIGNED_IN.as_bytes());
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(lines(&ran.stdout).iter().any(|hit| hit["title"] == "Root user signed in to the console"));
}

#[test]
fn usage_is_kept_from_run_to_run() {
    let folder = TempDir::new().unwrap();
    let (logs, state) = (folder.path().join("logs"), folder.path().join("usage.state"));
    fs::create_dir(&logs).unwrap();
    let event = |id: char, name: &str| {
        let id = id.to_string().repeat(8) + "-1111-4111-8111-111111111111";
        format!(
            r#"{{"eventVersion":"1.11","userIdentity":{{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/a","accountId":"111122223333","userName":"a"}},"eventTime":"2026-03-01T12:00:00Z","eventSource":"iam.amazonaws.com","eventName":"{name}","awsRegion":"us-east-1","eventType":"AwsApiCall","requestParameters":{{"userName":"b"}},"eventID":"{id}","recipientAccountId":"111122223333"}}"#
        )
    };
    let write = |name: &str, text: String| fs::write(logs.join(name), text).unwrap();
    let account = |logs: &Path| {
        let mut command = trail(&["usage", "--format", "json", "--state"]);
        let ran = run(command.arg(&state).arg(logs));
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let usage: Value = serde_json::from_str(&ran.stdout).unwrap();
        usage["callers"][0]["actions"]["iam:GetUser"]["used"]["count"].as_u64()
    };
    write("1.json", event('1', "GetUser"));
    assert_eq!(account(&logs), Some(1));
    assert_eq!(account(&logs), Some(1), "a file that was read is not read again");
    write("2.json", event('2', "GetUser"));
    assert_eq!(account(&logs), Some(2));
    write("1.json", event('3', "GetUser") + "\n" + &event('4', "GetUser"));
    let changed = run(trail(&["usage", "--state"]).arg(&state).arg(&logs));
    assert_eq!(changed.code, 3);
    assert!(changed.stdout.contains("1 file changed since it was read"), "{}", changed.stdout);
}

#[test]
fn usage_joins_the_audit() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("usage.json");
    let made = run(trail(&["usage", "--format", "json", "-o"]).arg(&file).arg(example()));
    assert_eq!(made.code, 0, "{}", made.stderr);
    let organization = root().join("examples/organization.json");
    let audited = |source: &Path| {
        let ran = run(leastwise().arg("audit").arg(&organization).arg("--trail").arg(source));
        assert_eq!(ran.code, 1, "{}", ran.stderr);
        ran.stdout
    };
    assert_eq!(audited(&file), audited(&example()), "logs and the usage made of them say the same");
}

#[test]
fn rules_are_listed_shown_and_tested() {
    let list = run(&mut trail(&["rules", "list", "--format", "json"]));
    let rules: Value = serde_json::from_str(&list.stdout).unwrap();
    assert_eq!(rules["problems"], serde_json::json!([]));
    assert!(rules["rules"].as_array().unwrap().len() > 300);
    let page = run(&mut trail(&["rules", "show", "root user signed in to the console"]));
    for part in ["Level: critical", "Why it matters", "T1078", "When it is wrong"] {
        assert!(page.stdout.to_lowercase().contains(&part.to_lowercase()), "{part}: {}", page.stdout);
    }
    assert_eq!(run(&mut trail(&["rules", "show", "no such rule"])).code, 2);
    let tested = run(&mut trail(&["rules", "test"]));
    assert_eq!(tested.code, 0, "{}", tested.stdout);
}

#[test]
fn rules_of_the_user_are_used_or_named() {
    let folder = TempDir::new().unwrap();
    let rule = "title: Mine\nid: 0b4e0a4e-3d38-4f6b-9a08-8d2f6f7f5a11\nlevel: high\nlogsource: {product: aws, service: cloudtrail}\ndetection:\n  selection: {eventName: ConsoleLogin}\n  condition: selection\n";
    fs::write(folder.path().join("mine.yml"), rule).unwrap();
    let hunt = || {
        let mut command = trail(&["hunt", "-", "--format", "jsonl", "--only-these", "--rules"]);
        piped(command.arg(folder.path()), ROOT_SIGNED_IN.as_bytes())
    };
    let ran = hunt();
    let titles: Vec<Value> = lines(&ran.stdout).iter().map(|hit| hit["title"].clone()).collect();
    assert_eq!((ran.code, titles), (1, vec![Value::from("Mine")]));
    fs::write(folder.path().join("broken.yml"), rule.replace("condition: selection", "condition: selectoin"))
        .unwrap();
    let ran = hunt();
    assert!(ran.stderr.contains("broken.yml") && ran.stderr.contains("selectoin"), "{}", ran.stderr);
    let tested = run(trail(&["rules", "test", "--only-these", "--rules"]).arg(folder.path()));
    assert_eq!(tested.code, 1, "{}", tested.stdout);
}
