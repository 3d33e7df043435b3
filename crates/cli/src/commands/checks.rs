use std::process::ExitCode;

use anyhow::{Context, Result};
use leastwise_checks::{all, find};
use leastwise_report::{By, json, page};

use crate::args::{ChecksCommand, ListFormat, PageFormat};
use crate::terminal;

pub fn run(command: &ChecksCommand) -> Result<ExitCode> {
    match command {
        ChecksCommand::List { format } => terminal::print(&list(*format)?)?,
        ChecksCommand::Show { id, format } => terminal::print(&show(id, *format)?)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn list(format: ListFormat) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    match format {
        ListFormat::Text => bytes = page::list(&terminal::style(By::Finding, false)).into_bytes(),
        ListFormat::Md => bytes = page::index().into_bytes(),
        ListFormat::Json => json::checks(&mut bytes)?,
        ListFormat::Ids => {
            bytes = all().iter().flat_map(|check| [check.id, "\n"]).collect::<String>().into_bytes();
        }
    }
    Ok(bytes)
}

fn show(id: &str, format: PageFormat) -> Result<Vec<u8>> {
    let check = find(id)
        .with_context(|| format!("no check is called `{id}`; `leastwise checks list` shows them all"))?;
    let mut bytes = Vec::new();
    match format {
        PageFormat::Text => bytes = page::text(check, &terminal::style(By::Finding, false)).into_bytes(),
        PageFormat::Md => bytes = page::markdown(check).into_bytes(),
        PageFormat::Json => json::check(check, &mut bytes)?,
    }
    Ok(bytes)
}
