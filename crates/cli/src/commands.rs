//! One file for each subcommand.

pub mod audit;
pub mod can;
pub mod checks;
pub mod completions;
pub mod diff;
pub mod man;
pub mod permissions;
pub mod policy;
pub mod snapshot;
pub mod trail;
pub mod who_can;
pub mod why;

mod access;

use std::future::Future;
use std::path::Path;

use anyhow::{Context, Result, bail};
use jiff::Timestamp;
use leastwise_app::configuration::{self, Configuration};
use leastwise_app::output::Readers;
use leastwise_app::source::Source;
use leastwise_checks::Config;

use crate::args::LiveArgs;
use crate::terminal;

/// The named configuration, or the one in the current folder.
fn configuration(named: Option<&Path>) -> Result<Configuration> {
    let folder = std::env::current_dir().context("cannot tell the current folder")?;
    let configuration = configuration::read(named, &folder)?;
    if let (None, Some(file)) = (named, &configuration.file) {
        eprintln!("note: using the configuration `{}`", file.display());
    }
    Ok(configuration)
}

/// The file or folder that is named, else the live account.
fn source(path: Option<&Path>, live: &LiveArgs, config: &Config) -> Result<Source> {
    let Some(path) = path else {
        return Ok(Source::Live { access: Box::new(live.access()), request: Box::new(live.request(config)) });
    };
    if let Some(flag) = live.first_live_flag() {
        bail!(
            "`{flag}` is for a live account, but `{}` is given as the source; leave one of them out",
            path.display()
        );
    }
    Ok(Source::Path(path.to_path_buf()))
}

/// The instant of collection, to the second.
fn now(live: &LiveArgs) -> Timestamp {
    live.now.unwrap_or_else(|| {
        let now = Timestamp::now();
        Timestamp::from_second(now.as_second()).unwrap_or(now)
    })
}

/// Waits for a future on a small runtime of its own.
fn wait<T>(future: impl Future<Output = Result<T>>) -> Result<T> {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().context("cannot start")?;
    runtime.block_on(future)
}

/// The text of a file, or of the standard input.
fn read_text(file: &Path) -> Result<String> {
    let unreadable = || format!("cannot read `{}`", file.display());
    if file == Path::new("-") {
        return std::io::read_to_string(std::io::stdin()).with_context(unreadable);
    }
    std::fs::read_to_string(file).with_context(unreadable)
}

/// Not everything could be read or judged.
const INCOMPLETE: u8 = 3;

/// Fails if the file, which the flag names, would replace one of those that are read.
fn keep_apart(flag: &str, file: Option<&Path>, inputs: &[Option<&Path>]) -> Result<()> {
    let inputs: Vec<&Path> = inputs.iter().copied().flatten().collect();
    match file {
        Some(file) if file != Path::new("-") => leastwise_app::output::keep_apart(flag, file, &inputs),
        Some(_) | None => Ok(()),
    }
}

/// Writes a report to the file, or to the standard output.
fn deliver(report: &[u8], file: Option<&Path>, readers: Readers) -> Result<()> {
    match file {
        Some(file) if file != Path::new("-") => leastwise_app::output::write(file, report, readers),
        Some(_) | None => terminal::print(report),
    }
}
