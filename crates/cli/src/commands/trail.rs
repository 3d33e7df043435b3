//! `leastwise trail …`: what the commands on logs have in common.

pub mod hunt;
pub mod rules;
pub mod stats;
pub mod usage;

mod head;

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use leastwise_app::trail::rules::Chosen;
use leastwise_app::trail::{Inputs, Options, Reading, read};
use leastwise_trail::Analysis;
use leastwise_trail::sigma::Placeholders;

use crate::args::trail::{LogArgs, RuleArgs, TrailCommand};
use crate::commands::INCOMPLETE;
use crate::progress::Bar;

pub fn run(command: &TrailCommand) -> Result<ExitCode> {
    match command {
        TrailCommand::Hunt(args) => hunt::run(args),
        TrailCommand::Usage(args) => usage::run(args),
        TrailCommand::Stats(args) => stats::run(args),
        TrailCommand::Rules { command } => rules::run(command),
    }
}

/// Reads the logs that are named, with progress.
fn analyse<A>(logs: &LogArgs, analysis: &A, whole: A::Whole) -> Result<(A::Whole, Reading)>
where
    A: Analysis,
    A::Whole: Send,
{
    let filter = logs.filter();
    let bar = Bar::start();
    let mut options = Options::new(&filter);
    options.threads = logs.threads.unwrap_or(options.threads);
    let progress = |progress| bar.show(progress);
    options.progress = &progress;
    let inputs = inputs(logs)?;
    Ok(read(inputs, &options, analysis, whole))
}

fn inputs(logs: &LogArgs) -> Result<Inputs> {
    let filter = logs.filter();
    if let (Some(since), Some(until)) = (filter.since, filter.until)
        && since >= until
    {
        bail!("`--since {since}` is not before `--until {until}`: no event can be in between");
    }
    let mut inputs = Inputs::default();
    for source in &logs.sources {
        if source == Path::new("-") {
            inputs.add_stream("the standard input", Box::new(std::io::stdin()));
        } else {
            source.metadata().with_context(|| format!("cannot read `{}`", source.display()))?;
            inputs.add_path(source, &filter);
        }
    }
    Ok(inputs)
}

/// The rules that are asked for.
fn chosen(args: &RuleArgs) -> Result<Chosen> {
    let mut placeholders = Placeholders::new();
    for (name, value) in &args.placeholder {
        placeholders.entry(name.clone()).or_default().push(value.clone());
    }
    Chosen::read(&args.rules, !args.only_these, placeholders)
}

/// 0, or 3 if something was lost.
fn exit_code(is_complete: bool, allow_incomplete: bool) -> ExitCode {
    if is_complete || allow_incomplete { ExitCode::SUCCESS } else { ExitCode::from(INCOMPLETE) }
}
