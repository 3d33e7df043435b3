//! `leastwise policy …`

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

#[derive(Debug, Subcommand)]
pub enum PolicyCommand {
    /// Decide written-down requests: one case a line, with its policies and what is expected
    ///
    /// Exit codes: 0 everything came out as expected · 1 something did not · 2 usage or internal error ·
    /// 3 nothing did, but some cases could not be decided.
    Simulate(SimulateArgs),
}

#[derive(Debug, Args)]
pub struct SimulateArgs {
    /// The cases, as JSON Lines; `-` for the standard input.
    #[arg(long, value_name = "FILE")]
    pub cases: PathBuf,
    /// How to print what became of each case.
    #[arg(long, value_enum, default_value_t = SimulateFormat::Text)]
    pub format: SimulateFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SimulateFormat {
    /// For reading: only what did not come out as expected, and errors.
    Text,
    /// One JSON object a line for each case: name, decision, decided_by, expected, error.
    Json,
}
