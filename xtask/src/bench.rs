//! Measurements: CPU time, peak memory and API calls of the real binary, beside something to compare with.
//!
//! CPU time is user plus system time of the whole process, as the operating system accounts for it.

mod account;
mod policy;

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Args;
use wait4::Wait4;

use crate::lab::{self, Lab};
use crate::process::{cargo, output, release_binary, target};

#[derive(Args)]
pub(crate) struct Options {
    /// Runs of each command; the median counts.
    #[arg(long, default_value_t = 5)]
    runs: usize,
}

/// What one run of a command took.
#[derive(Clone, Copy)]
struct Cost {
    cpu: Duration,
    peak_kib: u64,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    let leastwise = release_binary()?;
    start(&leastwise, options)?;
    decoding()?;
    live(&leastwise, options)?;
    offline(&leastwise, options)?;
    policy::run(&leastwise, options)
}

fn start(leastwise: &Path, options: &Options) -> Result<()> {
    for flag in ["--version", "--help"] {
        let cost = median(options, || measure(Command::new(leastwise).arg(flag), &[0]))?;
        report(&format!("leastwise {flag}"), cost);
    }
    Ok(())
}

/// What the first question to the action catalogue costs.
fn decoding() -> Result<()> {
    let example = ["--package", "leastwise-iam", "--example", "decode_catalogue"];
    let times = output(cargo().args(["run", "--release", "--locked", "--quiet"]).args(example))?;
    print!("decoding the action catalogue\n{times}");
    Ok(())
}

/// An account of 500 users, 500 roles and 200 policies, over the network; beside the Python SDK that makes the
/// same two bulk reads and judges nothing.
fn live(leastwise: &Path, options: &Options) -> Result<()> {
    let lab = Lab::with("large", &target().join("lab/large-truth.json"))?;
    let audit = |command: &mut Command| {
        let arguments =
            ["audit", "--region", "us-east-1", "--format", "json", "--endpoint-url", &lab.endpoint];
        measure(with_keys(command.args(arguments)), &[0, 1, 3])
    };
    http(&lab.endpoint, "DELETE", "/_lab/calls")?;
    audit(&mut Command::new(leastwise))?;
    let calls: Vec<serde_json::Value> = serde_json::from_str(&http(&lab.endpoint, "GET", "/_lab/calls")?)?;
    let ours = median(options, || audit(&mut Command::new(leastwise)))?;
    report("audit of 500 users, 500 roles, 200 policies", ours);
    println!("    {} API calls", calls.len());
    let python = lab::setup()?;
    let theirs = median(options, || {
        let mut command = Command::new(&python);
        measure(with_keys(command.args(["-c", SWEEP, &lab.endpoint])), &[0])
    })?;
    report("boto3: authorization details and credential report alone", theirs);
    ratio(ours, theirs);
    Ok(())
}

const SWEEP: &str = "
import boto3, sys, time
iam = boto3.client('iam', endpoint_url=sys.argv[1], region_name='us-east-1')
pages = iam.get_paginator('get_account_authorization_details').paginate(PaginationConfig={'PageSize': 1000})
users = sum(len(page['UserDetailList']) for page in pages)
while iam.generate_credential_report()['State'] != 'COMPLETE': time.sleep(0.1)
assert iam.get_credential_report()['Content'] and users == 500, users
";

/// A snapshot of 10,000 users, 10,000 roles and 5,000 policies; beside Python that only parses the file.
fn offline(leastwise: &Path, options: &Options) -> Result<()> {
    let file = target().join("lab/bench-snapshot.json");
    let text = account::snapshot(10_000, 10_000, 5_000)?.to_json()?;
    fs::write(&file, &text).with_context(|| format!("writing {}", file.display()))?;
    let mib = text.len() / (1024 * 1024);
    let ours = median(options, || {
        let mut command = Command::new(leastwise);
        measure(command.args(["audit", "--format", "text"]).arg(&file), &[0, 1, 3])
    })?;
    report(&format!("audit of a snapshot of 10,000 users, 10,000 roles, 5,000 policies ({mib} MiB)"), ours);
    println!("    peak memory is {:.1} times the file", megabytes(ours) / (file_mb(&text)));
    let theirs = median(options, || {
        let mut command = Command::new("python3");
        measure(command.args(["-c", "import json, sys; json.load(open(sys.argv[1]))"]).arg(&file), &[0])
    })?;
    report("Python's json.load of the same file", theirs);
    ratio(ours, theirs);
    Ok(())
}

/// The run with the median CPU time.
fn median(options: &Options, mut run: impl FnMut() -> Result<Cost>) -> Result<Cost> {
    let mut costs = (0..options.runs.max(1)).map(|_| run()).collect::<Result<Vec<Cost>>>()?;
    costs.sort_by_key(|cost| cost.cpu);
    costs.get(costs.len() / 2).copied().context("no run")
}

/// Runs a command to its end; anything but one of the expected exit codes is an error.
fn measure(command: &mut Command, expected: &[i32]) -> Result<Cost> {
    let program = command.get_program().to_string_lossy().into_owned();
    let process = command.stdout(Stdio::null()).spawn().with_context(|| format!("cannot start {program}"))?;
    let used = process.wait4()?;
    match used.status.code() {
        Some(code) if expected.contains(&code) => {}
        _ => bail!("{program} ended with {}", used.status),
    }
    Ok(Cost { cpu: used.rusage.utime + used.rusage.stime, peak_kib: used.rusage.maxrss / 1024 })
}

fn report(what: &str, cost: Cost) {
    println!("{what}: {:.3} CPU s, {:.1} MB peak", cost.cpu.as_secs_f64(), megabytes(cost));
}

fn ratio(ours: Cost, theirs: Cost) {
    println!("    {:.2} of its CPU time", ours.cpu.as_secs_f64() / theirs.cpu.as_secs_f64());
}

#[allow(clippy::cast_precision_loss, reason = "files are far below 2^52")]
fn file_mb(text: &str) -> f64 {
    text.len() as f64 / 1e6
}

#[allow(clippy::cast_precision_loss, reason = "memory sizes are far below 2^52")]
fn megabytes(cost: Cost) -> f64 {
    cost.peak_kib as f64 * 1024.0 / 1e6
}

fn with_keys(command: &mut Command) -> &mut Command {
    command
        .env("AWS_ACCESS_KEY_ID", "bench")
        .env("AWS_SECRET_ACCESS_KEY", "bench")
        .env("AWS_CONFIG_FILE", "/dev/null")
        .env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
        .env_remove("AWS_CA_BUNDLE")
        .env_remove("AWS_PROFILE")
}

/// One request to the lab; returns the body.
fn http(endpoint: &str, method: &str, path: &str) -> Result<String> {
    let host = endpoint.trim_start_matches("http://");
    let mut stream = TcpStream::connect(host)?;
    write!(stream, "{method} {path} HTTP/1.0\r\nHost: {host}\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).context("the lab's answer has no body")
}
