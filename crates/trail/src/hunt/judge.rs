//! What all parts come to: correlations and first-seen rules, judged in the order of time.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;

use crate::sigma::{Compiled, CompiledBody, CompiledCorrelation, Kind};

use super::buffer::{Buffer, Waiting};
use super::first_seen::Habits;
use super::groups::{Group, Groups};
use super::hit::{Hit, cut};
use super::page::push_part;
use super::part::Part;
use super::statistics::{RuleCount, Summary};
use super::window::{Addition, Verdict, Window, Witness};
use super::{HITS, Hunt, Outcome};

/// What all parts come to.
#[derive(Debug)]
pub struct Whole {
    hits: Vec<Hit>,
    matched: BTreeMap<u32, u64>,
    summary: Summary,
    buffer: Buffer,
    groups: BTreeMap<u32, Groups>,
    habits: BTreeMap<u32, Habits>,
    /// When which group of which correlation is to be judged.
    deadlines: BTreeSet<(i64, u32, Box<str>)>,
    /// Memory for keys of groups.
    key: String,
}

impl Whole {
    pub(super) fn new(hunt: &Hunt<'_>) -> Self {
        Self {
            hits: Vec::new(),
            matched: BTreeMap::new(),
            summary: Summary::default(),
            buffer: Buffer::new(hunt.buffer),
            groups: BTreeMap::new(),
            habits: BTreeMap::new(),
            deadlines: BTreeSet::new(),
            key: String::new(),
        }
    }

    pub(super) fn join(&mut self, hunt: &Hunt<'_>, part: Part) {
        self.summary.events += part.events;
        self.summary.not_kept += part.not_kept;
        self.summary.without_time += part.without_time;
        self.summary.without_fields += part.without_fields;
        for (rule, count) in (0..).zip(part.matched).filter(|(_, count)| *count > 0) {
            *self.matched.entry(rule).or_default() += count;
        }
        for hit in part.hits {
            self.keep(hit);
        }
        for note in self.buffer.add(&part.notes, part.writer.page) {
            self.judge(hunt, &note);
        }
    }

    fn keep(&mut self, hit: Hit) {
        if self.hits.len() < HITS {
            self.hits.push(hit);
        } else {
            self.summary.not_kept += 1;
        }
    }

    pub(super) fn finish(mut self, hunt: &Hunt<'_>) -> Outcome {
        for note in self.buffer.rest() {
            self.judge(hunt, &note);
        }
        self.close_before(hunt, i64::MAX);
        self.summary.late = self.buffer.late;
        self.summary.rules = hunt.rules.len();
        self.summary.problems = hunt.rules.problems().to_vec();
        let counts = self.matched.iter().filter_map(|(rule, count)| {
            let info = hunt.infos.get(*rule as usize)?;
            Some(RuleCount {
                rule: info.rule.clone(),
                title: info.title.clone(),
                level: info.level,
                kind: info.kind,
                matched: *count,
            })
        });
        self.summary.matched = counts.collect();
        self.summary.matched.sort();
        self.hits.sort();
        Outcome { hits: self.hits, summary: self.summary }
    }

    /// Judges the next note in the order of time.
    fn judge(&mut self, hunt: &Hunt<'_>, note: &Waiting) {
        self.close_before(hunt, note.moment.time);
        let Some(rule) = hunt.rules.get(note.rule) else { return };
        match &rule.body {
            CompiledBody::Single(_) => {
                let values: Vec<_> = note.page.values(note.detail, rule.captured.len()).collect();
                self.tell(hunt, rule, note.moment.time, note, &values);
            }
            CompiledBody::FirstSeen { within, learn, .. } => {
                self.judge_habit(hunt, rule, note, (*within, *learn));
            }
            CompiledBody::Correlation(_) => {}
        }
    }

    fn judge_habit(
        &mut self,
        hunt: &Hunt<'_>,
        rule: &Compiled,
        note: &Waiting,
        spans: (crate::sigma::Span, crate::sigma::Span),
    ) {
        let Some(first) = note.page.firsts.get(note.detail as usize) else { return };
        let who = note.page.joined(&first.by);
        let what = who.clone() + &note.page.joined(&first.value);
        let habits = self.habits.entry(note.rule).or_default();
        let times = (note.moment.time, first.last);
        let Some(since) = habits.see(&who, &what, times, spans, &mut self.summary.evicted_seen) else {
            return;
        };
        let texts =
            |texts: &[u32]| texts.iter().filter_map(|text| note.page.owned(Some(*text))).collect::<Vec<_>>();
        let mut matched: Vec<_> = rule
            .first_seen_fields(hunt.rules)
            .into_iter()
            .zip(texts(&first.by).into_iter().chain(texts(&first.value)))
            .map(|(name, value)| (name, vec![cut(value)]))
            .collect();
        if let Ok(since) = Timestamp::from_microsecond(since) {
            matched.push(("known since".to_owned(), vec![since.to_string()]));
        }
        self.hit(hunt, note.rule, rule, note, Vec::new(), matched);
        let values: Vec<_> = note.page.values(first.captured, rule.captured.len()).collect();
        self.tell(hunt, rule, note.moment.time, note, &values);
    }

    /// Tells the correlations that refer to a rule of its match.
    fn tell(&mut self, hunt: &Hunt<'_>, rule: &Compiled, at: i64, note: &Waiting, values: &[Option<&str>]) {
        for (listener, source) in &rule.listeners {
            let Some(listening) = hunt.rules.get(*listener) else { continue };
            if let CompiledBody::Correlation(correlation) = &listening.body {
                self.hear(hunt, (*listener, listening, correlation), *source, at, note, values);
            }
        }
    }

    fn hear(
        &mut self,
        hunt: &Hunt<'_>,
        (number, rule, correlation): (u32, &Compiled, &CompiledCorrelation),
        source: usize,
        at: i64,
        note: &Waiting,
        values: &[Option<&str>],
    ) {
        let mut key = std::mem::take(&mut self.key);
        let Some((passed, fields)) = Self::place(correlation, source, values, &mut key) else {
            self.key = key;
            self.summary.without_fields += 1;
            return;
        };
        let evicted = &mut self.summary.evicted;
        let group = self.groups.entry(number).or_default().at(&key, at, correlation, evicted);
        let id = note.context().and_then(|context| note.page.text(context.id)).map(Box::from);
        let addition =
            Addition { source, witness: Witness { time: at, id }, text: &fields.0, number: fields.1 };
        let verdict = group.window.add(correlation, addition, group.holds, evicted);
        if let Window::Fixed(fixed) = &group.window {
            let passed = passed.iter().map(|value| value.map(str::to_owned)).collect();
            group.note = Some((note.clone(), passed));
            self.deadlines.extend(fixed.end.map(|end| (end, number, Box::from(key.as_str()))));
        }
        let begins = verdict.is_some() && !group.holds;
        group.holds = verdict.is_some() && !matches!(group.window, Window::Chains(_));
        self.key = key;
        if let Some(verdict) = verdict.filter(|_| begins) {
            self.correlated(hunt, (number, rule, correlation), source, at, note, values, &verdict);
        }
    }

    /// The key of the group, what is handed on, and the value of the condition's field as text and number; nothing
    /// if a field is missing.
    #[expect(clippy::type_complexity, reason = "the parts are named where they are used")]
    fn place<'v>(
        correlation: &CompiledCorrelation,
        source: usize,
        values: &[Option<&'v str>],
        key: &mut String,
    ) -> Option<(Vec<Option<&'v str>>, (String, f64))> {
        let source = correlation.sources.get(source)?;
        let value = |place: &usize| values.get(*place).copied().flatten();
        key.clear();
        for place in &source.group {
            push_part(key, value(place)?);
        }
        let mut text = String::new();
        let mut number = f64::NAN;
        for place in &source.value {
            let value = value(place)?;
            number = value.parse().unwrap_or(f64::NAN);
            if source.value.len() > 1 { push_part(&mut text, value) } else { value.clone_into(&mut text) }
        }
        if correlation.needs_number() && !number.is_finite() {
            return None;
        }
        Some((source.passed.iter().map(value).collect(), (text, number)))
    }

    /// A correlation matched.
    #[expect(clippy::too_many_arguments, reason = "what is known of the match, once")]
    fn correlated(
        &mut self,
        hunt: &Hunt<'_>,
        (number, rule, correlation): (u32, &Compiled, &CompiledCorrelation),
        source: usize,
        at: i64,
        note: &Waiting,
        values: &[Option<&str>],
        verdict: &Verdict,
    ) {
        let Some(source) = correlation.sources.get(source) else { return };
        let value = |place: &usize| values.get(*place).copied().flatten();
        let groups = source.group.iter().map(|place| value(place).unwrap_or_default().to_owned()).collect();
        let passed: Vec<_> = source.passed.iter().map(value).collect();
        self.hit(hunt, number, rule, note, verdict.ids.clone(), matched(correlation, groups, verdict));
        self.tell(hunt, rule, at, note, &passed);
    }

    /// A hit of a rule, and of those that ask the same.
    fn hit(
        &mut self,
        hunt: &Hunt<'_>,
        number: u32,
        rule: &Compiled,
        note: &Waiting,
        event_ids: Vec<String>,
        matched: Vec<(String, Vec<String>)>,
    ) {
        for twin in &rule.twins {
            self.hit_of_one(hunt, *twin, note, event_ids.clone(), matched.clone());
        }
        self.hit_of_one(hunt, number, note, event_ids, matched);
    }

    fn hit_of_one(
        &mut self,
        hunt: &Hunt<'_>,
        number: u32,
        note: &Waiting,
        mut event_ids: Vec<String>,
        matched: Vec<(String, Vec<String>)>,
    ) {
        *self.matched.entry(number).or_default() += 1;
        let (Some(context), Some(info)) = (note.context(), hunt.infos.get(number as usize)) else { return };
        if !hunt.reports(number) || info.level < hunt.level {
            return;
        }
        let page = &note.page;
        if event_ids.is_empty() {
            event_ids.extend(page.owned(context.id));
        }
        self.keep(Hit {
            time: Timestamp::from_microsecond(context.moment.time).ok(),
            event_ids,
            info: Arc::clone(info),
            account: page.owned(context.account),
            region: page.owned(context.region),
            principal: page.owned(context.principal),
            source_address: page.owned(context.source_address),
            event_source: page.owned(context.event_source),
            event_name: page.owned(context.event_name),
            error_code: page.owned(context.error_code),
            matched,
        });
    }

    /// Judges the groups whose timespan ended before that time.
    fn close_before(&mut self, hunt: &Hunt<'_>, time: i64) {
        while self.deadlines.first().is_some_and(|(end, ..)| *end < time) {
            let Some((end, number, key)) = self.deadlines.pop_first() else { return };
            let Some(rule) = hunt.rules.get(number) else { continue };
            let CompiledBody::Correlation(correlation) = &rule.body else { continue };
            let Some(Group { window: Window::Fixed(fixed), note: Some((note, passed)), .. }) =
                self.groups.get_mut(&number).and_then(|groups| groups.take(&key))
            else {
                continue;
            };
            let Some(verdict) = fixed.judge(correlation) else { continue };
            let matched = matched(correlation, split_key(&key), &verdict);
            self.hit(hunt, number, rule, &note, verdict.ids, matched);
            let passed: Vec<_> = passed.iter().map(Option::as_deref).collect();
            self.tell(hunt, rule, end, &note, &passed);
        }
    }
}

/// The values a key was made of.
fn split_key(key: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut part = String::new();
    let mut chars = key.chars();
    while let Some(c) = chars.next() {
        match c {
            '\u{1e}' => part.extend(chars.next()),
            '\u{1f}' => parts.push(std::mem::take(&mut part)),
            _ => part.push(c),
        }
    }
    parts
}

/// What a hit shows: the group, and the number that was compared.
fn matched(
    correlation: &CompiledCorrelation,
    groups: Vec<String>,
    verdict: &Verdict,
) -> Vec<(String, Vec<String>)> {
    let mut matched: Vec<_> =
        correlation.group_by.iter().cloned().zip(groups.into_iter().map(|value| vec![cut(value)])).collect();
    if let Some(field) = correlation.condition.fields().next().filter(|_| !verdict.values.is_empty()) {
        matched.push((field.clone(), verdict.values.iter().cloned().map(cut).collect()));
    }
    matched.push((Kind::Correlation(correlation.kind).name().to_owned(), vec![verdict.number.to_string()]));
    matched
}
