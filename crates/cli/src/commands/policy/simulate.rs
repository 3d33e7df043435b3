use std::collections::HashSet;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, ErrorKind, Write, stdin, stdout};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};
use leastwise_app::simulate::{Outcome, Simulator, Summary};
use serde::Serialize;

use crate::args::policy::{SimulateArgs, SimulateFormat};
use crate::commands::INCOMPLETE;
use crate::terminal;

/// The longest line that is taken for a case, in bytes.
const LONGEST: u64 = 64 * 1024 * 1024;

pub fn run(args: &SimulateArgs) -> Result<ExitCode> {
    let mut input = open(&args.cases)?;
    let mut output = BufWriter::new(stdout().lock());
    let mut simulator = Simulator::default();
    let mut remarks = Remarks::default();
    let mut line = Vec::new();
    let mut number = 0_usize;
    while read_line(&mut input, &mut line).with_context(|| unreadable(&args.cases))? {
        number += 1;
        if line.trim_ascii().is_empty() {
            continue;
        }
        let outcome = simulator.run(&line);
        remarks.make(number, &outcome);
        if let Err(error) = print(&mut output, args.format, number, &outcome) {
            return stopped(error);
        }
    }
    if let Err(error) = output.flush() {
        return stopped(error);
    }
    remarks.finish();
    let summary = simulator.summary();
    eprintln!("{}", sum_up(summary));
    Ok(exit_code(summary))
}

fn open(path: &Path) -> Result<Box<dyn BufRead>> {
    if path == Path::new("-") {
        return Ok(Box::new(stdin().lock()));
    }
    let file = File::open(path).with_context(|| unreadable(path))?;
    Ok(Box::new(BufReader::with_capacity(256 * 1024, file)))
}

fn unreadable(path: &Path) -> String {
    format!("cannot read the cases in `{}`", path.display())
}

/// Reads one line; of one that is too long, only the start, which is no case.
fn read_line(input: &mut dyn BufRead, line: &mut Vec<u8>) -> std::io::Result<bool> {
    line.clear();
    let length = std::io::Read::take(&mut *input, LONGEST).read_until(b'\n', line)?;
    if line.len() as u64 == LONGEST && line.last() != Some(&b'\n') {
        input.skip_until(b'\n')?;
        line.truncate(1);
    }
    Ok(length > 0)
}

/// How many different remarks are told apart.
const DIFFERENT: usize = 1_000;

/// Remarks on cases: each is made where it first occurs, and counted from then on.
#[derive(Default)]
struct Remarks {
    made: HashSet<String>,
    more: usize,
}

impl Remarks {
    fn make(&mut self, number: usize, outcome: &Outcome) {
        let name = outcome.name.as_deref().unwrap_or("without a name");
        for remark in &outcome.remarks {
            if self.made.len() < DIFFERENT && self.made.insert(remark.clone()) {
                terminal::notice(&[format!("line {number}, {name}: {remark}")]);
            } else {
                self.more += 1;
            }
        }
    }

    fn finish(&self) {
        match self.more {
            0 => {}
            1 => terminal::notice(&["one more remark like these".to_owned()]),
            more => terminal::notice(&[format!("{more} more remarks like these")]),
        }
    }
}

/// What becomes of a case: a contract that others build on.
#[derive(Serialize)]
struct Line<'a> {
    name: Option<&'a str>,
    decision: Option<&'static str>,
    decided_by: Option<&'static str>,
    expected: Option<&'static str>,
    error: Option<String>,
}

fn print(
    output: &mut impl Write,
    format: SimulateFormat,
    number: usize,
    outcome: &Outcome,
) -> std::io::Result<()> {
    let decided = outcome.result.as_ref().ok();
    let line = Line {
        name: outcome.name.as_deref(),
        decision: decided.map(|(verdict, _)| verdict.as_str()),
        decided_by: decided.map(|(_, layer)| layer.as_str()),
        expected: outcome.expected.map(leastwise_policy::Verdict::as_str),
        error: outcome.result.as_ref().err().map(|error| format!("line {number}: {error}")),
    };
    match format {
        SimulateFormat::Json => {
            serde_json::to_writer(&mut *output, &line)?;
            output.write_all(b"\n")
        }
        SimulateFormat::Text => match sentence(number, &line, outcome.differs()) {
            Some(text) => writeln!(output, "{}", leastwise_report::clean(&text)),
            None => Ok(()),
        },
    }
}

/// What a person wants to know: nothing, where the case came out as expected.
fn sentence(number: usize, line: &Line<'_>, differs: bool) -> Option<String> {
    let name = line.name.unwrap_or("without a name");
    if let Some(error) = &line.error {
        return Some(format!("error    {name}: {error}"));
    }
    let (decision, by) = (line.decision?, line.decided_by?);
    match line.expected {
        Some(expected) if differs => {
            Some(format!("differs  {name} (line {number}): {decision} by {by}, expected {expected}"))
        }
        Some(_) => None,
        None => Some(format!("decided  {name}: {decision} by {by}")),
    }
}

fn sum_up(summary: Summary) -> String {
    let Summary { decided, expected, differing, errors } = summary;
    format!(
        "{decided} cases decided; {} of {expected} as expected, {differing} otherwise; {errors} could not be decided",
        expected - differing
    )
}

fn exit_code(summary: Summary) -> ExitCode {
    match summary {
        Summary { differing: 1.., .. } => ExitCode::FAILURE,
        Summary { errors: 1.., .. } => ExitCode::from(INCOMPLETE),
        _ => ExitCode::SUCCESS,
    }
}

/// Whoever reads the output may have had enough: that is no error.
fn stopped(error: std::io::Error) -> Result<ExitCode> {
    match error.kind() {
        ErrorKind::BrokenPipe => Ok(ExitCode::SUCCESS),
        _ => Err(error).context("cannot write to the standard output"),
    }
}
