use std::process::ExitCode;

use anyhow::Result;
use leastwise_app::configuration::Configuration;
use leastwise_app::output::Readers;
use leastwise_app::snapshot;

use crate::args::SnapshotArgs;
use crate::progress::Line;
use crate::terminal;

pub fn run(args: &SnapshotArgs) -> Result<ExitCode> {
    let Configuration { config, file } = super::configuration(args.config.as_deref())?;
    let inputs = [args.source.as_deref(), file.as_deref()];
    super::keep_apart("--output", args.output.as_deref(), &inputs)?;
    let source = super::source(args.source.as_deref(), &args.live, &config)?;
    let line = Line::start();
    let watch = move |progress: leastwise_aws::Progress<'_>| line.show(progress);
    let outcome = super::wait(snapshot::run(&source, super::now(&args.live), &watch))?;
    drop(watch);
    terminal::notice(&outcome.notices);
    super::deliver(outcome.text.as_bytes(), args.output.as_deref(), Readers::Owner)?;
    if let Some(file) = &args.output {
        let (accounts, unread) = (outcome.accounts, outcome.unread);
        eprintln!("wrote {} account(s) to {}; {unread} part(s) could not be read", accounts, file.display());
    }
    Ok(if outcome.is_incomplete() { ExitCode::from(super::INCOMPLETE) } else { ExitCode::SUCCESS })
}
