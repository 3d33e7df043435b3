use std::process::ExitCode;

use anyhow::Result;
use leastwise_app::output::Readers;
use leastwise_report::{By, trail};
use leastwise_trail::stats::{StatsAnalysis, StatsWhole};

use crate::args::trail::{AnalysisFormat, StatsArgs};
use crate::commands;
use crate::terminal;

const HOUR: i64 = 60 * 60;

pub fn run(args: &StatsArgs) -> Result<ExitCode> {
    super::keep_apart(args.report.output.as_deref(), &args.logs.sources, &[])?;
    let analysis = StatsAnalysis::new(i64::from(args.gap) * HOUR);
    let (whole, reading) = super::analyse(&args.logs, &analysis, StatsWhole::default())?;
    let stats = analysis.finish(whole, args.top);
    let report = match args.report.format {
        AnalysisFormat::Text => {
            let style = terminal::style(By::default(), args.report.output.is_some());
            trail::stats::text(&super::head::of(&reading), &stats, &style)
        }
        AnalysisFormat::Json => trail::stats::json(&reading, &stats)?,
    };
    commands::deliver(report.as_bytes(), args.report.output.as_deref(), Readers::AsUsual)?;
    Ok(super::exit_code(super::is_complete(&reading), args.report.allow_incomplete))
}
