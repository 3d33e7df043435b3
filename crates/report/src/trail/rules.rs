//! Detection rules.

use leastwise_trail::sigma::{Kind, Meta, Outcome, Problem, Rules};
use serde::Serialize;

use super::groups::{severity, techniques};
use crate::Style;
use crate::clean;
use crate::figures::count;
use crate::paper::{Column, Paper, plain, severity as painted, strong};

/// All rules, one row each, then those that cannot be used.
pub fn list(rules: &Rules, style: &Style) -> String {
    let mut paper = Paper::new(style);
    let mut all: Vec<(&Meta, Kind)> = rules.iter().collect();
    all.sort_by(|(a, _), (b, _)| b.level.cmp(&a.level).then_with(|| a.title.cmp(&b.title)));
    let columns =
        [Column::Text("Level"), Column::Flexible("Title"), Column::Text("Technique"), Column::Text("Kind")];
    let row = |(meta, kind): &(&Meta, Kind)| {
        let first = techniques(&meta.tags).into_iter().next().unwrap_or_default();
        vec![meta.level.name().to_owned(), meta.title.clone(), first, kind.name().to_owned()]
    };
    paper.table(&columns, all.iter().map(row));
    paper.blank();
    paper.line(
        0,
        &format!("{}; `leastwise trail rules show TITLE` tells more of one", count(all.len(), "rule")),
    );
    problems(&mut paper, rules.problems());
    paper.finish()
}

#[derive(Serialize)]
struct Row<'a> {
    #[serde(flatten)]
    meta: &'a Meta,
    kind: &'static str,
    techniques: Vec<String>,
}

impl<'a> Row<'a> {
    fn new(meta: &'a Meta, kind: Kind) -> Self {
        Self { meta, kind: kind.name(), techniques: techniques(&meta.tags) }
    }
}

/// All rules for programs, and those that cannot be used.
///
/// # Errors
/// The serializer's.
pub fn list_json(rules: &Rules) -> serde_json::Result<String> {
    #[derive(Serialize)]
    struct Document<'a> {
        rules: Vec<Row<'a>>,
        problems: &'a [Problem],
    }
    let rows = rules.iter().map(|(meta, kind)| Row::new(meta, kind)).collect();
    Ok(serde_json::to_string_pretty(&Document { rules: rows, problems: rules.problems() })? + "\n")
}

/// What a rule detects, why it matters, and when it is wrong.
pub fn page(meta: &Meta, kind: Kind, style: &Style) -> String {
    let mut paper = Paper::new(style);
    paper.title(&meta.title);
    paper.put(0, 2, &[plain("Level: "), painted(severity(meta.level), meta.level.name())]);
    for (name, text) in [("Id", meta.id.as_str()), ("Kind", kind.name()), ("From", meta.file.as_str())] {
        paper.put(0, 2, &[plain(format!("{name}: {text}"))]);
    }
    for (heading, text) in [("What it detects", &meta.description), ("Why it matters", &meta.why)] {
        if let Some(text) = text {
            paper.heading(heading);
            paper.line(0, text.trim());
        }
    }
    for (heading, lines) in [
        ("When it is wrong", &meta.falsepositives),
        ("What to look at", &meta.fields),
        ("Tags", &meta.tags),
        ("References", &meta.references),
    ] {
        if !lines.is_empty() {
            paper.heading(heading);
            for line in lines {
                paper.put(2, 4, &[plain(line.as_str())]);
            }
        }
    }
    paper.finish()
}

/// A rule for programs.
///
/// # Errors
/// The serializer's.
pub fn page_json(meta: &Meta, kind: Kind) -> serde_json::Result<String> {
    Ok(serde_json::to_string_pretty(&Row::new(meta, kind))? + "\n")
}

/// What the test events of rules came to: a line for each failure, and the sum.
pub fn tests(outcomes: &[Outcome], problems: &[Problem]) -> String {
    let mut text = String::new();
    for failure in outcomes.iter().flat_map(|outcome| &outcome.failures) {
        text.push_str(&clean(failure));
        text.push('\n');
    }
    for problem in problems {
        text.push_str(&clean(&problem.to_string()));
        text.push('\n');
    }
    let events: usize = outcomes.iter().map(|outcome| outcome.matching + outcome.not_matching).sum();
    let wrong: usize = outcomes.iter().map(|outcome| outcome.failures.len()).sum();
    let untested =
        outcomes.iter().filter(|outcome| outcome.matching == 0 || outcome.not_matching == 0).count();
    let lost = problems.iter().filter(|problem| problem.kind.is_loss()).count();
    text + &format!(
        "{}, {}: {} wrong; {} not tested both ways; {} cannot be used\n",
        count(outcomes.len(), "rule"),
        count(events, "test"),
        wrong,
        untested,
        lost
    )
}

fn problems(paper: &mut Paper, problems: &[Problem]) {
    if problems.is_empty() {
        return;
    }
    paper.heading("Not used");
    for problem in problems {
        paper.put(
            2,
            4,
            &[strong(format!("{}:{} ", problem.file, problem.line)), plain(problem.reason.as_str())],
        );
    }
}
