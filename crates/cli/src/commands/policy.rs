//! `leastwise policy …`: one file for each subcommand.

mod explain;
mod lint;
mod rules;
mod simulate;

use std::process::ExitCode;

use anyhow::Result;

use crate::args::policy::PolicyCommand;

pub fn run(command: &PolicyCommand) -> Result<ExitCode> {
    match command {
        PolicyCommand::Simulate(args) => simulate::run(args),
        PolicyCommand::Explain(args) => explain::run(args),
        PolicyCommand::Lint(args) => lint::run(args),
        PolicyCommand::Rules { id } => rules::run(id.as_deref()),
    }
}
