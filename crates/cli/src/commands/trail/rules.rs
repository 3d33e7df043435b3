use std::process::ExitCode;

use anyhow::{Result, bail};
use leastwise_app::output::Readers;
use leastwise_report::{By, trail};
use leastwise_trail::sigma::{self, Rules};

use crate::args::trail::{AnalysisFormat, RulesCommand};
use crate::commands;
use crate::terminal;

pub fn run(command: &RulesCommand) -> Result<ExitCode> {
    match command {
        RulesCommand::List { rules, format } => {
            let rules = super::chosen(rules)?.load();
            let list = match format {
                AnalysisFormat::Text => trail::rules::list(&rules, &terminal::style(By::default(), false)),
                AnalysisFormat::Json => trail::rules::list_json(&rules)?,
            };
            print(&list)
        }
        RulesCommand::Show { id, rules, format } => {
            let rules = super::chosen(rules)?.load();
            let Some((meta, kind)) = find(&rules, id) else {
                bail!("there is no rule `{id}`; `leastwise trail rules list` lists them");
            };
            let page = match format {
                AnalysisFormat::Text => {
                    trail::rules::page(meta, kind, &terminal::style(By::default(), false))
                }
                AnalysisFormat::Json => trail::rules::page_json(meta, kind)?,
            };
            print(&page)
        }
        RulesCommand::Test { rules } => {
            let rules = super::chosen(rules)?.load_with_tests();
            let outcomes = sigma::check(&rules);
            let lost = rules.problems().iter().any(|problem| problem.kind.is_loss());
            commands::deliver(
                trail::rules::tests(&outcomes, rules.problems()).as_bytes(),
                None,
                Readers::AsUsual,
            )?;
            let failed = lost || outcomes.iter().any(|outcome| !outcome.failures.is_empty());
            Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
        }
    }
}

/// The rule of that id, name or title.
fn find<'r>(rules: &'r Rules, id: &str) -> Option<(&'r sigma::Meta, sigma::Kind)> {
    let is_called = |meta: &sigma::Meta| {
        meta.id == id || meta.name.as_deref() == Some(id) || meta.title.eq_ignore_ascii_case(id)
    };
    rules.iter().find(|(meta, _)| is_called(meta))
}

fn print(text: &str) -> Result<ExitCode> {
    commands::deliver(text.as_bytes(), None, Readers::AsUsual)?;
    Ok(ExitCode::SUCCESS)
}
