use std::process::ExitCode;

use anyhow::{Context, Result};
use leastwise_report::{By, lint};

use crate::terminal;

pub fn run(id: Option<&str>) -> Result<ExitCode> {
    let style = terminal::style(By::Finding, false);
    let text = match id {
        Some(id) => {
            let rule = leastwise_iam::lint::find(id).with_context(|| {
                format!("no rule is called `{id}`; `leastwise policy rules` lists them all")
            })?;
            lint::rule(rule, &style)
        }
        None => lint::rules(&style),
    };
    terminal::print(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
