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
    /// Nothing was lost, in this run or before.
    pub is_complete: bool,
    /// The state, if there is one, was kept: every file could be read to its end.
    pub is_kept: bool,
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
    note_losses(&mut usage, &reading, changed);
    kept.usage.merge(usage);
    let is_complete = reading.is_complete() && changed == 0 && kept.usage.coverage.lost.is_empty();
    if !filter.regions.is_empty() {
        // Nothing is lost for whoever asked, but silence about other regions proves nothing.
        *kept.usage.coverage.lost.entry("regions that were not asked for") += 1;
    }
    // A file that was read in part may still be on its way, and an object that was refused may be given later: what is
    // noted as read would never be read again. So nothing is noted, and all of this is read again.
    let is_kept = reading.tally.cut == 0 && reading.tally.unreadable == 0;
    if let Some(path) = state.filter(|_| is_kept) {
        file::save(path, &kept)?;
    }
    Ok(Accounted { usage: kept.usage, reading, known, changed, is_complete, is_kept })
}

/// The usage that a state file keeps.
///
/// # Errors
/// It cannot be read, or is no state file; the message names it.
pub fn kept(path: &Path) -> Result<Usage> {
    Ok(file::load(path)?.usage)
}

/// Leaves out files that were read before, and notes the others. Gives how many were known, and how many changed.
fn leave_out(inputs: &mut Inputs, files: &mut Known) -> (u64, u64) {
    let (mut known, mut changed) = (0, 0);
    inputs.retain(|path, name, size| {
        // What cannot be opened now is read, and lost, as any other file.
        let Ok(mark) = mark(path, size) else { return true };
        // Of a file that CloudTrail did not name, the whole path tells it from others, however it was written.
        let canonical = if name == path { std::fs::canonicalize(path).ok() } else { None };
        let name = canonical.as_deref().and_then(Path::to_str).unwrap_or(name);
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

/// What a file looks like. An object of a bucket would have to be fetched for it: its name and size must do, as
/// CloudTrail never writes one twice.
fn mark(path: &str, size: u64) -> std::io::Result<FileMark> {
    if path.starts_with("s3://") {
        return Ok(FileMark::new(size, &[], &[]));
    }
    let mut file = File::open(path)?;
    let mut head = Vec::new();
    file.by_ref().take(FileMark::BYTES as u64).read_to_end(&mut head)?;
    file.seek(SeekFrom::Start(size.saturating_sub(FileMark::BYTES as u64)))?;
    let mut tail = Vec::new();
    file.take(FileMark::BYTES as u64).read_to_end(&mut tail)?;
    Ok(FileMark::new(size, &head, &tail))
}

/// What was lost belongs to what the usage is worth.
fn note_losses(usage: &mut Usage, reading: &Reading, changed: u64) {
    let tally = &reading.tally;
    for (what, count) in [
        ("files that could not be read", tally.unreadable),
        ("files that could not be read to their end", tally.cut),
        ("records that could not be read", tally.refused),
        ("places that are no UTF-8", tally.replaced),
        ("files that changed since they were read", changed),
    ] {
        if count > 0 {
            *usage.coverage.lost.entry(what) += count;
        }
    }
}
