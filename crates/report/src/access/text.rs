//! Answers for people.

use std::collections::BTreeMap;

use leastwise_access::{Overview, Reasons, Row};
use leastwise_iam::catalogue::AccessLevel;
use leastwise_model::Missing;
use leastwise_policy::{ActionSet, Explanation, Tri};

use super::shared::Shared;
use super::words;
use crate::Style;
use crate::figures::count;
use crate::paper::{Column, Paper, plain, strong};

/// The answers, best first, under a title; `asked` is the resource of the question, and `all` lists also those
/// who never can.
pub fn rows(
    title: &str,
    asked: Option<&str>,
    rows: &[Row],
    unread: &[Missing],
    all: bool,
    style: &Style,
) -> String {
    let mut paper = Paper::new(style);
    paper.title(title);
    for (name, heading) in [
        ("always", "Always"),
        ("conditionally", "Under conditions"),
        ("unknown", "Unknown"),
        ("never", "Never"),
    ] {
        let found: Vec<&Row> = rows.iter().filter(|row| row.answer.as_str() == name).collect();
        if found.is_empty() {
            continue;
        }
        paper.heading(&format!("{heading}: {}", found.len()));
        if name == "never" && !all {
            paper.line(2, "not listed; `--all` lists them");
        } else {
            section(&mut paper, &found, asked);
        }
    }
    not_read(&mut paper, "Not read, so that principals may be missing here", unread);
    paper.finish()
}

/// Rows with the same kind of answer; a reason that many share is said once, above them.
fn section(paper: &mut Paper, rows: &[&Row], asked: Option<&str>) {
    let shared = Shared::of(rows);
    let lines = shared.lines();
    for line in &lines {
        paper.put(2, 4, &[plain(line.as_str())]);
    }
    if !lines.is_empty() {
        paper.blank();
    }
    for row in rows {
        let name = strong(row.principal.as_str());
        paper.put(2, 4, &[name, plain(format!("  ({}){}", row.kind, shared.marks(row)))]);
        if row.resource != "*" && asked != Some(row.resource.as_str()) {
            paper.put(4, 6, &[plain(format!("on {}", row.resource))]);
        }
        for reason in words::reasons(&row.answer).into_iter().filter(|reason| !shared.contains(reason)) {
            paper.put(4, 6, &[plain(reason)]);
        }
    }
}

fn not_read(paper: &mut Paper, heading: &str, unread: &[Missing]) {
    if unread.is_empty() {
        return;
    }
    paper.heading(heading);
    for missing in unread {
        paper.put(2, 4, &[plain(missing.to_string())]);
    }
}

/// All that a principal can do, by service and access level.
pub fn overview(title: &str, overview: &Overview, style: &Style) -> String {
    let mut paper = Paper::new(style);
    paper.title(title);
    for (heading, actions) in [
        ("Always", &overview.permissions.always),
        ("Under conditions, or on some resources", &overview.permissions.perhaps),
    ] {
        paper.heading(&format!("{heading}: {}", count(actions.len(), "action")));
        if !actions.is_empty() {
            by_service(&mut paper, actions);
        }
    }
    paper.blank();
    paper.line(0, "These are counts; `--format json` has the names of the actions.");
    paper.line(0, "Policies of resources, RCPs included, are not looked at here; `who-can` and `why` do.");
    if overview.is_incomplete {
        paper.line(0, "Not all of its policies could be read: there may be more, or less.");
    }
    paper.finish()
}

const LEVELS: [(AccessLevel, &str); 5] = [
    (AccessLevel::List, "list"),
    (AccessLevel::Read, "read"),
    (AccessLevel::Write, "write"),
    (AccessLevel::Tagging, "tagging"),
    (AccessLevel::PermissionsManagement, "permissions"),
];

fn by_service(paper: &mut Paper, actions: &ActionSet) {
    let mut counts: BTreeMap<&str, [usize; LEVELS.len()]> = BTreeMap::new();
    for action in actions.iter() {
        let counts = counts.entry(action.service()).or_default();
        let level = LEVELS.iter().position(|(level, _)| *level == action.access_level());
        if let Some(count) = level.and_then(|level| counts.get_mut(level)) {
            *count += 1;
        }
    }
    let columns: Vec<Column> = std::iter::once(Column::Text("service"))
        .chain(LEVELS.iter().map(|(_, name)| Column::Number(name)))
        .collect();
    let number = |count: &usize| if *count == 0 { String::new() } else { count.to_string() };
    let rows = counts.iter().map(|(service, counts)| {
        std::iter::once((*service).to_owned()).chain(counts.iter().map(number)).collect()
    });
    paper.table(&columns, rows);
}

/// How many actions each principal may carry out, most first.
pub fn matrix(rows: &[(String, usize)], incomplete: bool, style: &Style) -> String {
    let mut paper = Paper::new(style);
    paper.title("What everyone can do on `*`");
    paper.blank();
    let mut rows: Vec<&(String, usize)> = rows.iter().collect();
    rows.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    paper.put(0, 0, &[strong("actions  principal")]);
    for (arn, count) in rows {
        paper.put(0, 9, &[plain(format!("{count:>7}  ")), plain(arn.as_str())]);
    }
    if incomplete {
        paper.blank();
        paper.line(0, "Not all policies could be read: there may be more, or less.");
    }
    paper.finish()
}

/// Why a principal can or cannot do something.
pub fn reasons(title: &str, reasons: &Reasons, style: &Style) -> String {
    let mut paper = Paper::new(style);
    paper.title(title);
    paper.blank();
    paper.put(0, 2, &[strong(words::answer(&reasons.row.answer))]);
    for reason in words::reasons(&reasons.row.answer) {
        paper.put(2, 4, &[plain(reason)]);
    }
    steps(&mut paper, &reasons.explanation);
    not_read(&mut paper, "Not read, and perhaps of consequence", &reasons.unread);
    paper.finish()
}

/// A decision with its reasons, and what is strange about the policies.
pub fn explanation(title: &str, explanation: &Explanation, remarks: &[String], style: &Style) -> String {
    let mut paper = Paper::new(style);
    paper.title(title);
    paper.blank();
    let decision = explanation.decision;
    let ground = format!(" — {}", words::layer(decision.by));
    paper.put(0, 2, &[strong(words::verdict(decision.verdict)), plain(ground)]);
    for remark in remarks {
        paper.put(2, 4, &[plain(remark.as_str())]);
    }
    steps(&mut paper, explanation);
    paper.finish()
}

fn steps(paper: &mut Paper, explanation: &Explanation) {
    for resource in &explanation.resources {
        if explanation.resources.len() > 1 {
            paper.heading(&format!("On {}", resource.resource));
        }
        paper.heading("Statements about the action");
        for grant in &resource.grants {
            let word = match grant.allows {
                Tri::Yes => "applies",
                Tri::Maybe => "may apply",
                Tri::No => "does not apply",
            };
            paper.put(2, 4, &[strong("Grant"), plain(format!("  {word}: if {}", words::grant(grant)))]);
        }
        if resource.statements.is_empty() && resource.grants.is_empty() {
            paper.line(2, "none");
        }
        for trace in &resource.statements {
            let place = words::place(trace.place, trace.sid.as_deref());
            let spans =
                [strong(words::effect(trace.effect)), plain(format!("  {place}: {}", words::outcome(trace)))];
            paper.put(2, 4, &spans);
        }
        if !resource.remedies.is_empty() {
            paper.heading("What would have to change");
            for remedy in &resource.remedies {
                paper.put(2, 4, &[plain(words::remedy(remedy))]);
            }
        }
    }
}
