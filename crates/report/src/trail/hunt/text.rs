//! Hits for people.

use leastwise_trail::hunt::Hit;

use crate::Style;
use crate::figures::{count, instant, number};
use crate::paper::{Paper, plain, severity, strong};
use crate::trail::Head;
use crate::trail::groups::{
    self, OfPrincipal, OfRule, by_level, by_principal, by_rule, span, tally, techniques,
};

/// How many hits of a rule, or of a principal, are listed.
const LISTED: usize = 3;
/// How many principals have a timeline, and how many hits one shows.
const TIMELINES: usize = 10;
const MARKS: usize = 12;
/// How many values are named before the others are counted.
const NAMED: usize = 4;

/// The hits by rule, the worst first, then what the principals did in the order of time.
pub fn text(head: &Head, hits: &[Hit], style: &Style) -> String {
    let mut paper = Paper::new(style);
    paper.title("Hunt through CloudTrail");
    head.write(&mut paper);
    paper.heading(&format!("Hits: {}", sum(hits)));
    for rule in by_rule(hits) {
        self::rule(&mut paper, &rule);
    }
    let principals = by_principal(hits);
    if !principals.is_empty() {
        paper.title("Timeline of each principal");
    }
    for principal in principals.iter().take(TIMELINES) {
        timeline(&mut paper, principal);
    }
    let more = principals.len().saturating_sub(TIMELINES);
    if more > 0 {
        paper.blank();
        paper.line(0, &format!("{} more; `--format html` shows them all", count(more, "principal")));
    }
    paper.finish()
}

/// `2 critical, 5 low`.
pub(crate) fn sum(hits: &[Hit]) -> String {
    let levels: Vec<_> =
        by_level(hits).into_iter().map(|(level, count)| format!("{} {level}", number(count))).collect();
    if levels.is_empty() { "none".to_owned() } else { levels.join(", ") }
}

fn rule(paper: &mut Paper, rule: &OfRule<'_>) {
    paper.blank();
    let level = severity(groups::severity(rule.level), rule.level.name());
    let total = format!("  ({})", count(rule.hits.len(), "hit"));
    paper.put(0, 2, &[level, plain("  "), strong(rule.title), plain(total)]);
    let techniques = techniques(rule.tags).join("  ");
    paper.put(2, 4, &[plain(format!("rule {}  {techniques}", rule.rule))]);
    if let Some((first, last)) = span(rule.hits.iter().copied()) {
        let to = if first == last { String::new() } else { format!(" to {}", instant(last)) };
        paper.put(2, 4, &[plain(format!("{}{to}", instant(first)))]);
    }
    for (what, values) in [
        ("by", tally(&rule.hits, |hit| hit.principal.as_deref())),
        ("from", tally(&rule.hits, |hit| hit.source_address.as_deref())),
        ("account", tally(&rule.hits, |hit| hit.account.as_deref())),
    ] {
        if !values.is_empty() {
            paper.put(2, 4, &[plain(format!("{what} {}", few(&values)))]);
        }
    }
    for hit in rule.hits.iter().take(LISTED) {
        paper.put(4, 6, &[plain(line(hit))]);
    }
    let more = rule.hits.len().saturating_sub(LISTED);
    if more > 0 {
        paper.line(4, &format!("and {} more; `--format jsonl` lists them all", number(more)));
    }
}

fn timeline(paper: &mut Paper, of: &OfPrincipal<'_>) {
    paper.heading(&format!("{}  ({})", of.principal, count(of.hits.len(), "hit")));
    for hit in of.hits.iter().take(MARKS) {
        let level = Paper::padded(hit.info.level.name(), "informational".len());
        let level = severity(groups::severity(hit.info.level), level);
        let event = hit.event_name.as_deref().unwrap_or("-");
        let time =
            hit.time.map_or_else(|| "no time".to_owned(), |time| time.strftime("%m-%d %H:%M:%S").to_string());
        paper.put(
            2,
            4,
            &[plain(format!("{time}  ")), level, plain(format!("  {}: {event}", hit.info.title))],
        );
    }
    let more = of.hits.len().saturating_sub(MARKS);
    if more > 0 {
        paper.line(2, &format!("and {} more", number(more)));
    }
}

/// `a (3), b, and 2 more`.
fn few(values: &[(&str, usize)]) -> String {
    let name = |(value, count): &(&str, usize)| {
        if *count > 1 { format!("{value} ({})", number(*count)) } else { (*value).to_owned() }
    };
    let mut named: Vec<String> = values.iter().take(NAMED).map(name).collect();
    let more = values.len().saturating_sub(NAMED);
    if more > 0 {
        named.push(format!("and {} more", number(more)));
    }
    named.join(", ")
}

/// When, what, where and on which ground.
fn line(hit: &Hit) -> String {
    let time = hit.time.map_or_else(|| "no time".to_owned(), |time| time.to_string());
    let region = hit.region.as_deref().unwrap_or("-");
    let event = hit.event_name.as_deref().unwrap_or("-");
    let error = hit.error_code.as_deref().map(|error| format!(" ({error})")).unwrap_or_default();
    let id = hit.event_ids.last().map(|id| format!("  event {id}")).unwrap_or_default();
    format!("{time}  {region}  {event}{error}{id}")
}
