//! Who does what next.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use leastwise_trail::Analysis;
use leastwise_trail::read::Piece;

use crate::trail::inputs::Inputs;
use crate::trail::order::{Joiner, Position};

/// Small files are read together, up to so many of them, and so many bytes.
const FILES: usize = 64;
const BYTES: u64 = 256 << 10;

/// How many jobs may be read ahead of the first that is not joined, for each thread.
const AHEAD: usize = 16;

/// What a thread is to do.
pub(super) enum Task {
    /// Read these files, or a stream.
    Files { job: usize, files: Range<usize> },
    /// Read a piece of a long file.
    Piece(Queued),
}

/// A piece of a long file.
pub(super) struct Queued {
    pub(super) position: Position,
    pub(super) file: Arc<str>,
    pub(super) piece: Piece<'static>,
}

/// Files and pieces that wait.
pub(super) struct Queue<'i> {
    inputs: &'i Inputs,
    threads: usize,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    next_file: usize,
    next_job: usize,
    pieces: VecDeque<Queued>,
    /// Jobs that are being read: pieces may come from them.
    reading: usize,
    /// A thread has gone: nobody should wait for it.
    broken: bool,
}

impl<'i> Queue<'i> {
    pub(super) fn new(inputs: &'i Inputs, threads: usize) -> Self {
        Self { inputs, threads, state: Mutex::default(), changed: Condvar::new() }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'s>(&self, state: MutexGuard<'s, State>) -> MutexGuard<'s, State> {
        self.changed.wait(state).unwrap_or_else(PoisonError::into_inner)
    }

    /// The next task; waits where files are read too far ahead of others. Nothing if all is done, or being done.
    pub(super) fn next<A: Analysis>(&self, joiner: &Joiner<'_, A>) -> Option<Task> {
        let mut state = self.lock();
        loop {
            if state.broken {
                return None;
            }
            if let Some(piece) = state.pieces.pop_front() {
                return Some(Task::Piece(piece));
            }
            let left = state.next_file < self.inputs.len();
            if left && state.next_job < joiner.jobs() + AHEAD * self.threads {
                return Some(self.take_files(&mut state));
            }
            if !left && state.reading == 0 {
                return None;
            }
            state = self.wait(state);
        }
    }

    fn take_files(&self, state: &mut State) -> Task {
        let (start, job) = (state.next_file, state.next_job);
        let mut bytes = self.inputs.size(start);
        state.next_file += 1;
        while let (Some(sum), Some(more)) = (bytes, self.inputs.size(state.next_file)) {
            if state.next_file - start >= FILES || sum + more > BYTES {
                break;
            }
            bytes = Some(sum + more);
            state.next_file += 1;
        }
        state.next_job += 1;
        state.reading += 1;
        Task::Files { job, files: start..state.next_file }
    }

    /// No more pieces come from a job.
    pub(super) fn job_is_read(&self) {
        self.lock().reading -= 1;
        self.changed.notify_all();
    }

    /// Parts were joined: who waited for that may go on.
    pub(super) fn joined(&self) {
        drop(self.lock());
        self.changed.notify_all();
    }

    /// Gives a piece to whoever has time; back, if nobody has. Waits as long as too many parts wait for an earlier
    /// job, and gives a piece to do instead if there is one.
    pub(super) fn offer<A: Analysis>(&self, piece: Queued, joiner: &Joiner<'_, A>) -> Option<Queued> {
        let mut state = self.lock();
        let job = piece.position.0;
        while !state.broken && joiner.jobs() < job && joiner.waiting() > AHEAD * self.threads {
            if let Some(other) = state.pieces.pop_front() {
                state.pieces.push_back(piece);
                return Some(other);
            }
            state = self.wait(state);
        }
        if self.threads == 1 || state.pieces.len() >= 2 * self.threads {
            return Some(piece);
        }
        state.pieces.push_back(piece);
        self.changed.notify_one();
        None
    }

    /// Lets nobody wait for a thread that has gone.
    pub(super) fn wake_all_on_panic(&self) -> impl Drop {
        Wake(self)
    }
}

struct Wake<'q, 'i>(&'q Queue<'i>);

impl Drop for Wake<'_, '_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.lock().broken = true;
            self.0.changed.notify_all();
        }
    }
}
