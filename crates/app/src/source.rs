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

/// Reads a snapshot from its source; `now` is when a live collection or a folder counts as collected.
///
/// # Errors
/// There is no way to AWS, or the file or folder holds no snapshot; the message says what to do.
pub async fn load(source: &Source, now: Timestamp, watch: &Watch) -> Result<Snapshot> {
    match source {
        Source::Live { access, request } => {
            let connection = leastwise_aws::connect(access).await?;
            let mut snapshot = leastwise_aws::collect(&connection, request, now, watch).await?;
            snapshot.distrust_reports_of_the_future();
            Ok(snapshot)
        }
        Source::Path(path) => from_path(path, now),
    }
}

/// Reads a snapshot file, or a folder of files that the AWS CLI wrote.
///
/// # Errors
/// The path does not exist or holds no snapshot.
pub fn from_path(path: &Path, now: Timestamp) -> Result<Snapshot> {
    let metadata = fs::metadata(path).map_err(|error| {
        anyhow!(
            "cannot read `{}`: {error}; name a snapshot file or a folder of AWS CLI outputs",
            path.display()
        )
    })?;
    if metadata.is_dir() {
        let mut snapshot = leastwise_aws::read_folder(path, now)?;
        snapshot.distrust_reports_of_the_future();
        snapshot.collected_at = report_date(&snapshot).unwrap_or(now);
        return Ok(snapshot);
    }
    let text = fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let mut snapshot = Snapshot::from_json(&text).with_context(|| format!("in `{}`", path.display()))?;
    snapshot.distrust_reports_of_the_future();
    Ok(snapshot)
}

/// When the credential report in a folder was made: verdicts from it are as of that instant, whenever the
/// folder is audited.
fn report_date(snapshot: &Snapshot) -> Option<Timestamp> {
    snapshot.accounts.iter().filter_map(|account| account.credential_report.value().copied().flatten()).max()
}
