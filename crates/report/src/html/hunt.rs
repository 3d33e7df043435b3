//! The page of a hunt.

use jiff::Timestamp;
use leastwise_trail::hunt::Hit;
use leastwise_trail::sigma::Level;
use maud::{Markup, html};

use super::{page, timeline};
use crate::clean;
use crate::figures::{count, number};
use crate::trail::Head;
use crate::trail::groups::{OfPrincipal, by_level, by_principal, by_rule, span, tally, techniques};

/// How many principals are in the picture.
const IN_PICTURE: usize = 40;
/// How many principals have a list, and how many hits one has.
const LISTS: usize = 200;
const LISTED: usize = 200;

/// One page: what was read, rules, a timeline of principals, and their hits.
pub fn hunt(head: &Head, hits: &[Hit]) -> String {
    let principals = by_principal(hits);
    let body = html! {
        h1 { "Hunt through CloudTrail" }
        @for fact in &head.facts { p class="quiet" { (clean(fact)) } }
        (cards(hits))
        (losses(head))
        @if hits.is_empty() {
            p { "No rule matched." }
        } @else {
            (rules(hits))
            (pictures(&principals))
            (lists(&principals))
        }
    };
    page("Hunt through CloudTrail", &body)
}

fn cards(hits: &[Hit]) -> Markup {
    let counts = by_level(hits);
    let of = |level: Level| counts.iter().find(|(found, _)| *found == level).map_or(0, |(_, count)| *count);
    html! {
        ul class="cards" {
            @for level in Level::ALL.into_iter().rev() {
                li class=(level.name()) { b { (number(of(level))) } (level.name()) }
            }
        }
    }
}

fn losses(head: &Head) -> Markup {
    html! {
        @if !head.losses.is_empty() {
            section class="loss" {
                strong { "Incomplete: something may be missing here" }
                ul { @for loss in &head.losses { li { (clean(loss)) } } }
            }
        }
    }
}

fn rules(hits: &[Hit]) -> Markup {
    html! {
        h2 { "Rules that matched" }
        div class="scroll" { table {
            thead { tr {
                th { "Level" } th { "Rule" } th { "Technique" } th class="number" { "Hits" }
                th { "First (UTC)" } th { "Last (UTC)" } th { "By" }
            } }
            tbody { @for rule in by_rule(hits) {
                @let by = tally(&rule.hits, |hit| hit.principal.as_deref());
                tr {
                    td { (level(rule.level)) }
                    td { (clean(rule.title)) }
                    td { (clean(&techniques(rule.tags).join(" "))) }
                    td class="number" { (number(rule.hits.len())) }
                    (times(&rule.hits))
                    td {
                        @if let Some((name, _)) = by.first() { code { (clean(name)) } }
                        @if by.len() > 1 { " and " (number(by.len() - 1)) " more" }
                    }
                }
            } }
        } }
    }
}

fn times(hits: &[&Hit]) -> Markup {
    let minute = |time: Timestamp| time.strftime("%Y-%m-%d %H:%M").to_string();
    let (first, last) = span(hits.iter().copied())
        .map_or((String::new(), String::new()), |(first, last)| (minute(first), minute(last)));
    html! { td class="time" { (first) } td class="time" { (last) } }
}

fn pictures(principals: &[OfPrincipal<'_>]) -> Markup {
    let shown = principals.get(..IN_PICTURE).unwrap_or(principals);
    html! {
        @if let Some(picture) = timeline::picture(shown) {
            h2 { "Timeline" }
            div class="scroll" { (picture) }
            ul class="legend" {
                @for level in Level::ALL.into_iter().rev() {
                    li { svg viewBox="-8 -8 16 16" aria-hidden="true" { (timeline::shape(level, 0, 0)) } (level.name()) }
                }
            }
            @if principals.len() > shown.len() {
                p class="quiet" { (count(principals.len() - shown.len(), "principal")) " more are listed below only." }
            }
        }
    }
}

fn lists(principals: &[OfPrincipal<'_>]) -> Markup {
    html! {
        h2 { "Principals" }
        @for of in principals.iter().take(LISTS) { (list(of)) }
        @if principals.len() > LISTS {
            p { (count(principals.len() - LISTS, "principal")) " more: the JSON Lines of the hunt have all." }
        }
    }
}

fn list(of: &OfPrincipal<'_>) -> Markup {
    html! {
        details {
            summary {
                h3 { code { (clean(of.principal)) } }
                " " (level(of.level)) span class="quiet" { " · " (count(of.hits.len(), "hit")) }
            }
            div class="scroll" { table {
                thead { tr { th { "Time" } th { "Level" } th { "Rule" } th { "Event" } th { "From" } th { "Why" } } }
                tbody { @for hit in of.hits.iter().take(LISTED) { (row(hit)) } }
            } }
            @if of.hits.len() > LISTED {
                p { (count(of.hits.len() - LISTED, "hit")) " more: the JSON Lines of the hunt have all." }
            }
        }
    }
}

fn row(hit: &Hit) -> Markup {
    let text = |text: &Option<String>| clean(text.as_deref().unwrap_or("-")).into_owned();
    html! {
        tr {
            td class="time" { (hit.time.map_or_else(|| "-".to_owned(), |time| time.to_string())) }
            td { (level(hit.info.level)) }
            td { (clean(&hit.info.title)) }
            td {
                (text(&hit.event_name))
                @if hit.error_code.is_some() { " (" (text(&hit.error_code)) ")" }
                br;
                span class="quiet" {
                    (text(&hit.region)) " · " (text(&hit.account))
                    @if let Some(id) = hit.event_ids.last() { br; code { (clean(id)) } }
                    @if hit.event_ids.len() > 1 { " and " (number(hit.event_ids.len() - 1)) " before" }
                }
            }
            td { code { (text(&hit.source_address)) } }
            td { @for (field, values) in &hit.matched {
                div { code { (clean(field)) } " " (clean(&values.join(", "))) }
            } }
        }
    }
}

fn level(level: Level) -> Markup {
    html! { span class={ "level " (level.name()) } { (level.name()) } }
}
