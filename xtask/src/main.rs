//! The one entry for developers: `cargo xtask ci`, `lab`, `docs`, `catalogue`, `example`, `managed-policies`,
//! `differential`, `log-tree`, `bench`.

mod bench;
mod catalogue;
mod ci;
mod differential;
mod docs;
mod example;
mod lab;
mod log_tree;
mod managed_policies;
mod package;
mod process;

use std::path::PathBuf;

use anyhow::Result;
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Everything a developer runs")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Run what CI runs: formatting, lints, build, all tests, documentation.
    Ci,
    /// The fake AWS on loopback.
    Lab {
        #[command(subcommand)]
        task: LabTask,
    },
    /// Write the generated documentation, or check that it is current.
    Docs {
        /// Change nothing; fail if something would change.
        #[arg(long)]
        check: bool,
    },
    /// Make the action catalogue anew from its source, or check that it is current.
    Catalogue(catalogue::Options),
    /// Make the shipped example anew: plant it in the lab, collect it.
    Example,
    /// Read, print, re-read and lint every version of every policy that AWS manages.
    ManagedPolicies,
    /// Decide random cases beside another simulator, and judge where they differ.
    Differential(differential::Options),
    /// Make a folder of CloudTrail logs as AWS delivers them, with planted attacks and their truth.
    LogTree(log_tree::Options),
    /// Measure speed, memory and API calls.
    Bench(bench::Options),
}

#[derive(Subcommand)]
enum LabTask {
    /// Install what the lab needs, in an environment of its own below the target folder.
    Setup,
    /// Start the lab with a scenario in it, and print how to point the AWS CLI or leastwise at it.
    Up {
        /// small, large, organization or example.
        #[arg(default_value = "small")]
        scenario: String,
        /// Where to write the list of planted defects.
        #[arg(long)]
        truth: Option<PathBuf>,
    },
    /// Run the lab's own tests.
    Test,
}

fn main() -> Result<()> {
    match Cli::parse().task {
        Task::Ci => ci::all(),
        Task::Lab { task: LabTask::Setup } => lab::setup().map(drop),
        Task::Lab { task: LabTask::Up { scenario, truth } } => lab::up(&scenario, truth.as_deref()),
        Task::Lab { task: LabTask::Test } => lab::test(),
        Task::Docs { check } => docs::run(check),
        Task::Catalogue(options) => catalogue::run(&options),
        Task::Example => example::make(),
        Task::ManagedPolicies => managed_policies::run().map(drop),
        Task::Differential(options) => differential::run(&options),
        Task::LogTree(options) => log_tree::run(&options),
        Task::Bench(options) => bench::run(&options),
    }
}
