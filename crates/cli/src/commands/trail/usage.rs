use std::process::ExitCode;

use anyhow::Result;
use leastwise_app::output::Readers;
use leastwise_app::trail::usage;
use leastwise_report::{By, trail};

use crate::args::trail::{AnalysisFormat, UsageArgs};
use crate::commands;
use crate::progress::Bar;
use crate::terminal;

pub fn run(args: &UsageArgs) -> Result<ExitCode> {
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
    let report = match args.format {
        AnalysisFormat::Text => {
            let style = terminal::style(By::default(), args.output.is_some());
            let head = super::head::of_usage(&accounted);
            trail::usage::text(&head, &accounted.usage, args.principal.as_deref(), &style)
        }
        AnalysisFormat::Json => trail::usage::json(&accounted.usage, args.principal.as_deref())?,
    };
    commands::deliver(report.as_bytes(), args.output.as_deref(), Readers::AsUsual)?;
    Ok(super::exit_code(accounted.is_complete(), args.allow_incomplete))
}
