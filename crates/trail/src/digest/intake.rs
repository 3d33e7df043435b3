//! From a file's bytes to what validation needs of them, in memory that does not grow with the file.

use std::io::{self, Write};

use flate2::write::MultiGzDecoder;
use ring::digest::{Context, SHA256};

use super::document::{Digest, Hash};

/// How a gzip file starts.
const GZIP: [u8; 2] = [0x1f, 0x8b];
/// How much of a file is looked at to tell whether it is a digest.
const HEAD: usize = 4096;
/// What stands near the start of every digest, and of no log file.
const MARK: &[u8] = b"\"digestS3Object\"";
/// The largest digest: more than a hundred thousand log files in an hour.
const LARGEST_DIGEST: u64 = 64 << 20;
/// The largest contents: CloudTrail's log files have up to 50 MB before they are inflated.
const LARGEST: u64 = 8 << 30;

/// What a file holds, as far as it matters for validation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Contents {
    /// It was read to its end.
    Whole {
        /// The hash of its contents, inflated if they were not.
        hash: Hash,
        /// The digest, if it is one, or what is wrong with it.
        digest: Option<Result<Box<Digest>, String>>,
    },
    /// It cannot be inflated.
    Damaged(String),
    /// It could not be read.
    Unread(String),
    /// It was not read, since its name is not one of digests or log files.
    Ignored,
}

/// Takes a file piece by piece.
pub struct Intake(State);

enum State {
    /// Nothing, or the first byte.
    Start(Option<u8>),
    Plain(Box<Sink>),
    Gzip(Box<MultiGzDecoder<Sink>>),
    Damaged(String),
}

impl Default for Intake {
    fn default() -> Self {
        Self(State::Start(None))
    }
}

impl Intake {
    /// Takes the next piece. What is wrong with it, [`Intake::finish`] tells.
    pub fn take(&mut self, bytes: &[u8]) {
        if let Err(error) = self.write(bytes) {
            self.0 = State::Damaged(error.to_string());
        }
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match &mut self.0 {
            State::Start(first) => {
                let start: Vec<u8> = first.iter().chain(bytes).copied().take(2).collect();
                match start.as_slice() {
                    [] => Ok(()),
                    [only] => {
                        *first = Some(*only);
                        Ok(())
                    }
                    both => {
                        let first = *first;
                        self.0 = if both == GZIP {
                            State::Gzip(Box::new(MultiGzDecoder::new(Sink::default())))
                        } else {
                            State::Plain(Box::default())
                        };
                        self.write(first.as_slice())?;
                        self.write(bytes)
                    }
                }
            }
            State::Plain(sink) => sink.write_all(bytes),
            State::Gzip(decoder) => decoder.write_all(bytes),
            State::Damaged(_) => Ok(()),
        }
    }

    /// What the file holds.
    pub fn finish(self) -> Contents {
        match self.0 {
            State::Start(first) => {
                let mut sink = Sink::default();
                sink.take(first.as_slice());
                sink.finish()
            }
            State::Plain(sink) => sink.finish(),
            State::Gzip(mut decoder) => match decoder.try_finish() {
                Ok(()) => std::mem::take(decoder.get_mut()).finish(),
                Err(error) => Contents::Damaged(error.to_string()),
            },
            State::Damaged(why) => Contents::Damaged(why),
        }
    }

    /// What one piece holds that is the whole file.
    pub fn of(bytes: &[u8]) -> Contents {
        let mut intake = Self::default();
        intake.take(bytes);
        intake.finish()
    }
}

/// Hashes what is written to it, and keeps it if it looks like a digest.
struct Sink {
    hash: Context,
    length: u64,
    text: Vec<u8>,
    may_be_digest: bool,
}

impl Default for Sink {
    fn default() -> Self {
        Self { hash: Context::new(&SHA256), length: 0, text: Vec::new(), may_be_digest: true }
    }
}

impl Sink {
    fn take(&mut self, bytes: &[u8]) {
        self.hash.update(bytes);
        self.length = self.length.saturating_add(bytes.len() as u64);
        if self.may_be_digest {
            let was_known = self.text.len() >= HEAD;
            self.text.extend_from_slice(bytes);
            if self.text.len() >= HEAD && !was_known {
                self.decide();
            }
        }
    }

    fn decide(&mut self) {
        let head = self.text.get(..HEAD).unwrap_or(&self.text);
        self.may_be_digest = head.windows(MARK.len()).any(|window| window == MARK);
        if !self.may_be_digest {
            self.text = Vec::new();
        }
    }

    fn finish(mut self) -> Contents {
        if self.text.len() < HEAD {
            self.decide();
        }
        let digest = self.may_be_digest.then(|| Digest::parse(&self.text).map(Box::new));
        match <[u8; 32]>::try_from(self.hash.finish().as_ref()) {
            Ok(hash) => Contents::Whole { hash: Hash(hash), digest },
            Err(_) => Contents::Unread("its hash has another length".to_owned()),
        }
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.take(bytes);
        let limit = if self.may_be_digest { LARGEST_DIGEST } else { LARGEST };
        if self.length > limit {
            return Err(io::Error::other("its contents are larger than any that CloudTrail delivers"));
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn hash(contents: &Contents) -> String {
        match contents {
            Contents::Whole { hash, digest: None } => hash.to_string(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_hash_is_that_of_what_was_compressed() {
        // `printf abc | sha256sum`, `printf '' | sha256sum`
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(hash(&Intake::of(b"abc")), abc);
        assert_eq!(hash(&Intake::of(&gzip(b"abc"))), abc);
        assert_eq!(hash(&Intake::of(&[gzip(b"a"), gzip(b"bc")].concat())), abc, "all members count");
        assert_eq!(hash(&Intake::of(b"")), empty);
        assert_eq!(hash(&Intake::of(&gzip(b""))), empty);
    }

    #[test]
    fn pieces_of_any_length_add_up() {
        let long: Vec<u8> = (0..100_000_u32).flat_map(u32::to_le_bytes).collect();
        let expected = Intake::of(&long);
        for bytes in [&gzip(&long), &long] {
            for length in [1, 2, 3, 1000, 4096] {
                let mut intake = Intake::default();
                bytes.chunks(length).for_each(|piece| intake.take(piece));
                assert_eq!(intake.finish(), expected, "{length}");
            }
        }
    }

    #[test]
    fn what_cannot_be_inflated() {
        let sound = gzip(&b"sound and longer than a header".repeat(100));
        let mut altered = sound.clone();
        let middle = altered.len() / 2;
        altered[middle] ^= 1;
        let mut sum = sound.clone();
        let last = sum.len() - 6;
        sum[last] ^= 1;
        let cut =
            [1, 2, 9, 12, sound.len() / 2, sound.len() - 9, sound.len() - 1].map(|n| sound[..n].to_vec());
        let behind = [[sound.clone(), b"behind".to_vec()], [sound.clone(), sound[..9].to_vec()]]
            .map(|parts| parts.concat());
        let zeros = [sound.clone(), vec![0; 512]].concat();
        let all = cut.into_iter().skip(1).chain(behind).chain([altered, sum, zeros]);
        for (index, bytes) in all.enumerate() {
            assert!(matches!(Intake::of(&bytes), Contents::Damaged(_)), "{index}");
        }
    }

    #[test]
    fn digests_are_known_by_what_they_say() {
        let broken = Intake::of(&gzip(br#"{"digestS3Object":"x"}"#));
        assert!(matches!(broken, Contents::Whole { digest: Some(Err(_)), .. }), "{broken:?}");
        let log = format!(r#"{{"Records":[{{"x":"{}"}},{{"y":"\"digestS3Object\""}}]}}"#, "x".repeat(HEAD));
        assert!(matches!(Intake::of(log.as_bytes()), Contents::Whole { digest: None, .. }));
    }
}
