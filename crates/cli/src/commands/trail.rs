//! `leastwise trail …`: what the commands on logs have in common.

pub mod hunt;
pub mod rules;
pub mod stats;
pub mod usage;
pub mod verify;

mod head;

use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use leastwise_app::trail::rules::Chosen;
use leastwise_app::trail::{AT_A_TIME, Cloud, Inputs, Options, Reading, read};
use leastwise_aws::trail::Location;
use leastwise_trail::Analysis;
use leastwise_trail::sigma::Placeholders;

use crate::args::trail::{LogArgs, RuleArgs, TrailCommand};
use crate::commands::INCOMPLETE;
use crate::progress::{Bar, Line};

pub fn run(command: &TrailCommand) -> Result<ExitCode> {
    match command {
        TrailCommand::Hunt(args) => hunt::run(args),
        TrailCommand::Usage(args) => usage::run(args),
        TrailCommand::Stats(args) => stats::run(args),
        TrailCommand::Verify(args) => verify::run(args),
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
    options.threads = threads(logs).unwrap_or(options.threads);
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
    let places = logs.sources.iter().map(|source| place(source)).collect::<Result<Vec<_>>>()?;
    let needs_aws = logs.lookup || places.iter().any(|place| matches!(place, Place::Bucket(_)));
    let cloud = needs_aws.then(|| Cloud::connect(&logs.aws.access())).transpose()?;
    let mut inputs = Inputs::default();
    for place in &places {
        match (place, &cloud) {
            (Place::Stdin, _) => inputs.add_stream("the standard input", Box::new(std::io::stdin())),
            (Place::Path(path), _) => inputs.add_path(path, &filter),
            (Place::Bucket(location), Some(cloud)) => cloud.add_bucket(&mut inputs, location, &filter)?,
            (Place::Bucket(location), None) => bail!("there is no way to `{location}`"),
        }
    }
    if let Some(cloud) = cloud.as_ref().filter(|_| logs.lookup) {
        let line = Line::start();
        cloud.add_history(&mut inputs, &filter, &move |progress| line.show(progress))?;
    }
    Ok(inputs)
}

/// Where logs are.
enum Place<'p> {
    Stdin,
    Path(&'p Path),
    Bucket(Location),
}

fn place(source: &Path) -> Result<Place<'_>> {
    if source == Path::new("-") {
        return Ok(Place::Stdin);
    }
    if let Some(text) = source.to_str().filter(|text| text.starts_with("s3://")) {
        return Ok(Place::Bucket(text.parse()?));
    }
    source.metadata().with_context(|| format!("cannot read `{}`", source.display()))?;
    Ok(Place::Path(source))
}

/// How many threads read: those that wait for a bucket are more than those that work.
fn threads(logs: &LogArgs) -> Option<NonZero<usize>> {
    let is_far = |source: &PathBuf| source.to_str().is_some_and(|text| text.starts_with("s3://"));
    let waiting = logs.sources.iter().any(is_far).then(|| NonZero::new(AT_A_TIME)).flatten();
    logs.threads.or(waiting)
}

/// The rules that are asked for.
fn chosen(args: &RuleArgs) -> Result<Chosen> {
    let mut placeholders = Placeholders::new();
    for (name, value) in &args.placeholder {
        placeholders.entry(name.clone()).or_default().push(value.clone());
    }
    Chosen::read(&args.rules, !args.only_these, placeholders)
}

/// Fails if the output would replace one of the files that are read.
fn keep_apart(output: Option<&Path>, sources: &[PathBuf], others: &[PathBuf]) -> Result<()> {
    let inputs: Vec<Option<&Path>> = sources.iter().chain(others).map(|path| Some(path.as_path())).collect();
    super::keep_apart("--output", output, &inputs)
}

/// True if nothing was lost, and there was something to read, or all of it was left out as asked.
fn is_complete(reading: &Reading) -> bool {
    reading.is_complete() && (reading.files > 0 || reading.filtered_files > 0)
}

/// 0, or 3 if something was lost.
fn exit_code(is_complete: bool, allow_incomplete: bool) -> ExitCode {
    if is_complete || allow_incomplete { ExitCode::SUCCESS } else { ExitCode::from(INCOMPLETE) }
}
