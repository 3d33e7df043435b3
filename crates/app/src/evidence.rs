//! Where usage comes from: what CloudTrail's logs say of who used what.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use flate2::read::MultiGzDecoder;
use leastwise_model::Usage;
use leastwise_trail::Filter;

use crate::trail::Inputs;
use crate::trail::usage::{Request, account, kept};

/// How usage files begin, once they are unpacked. Logs begin otherwise.
const USAGE_FILE: &[u8] = br#"{"schema_version":"#;

/// How state files begin, which `--state` keeps.
const STATE_FILE: &[u8] = br#"{"usage":"#;

/// A usage file is whole in memory; one that unpacks to more than this is none.
const MOST_BYTES: u64 = 4 << 30;

/// What the sources come to together: usage files, which `leastwise trail usage` writes, and logs. Nothing where no
/// source is named.
///
/// # Errors
/// A source cannot be read, or is cut off or of another version.
pub fn usage(sources: &[PathBuf]) -> Result<Option<Usage>> {
    if sources.is_empty() {
        return Ok(None);
    }
    let mut usage = Usage::default();
    let mut logs = Vec::new();
    for source in sources {
        match usage_file(source)? {
            Some(own) => usage.merge(own),
            None => logs.push(source.as_path()),
        }
    }
    if !logs.is_empty() {
        usage.merge(read_logs(&logs)?);
    }
    Ok(Some(usage))
}

/// The usage in a file, plain or gzip, if it is one that holds usage.
fn usage_file(path: &Path) -> Result<Option<Usage>> {
    if !path.is_file() {
        return Ok(None);
    }
    let named = || format!("cannot read `{}`", path.display());
    let Some(mut text) = unpacked(path).with_context(named)? else { return Ok(None) };
    let mut head = vec![0; USAGE_FILE.len()];
    // What is no gzip behind the first bytes of one, or shorter than the head, is no usage file.
    if text.read_exact(&mut head).is_err() {
        return Ok(None);
    }
    if head.starts_with(STATE_FILE) {
        return kept(path).map(Some);
    }
    if head != USAGE_FILE {
        return Ok(None);
    }
    let mut bytes = head;
    text.take(MOST_BYTES).read_to_end(&mut bytes).with_context(named)?;
    let usage = Usage::from_json(&bytes).with_context(|| format!("in `{}`", path.display()))?;
    Ok(Some(usage))
}

/// The bytes of a file, unpacked if it is a gzip file; nothing if it has none.
fn unpacked(path: &Path) -> std::io::Result<Option<Box<dyn Read>>> {
    let mut magic = [0; 2];
    let mut file = File::open(path)?;
    if file.read_exact(&mut magic).is_err() {
        return Ok(None);
    }
    let whole = std::io::Cursor::new(magic).chain(file);
    Ok(Some(if magic == [0x1f, 0x8b] { Box::new(MultiGzDecoder::new(whole)) } else { Box::new(whole) }))
}

/// What logs come to: files and folders, read together.
fn read_logs(sources: &[&Path]) -> Result<Usage> {
    let filter = Filter::default();
    let mut inputs = Inputs::default();
    for source in sources {
        source
            .metadata()
            .with_context(|| format!("cannot read `{}`; name a usage file or logs", source.display()))?;
        inputs.add_path(source, &filter);
    }
    let request = Request { inputs, filter: &filter, threads: None, state: None, progress: &|_| {} };
    Ok(account(request)?.usage)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn usage_files_add_up() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, bytes: &[u8]| {
            let path = folder.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            path
        };
        let mut one = Usage::default();
        one.coverage.events.add("2026-01-01T00:00:00Z".parse().ok());
        let text = one.to_json().unwrap();
        let (plain, packed) = (file("a.json", text.as_bytes()), file("a.json.gz", &gzip(text.as_bytes())));
        assert_eq!(usage(&[]).unwrap(), None);
        assert_eq!(usage(std::slice::from_ref(&plain)).unwrap(), Some(one));
        assert_eq!(usage(&[plain.clone(), packed]).unwrap().unwrap().coverage.events.count, 2);
        let half = text.get(..text.len() / 2).unwrap();
        let table = [
            (file("half.json", half.as_bytes()), "not a usage file: EOF"),
            (file("other.json", br#"{"schema_version":9}"#), "schema version 9"),
            (file("cut.gz", gzip(text.as_bytes()).get(..40).unwrap()), "cut.gz"),
            (folder.path().join("absent"), "name a usage file or logs"),
        ];
        for (path, expected) in table {
            let message = format!("{:#}", usage(&[plain.clone(), path]).unwrap_err());
            assert!(message.contains(expected), "{message}");
        }
        for bytes in [&b""[..], b"{", b"\x1f\x8bnothing", br#"{"Records":[]}"#] {
            assert!(usage_file(&file("logs", bytes)).unwrap().is_none(), "{bytes:?}");
        }
    }
}
