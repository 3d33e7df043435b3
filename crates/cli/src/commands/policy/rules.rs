use std::process::ExitCode;

use anyhow::{Context, Result};
use leastwise_iam::lint;

use crate::terminal;

pub fn run(id: Option<&str>) -> Result<ExitCode> {
    let text = match id {
        Some(id) => {
            let rule = lint::find(id).with_context(|| {
                format!("no rule is called `{id}`; `leastwise policy rules` lists them all")
            })?;
            format!("{} ({})\n\n{}", rule.title, rule.severity.as_str(), rule.page())
        }
        None => {
            let row = |rule: &&lint::Rule| {
                [rule.severity.as_str().to_owned(), rule.id.to_owned(), rule.title.to_owned()]
            };
            lint::all().iter().map(row).map(|cells| cells.join("  ") + "\n").collect()
        }
    };
    terminal::print(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
