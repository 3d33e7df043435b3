//! What the events of one file come to.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use crate::Event;
use crate::sigma::{Compiled, CompiledBody, Marks, Scratch, View};

use super::hit::Hit;
use super::page::{Context, First, Moment, Writer, time};
use super::{HITS, Hunt};

/// Microseconds of an hour.
const HOUR: i64 = 3_600_000_000;

/// Hits of rules about single events, and notes for the others.
#[derive(Debug, Default)]
pub struct Part {
    scratch: Scratch,
    pub(super) events: u64,
    pub(super) hits: Vec<Hit>,
    /// How often each rule about single events matched.
    pub(super) matched: Vec<u64>,
    pub(super) not_kept: u64,
    pub(super) without_time: u64,
    pub(super) without_fields: u64,
    pub(super) writer: Writer,
    pub(super) notes: Vec<Note>,
    /// First-seen notes by rule, hour, who and what: the number among `notes`.
    firsts: HashMap<Box<[u32]>, usize, FixedState>,
    /// Memory for their keys.
    key: Vec<u32>,
    noted: Noted,
    marks: Marks,
}

/// An event that a rule matched.
#[derive(Debug)]
pub(super) struct Note {
    pub rule: u32,
    pub context: u32,
    /// Where captured values begin; of a first-seen rule, the number among `firsts` of the page.
    pub detail: u32,
}

/// When the event happened.
#[derive(Debug, Clone, Copy, Default)]
enum Time {
    #[default]
    NotAsked,
    Missing,
    /// In microseconds.
    At(i64),
}

/// What was found out about the event that is looked at, once a rule asked for it.
#[derive(Debug, Default)]
struct Noted {
    time: Time,
    context: Option<u32>,
    /// The texts at places, by their number on the page.
    texts: Vec<(u16, Option<u32>)>,
}

impl Noted {
    fn begin(&mut self) {
        (self.time, self.context) = (Time::NotAsked, None);
        self.texts.clear();
    }
}

impl Part {
    pub(super) fn event(&mut self, hunt: &Hunt<'_>, event: &Event<'_>) {
        self.events += 1;
        let mut scratch = std::mem::take(&mut self.scratch);
        let mut noted = std::mem::take(&mut self.noted);
        noted.begin();
        let mut view = View::with_memory(event, std::mem::take(&mut self.marks));
        hunt.rules.matching(&mut view, &mut scratch, &mut |number, rule, view| match &rule.body {
            CompiledBody::Single(_) => self.single(hunt, number, rule, view, &mut noted),
            CompiledBody::FirstSeen { by, value, .. } if rule.twin_of.is_none() => {
                self.first_seen(hunt, number, rule, (by, value), view, &mut noted);
            }
            CompiledBody::FirstSeen { .. } | CompiledBody::Correlation(_) => {}
        });
        self.marks = view.memory();
        self.noted = noted;
        self.scratch = scratch;
    }

    /// The number of the text at a place; nothing if there is none.
    fn text(
        &mut self,
        hunt: &Hunt<'_>,
        place: u16,
        view: &mut View<'_, '_>,
        noted: &mut Noted,
    ) -> Option<u32> {
        if let Some((_, text)) = noted.texts.iter().find(|(other, _)| *other == place) {
            return *text;
        }
        let text = hunt.rules.text(place, view, |text| text.map(|text| self.writer.text(text)));
        noted.texts.push((place, text));
        text
    }

    /// When it happened, in microseconds.
    fn time(&mut self, view: &View<'_, '_>, noted: &mut Noted) -> Option<i64> {
        if let Time::NotAsked = noted.time {
            noted.time = time(view.event).map_or(Time::Missing, Time::At);
            self.without_time += u64::from(matches!(noted.time, Time::Missing));
        }
        match noted.time {
            Time::At(time) => Some(time),
            Time::NotAsked | Time::Missing => None,
        }
    }

    fn context(&mut self, view: &mut View<'_, '_>, time: i64, noted: &mut Noted) -> u32 {
        *noted.context.get_or_insert_with(|| self.writer.context(view, time))
    }

    fn single(
        &mut self,
        hunt: &Hunt<'_>,
        number: u32,
        rule: &Compiled,
        view: &mut View<'_, '_>,
        noted: &mut Noted,
    ) {
        self.count(hunt, number);
        if hunt.reports(number) && rule.meta.level >= hunt.level {
            if self.hits.len() < HITS {
                let matched = hunt.rules.matched(rule, view);
                let info = hunt.infos.get(number as usize);
                self.hits.extend(info.map(|info| Hit::single(info, view, matched)));
            } else {
                self.not_kept += 1;
            }
        }
        if rule.listeners.is_empty() {
            return;
        }
        if let Some(time) = self.time(view, noted) {
            let context = self.context(view, time, noted);
            let detail = self.capture(hunt, rule, view, noted);
            self.notes.push(Note { rule: number, context, detail });
        }
    }

    fn count(&mut self, hunt: &Hunt<'_>, rule: u32) {
        if self.matched.is_empty() {
            self.matched = vec![0; hunt.rules.len()];
        }
        if let Some(count) = self.matched.get_mut(rule as usize) {
            *count += 1;
        }
    }

    /// Notes the values that correlations ask for, and returns where they begin.
    fn capture(
        &mut self,
        hunt: &Hunt<'_>,
        rule: &Compiled,
        view: &mut View<'_, '_>,
        noted: &mut Noted,
    ) -> u32 {
        let start = self.writer.next_value();
        for place in &rule.captures {
            let text = self.text(hunt, *place, view, noted);
            self.writer.value(text);
        }
        start
    }

    /// Notes who did what; within one hour the earliest event stands for all, with the time of the last one.
    fn first_seen(
        &mut self,
        hunt: &Hunt<'_>,
        number: u32,
        rule: &Compiled,
        (by, value): (&[u16], &[u16]),
        view: &mut View<'_, '_>,
        noted: &mut Noted,
    ) {
        let Some(time) = self.time(view, noted) else { return };
        let mut key = std::mem::take(&mut self.key);
        if !self.first_seen_key(hunt, number, by.iter().chain(value), view, (time, noted), &mut key) {
            self.without_fields += 1;
        } else if let Some(note) = self.firsts.get(key.as_slice()).copied() {
            self.again(hunt, note, rule, view, time, noted);
        } else {
            let context = self.context(view, time, noted);
            let captured = self.capture(hunt, rule, view, noted);
            let texts = key.get(3..).unwrap_or_default();
            let (by, value) = texts.split_at_checked(by.len()).unwrap_or((texts, &[]));
            let detail = u32::try_from(self.writer.page.firsts.len()).unwrap_or(u32::MAX);
            self.writer.page.firsts.push(First { by: by.into(), value: value.into(), last: time, captured });
            self.firsts.insert(key.as_slice().into(), self.notes.len());
            self.notes.push(Note { rule: number, context, detail });
        }
        self.key = key;
    }

    /// The rule, the hour, who and what; false if a field is missing.
    fn first_seen_key<'p>(
        &mut self,
        hunt: &Hunt<'_>,
        number: u32,
        places: impl Iterator<Item = &'p u16>,
        view: &mut View<'_, '_>,
        (time, noted): (i64, &mut Noted),
        key: &mut Vec<u32>,
    ) -> bool {
        let hour = time.div_euclid(HOUR);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "both halves are kept")]
        let halves = [hour as u32, (hour >> 32) as u32];
        key.clear();
        key.push(number);
        key.extend(halves);
        let mut complete = true;
        for place in places {
            match self.text(hunt, *place, view, noted) {
                Some(text) => key.push(text),
                None => complete = false,
            }
        }
        complete
    }

    /// The same in the same hour: what counts is the earliest event, and the time of the last one.
    fn again(
        &mut self,
        hunt: &Hunt<'_>,
        note: usize,
        rule: &Compiled,
        view: &mut View<'_, '_>,
        time: i64,
        noted: &mut Noted,
    ) {
        let Some(Note { context, detail, .. }) = self.notes.get(note) else { return };
        let (known, detail) = (*context, *detail as usize);
        if let Some(first) = self.writer.page.firsts.get_mut(detail) {
            first.last = first.last.max(time);
        }
        let earlier = |known: &Context| {
            time < known.moment.time
                || (time == known.moment.time && Moment::of(view.event, time) < known.moment)
        };
        if !self.writer.page.context(known).is_some_and(earlier) {
            return;
        }
        let context = self.context(view, time, noted);
        let captured = self.capture(hunt, rule, view, noted);
        if let Some(first) = self.writer.page.firsts.get_mut(detail) {
            first.captured = captured;
        }
        if let Some(note) = self.notes.get_mut(note) {
            note.context = context;
        }
    }
}
