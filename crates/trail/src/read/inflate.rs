//! Inflating gzip.
//!
//! The quick way inflates one member into one buffer. It counts only if it surely is all of the file: nothing in the
//! file looks like the start of a second member, and length and CRC-32 are what the *last* eight bytes of the file say
//! ([RFC 1952](https://www.rfc-editor.org/rfc/rfc1952)).

use std::io::{self, Read};

use memchr::memmem;

/// What gzip files start with: two magic bytes and the method deflate.
const MAGIC: [u8; 3] = [0x1f, 0x8b, 8];

pub(super) fn is_gzip(bytes: &[u8]) -> bool {
    bytes.starts_with(&MAGIC)
}

/// Reads at most `limit` bytes; the error that ended it, if one did.
pub(super) fn fill(file: &mut impl Read, limit: usize, into: &mut Vec<u8>) -> Option<io::Error> {
    let room = limit.saturating_sub(into.len()) as u64;
    file.by_ref().take(room).read_to_end(into).err()
}

/// Inflates whole files in the same memory.
pub(super) struct Inflater {
    library: libdeflater::Decompressor,
    text: Vec<u8>,
}

impl Default for Inflater {
    fn default() -> Self {
        Self { library: libdeflater::Decompressor::new(), text: Vec::new() }
    }
}

impl Inflater {
    /// Inflates a file of one member whose text is shorter than `limit` bytes. The length of the text; nothing if the
    /// quick way is not sure of it.
    pub(super) fn inflate(&mut self, file: &[u8], limit: usize) -> Option<usize> {
        let (length, checksum) = trailer(file)?;
        if length >= limit || has_a_second_member(file) {
            return None;
        }
        if self.text.len() < length {
            self.text.resize(length, 0);
        }
        let room = self.text.get_mut(..length)?;
        let written = self.library.gzip_decompress(file, room).ok()?;
        (written == length && libdeflater::crc32(room) == checksum).then_some(length)
    }

    /// The text that was inflated last.
    pub(super) fn text(&self, length: usize) -> &[u8] {
        self.text.get(..length).unwrap_or_default()
    }
}

/// The length and CRC-32 at the end of a file.
fn trailer(file: &[u8]) -> Option<(usize, u32)> {
    let (rest, length) = file.split_last_chunk::<4>()?;
    let (_, checksum) = rest.split_last_chunk::<4>()?;
    Some((u32::from_le_bytes(*length) as usize, u32::from_le_bytes(*checksum)))
}

/// True if a second member may start somewhere: in what is compressed those bytes are rare.
fn has_a_second_member(file: &[u8]) -> bool {
    file.get(1..).is_some_and(|rest| memmem::find(rest, &MAGIC).is_some())
}
