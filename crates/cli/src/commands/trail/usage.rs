use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Result, bail};
use leastwise_app::output::Readers;
use leastwise_app::trail::usage;
use leastwise_report::{By, trail};

use crate::args::trail::{AnalysisFormat, UsageArgs};
use crate::commands;
use crate::progress::Bar;
use crate::terminal;

pub fn run(args: &UsageArgs) -> Result<ExitCode> {
    if args.state.is_some() && args.logs.sources.iter().any(|source| source == Path::new("-")) {
        bail!("`--state` keeps which files were read, and the standard input is none; name files or folders");
    }
    let state: Vec<PathBuf> = args.state.iter().cloned().collect();
    super::keep_apart(args.report.output.as_deref(), &args.logs.sources, &state)?;
    super::keep_apart(args.state.as_deref(), &args.logs.sources, &[])?;
    let filter = args.logs.filter();
    let bar = Bar::start();
    let progress = |progress| bar.show(progress);
    let accounted = usage::account(usage::Request {
        inputs: super::inputs(&args.logs)?,
        filter: &filter,
        threads: super::threads(&args.logs),
        state: args.state.as_deref(),
        progress: &progress,
    })?;
    drop(bar);
    let has_read = super::is_complete(&accounted.reading) || accounted.known > 0;
    let is_complete = accounted.is_complete && has_read;
    let report = match args.report.format {
        AnalysisFormat::Text => {
            let style = terminal::style(By::default(), args.report.output.is_some());
            let head = super::head::of_usage(&accounted);
            trail::usage::text(&head, &accounted.usage, args.principal.as_deref(), &style)
        }
        AnalysisFormat::Json => {
            terminal::notice(&super::head::of_usage(&accounted).losses);
            trail::usage::json(&accounted.usage, args.principal.as_deref())?
        }
    };
    commands::deliver(report.as_bytes(), args.report.output.as_deref(), Readers::AsUsual)?;
    Ok(super::exit_code(is_complete, args.report.allow_incomplete))
}
