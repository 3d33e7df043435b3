//! Who used what.

use leastwise_model::Usage;
use leastwise_model::{ActionUse, Caller, CallerUse, Calls, Tally};

use super::Head;
use crate::Style;
use crate::figures::{count, number};
use crate::paper::{Paper, plain, strong};

/// How many resources of an action are named.
const RESOURCES: usize = 3;
/// How many events without a permission are named.
const UNMAPPED: usize = 10;

/// What each caller did: its actions with counts, first and last use, and resources; denied calls apart.
pub fn text(head: &Head, usage: &Usage, principal: Option<&str>, style: &Style) -> String {
    let mut paper = Paper::new(style);
    paper.title("Who used what");
    head.write(&mut paper);
    covered(&mut paper, usage);
    for (caller, calls) in usage.callers.iter().filter(|(caller, _)| is_asked_for(caller, principal)) {
        self::caller(&mut paper, caller, calls);
    }
    if !usage.other_callers.is_empty() {
        paper.blank();
        paper.line(
            0,
            &format!("{} of further callers are not kept apart", number(size(usage.other_callers.count))),
        );
    }
    unmapped(&mut paper, usage);
    paper.finish()
}

/// The usage as JSON, which `--trail` of an audit reads.
///
/// # Errors
/// The serializer's.
pub fn json(usage: &Usage, principal: Option<&str>) -> serde_json::Result<String> {
    let mut usage = usage.clone();
    let all = usage.callers.len();
    usage.callers.retain(|caller, _| is_asked_for(caller, principal));
    let left_out = all - usage.callers.len();
    if left_out > 0 {
        // Whoever reads it must not take silence about the others for disuse.
        *usage.coverage.lost.entry("callers that were not asked for") += left_out as u64;
    }
    Ok(usage.to_json()? + "\n")
}

fn is_asked_for(caller: &Caller, principal: Option<&str>) -> bool {
    principal.is_none_or(|text| caller.id.contains(text))
}

fn covered(paper: &mut Paper, usage: &Usage) {
    let coverage = &usage.coverage;
    let data: Vec<String> = coverage
        .data
        .iter()
        .map(|(service, events)| format!("{service} ({})", number(size(*events))))
        .collect();
    let data = if data.is_empty() { "none".to_owned() } else { data.join(", ") };
    paper.put(0, 2, &[plain(format!("all runs: {}", span("event", &coverage.events)))]);
    paper.put(0, 2, &[plain(format!("data events: {data}"))]);
    for (account, regions) in &coverage.accounts {
        let names: Vec<&str> = regions.iter().map(|(region, _)| region).collect();
        paper.put(0, 2, &[plain(format!("account {account}: {}", names.join(", ")))]);
    }
    for (what, count) in coverage.lost.iter() {
        paper.put(0, 2, &[strong("lost: "), plain(format!("{} {what}", number(size(*count))))]);
    }
}

fn caller(paper: &mut Paper, caller: &Caller, calls: &CallerUse) {
    paper.heading(&caller.id);
    if !calls.sessions.is_empty() {
        let names: Vec<&str> = calls.sessions.iter().take(RESOURCES).map(|(name, _)| name).collect();
        let more = calls.sessions.iter().count().saturating_sub(RESOURCES);
        let more = if more > 0 { format!(" and {} more", number(more)) } else { String::new() };
        paper.put(2, 4, &[plain(format!("sessions: {}{more}", names.join(", ")))]);
    }
    if !calls.sign_ins.is_empty() {
        paper.put(2, 4, &[plain(span("console sign-in", &calls.sign_ins))]);
    }
    if !calls.failed_sign_ins.is_empty() {
        paper.put(2, 4, &[plain(span("failed console sign-in", &calls.failed_sign_ins))]);
    }
    for (key, used) in calls.keys.iter() {
        paper.put(2, 4, &[plain(format!("access key {key}: {}", span("call", &used.tally)))]);
    }
    for (name, action) in &calls.actions {
        self::action(paper, name, action);
    }
}

fn action(paper: &mut Paper, name: &str, action: &ActionUse) {
    for (what, calls) in [("", &action.used), ("denied: ", &action.denied)] {
        if calls.is_empty() {
            continue;
        }
        let inferred = if calls.inferred > 0 { ", inferred" } else { "" };
        let line = format!("  {what}{}{inferred}", span("call", &calls.tally));
        paper.put(2, 4, &[strong(name), plain(line)]);
        resources(paper, calls);
    }
}

fn resources(paper: &mut Paper, calls: &Calls) {
    for (arn, _) in calls.resources.iter().take(RESOURCES) {
        paper.put(6, 8, &[plain(format!("on {arn}"))]);
    }
    let more = calls.resources.iter().count().saturating_sub(RESOURCES);
    if more > 0 {
        paper.line(6, &format!("and {} more", number(more)));
    }
    if calls.unknown_resource > 0 {
        let line =
            format!("{} on resources that the logs do not tell", count(size(calls.unknown_resource), "call"));
        paper.put(6, 8, &[plain(line)]);
    }
}

fn unmapped(paper: &mut Paper, usage: &Usage) {
    let all: Vec<_> = usage.unmapped.iter().chain(usage.ambiguous.iter()).collect();
    if all.is_empty() {
        return;
    }
    paper.heading("Calls of which it is not known what permission they need");
    for (event, tally) in all.iter().take(UNMAPPED) {
        paper.put(2, 4, &[plain(format!("{event}: {}", number(size(tally.count))))]);
    }
    let more = all.len().saturating_sub(UNMAPPED);
    if more > 0 {
        paper.line(2, &format!("and {} more; `--format json` lists them all", number(more)));
    }
}

/// `3 calls, 2026-03-01 to 2026-03-05`.
fn span(noun: &str, tally: &Tally) -> String {
    let day = |time: jiff::Timestamp| time.strftime("%Y-%m-%d").to_string();
    let times = match (tally.first.map(day), tally.last.map(day)) {
        (Some(first), Some(last)) if first == last => format!(", {first}"),
        (Some(first), Some(last)) => format!(", {first} to {last}"),
        _ => String::new(),
    };
    format!("{}{times}", count(size(tally.count), noun))
}

fn size(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
