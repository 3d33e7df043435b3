use std::process::ExitCode;

use anyhow::Result;
use jiff::Timestamp;
use leastwise_app::configuration::Configuration;
use leastwise_app::output::Readers;
use leastwise_report::By;
use leastwise_report::diff::{self, Change, Comparison};

use crate::args::{DiffArgs, Format};
use crate::terminal;

pub fn run(args: &DiffArgs) -> Result<ExitCode> {
    let Configuration { config, file } = super::configuration(args.judge.config.as_deref())?;
    let inputs = [Some(args.old.as_path()), Some(args.new.as_path()), file.as_deref()];
    super::keep_apart("--output", args.output.output.as_deref(), &inputs)?;
    let outcome =
        leastwise_app::diff::run(&args.old, &args.new, &config, &args.judge.selection(), Timestamp::now())?;
    terminal::notice(&outcome.old.notices);
    terminal::notice(&outcome.new.notices);
    let comparison = diff::compare(&outcome.old, &outcome.new);
    super::deliver(&report(args, &comparison)?, args.output.output.as_deref(), Readers::AsUsual)?;
    if args.output.format == Format::Csv && comparison.not_compared > 0 {
        terminal::notice(&[format!(
            "{} verdict(s) were not compared: their account or check is in one of the two only",
            comparison.not_compared
        )]);
    }
    let lossy = !outcome.old.notices.is_empty() || !outcome.new.notices.is_empty();
    Ok(if got_worse(args, &comparison) {
        ExitCode::FAILURE
    } else if !args.allow_incomplete && (lossy || comparison.is_incomplete()) {
        ExitCode::from(super::INCOMPLETE)
    } else {
        ExitCode::SUCCESS
    })
}

/// True if something of the named severity or worse got worse.
fn got_worse(args: &DiffArgs, comparison: &Comparison) -> bool {
    let limit = args.fail_on.limit();
    comparison.differences.iter().any(|difference| {
        difference.change == Change::Worse && limit.is_some_and(|limit| difference.severity >= limit)
    })
}

fn report(args: &DiffArgs, comparison: &Comparison) -> Result<Vec<u8>> {
    let view = args.extent.view(&[]);
    let mut bytes = Vec::new();
    match args.output.format {
        Format::Text => {
            let style = terminal::style(By::Finding, args.output.output.is_some());
            bytes = diff::text::render(comparison, &view, &style).into_bytes();
        }
        Format::Md => bytes = diff::markdown::render(comparison, &view).into_bytes(),
        Format::Json => diff::json::write(comparison, &view, &mut bytes)?,
        Format::Csv => diff::csv::write(comparison, &view, &mut bytes)?,
    }
    Ok(bytes)
}
