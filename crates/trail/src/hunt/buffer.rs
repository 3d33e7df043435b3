//! Notes that wait for those before them.

use std::cmp::Ordering;
use std::sync::Arc;

use super::page::{Context, Moment, Page};
use super::part::Note;

/// A note, with what decides on its order.
#[derive(Debug, Clone)]
pub(super) struct Waiting {
    pub moment: Moment,
    pub rule: u32,
    pub context: u32,
    pub detail: u32,
    pub page: Arc<Page>,
}

impl Waiting {
    fn new(note: &Note, page: &Arc<Page>) -> Option<Self> {
        let context = page.context(note.context)?;
        Some(Self {
            moment: context.moment,
            rule: note.rule,
            context: note.context,
            detail: note.detail,
            page: Arc::clone(page),
        })
    }

    pub fn context(&self) -> Option<&Context> {
        self.page.context(self.context)
    }

    fn id(&self) -> Option<&str> {
        self.page.text(self.context()?.id)
    }

    /// By time and event id, then by rule.
    fn order(&self, other: &Self) -> Ordering {
        self.moment
            .cmp(&other.moment)
            .then_with(|| self.id().cmp(&other.id()))
            .then(self.rule.cmp(&other.rule))
    }
}

/// Notes in the order of time, as far as their number allows.
#[derive(Debug)]
pub(super) struct Buffer {
    bound: usize,
    waiting: Vec<Waiting>,
    /// What is before this was judged.
    watermark: Option<i64>,
    pub late: u64,
}

impl Buffer {
    pub fn new(bound: usize) -> Self {
        Self { bound, waiting: Vec::new(), watermark: None, late: 0 }
    }

    /// Takes the notes of a part, and returns those that are to be judged now.
    pub fn add(&mut self, notes: &[Note], page: Page) -> Vec<Waiting> {
        let page = Arc::new(page);
        let mut ready = Vec::new();
        for note in notes {
            let Some(note) = Waiting::new(note, &page) else { continue };
            if self.watermark.is_some_and(|watermark| note.moment.time < watermark) {
                self.late += 1;
                continue;
            }
            self.waiting.push(note);
            if self.waiting.len() > self.bound {
                ready.append(&mut self.release(self.bound.div_ceil(4)));
            }
        }
        ready
    }

    fn release(&mut self, count: usize) -> Vec<Waiting> {
        self.waiting.sort_by(Waiting::order);
        let ready: Vec<_> = self.waiting.drain(..count.min(self.waiting.len())).collect();
        if let Some(last) = ready.last() {
            self.watermark = Some(last.moment.time);
        }
        ready
    }

    /// All that is left.
    pub fn rest(&mut self) -> Vec<Waiting> {
        self.release(usize::MAX)
    }
}
