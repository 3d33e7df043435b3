//! Reading a source into a snapshot file.

use anyhow::{Context, Result};
use jiff::Timestamp;
use leastwise_aws::Watch;

use crate::source::{self, Source};

/// A snapshot file's text, and remarks for the user.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The text.
    pub text: String,
    /// How many accounts it holds.
    pub accounts: usize,
    /// How many parts could not be read.
    pub unread: usize,
    /// Remarks for the user.
    pub notices: Vec<String>,
}

/// Reads a source into a snapshot file's text.
///
/// # Errors
/// As for [`source::load`].
pub async fn run(source: &Source, now: Timestamp, watch: &Watch) -> Result<Outcome> {
    let loaded = source::load(source, now, watch).await?;
    let text = loaded.snapshot.to_json().context("cannot write the snapshot as JSON")?;
    let unread = loaded.snapshot.unread();
    let unread =
        unread.iter().filter(|part| part.why.reason != leastwise_model::Reason::NotRequested).count();
    Ok(Outcome { text, accounts: loaded.snapshot.accounts.len(), unread, notices: loaded.notices })
}
