//! What is said above a report: what was read and used, and what was not.

use jiff::Timestamp;
use leastwise_app::trail::Reading;
use leastwise_app::trail::usage::Accounted;
use leastwise_report::trail::Head;
use leastwise_report::{count, number};
use leastwise_trail::hunt::Summary;

/// How many examples of losses are named.
const EXAMPLES: usize = 5;

/// Said where nothing was found.
const NO_FILE: &str = "there was no log file to read";

/// What was read.
pub fn of(reading: &Reading) -> Head {
    let mut facts = vec![format!(
        "{} in {}{}",
        count_of(reading.analysed, "event"),
        count_of(reading.files, "file"),
        span(reading)
    )];
    let left_out: Vec<String> = amounts(&[
        (reading.duplicates, "duplicate", "duplicates"),
        (reading.filtered, "event not asked for", "events not asked for"),
        (reading.filtered_files, "file not asked for", "files not asked for"),
        (reading.digest_files + reading.tally.digests, "digest file", "digest files"),
        (reading.insight_files, "Insight file", "Insight files"),
        (reading.tally.insights, "Insight event", "Insight events"),
        (reading.not_logs, "file not named like a log", "files not named like logs"),
    ])
    .collect();
    if !left_out.is_empty() {
        facts.push(format!("left out: {}", left_out.join(", ")));
    }
    Head { facts, losses: losses(reading) }
}

fn losses(reading: &Reading) -> Vec<String> {
    let tally = &reading.tally;
    let mut losses: Vec<String> = amounts(&[
        (tally.unreadable, "file could not be read at all", "files could not be read at all"),
        (tally.cut, "file could not be read to its end", "files could not be read to their end"),
        (tally.refused, "record could not be read", "records could not be read"),
        (tally.replaced, "place is no UTF-8", "places are no UTF-8"),
    ])
    .collect();
    if reading.files == 0 && reading.filtered_files == 0 {
        losses.push(format!("{NO_FILE}: name a file, or a folder that holds some"));
    }
    losses.extend(tally.examples.iter().take(EXAMPLES).map(ToString::to_string));
    let more = tally.examples.len().saturating_sub(EXAMPLES);
    if more > 0 {
        losses.push(format!("and {more} more in `--format json`"));
    }
    losses
}

/// What was read, and which rules were used on it.
pub fn of_hunt(reading: &Reading, summary: &Summary) -> Head {
    let mut head = of(reading);
    head.facts.push(format!("{} used", count(summary.rules, "rule")));
    let lost: Vec<_> = summary.problems.iter().filter(|problem| problem.kind.is_loss()).collect();
    let others = summary.problems.len() - lost.len();
    if others > 0 {
        head.facts.push(format!("{} about other logs than CloudTrail", count(others, "rule")));
    }
    head.losses.extend(lost.iter().map(|problem| format!("rule not used: {problem}")));
    head.losses.extend(amounts(&[
        (summary.not_kept, "further hit was not kept", "further hits were not kept"),
        (
            summary.late,
            "event came too late for correlations and first-seen rules",
            "events came too late for correlations and first-seen rules",
        ),
        (
            summary.without_time,
            "event without a time could not be correlated",
            "events without a time could not be correlated",
        ),
        (
            summary.evicted,
            "group was forgotten by correlations to save memory",
            "groups were forgotten by correlations to save memory",
        ),
        (
            summary.evicted_seen,
            "habit was forgotten by first-seen rules to save memory",
            "habits were forgotten by first-seen rules to save memory",
        ),
    ]));
    head
}

/// What was read now and before.
pub fn of_usage(accounted: &Accounted) -> Head {
    let mut head = of(&accounted.reading);
    if accounted.known > 0 {
        head.losses.retain(|loss| !loss.starts_with(NO_FILE));
    }
    head.facts.extend(amounts(&[(accounted.known, "file was read before", "files were read before")]));
    if !accounted.is_kept {
        let why = "not every file could be read to its end, so that `--state` was not kept: the next run reads all of this again";
        head.losses.push(why.to_owned());
    }
    head.losses.extend(amounts(&[(
        accounted.changed,
        "file changed since it was read, and is not counted again; start anew with another `--state`",
        "files changed since they were read, and are not counted again; start anew with another `--state`",
    )]));
    head
}

fn span(reading: &Reading) -> String {
    let day = |time: Timestamp| time.strftime("%Y-%m-%d %H:%M:%S UTC").to_string();
    reading.span.ends().map(|(first, last)| format!(", {} to {}", day(first), day(last))).unwrap_or_default()
}

fn count_of(count: u64, noun: &str) -> String {
    leastwise_report::count(usize::try_from(count).unwrap_or(usize::MAX), noun)
}

/// How many there are of each, in words; what there is none of is left out.
fn amounts(all: &[(u64, &str, &str)]) -> impl Iterator<Item = String> {
    all.iter().filter(|(count, ..)| *count > 0).map(|(count, one, many)| match count {
        1 => format!("1 {one}"),
        _ => format!("{} {many}", number(usize::try_from(*count).unwrap_or(usize::MAX))),
    })
}
