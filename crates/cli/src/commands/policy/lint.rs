use std::path::Path;
use std::process::ExitCode;

use anyhow::{Error, Result, bail};
use leastwise_app::lint::{self, Report};
use leastwise_iam::lint::PolicyKind;
use leastwise_report::{By, lint as report};

use crate::args::access::AnswerFormat;
use crate::args::policy::LintArgs;
use crate::commands::read_text;
use crate::terminal;

pub fn run(args: &LintArgs) -> Result<ExitCode> {
    let mut errors: Vec<Error> = Vec::new();
    let linted = args.files.iter().map(|file| one(file, args));
    let reports: Vec<Report> = linted.filter_map(|report| report.map_err(|e| errors.push(e)).ok()).collect();
    let files: Vec<report::File<'_>> = reports
        .iter()
        .map(|r| report::File { name: &r.name, kind: r.kind.map(PolicyKind::as_str), findings: &r.findings })
        .collect();
    let text = match args.format {
        AnswerFormat::Text => report::text(&files, &terminal::style(By::Finding, false)),
        AnswerFormat::Json => report::json(&files)?,
    };
    if !reports.is_empty() {
        terminal::print(text.as_bytes())?;
    }
    if !errors.is_empty() {
        let messages: Vec<String> = errors.iter().map(|error| format!("{error:#}")).collect();
        bail!(messages.join("; "));
    }
    let limit = args.fail_on.limit();
    let mut findings = reports.iter().flat_map(|report| &report.findings);
    let fails = findings.any(|finding| limit.is_some_and(|limit| finding.severity <= limit));
    Ok(if fails { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn one(file: &Path, args: &LintArgs) -> Result<Report> {
    Ok(lint::run(&file.display().to_string(), &read_text(file)?, args.kind))
}
