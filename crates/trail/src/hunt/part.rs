//! What the events of one file come to.

use std::collections::{BTreeMap, HashMap};

use foldhash::fast::FixedState;

use crate::Event;
use crate::sigma::{Compiled, CompiledBody, Scratch, View};

use super::hit::Hit;
use super::page::{First, Writer};
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
    pub(super) matched: BTreeMap<u32, u64>,
    pub(super) not_kept: u64,
    pub(super) without_time: u64,
    pub(super) without_fields: u64,
    pub(super) writer: Writer,
    pub(super) notes: Vec<Note>,
    /// First-seen notes by rule, hour, who and what: the number among `notes`.
    firsts: HashMap<Box<[u32]>, usize, FixedState>,
}

/// An event that a rule matched.
#[derive(Debug)]
pub(super) struct Note {
    pub rule: u32,
    pub context: u32,
    /// Where captured values begin; of a first-seen rule, the number among `firsts` of the page.
    pub detail: u32,
}

impl Part {
    pub(super) fn event(&mut self, hunt: &Hunt<'_>, event: &Event<'_>) {
        self.events += 1;
        let mut scratch = std::mem::take(&mut self.scratch);
        // Nothing before the first rule that needs it; nothing inside if the event has no time.
        let mut context: Option<Option<u32>> = None;
        hunt.rules.matching(&mut View::new(event), &mut scratch, &mut |number, rule, view| {
            match &rule.body {
                CompiledBody::Single(_) => self.single(hunt, number, rule, view, &mut context),
                CompiledBody::FirstSeen { by, value, .. } => {
                    if let Some(context) = self.context(event, &mut context) {
                        self.first_seen(hunt, number, rule, (by, value), view, context);
                    }
                }
                CompiledBody::Correlation(_) => {}
            }
        });
        self.scratch = scratch;
    }

    fn context(&mut self, event: &Event<'_>, context: &mut Option<Option<u32>>) -> Option<u32> {
        *context.get_or_insert_with(|| {
            let context = self.writer.context(event);
            self.without_time += u64::from(context.is_none());
            context
        })
    }

    fn single(
        &mut self,
        hunt: &Hunt<'_>,
        number: u32,
        rule: &Compiled,
        view: &mut View<'_, '_>,
        context: &mut Option<Option<u32>>,
    ) {
        *self.matched.entry(number).or_default() += 1;
        if hunt.reports(number) && rule.meta.level >= hunt.level {
            if self.hits.len() < HITS {
                let matched = hunt.rules.matched(rule, view);
                let info = hunt.infos.get(number as usize);
                self.hits.extend(info.map(|info| Hit::single(info, view.event, matched)));
            } else {
                self.not_kept += 1;
            }
        }
        if !rule.listeners.is_empty()
            && let Some(context) = self.context(view.event, context)
        {
            let detail = self.capture(hunt, rule, view);
            self.notes.push(Note { rule: number, context, detail });
        }
    }

    fn capture(&mut self, hunt: &Hunt<'_>, rule: &Compiled, view: &mut View<'_, '_>) -> u32 {
        let start = self.writer.next_value();
        hunt.rules.captured(rule, view, |value| self.writer.value(value));
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
        context: u32,
    ) {
        let Some(time) = self.writer.page.context(context).map(|context| context.time) else { return };
        let hour = time.div_euclid(HOUR);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "both halves are kept")]
        let mut key = vec![number, hour as u32, (hour >> 32) as u32];
        let mut complete = true;
        for places in [by, value] {
            hunt.rules.texts(places, view, |text| match text {
                Some(text) => key.push(self.writer.text(text)),
                None => complete = false,
            });
        }
        if !complete {
            self.without_fields += 1;
            return;
        }
        if let Some(note) = self.firsts.get(key.as_slice()).copied() {
            self.again(hunt, note, rule, view, context);
            return;
        }
        let texts = key.get(3..).unwrap_or_default();
        let (by, value) = texts.split_at_checked(by.len()).unwrap_or((texts, &[]));
        let first = First { by: by.into(), value: value.into(), last: time, captured: 0 };
        let detail = u32::try_from(self.writer.page.firsts.len()).unwrap_or(u32::MAX);
        self.writer.page.firsts.push(first);
        let captured = self.capture(hunt, rule, view);
        if let Some(first) = self.writer.page.firsts.last_mut() {
            first.captured = captured;
        }
        self.firsts.insert(key.into(), self.notes.len());
        self.notes.push(Note { rule: number, context, detail });
    }

    fn again(&mut self, hunt: &Hunt<'_>, note: usize, rule: &Compiled, view: &mut View<'_, '_>, context: u32) {
        let Some(known) = self.notes.get(note) else { return };
        let page = &mut self.writer.page;
        let order = |context: u32| page.context(context).map(|context| (context.time, context.key));
        let (Some(old), Some(new)) = (order(known.context), order(context)) else { return };
        let detail = known.detail as usize;
        if let Some(first) = page.firsts.get_mut(detail) {
            first.last = first.last.max(new.0);
        }
        if new < old {
            let captured = self.capture(hunt, rule, view);
            if let Some(first) = self.writer.page.firsts.get_mut(detail) {
                first.captured = captured;
            }
            if let Some(note) = self.notes.get_mut(note) {
                note.context = context;
            }
        }
    }
}
