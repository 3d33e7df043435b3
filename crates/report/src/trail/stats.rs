//! Statistics of logs.

use leastwise_trail::stats::{Stats, Top};
use serde::Serialize;

use super::Head;
use crate::Style;
use crate::figures::{count, instant, number};
use crate::paper::{Column, Paper, plain};

/// The version of the document that [`json`] writes.
const SCHEMA_VERSION: u32 = 1;
/// How many gaps are listed.
const GAPS: usize = 20;
/// How wide the longest bar of the histogram is.
const BAR: u64 = 40;

/// Who, what, where and when, and where something may be missing.
pub fn text(head: &Head, stats: &Stats, style: &Style) -> String {
    let mut paper = Paper::new(style);
    paper.title("CloudTrail in numbers");
    head.write(&mut paper);
    let kinds = format!(
        "{} only read, {} change something, {} do not tell",
        number(size(stats.reads)),
        number(size(stats.writes)),
        number(size(stats.read_or_write))
    );
    paper.put(0, 2, &[plain(kinds)]);
    if stats.undated > 0 {
        paper.put(0, 2, &[plain(format!("{} without a time", count(size(stats.undated), "event")))]);
    }
    gaps(&mut paper, stats);
    for (title, top) in [
        ("Who", &stats.callers),
        ("What: services", &stats.services),
        ("What: events", &stats.names),
        ("What: errors", &stats.errors),
        ("Where: accounts", &stats.accounts),
        ("Where: regions", &stats.regions),
        ("Where: source addresses", &stats.addresses),
        ("Types of events", &stats.kinds),
        ("Categories of events", &stats.categories),
    ] {
        list(&mut paper, title, top);
    }
    when(&mut paper, stats);
    paper.finish()
}

/// One document: what was read, and the statistics.
///
/// # Errors
/// The serializer's.
pub fn json(reading: &impl Serialize, stats: &Stats) -> serde_json::Result<String> {
    #[derive(Serialize)]
    struct Document<'a, R> {
        schema_version: u32,
        reading: &'a R,
        stats: &'a Stats,
    }
    let document = Document { schema_version: SCHEMA_VERSION, reading, stats };
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}

fn gaps(paper: &mut Paper, stats: &Stats) {
    let hours = stats.gap_seconds / 3600;
    paper.heading(&format!("Gaps of more than {hours} h"));
    if stats.gaps.is_empty() {
        paper.line(2, "none");
    }
    for gap in stats.gaps.iter().take(GAPS) {
        let line = format!("{} {}: {} to {}", gap.account, gap.region, instant(gap.from), instant(gap.to));
        paper.put(2, 4, &[plain(line)]);
    }
    let more = stats.gaps.len().saturating_sub(GAPS);
    if more > 0 {
        paper.line(2, &format!("and {} more; `--format json` lists them all", number(more)));
    }
    if stats.unwatched > 0 {
        let line =
            format!("{} of further accounts and regions were not looked at", number(size(stats.unwatched)));
        paper.put(2, 4, &[plain(line)]);
    }
}

fn list(paper: &mut Paper, title: &str, top: &Top) {
    if top.rows.is_empty() {
        return;
    }
    paper.heading(&format!("{title} ({})", number(top.names)));
    let rows = top.rows.iter().map(|row| vec![number(size(row.count)), row.name.clone()]);
    let others = (top.other > 0).then(|| vec![number(size(top.other)), "(all others)".to_owned()]);
    paper.table(&[Column::Number("events"), Column::Flexible("")], rows.chain(others));
    if top.short_by > 0 {
        paper.line(0, &format!("counts may be too low by {}", number(size(top.short_by))));
    }
}

/// A bar for each day.
fn when(paper: &mut Paper, stats: &Stats) {
    let mut days: Vec<(String, u64)> = Vec::new();
    for (hour, events) in &stats.hours {
        let day = hour.strftime("%Y-%m-%d").to_string();
        match days.last_mut() {
            Some((last, sum)) if *last == day => *sum += events,
            _ => days.push((day, *events)),
        }
    }
    let Some(most) = days.iter().map(|(_, events)| *events).max().filter(|most| *most > 0) else { return };
    paper.heading("When: days (UTC)");
    for (day, events) in days {
        let bar = "#".repeat(size((events * BAR).div_ceil(most)));
        let width = usize::try_from(BAR).unwrap_or_default();
        paper.line(2, &format!("{day}  {}  {}", Paper::padded(&bar, width), number(size(events))));
    }
}

fn size(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
