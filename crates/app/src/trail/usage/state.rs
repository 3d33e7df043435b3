//! The state file: JSON, compressed.

use std::io::{Read, Write};

use anyhow::{Context, Result, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use leastwise_model::Usage;
use leastwise_trail::usage::Progress;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// The version of the form.
const SCHEMA_VERSION: u32 = 1;

/// What is known from earlier runs.
#[derive(Debug, Default)]
pub(super) struct State {
    pub usage: Usage,
    pub files: Progress,
}

#[derive(Serialize, Deserialize)]
struct Stored<'s> {
    schema_version: u32,
    #[serde(borrow)]
    usage: &'s RawValue,
    files: String,
}

impl State {
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        let usage = RawValue::from_string(self.usage.to_json()?)?;
        let files = STANDARD.encode(self.files.to_bytes());
        let stored = Stored { schema_version: SCHEMA_VERSION, usage: &usage, files };
        let mut packed = GzEncoder::new(Vec::new(), Compression::default());
        packed.write_all(&serde_json::to_vec(&stored)?)?;
        Ok(packed.finish()?)
    }

    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let mut text = String::new();
        MultiGzDecoder::new(bytes).read_to_string(&mut text).context(
            "is no usage state: it is not compressed, or cut off; read all logs again with another `--state`",
        )?;
        let stored: Stored<'_> = serde_json::from_str(&text).context("is no usage state")?;
        if stored.schema_version != SCHEMA_VERSION {
            bail!(
                "has version {}, this program reads version {SCHEMA_VERSION}; read all logs again with another `--state`",
                stored.schema_version
            );
        }
        let files = STANDARD.decode(&stored.files).context("its list of files is damaged")?;
        Ok(Self {
            usage: Usage::from_json(stored.usage.get().as_bytes())?,
            files: Progress::from_bytes(&files)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use leastwise_trail::usage::FileMark;

    use super::*;

    #[test]
    fn what_is_kept_comes_back() {
        let mut state = State::default();
        state.files.add("a", FileMark::new(1, b"x", b"y"));
        let back = State::from_bytes(&state.to_bytes().unwrap()).unwrap();
        assert_eq!((back.usage, back.files), (state.usage, state.files));
    }

    #[test]
    fn what_is_no_state_is_refused() {
        let whole = State::default().to_bytes().unwrap();
        for bytes in [&b""[..], b"{}", &whole[..whole.len() - 9]] {
            assert!(State::from_bytes(bytes).is_err());
        }
    }
}
