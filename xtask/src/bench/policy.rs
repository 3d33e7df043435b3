//! Decisions: written-down cases, and questions to a large account.

use std::fmt::Write as _;
use std::fs;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::{Cost, Options, account, measure, median, ratio, report};
use crate::process::target;

/// Cases over policies that occur again and again, and cases of which each has policies of its own.
const RECURRING: usize = 100_000;
const FRESH: usize = 20_000;

pub(super) fn run(leastwise: &Path, options: &Options) -> Result<()> {
    for (what, count, distinct) in
        [("simulate, policies recur", RECURRING, 50), ("simulate, every policy is new", FRESH, FRESH)]
    {
        let file = cases(count, distinct)?;
        let ours = median(options, || {
            let mut command = Command::new(leastwise);
            let arguments = ["policy", "simulate", "--format", "json", "--cases"];
            measure(command.args(arguments).arg(&file).stderr(std::process::Stdio::null()), &[0])
        })?;
        report(what, ours);
        println!("    {:.0} cases per CPU second", per_second(count, ours));
        let theirs = median(options, || {
            let mut command = Command::new("python3");
            measure(command.args(["-c", PARSE]).arg(&file), &[0])
        })?;
        report("Python's json.loads of the same lines, nothing decided", theirs);
        ratio(ours, theirs);
    }
    who_can(leastwise, options)?;
    matrix(leastwise, options)
}

const PARSE: &str = "
import json, sys
for line in open(sys.argv[1]): json.loads(line)
";

/// What 10,000 principals cost more than one does.
fn who_can(leastwise: &Path, options: &Options) -> Result<()> {
    let file = snapshot("bench-principals.json", 5_000, 5_000, 2_000)?;
    let (action, resource) = ("s3:GetObject", "arn:aws:s3:::bucket-7-1/report.csv");
    let all = asked(leastwise, options, &file, &["who-can", action, resource])?;
    let one = asked(leastwise, options, &file, &["can", "user/user-00007", action, resource])?;
    after_load("who-can over 10,000 principals", all, one);
    Ok(())
}

/// What 1,000 principals times all actions cost more than one principal and one action.
fn matrix(leastwise: &Path, options: &Options) -> Result<()> {
    let file = snapshot("bench-matrix.json", 500, 500, 1_000)?;
    let all =
        asked(leastwise, options, &file, &["can", "--everyone", "--context", "aws:SourceIp=203.0.113.7"])?;
    let one = asked(leastwise, options, &file, &["can", "user/user-00007", "s3:GetObject", "*"])?;
    after_load("1,000 principals × all actions on `*`", all, one);
    Ok(())
}

fn asked(leastwise: &Path, options: &Options, file: &Path, arguments: &[&str]) -> Result<Cost> {
    median(options, || {
        let mut command = Command::new(leastwise);
        measure(command.args(arguments).arg("--from").arg(file), &[0, 3])
    })
}

fn after_load(what: &str, all: Cost, one: Cost) {
    report(&format!("{what}, with reading the snapshot"), all);
    let more = all.cpu.saturating_sub(one.cpu);
    println!("    {:.0} ms CPU more than one question to the same snapshot", more.as_secs_f64() * 1e3);
}

#[allow(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn per_second(count: usize, cost: Cost) -> f64 {
    count as f64 / cost.cpu.as_secs_f64()
}

fn snapshot(name: &str, users: usize, roles: usize, policies: usize) -> Result<PathBuf> {
    let file = target().join("lab").join(name);
    let text = account::snapshot(users, roles, policies)?.to_json()?;
    fs::write(&file, text).with_context(|| format!("writing {}", file.display()))?;
    Ok(file)
}

/// A file of cases of three to five kilobytes each.
fn cases(count: usize, distinct: usize) -> Result<PathBuf> {
    let file = target().join(format!("lab/bench-cases-{distinct}.jsonl"));
    let mut output = BufWriter::new(fs::File::create(&file)?);
    for n in 0..count {
        writeln!(output, "{}", case(n, n % distinct))?;
    }
    output.flush()?;
    Ok(file)
}

fn case(n: usize, set: usize) -> String {
    let service = ["s3", "sqs", "sns", "dynamodb"].get(n % 4).copied().unwrap_or("s3");
    format!(
        r#"{{"name":"case-{n}","request":{{"principal":"arn:aws:iam::123456789012:user/user-{n}","action":"{service}:GetObject","resource":"arn:aws:{service}:eu-west-1:123456789012:app-{set}/{n}","context":{{"aws:SourceIp":"203.0.113.{}","aws:PrincipalOrgID":"o-example","aws:SecureTransport":"true"}}}},"policies":{{"identity":[{}],"resource":null,"boundary":[{}],"session":null,"scp":[[{}]],"rcp":null,"endpoint":null}},"expect":null}}"#,
        n % 250,
        document(set, 12),
        document(set + 1, 3),
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"organizations:*","Resource":"*"}]}"#
    )
}

fn document(set: usize, statements: usize) -> String {
    let mut text = r#"{"Version":"2012-10-17","Statement":["#.to_owned();
    for i in 0..statements {
        let comma = if i > 0 { "," } else { "" };
        let service = ["s3", "sqs", "sns", "dynamodb", "kms", "logs"].get(i % 6).copied().unwrap_or("s3");
        let _ = write!(
            text,
            r#"{comma}{{"Sid":"Part{i}","Effect":"Allow","Action":["{service}:Get*","{service}:List*"],"Resource":["arn:aws:{service}:*:123456789012:app-{set}/*"],"Condition":{{"StringEquals":{{"aws:PrincipalOrgID":"o-example"}},"IpAddress":{{"aws:SourceIp":"203.0.113.0/24"}}}}}}"#
        );
    }
    text + "]}"
}
