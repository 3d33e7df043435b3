//! The state file: what was used, and which files of logs it is made of.
//!
//! It is one object of JSON in a gzip member: `usage`, as [`Usage`] writes itself, and `progress`, the files that were
//! read. `gunzip` shows it; [`Usage::from_json`] reads the `usage` alone.

use std::io::{Read, Write};
use std::path::Path;

use anyhow::{Context, Result, bail};
use flate2::read::MultiGzDecoder;
use flate2::{Compression, GzBuilder};
use leastwise_model::{Usage, in_words};
use leastwise_trail::usage::Progress;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::output::{self, Readers};

/// No usage file is longer than this when it is unfolded: usage is bounded.
const LONGEST: u64 = 4 << 30;

/// What was used, and which files of logs it is made of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kept {
    /// What was used.
    pub usage: Usage,
    /// The files that were read.
    pub progress: Progress,
}

#[derive(Deserialize)]
struct File<'a> {
    #[serde(borrow)]
    usage: &'a RawValue,
    #[serde(borrow)]
    progress: &'a RawValue,
}

/// Reads a usage file; nothing was used if there is no such file yet.
///
/// # Errors
/// The file cannot be read, or is none; the message names it.
pub fn load(path: &Path) -> Result<Kept> {
    let bytes = match std::fs::read(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Kept::default()),
        bytes => bytes.with_context(|| format!("cannot read `{}`", path.display()))?,
    };
    read(&bytes).with_context(|| format!("cannot use `{}`", path.display()))
}

/// Writes a usage file, whole or not at all. Only its owner may read it: it tells much of an organisation.
///
/// # Errors
/// As for [`output::write`].
pub fn save(path: &Path, kept: &Kept) -> Result<()> {
    output::write(path, &bytes(kept)?, Readers::Owner)
}

fn bytes(kept: &Kept) -> Result<Vec<u8>> {
    let (usage, progress) = (kept.usage.to_json()?, serde_json::to_string(&kept.progress)?);
    let mut writer = GzBuilder::new().mtime(0).write(Vec::new(), Compression::default());
    for piece in ["{\"usage\":", &usage, ",\"progress\":", &progress, "}\n"] {
        writer.write_all(piece.as_bytes())?;
    }
    Ok(writer.finish()?)
}

fn read(bytes: &[u8]) -> Result<Kept> {
    let mut text = Vec::new();
    let mut reader = MultiGzDecoder::new(bytes).take(LONGEST + 1);
    reader.read_to_end(&mut text).context("it is no gzip file, or is cut off; read all logs again")?;
    if text.len() as u64 > LONGEST {
        bail!("it unfolds to more than {LONGEST} bytes: it is no usage file");
    }
    let malformed = |error: serde_json::Error| {
        anyhow::anyhow!(
            "not a usage file: {}; read all logs again",
            in_words(&error.to_string(), "an object")
        )
    };
    let file: File<'_> = serde_json::from_slice(&text).map_err(malformed)?;
    let progress = serde_json::from_str(file.progress.get()).map_err(malformed)?;
    Ok(Kept { usage: Usage::from_json(file.usage.get().as_bytes())?, progress })
}

#[cfg(test)]
mod tests {
    use leastwise_trail::usage::FileMark;

    use super::*;

    fn kept() -> Kept {
        let mut kept = Kept::default();
        kept.usage.unmapped.entry("x.amazonaws.com Y").add(None);
        kept.progress.add("AWSLogs/1.json.gz", FileMark::new(1, b"head", b"tail"));
        kept
    }

    #[test]
    fn what_is_saved_is_loaded() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("usage.json.gz");
        assert_eq!(load(&path).unwrap(), Kept::default());
        save(&path, &kept()).unwrap();
        assert_eq!(load(&path).unwrap(), kept());
        assert_eq!(bytes(&kept()).unwrap(), std::fs::read(&path).unwrap());
    }

    #[test]
    fn what_is_no_usage_file_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("usage.json.gz");
        let zip = |text: &str| {
            let mut writer = GzBuilder::new().write(Vec::new(), Compression::default());
            writer.write_all(text.as_bytes()).unwrap();
            writer.finish().unwrap()
        };
        let whole = bytes(&kept()).unwrap();
        let table = [
            (whole[..whole.len() / 2].to_vec(), "cut off"),
            (b"{}".to_vec(), "no gzip file"),
            (zip("[]"), "not a usage file"),
            (zip(r#"{"usage":{"schema_version":9},"progress":"AQ=="}"#), "schema version 9"),
            (zip(r#"{"usage":{},"progress":"AQI="}"#), "cut off"),
        ];
        for (bytes, expected) in table {
            std::fs::write(&path, bytes).unwrap();
            let message = format!("{:#}", load(&path).unwrap_err());
            assert!(message.contains("usage.json.gz") && message.contains(expected), "{message}");
        }
    }
}
