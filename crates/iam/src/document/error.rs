use std::fmt;

use super::Document;

/// The text is not a policy document: why, at which element, in which line and column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentError {
    pub(super) place: String,
    pub(super) why: String,
    pub(super) position: Option<(usize, usize)>,
}

impl DocumentError {
    /// The element that is wrong, such as `Statement[1].Condition.StringEquals`; empty for the whole document.
    pub fn element(&self) -> &str {
        &self.place
    }

    /// What is wrong with it.
    pub fn why(&self) -> &str {
        &self.why
    }

    /// The line, counted from 1, and the byte within it, where known.
    pub const fn position(&self) -> Option<(usize, usize)> {
        self.position
    }

    /// An error of the JSON reader, met at the element `place`.
    pub(super) fn from_json(error: &serde_json::Error, place: String) -> Self {
        let position = (error.line() > 0).then(|| (error.line(), error.column()));
        let text = error.to_string();
        let suffix = format!(" at line {} column {}", error.line(), error.column());
        let why = text.strip_suffix(&suffix).unwrap_or(&text);
        let why = if error.is_data() { why.to_owned() } else { format!("no valid JSON: {why}") };
        Self { place, why, position }
    }

    pub(super) fn too_long(bytes: usize) -> Self {
        let why = format!("{bytes} bytes are more than the {} that are read", Document::MAX_BYTES);
        Self { place: String::new(), why, position: None }
    }

    /// The bytes are text up to `valid` only.
    pub(super) fn not_utf8(bytes: &[u8], valid: usize) -> Self {
        let before = bytes.get(..valid).unwrap_or_default();
        let line = before.split(|b| *b == b'\n').count();
        let column = before.rsplit(|b| *b == b'\n').next().unwrap_or_default().len() + 1;
        let byte = bytes.get(valid).copied().unwrap_or_default();
        let why = format!("the byte 0x{byte:02x} is not UTF-8; save the document as UTF-8");
        Self { place: String::new(), why, position: Some((line, column)) }
    }
}

impl fmt::Display for DocumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a policy document: {}", self.why)?;
        if !self.place.is_empty() {
            write!(f, " at `{}`", self.place)?;
        }
        match self.position {
            Some((line, column)) => write!(f, " (line {line}, column {column})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for DocumentError {}
