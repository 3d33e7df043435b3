//! The text of a file, inflated where it is gzip.

use std::io::{self, Cursor, Read};

use flate2::read::MultiGzDecoder;

use crate::read::inflate;

/// Text from a file.
pub(super) enum Source<R> {
    Plain(Raw<R>),
    Gzip(Box<MultiGzDecoder<Raw<R>>>),
}

impl<R: Read> Source<R> {
    pub(super) fn new(head: Vec<u8>, file: R, error: Option<io::Error>) -> Self {
        let gzip = inflate::is_gzip(&head);
        let raw = Raw { head: Cursor::new(head), error, file };
        if gzip { Self::Gzip(Box::new(MultiGzDecoder::new(raw))) } else { Self::Plain(raw) }
    }

    pub(super) fn into_head(self) -> Vec<u8> {
        let raw = match self {
            Self::Plain(raw) => raw,
            Self::Gzip(decoder) => decoder.into_inner(),
        };
        raw.head.into_inner()
    }
}

impl<R: Read> Read for Source<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(raw) => raw.read(into),
            Self::Gzip(decoder) => decoder.read(into),
        }
    }
}

/// The bytes of a file: those that were read already, the error that came then, and the rest.
pub(super) struct Raw<R> {
    head: Cursor<Vec<u8>>,
    error: Option<io::Error>,
    file: R,
}

impl<R: Read> Read for Raw<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self.head.read(into)? {
            0 => self.error.take().map_or_else(|| self.file.read(into), Err),
            length => Ok(length),
        }
    }
}

/// What to say of an error while reading.
pub(super) fn why(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => "the gzip data is cut off; what comes before was read".to_owned(),
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => {
            format!("the gzip data is broken ({error}); what comes before was read")
        }
        _ => format!("cannot be read to its end: {error}"),
    }
}
