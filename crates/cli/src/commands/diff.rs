use std::process::ExitCode;

use anyhow::Result;
use jiff::Timestamp;
use leastwise_app::diff::Outcome;
use leastwise_report::{By, diff};

use crate::args::{DiffArgs, Format};
use crate::terminal;

pub fn run(args: &DiffArgs) -> Result<ExitCode> {
    let config = super::configuration(args.judge.config.as_deref())?.config;
    let outcome =
        leastwise_app::diff::run(&args.old, &args.new, &config, &args.judge.selection(), Timestamp::now())?;
    terminal::notice(&outcome.notices);
    super::deliver(&report(args, &outcome)?, args.output.output.as_deref())?;
    Ok(ExitCode::SUCCESS)
}

fn report(args: &DiffArgs, outcome: &Outcome) -> Result<Vec<u8>> {
    let comparison = diff::compare(&outcome.old, &outcome.new);
    let view = args.extent.view(&[]);
    let mut bytes = Vec::new();
    match args.output.format {
        Format::Text => {
            let style = terminal::style(By::Finding, args.output.output.is_some());
            bytes = diff::text::render(&comparison, &view, &style).into_bytes();
        }
        Format::Md => bytes = diff::markdown::render(&comparison, &view).into_bytes(),
        Format::Json => diff::json::write(&comparison, &view, &mut bytes)?,
        Format::Csv => diff::csv::write(&comparison, &view, &mut bytes)?,
    }
    Ok(bytes)
}
