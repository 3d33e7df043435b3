//! Where snapshots come from.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use jiff::Timestamp;
use leastwise_aws::{Access, CollectRequest, Watch};
use leastwise_model::Snapshot;

/// Where a snapshot comes from.
#[derive(Debug, Clone)]
pub enum Source {
    /// An AWS account or organisation, now.
    Live {
        /// How to get at AWS.
        access: Box<Access>,
        /// What to collect.
        request: Box<CollectRequest>,
    },
    /// A snapshot file, or a folder of files that the AWS CLI wrote.
    Path(PathBuf),
}

/// A snapshot, and what to say about how it was come by.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The snapshot.
    pub snapshot: Snapshot,
    /// Remarks for the user, such as files that were not recognised.
    pub notices: Vec<String>,
}

/// Reads a snapshot from its source; `now` is when a live collection or a folder counts as collected.
///
/// # Errors
/// There is no way to AWS, or the file or folder holds no snapshot; the message says what to do.
pub async fn load(source: &Source, now: Timestamp, watch: &Watch) -> Result<Loaded> {
    match source {
        Source::Live { access, request } => {
            let connection = leastwise_aws::connect(access).await?;
            let collection = leastwise_aws::collect(&connection, request, now, watch).await?;
            Ok(Loaded { snapshot: collection.snapshot, notices: collection.notices })
        }
        Source::Path(path) => from_path(path, now),
    }
}

/// Reads a snapshot file, or a folder of files that the AWS CLI wrote.
///
/// # Errors
/// The path does not exist or holds no snapshot.
pub fn from_path(path: &Path, now: Timestamp) -> Result<Loaded> {
    let metadata = fs::metadata(path).map_err(|error| {
        anyhow!(
            "cannot read `{}`: {error}; name a snapshot file or a folder of AWS CLI outputs",
            path.display()
        )
    })?;
    if metadata.is_dir() {
        let collection = leastwise_aws::read_folder(path, now)?;
        return Ok(Loaded { snapshot: collection.snapshot, notices: collection.notices });
    }
    let text = fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let snapshot = Snapshot::from_json(&text).with_context(|| format!("in `{}`", path.display()))?;
    Ok(Loaded { snapshot, notices: Vec::new() })
}
