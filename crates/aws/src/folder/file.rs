use std::path::Path;

use leastwise_model::Missing;

use super::content::{self, Content, Useless};
use super::part::Part;
use super::refusal;
use crate::text::quote;

/// The largest file that is read, in bytes.
const LARGEST: u64 = 512 * 1024 * 1024;

/// What came of reading a file.
#[derive(Debug)]
pub(super) enum Reading {
    /// It holds a part.
    Sound(Part, Box<Content>),
    /// It should hold a part, but is of no use.
    Broken(Part, Missing),
    /// It holds nothing known; the reason in words.
    Foreign(String),
}

/// Reads a file; its name counts only where its content does not tell what it is.
pub(super) fn read(path: &Path, name: &str) -> Reading {
    match bytes(path) {
        Ok(bytes) => read_text(&decode(bytes), name),
        Err(Unread::Folder) => Reading::Foreign("it is a folder".to_owned()),
        Err(Unread::Because(why)) => useless(name, &why),
    }
}

/// Why a file was not read.
enum Unread {
    Folder,
    Because(String),
}

impl From<std::io::Error> for Unread {
    fn from(error: std::io::Error) -> Self {
        Self::Because(error.to_string())
    }
}

/// The bytes of a plain file; a pipe or a device could keep the reader waiting for ever.
fn bytes(path: &Path) -> Result<Vec<u8>, Unread> {
    let metadata = std::fs::metadata(path)?;
    if metadata.is_dir() {
        return Err(Unread::Folder);
    }
    if !metadata.is_file() {
        return Err(Unread::Because("it is not a plain file".to_owned()));
    }
    if metadata.len() > LARGEST {
        return Err(Unread::Because(format!("it is larger than {} MiB", LARGEST / 1024 / 1024)));
    }
    Ok(std::fs::read(path)?)
}

fn read_text(text: &str, name: &str) -> Reading {
    if is_report(text) {
        return match content::plain_report(text) {
            Ok(report) => Reading::Sound(Part::CredentialReport, Box::new(Content::CredentialReport(report))),
            Err(missing) => broken(Part::CredentialReport, name, &missing.detail),
        };
    }
    match content::read(text, name) {
        Ok((part, content)) => Reading::Sound(part, Box::new(content)),
        Err(Useless::Broken(part, why)) => broken(part, name, &why),
        Err(Useless::Foreign) => {
            refusal::read(text, name).unwrap_or_else(|| useless(name, &why_foreign(text)))
        }
    }
}

fn is_report(text: &str) -> bool {
    let header = text.lines().next().unwrap_or_default();
    header.split(',').any(|column| column.trim() == "user") && header.contains(",arn,user_creation_time")
}

fn why_foreign(text: &str) -> String {
    if text.trim().is_empty() {
        return "it is empty, as when a command fails".to_owned();
    }
    match serde_json::from_str::<serde::de::IgnoredAny>(text) {
        Ok(_) => "it holds no part of a snapshot".to_owned(),
        Err(error) if text.trim_start().starts_with(['{', '[']) => {
            format!("it is damaged or cut off: {error}")
        }
        Err(_) => "it is neither JSON nor a credential report".to_owned(),
    }
}

fn useless(name: &str, why: &str) -> Reading {
    match Part::of_name(name) {
        Some(part) => broken(part, name, why),
        None => Reading::Foreign(quote(why)),
    }
}

fn broken(part: Part, name: &str, why: &str) -> Reading {
    Reading::Broken(part, Missing::invalid(format!("file `{}`: {}; write it again", quote(name), quote(why))))
}

/// The text of a file in UTF-8, or in the UTF-16 that `PowerShell` writes.
fn decode(bytes: Vec<u8>) -> String {
    match bytes.as_slice() {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => String::from_utf8(bytes)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()),
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let (pairs, _) = bytes.as_chunks::<2>();
    let units: Vec<u16> = pairs.iter().map(|pair| unit(*pair)).collect();
    String::from_utf16_lossy(&units)
}
