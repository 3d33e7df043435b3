use std::num::NonZeroUsize;
use std::process::ExitCode;

use anyhow::{Context, Result};
use leastwise_app::output::Readers;
use leastwise_app::trail::verify::{self, Outcome, Request, Source};
use leastwise_app::trail::{AT_A_TIME, Progress};
use leastwise_report::{By, trail};

use super::Place;
use crate::args::trail::{AnalysisFormat, VerifyArgs};
use crate::commands;
use crate::progress::Bar;
use crate::terminal;

pub fn run(args: &VerifyArgs) -> Result<ExitCode> {
    super::keep_apart(args.report.output.as_deref(), std::slice::from_ref(&args.source), &args.public_keys)?;
    let outcome = validate(args)?;
    let source = args.source.display().to_string();
    let report = trail::verify::Report {
        source: &source,
        validation: &outcome.validation,
        unlisted: &outcome.unlisted,
        without_keys: &outcome.without_keys,
    };
    let report = match args.report.format {
        AnalysisFormat::Text => trail::verify::text(
            &report,
            args.all,
            &terminal::style(By::default(), args.report.output.is_some()),
        ),
        AnalysisFormat::Json => trail::verify::json(&report)? + "\n",
    };
    commands::deliver(report.as_bytes(), args.report.output.as_deref(), Readers::AsUsual)?;
    if outcome.validation.is_invalid() {
        return Ok(ExitCode::FAILURE);
    }
    Ok(super::exit_code(!outcome.is_incomplete(), args.report.allow_incomplete))
}

fn validate(args: &VerifyArgs) -> Result<Outcome> {
    let source = match super::place(&args.source)? {
        Place::Bucket(location) => Source::Bucket(location),
        Place::Stdin => anyhow::bail!("`-` is no folder: digests are verified by their names"),
        Place::Path(path) => Source::Folder(path.to_path_buf()),
    };
    let needs_aws = args.ask_aws || matches!(source, Source::Bucket(_));
    let request = Request {
        source,
        public_keys: args.public_keys.clone(),
        access: needs_aws.then(|| args.aws.access()),
        at_a_time: NonZeroUsize::new(AT_A_TIME).context("nothing would be read")?,
    };
    let bar = Bar::start();
    let watch = |progress: verify::Progress| {
        let files = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        let of_files = progress.total.map(files).unwrap_or_default();
        bar.show(Progress { files: files(progress.done), of_files, bytes: progress.bytes, of_bytes: 0 });
    };
    commands::wait(verify::run(&request, &watch))
}
