use std::process::ExitCode;

use anyhow::Result;
use leastwise_app::output::Readers;
use leastwise_app::trail::Reading;
use leastwise_report::{By, html, trail};
use leastwise_trail::Hunt;
use leastwise_trail::hunt::{Outcome, RuleCount};
use leastwise_trail::sigma::Level;

use super::head;
use crate::args::trail::{HuntArgs, HuntFormat};
use crate::commands;
use crate::terminal;

pub fn run(args: &HuntArgs) -> Result<ExitCode> {
    super::keep_apart(args.output.as_deref(), &args.logs.sources, &args.rules.rules)?;
    let chosen = super::chosen(&args.rules)?;
    let rules = chosen.load();
    let hunt = Hunt::new(&rules).with_level(args.level.into());
    let (whole, reading) = super::analyse(&args.logs, &hunt, hunt.whole())?;
    let outcome = hunt.finish(whole);
    let report = report(args, &reading, &outcome)?;
    commands::deliver(&report, args.output.as_deref(), Readers::AsUsual)?;
    if matches!(args.format, HuntFormat::Jsonl | HuntFormat::Csv) {
        terminal::notice(&head::of_hunt(&reading, &outcome.summary).losses);
    }
    if args.fail_on.limit().is_some_and(|limit| has_found(&outcome, limit)) {
        return Ok(ExitCode::FAILURE);
    }
    Ok(super::exit_code(super::is_complete(&reading) && outcome.summary.is_complete(), args.allow_incomplete))
}

/// True if a hit of the level or worse is shown, or may be among those that were not kept.
fn has_found(outcome: &Outcome, limit: Level) -> bool {
    let Outcome { hits, summary } = outcome;
    let is_bad = |rule: &RuleCount| rule.level >= limit && rule.matched > 0;
    hits.iter().any(|hit| hit.info.level >= limit)
        || summary.not_kept > 0 && summary.matched.iter().any(is_bad)
}

fn report(args: &HuntArgs, reading: &Reading, outcome: &Outcome) -> Result<Vec<u8>> {
    let Outcome { hits, summary } = outcome;
    let mut bytes = Vec::new();
    match args.format {
        HuntFormat::Table => {
            let style = terminal::style(By::default(), args.output.is_some());
            bytes = trail::hunt::text(&head::of_hunt(reading, summary), hits, &style).into_bytes();
        }
        HuntFormat::Json => trail::hunt::json(reading, summary, hits, &mut bytes)?,
        HuntFormat::Jsonl => trail::hunt::json_lines(hits, &mut bytes)?,
        HuntFormat::Csv => trail::hunt::csv(hits, &mut bytes)?,
        HuntFormat::Md => bytes = trail::hunt::markdown(&head::of_hunt(reading, summary), hits).into_bytes(),
        HuntFormat::Html => bytes = html::hunt(&head::of_hunt(reading, summary), hits).into_bytes(),
    }
    Ok(bytes)
}
