use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use leastwise_app::lint::{self, Report};
use leastwise_report::{By, lint as report};

use crate::args::access::AnswerFormat;
use crate::args::policy::LintArgs;
use crate::commands::read_text;
use crate::terminal;

pub fn run(args: &LintArgs) -> Result<ExitCode> {
    let reports: Result<Vec<Report>> = args.files.iter().map(|file| one(file, args)).collect();
    let reports = reports?;
    let files: Vec<report::File<'_>> = reports
        .iter()
        .map(|r| report::File { name: &r.name, kind: r.kind.as_str(), findings: &r.findings })
        .collect();
    let text = match args.format {
        AnswerFormat::Text => report::text(&files, &terminal::style(By::Finding, false)),
        AnswerFormat::Json => report::json(&files)?,
    };
    terminal::print(text.as_bytes())?;
    let limit = args.fail_on.limit();
    let mut findings = reports.iter().flat_map(|report| &report.findings);
    let fails = findings.any(|finding| limit.is_some_and(|limit| finding.severity <= limit));
    Ok(if fails { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn one(file: &Path, args: &LintArgs) -> Result<Report> {
    Ok(lint::run(&file.display().to_string(), &read_text(file)?, args.kind))
}
