//! The driver: several threads take files in turn, and what their events come to is joined in the order of the files.

mod job;
mod queue;

use std::num::NonZero;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use leastwise_trail::read::{Limits, Reader};
use leastwise_trail::{Analysis, Filter};

use super::inputs::Inputs;
use super::order::Joiner;
use super::reading::Reading;
use super::seen::{Seen, WINDOW};
use job::Worker;
use queue::{Queue, Task};

/// How logs are read.
#[derive(Clone)]
pub struct Options<'o> {
    /// Which events are wanted.
    pub filter: &'o Filter,
    /// How many threads work.
    pub threads: NonZero<usize>,
    /// How much one file may take.
    pub limits: Limits,
    /// How many event ids are remembered to find duplicates.
    pub window: usize,
    /// Is told how far the work is, again and again, by any of the threads.
    pub progress: &'o (dyn Fn(Progress) + Sync),
}

impl<'o> Options<'o> {
    /// As many threads as the machine has processors, and nobody who wants to know how far the work is.
    pub fn new(filter: &'o Filter) -> Self {
        let threads = thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN);
        Self { filter, threads, limits: Limits::default(), window: WINDOW, progress: &|_| {} }
    }
}

/// How far the work is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Files that are read.
    pub files: u64,
    /// Of how many, streams included.
    pub of_files: u64,
    /// Bytes that are read, as they are stored.
    pub bytes: u64,
    /// Of how many; those of streams are not known.
    pub of_bytes: u64,
}

/// Reads all inputs. What comes out does not depend on the number of threads, if records with the same id are the
/// same and not further apart than the window.
pub fn read<A>(
    mut inputs: Inputs,
    options: &Options<'_>,
    analysis: &A,
    whole: A::Whole,
) -> (A::Whole, Reading)
where
    A: Analysis,
    A::Whole: Send,
{
    inputs.sort();
    let reading = Reading::of(&mut inputs.left_out, options.window);
    let run = Run {
        queue: Queue::new(&inputs, options.threads.get()),
        joiner: Joiner::new(analysis, whole, reading),
        seen: Seen::new(options.window),
        counted: Counted { files: AtomicU64::new(0), bytes: AtomicU64::new(0), of_bytes: inputs.bytes() },
        inputs: &inputs,
        options,
        analysis,
    };
    thread::scope(|scope| {
        for _ in 1..options.threads.get() {
            scope.spawn(|| run.work());
        }
        run.work();
    });
    let (whole, mut reading) = run.joiner.into_whole();
    reading.bytes = run.counted.bytes.into_inner();
    (whole, reading)
}

/// What the threads share.
struct Run<'r, A: Analysis> {
    inputs: &'r Inputs,
    options: &'r Options<'r>,
    analysis: &'r A,
    queue: Queue<'r>,
    joiner: Joiner<'r, A>,
    seen: Seen,
    counted: Counted,
}

struct Counted {
    files: AtomicU64,
    bytes: AtomicU64,
    of_bytes: u64,
}

impl<A: Analysis> Run<'_, A> {
    fn work(&self) {
        let _wake = self.queue.wake_all_on_panic();
        let mut reader = Reader::new(self.options.limits);
        while let Some(task) = self.queue.next(&self.joiner) {
            let worker = Worker { run: self };
            match task {
                Task::Files { job, files } => {
                    worker.files(&mut reader, job, files);
                    self.queue.job_is_read();
                }
                Task::Piece(piece) => worker.piece(&piece),
            }
            self.tell();
        }
    }

    fn tell(&self) {
        (self.options.progress)(Progress {
            files: self.counted.files.load(Ordering::Relaxed),
            of_files: self.inputs.len() as u64,
            bytes: self.counted.bytes.load(Ordering::Relaxed),
            of_bytes: self.counted.of_bytes,
        });
    }
}
