use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use leastwise_app::audit::{self, Conclusion, Outcome, Request};
use leastwise_app::configuration::Configuration;
use leastwise_app::evidence;
use leastwise_app::output::{Readers, is_same_file};
use leastwise_report::By;

use crate::args::{AuditArgs, Format};
use crate::progress::Line;
use crate::terminal;

pub fn run(args: &AuditArgs) -> Result<ExitCode> {
    reject_contradictions(args)?;
    let Configuration { config, file } = super::configuration(args.judge.config.as_deref())?;
    let inputs = [args.source.as_deref(), file.as_deref()];
    super::keep_apart("--output", args.output.output.as_deref(), &inputs)?;
    super::keep_apart("--save-snapshot", args.save_snapshot.as_deref(), &inputs)?;
    for (flag, file) in [("--output", &args.output.output), ("--save-snapshot", &args.save_snapshot)] {
        let logs: Vec<_> = args.trail.iter().map(|source| Some(source.as_path())).collect();
        super::keep_apart(flag, file.as_deref(), &logs)?;
    }
    let request = Request {
        source: super::source(args.source.as_deref(), &args.live, &config)?,
        usage: evidence::usage(&args.trail)?,
        selection: args.judge.selection(),
        config,
        now: super::now(&args.live),
        as_of: args.as_of,
    };
    let outcome = collect(&request)?;
    if args.output.format == Format::Csv {
        let logs = leastwise_report::logs(&outcome.assessment).map(|logs| format!("logs: {logs}"));
        terminal::notice(logs.as_slice());
        terminal::notice(&outcome.assessment.notices);
    }
    if let Some(file) = &args.save_snapshot {
        let text = outcome.snapshot.to_json().context("cannot write the snapshot as JSON")?;
        leastwise_app::output::write(file, text.as_bytes(), Readers::Owner)?;
    }
    super::deliver(&report(args, &outcome)?, args.output.output.as_deref(), Readers::AsUsual)?;
    let named = !args.judge.framework.is_empty();
    let conclusion = audit::conclude(&outcome.assessment, args.fail_on.limit(), named, args.allow_incomplete);
    Ok(exit_code(conclusion))
}

/// Combinations that would answer less than they seem to.
fn reject_contradictions(args: &AuditArgs) -> Result<()> {
    let asks = args.judge.check.iter().any(|check| check == "iam-unused-services");
    if asks && args.source.is_none() && !args.live.last_accessed && args.trail.is_empty() {
        bail!("`--check iam-unused-services` needs `--last-accessed` or `--trail`");
    }
    if let By::Framework(id) = by(&args.by)
        && !args.judge.framework.is_empty()
        && !args.judge.framework.contains(&id)
    {
        bail!("`--by {id}` groups by a framework that `--framework` leaves out; name it in both");
    }
    if let (Some(snapshot), Some(report)) = (&args.save_snapshot, &args.output.output)
        && is_same_file(snapshot, report)
    {
        bail!("`--save-snapshot` and `--output` name the same file");
    }
    Ok(())
}

fn collect(request: &Request) -> Result<Outcome> {
    let line = Line::start();
    super::wait(audit::run(request, &move |progress| line.show(progress)))
}

fn exit_code(conclusion: Conclusion) -> ExitCode {
    match conclusion {
        Conclusion::Clean => ExitCode::SUCCESS,
        Conclusion::Findings => ExitCode::FAILURE,
        Conclusion::Incomplete => ExitCode::from(super::INCOMPLETE),
    }
}

fn report(args: &AuditArgs, outcome: &Outcome) -> Result<Vec<u8>> {
    let (assessment, view) = (&outcome.assessment, args.extent.view(&args.only));
    let mut bytes = Vec::new();
    match args.output.format {
        Format::Text => {
            let style = terminal::style(by(&args.by), args.output.output.is_some());
            bytes = leastwise_report::text::render(assessment, &view, &style).into_bytes();
        }
        Format::Md => bytes = leastwise_report::markdown::render(assessment, &view).into_bytes(),
        Format::Json => leastwise_report::json::write(assessment, &view, &mut bytes)?,
        Format::Csv => leastwise_report::csv::write(assessment, &view, &mut bytes)?,
    }
    Ok(bytes)
}

fn by(group: &str) -> By {
    match group {
        "check" => By::Finding,
        "account" => By::Account,
        framework => By::Framework(framework.to_owned()),
    }
}
