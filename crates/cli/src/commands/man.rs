use std::process::ExitCode;

use anyhow::Result;
use clap::CommandFactory;
use clap_mangen::Man;

use crate::args::Cli;
use crate::terminal;

/// One page with all subcommands.
pub fn run() -> Result<ExitCode> {
    let mut page = Vec::new();
    let command = Cli::command();
    Man::new(command.clone()).render(&mut page)?;
    for subcommand in command.get_subcommands() {
        let name = format!("leastwise {}", subcommand.get_name());
        let subcommand = subcommand.clone().display_name(name.clone()).bin_name(name);
        let man = Man::new(subcommand);
        man.render_name_section(&mut page)?;
        man.render_synopsis_section(&mut page)?;
        man.render_options_section(&mut page)?;
    }
    terminal::print(&page)?;
    Ok(ExitCode::SUCCESS)
}
