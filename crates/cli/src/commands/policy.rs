//! `leastwise policy …`: one file for each subcommand.

mod simulate;

use std::process::ExitCode;

use anyhow::Result;

use crate::args::policy::PolicyCommand;

pub fn run(command: &PolicyCommand) -> Result<ExitCode> {
    match command {
        PolicyCommand::Simulate(args) => simulate::run(args),
    }
}
