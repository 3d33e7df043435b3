//! Hits as Markdown.

use leastwise_trail::hunt::Hit;

use super::text::sum;
use crate::figures::{instant, number};
use crate::markdown::escape::{add, escape, header, row};
use crate::trail::Head;
use crate::trail::groups::{NOBODY, by_principal, by_rule, span, tally, techniques};

/// How many hits are listed in full.
const LISTED: usize = 500;

/// The hits by rule, by principal, and one by one.
pub fn markdown(head: &Head, hits: &[Hit]) -> String {
    let mut page = String::from("# Hunt through CloudTrail\n\n");
    for fact in &head.facts {
        add(&mut page, format!("- {}\n", escape(fact)));
    }
    if !head.losses.is_empty() {
        page.push_str("\n**Incomplete:** something may be missing here.\n\n");
        for loss in &head.losses {
            add(&mut page, format!("- {}\n", escape(loss)));
        }
    }
    add(&mut page, format!("\nHits: {}.\n", sum(hits)));
    if !hits.is_empty() {
        rules(&mut page, hits);
        principals(&mut page, hits);
        list(&mut page, hits);
    }
    page
}

fn rules(page: &mut String, hits: &[Hit]) {
    page.push_str("\n## By rule\n\n");
    page.push_str(&header(&["level", "rule", "technique", ">hits", "first", "last", "by"]));
    for rule in by_rule(hits) {
        let (first, last) = span(rule.hits.iter().copied())
            .map_or((String::new(), String::new()), |(first, last)| (instant(first), instant(last)));
        let by = tally(&rule.hits, |hit| hit.principal.as_deref());
        let more = by.len().saturating_sub(1);
        let by = by.first().map(|(name, _)| escape(name)).unwrap_or_default();
        let by = if more > 0 { format!("{by} and {} more", number(more)) } else { by };
        page.push_str(&row(&[
            rule.level.name().to_owned(),
            escape(rule.title),
            escape(&techniques(rule.tags).join(" ")),
            number(rule.hits.len()),
            first,
            last,
            by,
        ]));
    }
}

fn principals(page: &mut String, hits: &[Hit]) {
    page.push_str("\n## By principal\n\n");
    page.push_str(&header(&["principal", "worst", ">hits", "first", "last", "rules"]));
    for of in by_principal(hits) {
        let (first, last) = span(of.hits.iter().copied())
            .map_or((String::new(), String::new()), |(first, last)| (instant(first), instant(last)));
        let rules = tally(&of.hits, |hit| Some(hit.info.title.as_str()));
        let rules: Vec<String> = rules.iter().take(3).map(|(title, _)| escape(title)).collect();
        page.push_str(&row(&[
            escape(of.principal),
            of.level.name().to_owned(),
            number(of.hits.len()),
            first,
            last,
            rules.join("; "),
        ]));
    }
}

fn list(page: &mut String, hits: &[Hit]) {
    page.push_str("\n## In the order of time\n\n");
    page.push_str(&header(&["time", "level", "rule", "principal", "event", "region", "from", "event id"]));
    for hit in hits.iter().take(LISTED) {
        let text = |text: &Option<String>| text.as_deref().map(escape).unwrap_or_default();
        page.push_str(&row(&[
            hit.time.map(|time| time.to_string()).unwrap_or_default(),
            hit.info.level.name().to_owned(),
            escape(&hit.info.title),
            escape(hit.principal.as_deref().unwrap_or(NOBODY)),
            text(&hit.event_name),
            text(&hit.region),
            text(&hit.source_address),
            hit.event_ids.last().map(|id| escape(id)).unwrap_or_default(),
        ]));
    }
    let more = hits.len().saturating_sub(LISTED);
    if more > 0 {
        add(page, format!("\n{} more hits: `--format jsonl` lists them all.\n", number(more)));
    }
}
