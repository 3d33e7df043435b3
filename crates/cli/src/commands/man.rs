use std::process::ExitCode;

use anyhow::Result;
use clap::{Command, CommandFactory};
use clap_mangen::Man;

use crate::args::Cli;
use crate::terminal;

/// One page with all subcommands, and theirs.
pub fn run() -> Result<ExitCode> {
    let mut page = Vec::new();
    let command = Cli::command();
    Man::new(command.clone()).render(&mut page)?;
    subcommands(&command, "leastwise", &mut page)?;
    terminal::print(&page)?;
    Ok(ExitCode::SUCCESS)
}

fn subcommands(command: &Command, parent: &str, page: &mut Vec<u8>) -> Result<()> {
    for subcommand in command.get_subcommands() {
        let name = format!("{parent} {}", subcommand.get_name());
        let named = subcommand.clone().display_name(name.clone()).bin_name(name.clone());
        let man = Man::new(named);
        man.render_name_section(page)?;
        man.render_synopsis_section(page)?;
        if subcommand.get_long_about().is_some() {
            man.render_description_section(page)?;
        }
        man.render_options_section(page)?;
        subcommands(subcommand, &name, page)?;
    }
    Ok(())
}
