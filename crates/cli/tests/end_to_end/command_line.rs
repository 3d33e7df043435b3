//! Flags, exit codes, and the commands that the README shows.

use std::collections::BTreeSet;
use std::fs;

use crate::support::{Lab, Ran, audit, example, leastwise, root, rows, run};
use serde_json::Value;

fn on_example(arguments: &[&str]) -> Ran {
    run(leastwise().arg("audit").arg(example()).args(arguments))
}

#[test]
fn the_example_has_most_kinds_of_findings() {
    let report = audit(leastwise().arg("audit").arg(example()));
    let failing: BTreeSet<String> = rows(&report, &["fail"]).into_iter().map(|(_, check, _)| check).collect();
    let all = run(leastwise().args(["checks", "list", "--format", "ids"])).stdout;
    let (failing, all) = (failing.len(), all.lines().count());
    assert!(failing * 10 > all * 8, "{failing} of {all} checks fail somewhere");
    assert_eq!(report["accounts"].as_array().unwrap().len(), 3);
}

#[test]
fn the_readme_runs_as_written() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let line = readme.lines().find(|line| line.starts_with("cargo run --release -- ")).unwrap();
    let arguments = line.trim_start_matches("cargo run --release -- ").split_whitespace();
    let ran = run(leastwise().args(arguments).current_dir(root()));
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(readme.contains("\ncargo xtask ci\n"));
    for line in readme.lines().filter(|line| line.starts_with("leastwise ")) {
        for command in line.split('#').next().unwrap().split("&&") {
            let words = command.split_whitespace().skip(1);
            let ran = run(leastwise().args(words).args(["--help"]));
            assert_eq!(ran.code, 0, "{command}: {}", ran.stderr);
        }
    }
    let ci = fs::read_to_string(root().join("xtask/src/ci.rs")).unwrap();
    assert!(
        ci.contains(&format!("\"{}\"", line.trim_start_matches("cargo "))),
        "CI runs the line as written"
    );
    assert!(fs::read_to_string(root().join(".ci/run")).unwrap().contains("\ncargo xtask ci\n"));
}

#[test]
fn the_documented_configuration_is_a_configuration() {
    let page = fs::read_to_string(root().join("docs/configuration.md")).unwrap();
    let toml = page.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    let config = leastwise_checks::Config::from_toml(toml).unwrap();
    assert_eq!(config.thresholds, leastwise_checks::Thresholds::default());
    let keys = format!("{config:?}");
    for key in keys.split([' ', '{', ',']).filter_map(|word| word.strip_suffix(':')) {
        let is_key = key.starts_with(|c: char| c.is_ascii_lowercase());
        assert!(!is_key || page.contains(key), "docs/configuration.md does not explain `{key}`");
    }
}

#[test]
fn exit_codes() {
    let lab = Lab::with("small");
    assert_eq!(run(&mut lab.audit()).code, 1);
    assert_eq!(run(lab.audit().args(["--fail-on", "never"])).code, 3, "the root address is unknown");
    assert_eq!(run(lab.audit().args(["--fail-on", "never", "--allow-incomplete"])).code, 0);
    let one = ["--check", "account-security-questions"];
    assert_eq!(run(lab.audit().args(one)).code, 0, "a manual row is not incompleteness");
    assert_eq!(run(lab.audit().args(["--check", "iam-inline-policy", "--fail-on", "medium"])).code, 0);
    assert_eq!(run(lab.audit().args(["--check", "iam-inline-policy", "--fail-on", "low"])).code, 1);
    let framework = ["--check", "iam-inline-policy", "--fail-on", "never", "--framework", "bp"];
    assert_eq!(run(lab.audit().args(framework)).code, 3, "the framework has lines that nothing decides");
}

#[test]
fn a_check_asked_for_by_name_is_unknown_without_its_data() {
    let folder = tempfile::tempdir().unwrap();
    let file = changed_example(folder.path(), |snapshot| {
        for account in snapshot["accounts"].as_array_mut().unwrap() {
            account["last_accessed"] =
                serde_json::json!({"unknown": {"reason": "not_requested", "detail": "it takes calls"}});
        }
    });
    for format in ["text", "md", "csv", "json"] {
        let arguments = ["--check", "iam-unused-services", "--format", format];
        let ran = run(leastwise().arg("audit").arg(&file).args(arguments));
        assert_eq!(ran.code, 3, "{}", ran.stdout);
        assert!(ran.stdout.contains("`--last-accessed`") || format == "md", "{}", ran.stdout);
        assert!(ran.stdout.contains("last-accessed"), "{}", ran.stdout);
        let diff = run(leastwise().arg("diff").args([&file, &file]).args(arguments));
        assert_eq!(diff.code, 3, "{}", diff.stdout);
    }
}

#[test]
fn every_control_has_a_row() {
    let report = audit(leastwise().arg("audit").arg(example()));
    let controls = |id: &str| {
        let framework = report["frameworks"].as_array().unwrap().iter().find(|f| f["id"] == id).unwrap();
        framework["controls"].as_array().unwrap().clone()
    };
    assert_eq!(controls("bp").len(), 26);
    assert_eq!(controls("cis_aws_1_4").len(), 58);
    for control in controls("bp").iter().chain(&controls("cis_aws_1_4")) {
        assert!(control["undecided"].is_null() || control["status"] != "pass", "{control}");
    }
}

#[test]
fn what_is_shown_can_be_narrowed() {
    let report = |arguments: &[&str]| audit(leastwise().arg("audit").arg(example()).args(arguments));
    let statuses = |report: &Value| -> BTreeSet<String> {
        report["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|f| f["status"].as_str().unwrap().to_owned())
            .collect()
    };
    let (whole, failed) = (report(&[]), report(&["--only", "fail"]));
    assert_eq!(statuses(&failed), BTreeSet::from(["fail".to_owned()]));
    assert_eq!(whole["score"], failed["score"], "what is shown does not change the score");
    let severe = report(&["--severity", "high"]);
    assert!(
        severe["findings"]
            .as_array()
            .unwrap()
            .iter()
            .all(|f| f["severity"] == "high" || f["severity"] == "critical")
    );
    let one = report(&["--check", "root-mfa"]);
    assert_eq!(one["findings"].as_array().unwrap().len(), 3);
}

#[test]
fn text_fits_eighty_columns_and_has_no_colours_away_from_a_terminal() {
    for arguments in
        [&["--by", "check"][..], &["--by", "account"], &["--by", "bp"], &["--by", "cis_aws_1_4"], &["--all"]]
    {
        let ran = on_example(arguments);
        assert!(!ran.stdout.contains('\u{1b}'), "{arguments:?}");
        for line in ran.stdout.lines().filter(|line| line.chars().count() > 80) {
            let longest = line.split_whitespace().map(|word| word.chars().count()).max().unwrap();
            assert!(longest > 60, "{arguments:?}: {line}");
        }
    }
}

#[test]
fn the_same_snapshot_gives_the_same_bytes() {
    for format in ["text", "json", "csv", "md"] {
        assert_eq!(on_example(&["--format", format]).stdout, on_example(&["--format", format]).stdout);
    }
}

#[test]
fn a_report_goes_to_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.csv");
    let ran = on_example(&["--format", "csv", "-o", file.to_str().unwrap()]);
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""));
    assert_eq!(fs::read_to_string(&file).unwrap(), on_example(&["--format", "csv"]).stdout);
}

#[test]
fn a_difference_shows_what_got_better_and_worse() {
    let folder = tempfile::tempdir().unwrap();
    let better = folder.path().join("better.json");
    let text = fs::read_to_string(example()).unwrap();
    let mut snapshot: Value = serde_json::from_str(&text).unwrap();
    for account in snapshot["accounts"].as_array_mut().unwrap() {
        account["summary"]["known"]["root_access_keys_present"] = serde_json::json!({"known": false});
        account["root"]["known"]["access_keys"] = serde_json::json!({"known": []});
    }
    fs::write(&better, snapshot.to_string()).unwrap();
    let diff = |old: &std::path::Path, new: &std::path::Path| {
        let ran = run(leastwise().arg("diff").arg(old).arg(new));
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        ran.stdout
    };
    assert!(diff(&example(), &better).contains("root-access-key"));
    assert_ne!(diff(&example(), &better), diff(&better, &example()));
    assert!(!diff(&example(), &example()).contains("root-access-key"));
}

/// The example with a change, in a folder.
fn changed_example(folder: &std::path::Path, change: impl Fn(&mut Value)) -> std::path::PathBuf {
    let mut snapshot: Value = serde_json::from_str(&fs::read_to_string(example()).unwrap()).unwrap();
    change(&mut snapshot);
    let file = folder.join(format!("{}.json", fs::read_dir(folder).unwrap().count()));
    fs::write(&file, snapshot.to_string()).unwrap();
    file
}

#[test]
fn a_difference_that_lost_something_is_incomplete() {
    let folder = tempfile::tempdir().unwrap();
    let changed = |change: &dyn Fn(&mut Value)| changed_example(folder.path(), change);
    let unread = changed(&|snapshot| {
        snapshot["accounts"][0]["password_policy"] =
            serde_json::json!({"unknown": {"reason": "access_denied", "detail": "refused"}});
    });
    let smaller = changed(&|snapshot| {
        snapshot["accounts"].as_array_mut().unwrap().remove(0);
    });
    let noticed = changed(&|snapshot| snapshot["notices"] = serde_json::json!(["a file was not recognised"]));
    let worse = changed(&|snapshot| {
        snapshot["accounts"].as_array_mut().unwrap().remove(0);
        for account in snapshot["accounts"].as_array_mut().unwrap() {
            account["password_policy"] = serde_json::json!({"known": null});
        }
    });
    let code = |old: &std::path::Path, new: &std::path::Path, arguments: &[&str]| {
        run(leastwise().arg("diff").arg(old).arg(new).args(arguments)).code
    };
    let example = example();
    for (old, new, expected) in [
        (&example, &unread, 3),
        (&unread, &example, 0),
        (&example, &smaller, 3),
        (&smaller, &example, 3),
        (&example, &noticed, 3),
        (&noticed, &example, 3),
        (&example, &example, 0),
        (&example, &worse, 1),
    ] {
        let (names, fail_on) = (format!("{old:?} {new:?}"), ["--fail-on", "info"]);
        assert_eq!(code(old, new, &fail_on), expected, "{names}");
        let complete = if expected == 3 { 0 } else { expected };
        assert_eq!(code(old, new, &["--fail-on", "info", "--allow-incomplete"]), complete, "{names}");
        let never = if expected == 1 { 3 } else { expected };
        assert_eq!(code(old, new, &[]), never, "{names}");
    }
    let ran = run(leastwise().arg("diff").args([&example, &smaller]).args(["--format", "csv"]));
    assert!(ran.stderr.contains("not compared"), "{}", ran.stderr);
}

#[test]
fn checks_are_listed_and_shown() {
    let ids = run(leastwise().args(["checks", "list", "--format", "ids"])).stdout;
    assert_eq!(ids.lines().count(), leastwise_checks::all().len());
    for id in ids.lines() {
        let page = run(leastwise().args(["checks", "show", id]));
        assert!(page.code == 0 && page.stdout.contains("How to fix"), "{id}");
    }
    assert_eq!(run(leastwise().args(["checks", "show", "no-such"])).code, 2);
}

#[test]
fn completions_and_manual_come_from_the_flags() {
    for shell in ["bash", "zsh", "fish"] {
        assert!(run(leastwise().args(["completions", shell])).stdout.contains("fail-on"), "{shell}");
    }
    let manual = run(leastwise().arg("man")).stdout;
    for flag in ["fail\\-on", "recheck", "beyond\\-security\\-audit"] {
        assert!(manual.contains(flag), "{flag}");
    }
}

#[test]
fn permissions_beyond_security_audit() {
    let ran = run(leastwise().args(["permissions", "--org", "--beyond-security-audit"]));
    let policy: Value = serde_json::from_str(&ran.stdout).unwrap();
    let text = policy.to_string();
    assert!(text.contains("account:GetContactInformation") && text.contains("sts:AssumeRole"));
    assert!(!text.contains("iam:GetAccountSummary"));
}

#[test]
fn the_documented_command_prints_what_security_audit_lacks() {
    let page = fs::read_to_string(root().join("docs/permissions.md")).unwrap();
    let mut quoted = page.split('`').filter(|words| words.starts_with("leastwise permissions "));
    let command = quoted.find(|words| words.contains("--beyond-security-audit")).unwrap();
    let ran = run(leastwise().args(command.split_whitespace().skip(1)).args(["--format", "text"]));
    let printed: BTreeSet<&str> =
        ran.stdout.lines().filter_map(|line| line.split_whitespace().next()).collect();
    let lacking = page.lines().filter(|line| line.ends_with("| **no** |"));
    let lacking: BTreeSet<&str> = lacking.map(|line| line.split('`').nth(1).unwrap()).collect();
    assert_eq!(printed, lacking, "{command}");
    assert!(lacking.len() > 1);
}
