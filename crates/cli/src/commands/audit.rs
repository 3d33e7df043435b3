use std::process::ExitCode;

use anyhow::{Context, Result};
use leastwise_app::audit::{self, Conclusion, Outcome, Request};
use leastwise_report::By;

use crate::args::{AuditArgs, Format};
use crate::progress::Line;
use crate::terminal;

/// No findings that count, but not everything could be judged.
const INCOMPLETE: u8 = 3;

pub fn run(args: &AuditArgs) -> Result<ExitCode> {
    let config = super::configuration(args.judge.config.as_deref())?.config;
    let request = Request {
        source: super::source(args.source.as_deref(), &args.live, &config)?,
        selection: args.judge.selection(),
        config,
        now: super::now(&args.live),
        as_of: args.as_of,
    };
    let outcome = collect(&request)?;
    terminal::notice(&outcome.notices);
    if let Some(file) = &args.save_snapshot {
        let text = outcome.snapshot.to_json().context("cannot write the snapshot as JSON")?;
        leastwise_app::output::write(file, text.as_bytes())?;
    }
    super::deliver(&report(args, &outcome)?, args.output.output.as_deref())?;
    let named = !args.judge.framework.is_empty();
    let conclusion = audit::conclude(&outcome.assessment, args.fail_on.limit(), named, args.allow_incomplete);
    Ok(exit_code(conclusion))
}

fn collect(request: &Request) -> Result<Outcome> {
    let line = Line::start();
    super::wait(audit::run(request, &move |progress| line.show(progress)))
}

fn exit_code(conclusion: Conclusion) -> ExitCode {
    match conclusion {
        Conclusion::Clean => ExitCode::SUCCESS,
        Conclusion::Findings => ExitCode::FAILURE,
        Conclusion::Incomplete => ExitCode::from(INCOMPLETE),
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
