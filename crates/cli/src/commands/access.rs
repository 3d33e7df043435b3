//! What `who-can`, `can` and `why` have in common.

use std::process::ExitCode;

use anyhow::Result;
use leastwise_access::Question;
use leastwise_app::output::Readers;
use leastwise_iam::catalogue::Catalogue;
use leastwise_model::Snapshot;
use leastwise_report::By;
use serde::Serialize;

use super::INCOMPLETE;
use crate::args::access::{AboutArgs, AnswerFormat, grouped};
use crate::progress::Line;
use crate::terminal;

/// Reads the snapshot that is asked.
pub(super) fn load(about: &AboutArgs) -> Result<Snapshot> {
    let config = super::configuration(about.config.as_deref())?.config;
    let source = super::source(about.from.as_deref(), &about.live, &config)?;
    let now = super::now(&about.live);
    let line = Line::start();
    super::wait(async move { leastwise_app::access::load(&source, now, &move |p| line.show(p)).await })
}

/// The question with all that is said of the request.
pub(super) fn question(about: &AboutArgs, action: &str, resource: Option<&str>) -> Result<Question> {
    let mut question = Question::new(action)?;
    terminal::notice(&doubts(action, resource));
    if let Some(resource) = resource {
        question = question.on(resource)?;
    }
    for (key, values) in grouped(&about.context) {
        question = question.with(&key, values);
    }
    Ok(if about.exact { question.exactly() } else { question })
}

/// What makes the question doubtful: a typing error gives an answer that looks like any other.
fn doubts(action: &str, resource: Option<&str>) -> Vec<String> {
    let Some(known) = Catalogue::get().action(action) else {
        return vec![format!(
            "the catalogue of {} has no action `{action}`; is it spelled right?",
            Catalogue::get().date()
        )];
    };
    let fits = |arn: &str| known.resources().iter().any(|r| r.resource_type().matches_arn(arn));
    match resource.filter(|arn| *arn != "*" && !fits(arn)) {
        Some(arn) => vec![format!("`{arn}` is no resource that `{}` is about", known.full_name())],
        None => Vec::new(),
    }
}

/// Prints an answer as text or JSON, and says by the exit code whether it is complete.
pub(super) fn deliver(
    about: &AboutArgs,
    text: impl FnOnce(&leastwise_report::Style) -> String,
    json: &impl Serialize,
    incomplete: bool,
) -> Result<ExitCode> {
    let report = match about.format {
        AnswerFormat::Text => text(&terminal::style(By::Finding, about.output.is_some())),
        AnswerFormat::Json => serde_json::to_string_pretty(json)? + "\n",
    };
    super::deliver(report.as_bytes(), about.output.as_deref(), Readers::AsUsual)?;
    let is_clean = !incomplete || about.allow_incomplete;
    Ok(if is_clean { ExitCode::SUCCESS } else { ExitCode::from(INCOMPLETE) })
}
