use leastwise_checks::{Assessment, ControlResult, FrameworkResult};

use super::escape::{add, code, escape, header, row};
use crate::digest::{Verdict, totals};
use crate::figures::counts;

/// A table for each framework, with a row for each control.
pub(super) fn write(assessment: &Assessment) -> String {
    let mut text = String::new();
    for result in &assessment.frameworks {
        text.push_str(&table(result));
    }
    text
}

fn table(result: &FrameworkResult) -> String {
    let framework = result.framework;
    let mut text = format!("\n## {} ({})\n\n", escape(&framework.title), code(&framework.id));
    add(&mut text, format!("{}.\n\n", totals(result)));
    text.push_str(&header(&["Control", "Status", "What it demands", "Verdicts", "Not decided"]));
    for control in &result.controls {
        text.push_str(&control_row(control));
    }
    text
}

fn control_row(result: &ControlResult) -> String {
    let control = result.control;
    let verdicts = if result.counts.worst().is_some() { counts(result.counts) } else { String::new() };
    row(&[
        escape(&control.id),
        Verdict::of(result).to_string(),
        escape(&control.title),
        verdicts,
        escape(control.undecided.as_deref().unwrap_or_default()),
    ])
}
