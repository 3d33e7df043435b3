//! Who used what, over several runs: a state file keeps what was counted and which files that was.

mod file;

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::num::NonZero;
use std::path::Path;

use anyhow::Result;
use leastwise_model::Usage;
use leastwise_trail::Filter;
use leastwise_trail::usage::{FileMark, Progress as Known, Seen, UsageAnalysis, UsageWhole};

use super::{Inputs, Options, Progress, Reading, read};

/// What to account for.
pub struct Request<'r> {
    /// The logs.
    pub inputs: Inputs,
    /// Which events are wanted.
    pub filter: &'r Filter,
    /// How many threads read; as many as the machine has processors if nothing is said.
    pub threads: Option<NonZero<usize>>,
    /// Where the usage is kept from run to run.
    pub state: Option<&'r Path>,
    /// Is told how far the work is.
    pub progress: &'r (dyn Fn(Progress) + Sync),
}

/// Who used what, and what was read for it.
#[derive(Debug)]
pub struct Accounted {
    /// Who used what, in this run and those before.
    pub usage: Usage,
    /// What was read in this run.
    pub reading: Reading,
    /// Files that were read in an earlier run.
    pub known: u64,
    /// Files that were read in an earlier run and have changed since: they are not read again.
    pub changed: u64,
}

impl Accounted {
    /// True if nothing was lost, in this run or before.
    pub fn is_complete(&self) -> bool {
        self.reading.is_complete() && self.changed == 0 && self.usage.coverage.lost.is_empty()
    }
}

/// Reads the logs, without those files that the state has already, and keeps the state.
///
/// # Errors
/// The state cannot be read or written.
pub fn account(request: Request<'_>) -> Result<Accounted> {
    let Request { mut inputs, filter, threads, state, progress } = request;
    let mut kept = state.map(file::load).transpose()?.unwrap_or_default();
    let (known, changed) = if state.is_some() { leave_out(&mut inputs, &mut kept.progress) } else { (0, 0) };
    let mut options = Options::new(filter);
    options.threads = threads.unwrap_or(options.threads);
    options.progress = progress;
    let (whole, reading) = read(inputs, &options, &UsageAnalysis::new(), UsageWhole::default());
    let mut usage = whole.finish();
    note_losses(&mut usage, &reading);
    kept.usage.merge(usage);
    if let Some(path) = state {
        file::save(path, &kept)?;
    }
    Ok(Accounted { usage: kept.usage, reading, known, changed })
}

/// Leaves out files that were read before, and notes the others. Gives how many were known, and how many changed.
fn leave_out(inputs: &mut Inputs, files: &mut Known) -> (u64, u64) {
    let (mut known, mut changed) = (0, 0);
    inputs.retain(|path, name, size| {
        // What cannot be opened now is read, and lost, as any other file.
        let Ok(mark) = mark(path, size) else { return true };
        match files.seen(name, mark) {
            Seen::New => {
                files.add(name, mark);
                true
            }
            Seen::Same => {
                known += 1;
                false
            }
            Seen::Changed => {
                changed += 1;
                false
            }
        }
    });
    (known, changed)
}

fn mark(path: &str, size: u64) -> std::io::Result<FileMark> {
    let mut file = File::open(path)?;
    let mut head = Vec::new();
    file.by_ref().take(FileMark::BYTES as u64).read_to_end(&mut head)?;
    file.seek(SeekFrom::Start(size.saturating_sub(FileMark::BYTES as u64)))?;
    let mut tail = Vec::new();
    file.take(FileMark::BYTES as u64).read_to_end(&mut tail)?;
    Ok(FileMark::new(size, &head, &tail))
}

/// What was lost belongs to what the usage is worth.
fn note_losses(usage: &mut Usage, reading: &Reading) {
    let tally = &reading.tally;
    for (what, count) in [
        ("files that could not be read", tally.unreadable),
        ("files that could not be read to their end", tally.cut),
        ("records that could not be read", tally.refused),
    ] {
        if count > 0 {
            *usage.coverage.lost.entry(what) += count;
        }
    }
}
