//! Judging two snapshots alike.

use std::path::Path;

use anyhow::Result;
use jiff::Timestamp;
use leastwise_checks::{Assessment, Config, Selection, assess};
use leastwise_model::Snapshot;

use crate::source;

/// Two snapshots, judged alike.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The earlier one.
    pub old: Assessment,
    /// The later one.
    pub new: Assessment,
}

/// Judges two snapshot files or folders with the same configuration, each as of its own instant.
///
/// # Errors
/// One of them cannot be read.
pub fn run(
    old: &Path,
    new: &Path,
    config: &Config,
    selection: &Selection,
    now: Timestamp,
) -> Result<Outcome> {
    let (old, new) = (source::from_path(old, now)?, source::from_path(new, now)?);
    let judge = |snapshot: &Snapshot| assess(snapshot, None, config, selection, snapshot.collected_at);
    Ok(Outcome { old: judge(&old), new: judge(&new) })
}
