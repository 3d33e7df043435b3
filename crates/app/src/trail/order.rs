//! Joins parts in the order of the files, whichever is ready first.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use leastwise_trail::Analysis;

use super::Reading;

/// The place of a part: the number of the job, and that of the part in it.
pub(super) type Position = (usize, usize);

/// What one stretch of events came to.
pub(super) struct Done<P> {
    pub(super) part: P,
    pub(super) reading: Reading,
    /// It is the last one of its job.
    pub(super) last: bool,
}

/// Parts that are joined, and those that wait for an earlier one.
pub(super) struct Joiner<'a, A: Analysis> {
    analysis: &'a A,
    waiting: Mutex<Waiting<A::Part>>,
    whole: Mutex<(A::Whole, Reading)>,
    jobs: AtomicUsize,
}

struct Waiting<P> {
    parts: BTreeMap<Position, Done<P>>,
    next: Position,
    /// Somebody is joining.
    busy: bool,
}

impl<'a, A: Analysis> Joiner<'a, A> {
    pub(super) fn new(analysis: &'a A, whole: A::Whole, reading: Reading) -> Self {
        let waiting = Waiting { parts: BTreeMap::new(), next: (0, 0), busy: false };
        Self { analysis, waiting: waiting.into(), whole: (whole, reading).into(), jobs: AtomicUsize::new(0) }
    }

    /// How many jobs are joined to their end.
    pub(super) fn jobs(&self) -> usize {
        self.jobs.load(Ordering::Acquire)
    }

    /// How many parts wait for an earlier one.
    pub(super) fn waiting(&self) -> usize {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).parts.len()
    }

    /// Takes a part, and joins all whose turn it is, unless somebody is at it.
    pub(super) fn add(&self, position: Position, done: Done<A::Part>) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.parts.insert(position, done);
        if std::mem::replace(&mut waiting.busy, true) {
            return;
        }
        while let Some(done) = waiting.turn() {
            drop(waiting);
            let last = done.last;
            self.join(done);
            waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            self.jobs.fetch_add(usize::from(last), Ordering::AcqRel);
        }
        waiting.busy = false;
    }

    fn join(&self, done: Done<A::Part>) {
        let mut whole = self.whole.lock().unwrap_or_else(PoisonError::into_inner);
        self.analysis.join(&mut whole.0, done.part);
        whole.1.add(done.reading);
    }

    pub(super) fn into_whole(self) -> (A::Whole, Reading) {
        self.whole.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<P> Waiting<P> {
    fn turn(&mut self) -> Option<Done<P>> {
        let done = self.parts.remove(&self.next)?;
        self.next = if done.last { (self.next.0 + 1, 0) } else { (self.next.0, self.next.1 + 1) };
        Some(done)
    }
}
