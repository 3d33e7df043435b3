//! `audit --trail`: posture joined with what logs show.

use std::collections::BTreeMap;
use std::path::PathBuf;

use jiff::{SignedDuration, Timestamp};
use leastwise_model::{
    ActionUse, Caller, CallerKind, CallerUse, CredentialSource, KeyUse, Snapshot, Tally, Usage,
};
use serde_json::Value;
use tempfile::TempDir;

use crate::support::{audit, example, leastwise, run};

/// The example's management account, a member, and a member whose root user has an access key.
const MANAGEMENT: &str = "274918360527";
const MEMBER: &str = "405916827342";
const SANDBOX: &str = "638207419556";

pub fn snapshot() -> Snapshot {
    Snapshot::from_json(&std::fs::read_to_string(example()).unwrap()).unwrap()
}

/// Logs of every day of so many days, of all accounts, in which nobody but a service did a thing.
pub fn covering(snapshot: &Snapshot, days: i64) -> Usage {
    let mut usage = Usage::default();
    let coverage = &mut usage.coverage;
    for account in &snapshot.accounts {
        let regions = coverage.accounts.entry(account.id.to_string()).or_default();
        for days in 0..=days {
            let time = Some(snapshot.collected_at - SignedDuration::from_hours(24 * days));
            coverage.events.add(time);
            for region in ["us-east-1", "eu-west-1", "eu-central-1"] {
                regions.entry(region).add(time);
            }
        }
    }
    (coverage.management_reads, coverage.management_writes) = (1, 1);
    for account in &snapshot.accounts {
        let service = Caller {
            kind: CallerKind::Service,
            account: Some(account.id),
            id: "config.amazonaws.com".to_owned(),
        };
        let calls = usage.callers.entry(service).or_default();
        calls.merge(calling("iam:GetRole", snapshot.collected_at));
        calls.merge(calling("config:PutConfigRule", snapshot.collected_at));
    }
    usage
}

fn once(at: Timestamp) -> Tally {
    let mut tally = Tally::default();
    tally.add(Some(at));
    tally
}

fn calling(action: &str, at: Timestamp) -> CallerUse {
    let mut calls = ActionUse::default();
    calls.used.tally = once(at);
    CallerUse { actions: BTreeMap::from([(action.to_owned(), calls)]), ..CallerUse::default() }
}

fn add(usage: &mut Usage, kind: CallerKind, arn: &str, what: CallerUse) {
    let account = arn.split(':').nth(4).and_then(|account| account.parse().ok());
    usage.callers.entry(Caller { kind, account, id: arn.to_owned() }).or_default().merge(what);
}

/// Logs that show what the snapshot says was used last, and no more.
pub fn as_the_snapshot_says(snapshot: &Snapshot) -> Usage {
    let mut usage = covering(snapshot, 200);
    for account in &snapshot.accounts {
        for role in account.roles.value().into_iter().flatten() {
            if let Some(used) = &role.last_used {
                add(&mut usage, CallerKind::Role, role.arn.as_str(), calling("s3:ListAllMyBuckets", used.at));
            }
        }
        for user in account.users.value().into_iter().flatten() {
            let password = user.credentials.value().and_then(|own| own.password.value()?.as_ref());
            if let Some(at) = password.and_then(|password| *password.last_used.value()?) {
                let what = CallerUse { sign_ins: once(at), ..CallerUse::default() };
                add(&mut usage, CallerKind::User, user.arn.as_str(), what);
            }
        }
        let root = account.root.value();
        if let Some(at) = root.and_then(|root| *root.password_last_used.value()?) {
            let what = CallerUse { sign_ins: once(at), ..CallerUse::default() };
            add(&mut usage, CallerKind::Root, account.root_arn().as_str(), what);
        }
    }
    usage
}

fn file(folder: &TempDir, usage: &Usage) -> PathBuf {
    let path = folder.path().join("usage.json");
    std::fs::write(&path, usage.to_json().unwrap()).unwrap();
    path
}

/// The report on the example, joined with this.
fn joined(usage: &Usage) -> Value {
    let folder = tempfile::tempdir().unwrap();
    audit(leastwise().arg("audit").arg(example()).arg("--trail").arg(file(&folder, usage)))
}

/// The verdict on a subject, and its evidence.
fn finding(report: &Value, account: &str, check: &str, subject: &str) -> (String, String) {
    let findings = report["findings"].as_array().unwrap();
    let is_it =
        |row: &&Value| row["account"] == account && row["check"] == check && row["subject"] == subject;
    let row = findings.iter().find(is_it).unwrap_or_else(|| panic!("{account} {check} {subject}"));
    let text = |key: &str| row[key].as_str().unwrap().to_owned();
    (text("status"), text("evidence"))
}

#[test]
fn evidence_for_and_against() {
    let snapshot = snapshot();
    let days_ago = |days: i64| snapshot.collected_at - SignedDuration::from_hours(24 * days);
    let mut usage = covering(&snapshot, 200);
    let mut key = KeyUse { tally: once(days_ago(2)), ..KeyUse::default() };
    key.addresses.count("203.0.113.5");
    for account in [MEMBER, SANDBOX] {
        let mut root = CallerUse::default();
        *root.keys.entry("AKIAROOTROOTROOTROOT") = key.clone();
        add(&mut usage, CallerKind::Root, &format!("arn:aws:iam::{account}:root"), root);
    }
    let fatima = format!("arn:aws:iam::{MEMBER}:user/fatima");
    let signed_in = CallerUse { sign_ins: once(days_ago(3)), ..CallerUse::default() };
    add(&mut usage, CallerKind::User, &fatima, signed_in);
    let (before, after) = (audit(leastwise().arg("audit").arg(example())), joined(&usage));
    // Account, check, subject; the verdict before and after, a part of the evidence.
    let table = [
        (
            MEMBER,
            "iam-user-console-unused",
            "user/fatima",
            "fail",
            "pass",
            "3 days ago (2026-11-20) by the logs",
        ),
        (
            MEMBER,
            "root-recent-use",
            "root",
            "pass",
            "fail",
            "AKIAROOTROOTROOTROOT (1 call, the last on 2026-11-21, from 203.0.113.5)",
        ),
        (MEMBER, "root-access-key", "root", "pass", "pass", "any more; the logs show calls with AKIAROOT"),
        (
            SANDBOX,
            "root-access-key",
            "root",
            "fail",
            "fail",
            "an access key; the logs show calls with AKIAROOT",
        ),
        (
            MANAGEMENT,
            "iam-role-unused",
            "role/support-cases",
            "fail",
            "fail",
            "the logs of these 90 days show none",
        ),
        (
            MEMBER,
            "iam-unused-services",
            "user/fatima",
            "not_applicable",
            "fail",
            "services are not used, by the logs of 90 days",
        ),
    ];
    for (account, check, subject, was, is, evidence) in table {
        assert_eq!(finding(&before, account, check, subject).0, was, "{check} {subject}");
        let (status, says) = finding(&after, account, check, subject);
        assert!(status == is && says.contains(evidence), "{check} {subject}: {status}: {says}");
    }
    assert_eq!(after["logs"]["accounts"][MEMBER]["days"], 201);
    assert!(before.get("logs").is_none());
}

#[test]
fn the_head_says_what_the_logs_cover_and_what_was_lost() {
    let folder = tempfile::tempdir().unwrap();
    let snapshot = snapshot();
    let mut usage = covering(&snapshot, 10);
    usage.coverage.lost.count("files that could not be read");
    usage.coverage.accounts.remove(MANAGEMENT);
    let path = file(&folder, &usage);
    let text = |format: &str| {
        let ran =
            run(leastwise().arg("audit").arg(example()).arg("--trail").arg(&path).args(["--format", format]));
        (ran.stdout + &ran.stderr).split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let head = format!(
        "ogs: 33 events of 2 accounts from 2026-11-13 22:50 UTC to 2026-11-23 22:50 UTC; some of them were lost; they hold none of account {MANAGEMENT}"
    );
    for format in ["text", "md", "csv"] {
        let text = text(format);
        assert!(text.contains(&head), "{format}: {text}");
        assert!(text.contains("of the logs: 1 files that could not be read"), "{format}: {text}");
    }
    let ran =
        run(leastwise().arg("audit").arg(example()).arg("--trail").arg(&path).args(["--fail-on", "never"]));
    assert_eq!(ran.code, 3, "what was lost makes the answer incomplete");
}

#[test]
fn what_is_no_usage_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder, &Usage::default());
    let text = std::fs::read_to_string(&path).unwrap();
    let half = folder.path().join("half.json");
    std::fs::write(&half, crate::support::first_half(&text)).unwrap();
    let with = |trail: &std::path::Path, more: &[&str]| {
        run(leastwise().arg("audit").arg(example()).arg("--trail").arg(trail).args(more))
    };
    for (ran, expected) in [
        (with(&half, &[]), "not a usage file"),
        (with(&folder.path().join("absent"), &[]), "absent"),
        (with(&path, &["-o", path.to_str().unwrap()]), "--output"),
    ] {
        assert!(ran.code == 2 && ran.stderr.contains(expected), "{ran:?}");
    }
}

/// The snapshot's own dates, so that nothing in the logs contradicts it.
#[test]
fn logs_that_agree_change_no_verdict_for_the_better() {
    let snapshot = snapshot();
    let made_at_collection = |user: &leastwise_model::User| {
        user.credentials
            .value()
            .is_none_or(|own| own.source == CredentialSource::Report(snapshot.collected_at))
    };
    assert!(
        snapshot.accounts.iter().flat_map(|account| account.users.value().unwrap()).all(made_at_collection)
    );
    let (before, after) =
        (audit(leastwise().arg("audit").arg(example())), joined(&as_the_snapshot_says(&snapshot)));
    let (rows, joined) = (before["findings"].as_array().unwrap(), after["findings"].as_array().unwrap());
    assert_eq!(rows.len(), joined.len());
    for (before, after) in rows.iter().zip(joined) {
        let decided_by_logs = before["check"] == "iam-unused-services";
        assert!(decided_by_logs || before["status"] == after["status"], "{before} {after}");
    }
}
