//! The `leastwise` command: thin glue over the libraries.

mod args;
mod commands;
mod progress;
mod terminal;

use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;

use crate::args::{Cli, Command};

/// Usage errors and internal errors.
const FAILED: u8 = 2;

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli.command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {}", terminal::clean_lines(&format!("{error:#}")));
            ExitCode::from(FAILED)
        }
    }
}

fn run(command: Command) -> Result<ExitCode> {
    match command {
        Command::Audit(args) => commands::audit::run(&args),
        Command::Snapshot(args) => commands::snapshot::run(&args),
        Command::Diff(args) => commands::diff::run(&args),
        Command::Checks { command } => commands::checks::run(&command),
        Command::WhoCan(args) => commands::who_can::run(&args),
        Command::Can(args) => commands::can::run(&args),
        Command::Why(args) => commands::why::run(&args),
        Command::Policy { command } => commands::policy::run(&command),
        Command::Trail { command } => commands::trail::run(&command),
        Command::Permissions(args) => commands::permissions::run(&args),
        Command::Completions { shell } => commands::completions::run(shell),
        Command::Man => commands::man::run(),
    }
}
