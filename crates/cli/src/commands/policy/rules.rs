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
        None => lint::all()
            .iter()
            .map(|r| format!("{:10}  {:32}  {}\n", r.severity.as_str(), r.id, r.title))
            .collect(),
    };
    terminal::print(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
