//! Reading a source into a snapshot file.

use anyhow::{Context, Result};
use jiff::Timestamp;
use leastwise_aws::Watch;

use crate::source::{self, Source};

/// A snapshot file's text, and what it holds.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The text.
    pub text: String,
    /// How many accounts it holds.
    pub accounts: usize,
    /// How many parts could not be read.
    pub unread: usize,
    /// What else was lost on the way.
    pub notices: Vec<String>,
}

impl Outcome {
    /// True if something could not be read or was lost on the way.
    pub fn is_incomplete(&self) -> bool {
        self.unread > 0 || !self.notices.is_empty()
    }
}

/// Reads a source into a snapshot file's text.
///
/// # Errors
/// As for [`source::load`].
pub async fn run(source: &Source, now: Timestamp, watch: &Watch) -> Result<Outcome> {
    let snapshot = source::load(source, now, watch).await?;
    let text = snapshot.to_json().context("cannot write the snapshot as JSON")?;
    let (accounts, unread) = (snapshot.accounts.len(), snapshot.unread().len());
    Ok(Outcome { text, accounts, unread, notices: snapshot.notices })
}
