//! A folder of files that the AWS CLI wrote, instead of AWS itself.
//!
//! Files are told by what they hold, not by their names. What a folder lacks is `Unknown` in the snapshot,
//! with the command that writes the file; a file that is broken or refused makes its part `Unknown` with
//! the reason; a file that says nothing known becomes a notice.

mod account;
mod content;
mod file;
mod part;
mod refusal;
mod shelf;

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use leastwise_iam::AccountId;
use leastwise_model::{SCHEMA_VERSION, Snapshot};

use file::Reading;
use shelf::Shelf;

/// The folder does not make a snapshot.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// The folder cannot be listed.
    #[error("cannot read the folder `{path}`: {why}; check the path and its permissions")]
    Unreadable {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        why: String,
    },
    /// No file holds anything known.
    #[error(
        "no file in `{path}` holds anything known; write some with the AWS CLI, for instance `aws iam get-account-authorization-details > authorization-details.json`"
    )]
    Empty {
        /// The folder.
        path: PathBuf,
    },
    /// No file tells which account this is.
    #[error(
        "no file in `{path}` tells the account; add one with `aws sts get-caller-identity > caller-identity.json`"
    )]
    NoAccount {
        /// The folder.
        path: PathBuf,
    },
    /// The files are about two accounts.
    #[error(
        "{files} hold what belongs to accounts {first} and {second}; give each account a folder of its own"
    )]
    TwoAccounts {
        /// An account.
        first: AccountId,
        /// Another account.
        second: AccountId,
        /// The files that name them.
        files: String,
    },
}

/// Reads a folder into a snapshot of one account, dated `now`.
///
/// Files may be missing, in pages, in UTF-8 or UTF-16. Sub-folders are not read, and say so in a notice;
/// hidden files are passed over.
///
/// # Errors
/// The folder cannot be read, holds nothing known, or does not tell which one account it is about.
pub fn read_folder(path: &Path, now: Timestamp) -> Result<Snapshot, FolderError> {
    let mut shelf = Shelf::default();
    for entry in entries(path)? {
        let name = entry.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !name.starts_with('.') {
            shelf.put(&name, file::read(&entry, &name));
        }
    }
    if shelf.is_empty() {
        return Err(FolderError::Empty { path: path.to_owned() });
    }
    let (id, partition) = shelf.owner()?.ok_or_else(|| FolderError::NoAccount { path: path.to_owned() })?;
    let (organization, account) = account::assemble(&mut shelf, id, partition);
    Ok(Snapshot {
        schema_version: SCHEMA_VERSION,
        collected_at: now,
        organization,
        unlisted: None,
        skipped: Vec::new(),
        notices: shelf.into_notices(),
        accounts: vec![account],
    })
}

fn entries(path: &Path) -> Result<Vec<PathBuf>, FolderError> {
    let unreadable =
        |error: std::io::Error| FolderError::Unreadable { path: path.to_owned(), why: error.to_string() };
    let entries = std::fs::read_dir(path).map_err(unreadable)?;
    let mut paths: Vec<PathBuf> =
        entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>().map_err(unreadable)?;
    paths.sort();
    Ok(paths)
}

#[cfg(test)]
mod tests;
