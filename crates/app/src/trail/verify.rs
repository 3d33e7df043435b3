//! Whether log files are as CloudTrail delivered them.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::thread;

use anyhow::{Context, Result, anyhow, bail};
use leastwise_trail::digest::{self, Contents, Intake, Place, PublicKeys, Tree, Validation};
use walkdir::WalkDir;

/// How much of a file is read at a time; it bounds the memory that a thread takes.
const PIECE: usize = 256 * 1024;

/// What a validation needs to know.
#[derive(Debug, Clone)]
pub struct Request {
    /// The folder with digests and log files, in any depth.
    pub folder: PathBuf,
    /// Files with what `aws cloudtrail list-public-keys` printed.
    pub public_keys: Vec<PathBuf>,
    /// How many files are read at a time.
    pub threads: NonZeroUsize,
}

/// What a validation found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// The verdicts.
    pub validation: Validation,
    /// What could not be listed, and why.
    pub unlisted: Vec<String>,
    /// How many bytes were read.
    pub bytes: u64,
}

impl Outcome {
    /// True if something cannot be told.
    pub fn is_incomplete(&self) -> bool {
        !self.unlisted.is_empty() || self.validation.is_incomplete()
    }
}

/// How far the reading has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// The files that were read.
    pub done: usize,
    /// All files.
    pub total: usize,
    /// The bytes that were read.
    pub bytes: u64,
}

/// Whoever wants to know how far the reading has come; it is called from several threads.
pub type Watch<'w> = dyn Fn(Progress) + Sync + 'w;

/// Validates a folder.
///
/// # Errors
/// The folder cannot be read at all, or what was given as public keys is none.
pub fn run(request: &Request, watch: &Watch<'_>) -> Result<Outcome> {
    let keys = public_keys(&request.public_keys)?;
    let Listing { logs, others, mut unlisted } = list(&request.folder)?;
    let bytes = AtomicU64::new(0);
    let mut files = read(&logs, request.threads, &bytes, watch)?;
    files.extend(others.iter().map(|path| file(path, Contents::Ignored)));
    unlisted.sort_unstable();
    let folders = unlisted.iter().map(|(place, _)| place.clone()).collect();
    let validation = digest::validate(Tree { files, unlisted: folders }, &keys);
    let unlisted = unlisted.into_iter().map(|(place, why)| format!("{place}: {why}")).collect();
    Ok(Outcome { validation, unlisted, bytes: bytes.into_inner() })
}

/// Reads public keys from files.
///
/// # Errors
/// A file cannot be read, or holds something else; the message names it.
pub fn public_keys(files: &[PathBuf]) -> Result<PublicKeys> {
    let mut keys = PublicKeys::default();
    for path in files {
        let text = std::fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))?;
        keys.read(&text).with_context(|| format!("cannot read public keys from `{}`", path.display()))?;
    }
    Ok(keys)
}

#[derive(Default)]
struct Listing {
    logs: Vec<PathBuf>,
    others: Vec<PathBuf>,
    /// Folders, and why they could not be listed.
    unlisted: Vec<(Place, String)>,
}

/// The files of a folder, in any depth; links are followed.
fn list(folder: &Path) -> Result<Listing> {
    if !folder.is_dir() {
        bail!("cannot read `{}`: it is no folder; name the folder that the log files are in", folder.display());
    }
    let mut listing = Listing::default();
    for entry in WalkDir::new(folder).follow_links(true) {
        match entry {
            Ok(entry) if entry.file_type().is_dir() => {}
            Ok(entry) if may_be_log(entry.path()) => listing.logs.push(entry.into_path()),
            Ok(entry) => listing.others.push(entry.into_path()),
            Err(error) => listing.miss(&error),
        }
    }
    Ok(listing)
}

impl Listing {
    /// What cannot be listed is a folder, unless it is a link: one that leads back is listed where it leads to, and one
    /// that leads nowhere is a file that cannot be read.
    fn miss(&mut self, error: &walkdir::Error) {
        let Some(path) = error.path().map(Path::to_owned) else { return };
        match error.io_error() {
            None => self.others.push(path),
            Some(_) if path.is_symlink() && may_be_log(&path) => self.logs.push(path),
            Some(_) if path.is_symlink() => self.others.push(path),
            Some(error) => self.unlisted.push((place(&path), why(error))),
        }
    }
}

fn may_be_log(path: &Path) -> bool {
    path.extension().is_some_and(|kind| kind.eq_ignore_ascii_case("json") || kind.eq_ignore_ascii_case("gz"))
}

/// Why a file cannot be read, in words that are the same on every system.
fn why(error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::PermissionDenied => "permission denied".to_owned(),
        ErrorKind::NotFound => "it is not there".to_owned(),
        _ => error.to_string(),
    }
}

fn file(path: &Path, contents: Contents) -> digest::File {
    digest::File { place: place(path), contents, signature: None }
}

fn place(path: &Path) -> Place {
    Place::local(path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/"))
}

/// Reads the files on several threads; the result does not depend on how many.
fn read(
    paths: &[PathBuf],
    threads: NonZeroUsize,
    bytes: &AtomicU64,
    watch: &Watch<'_>,
) -> Result<Vec<digest::File>> {
    let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let work = || {
        let mut files = Vec::new();
        let mut piece = vec![0; PIECE];
        while let Some(path) = paths.get(next.fetch_add(1, Ordering::Relaxed)) {
            files.push(file(path, contents(path, &mut piece, bytes)));
            let done = done.fetch_add(1, Ordering::Relaxed) + 1;
            watch(Progress { done, total: paths.len(), bytes: bytes.load(Ordering::Relaxed) });
        }
        files
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads.get().min(paths.len())).map(|_| scope.spawn(work)).collect();
        let mut files = Vec::with_capacity(paths.len());
        for worker in workers {
            files.extend(worker.join().map_err(|_| anyhow!("a thread that read files ended early"))?);
        }
        Ok(files)
    })
}

fn contents(path: &Path, piece: &mut [u8], bytes: &AtomicU64) -> Contents {
    let mut intake = Intake::default();
    let attempt = File::open(path).and_then(|mut file| {
        loop {
            match file.read(piece) {
                Ok(0) => return Ok(()),
                Ok(length) => {
                    intake.take(piece.get(..length).unwrap_or_default());
                    bytes.fetch_add(length as u64, Ordering::Relaxed);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    });
    match attempt {
        Ok(()) => intake.finish(),
        Err(error) => Contents::Unread(why(&error)),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;
    use leastwise_trail::digest::{Invalid, Unknown, Verdict};

    use super::*;

    const DIGEST: &str = "AWSLogs/111122223333/CloudTrail-Digest/us-east-2/2026/01/01/111122223333_CloudTrail-Digest_us-east-2_main_us-east-2_20260101T011705Z.json.gz";
    const LOG: &str = "AWSLogs/111122223333/CloudTrail/us-east-2/2026/01/01/111122223333_CloudTrail_us-east-2_20260101T0045Z_a.json.gz";

    fn gzip(text: &str) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    }

    /// A digest, two log files that it names, of which one is not there, and what else folders have.
    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str, bytes: &[u8]| {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        };
        let log = |key: &str| {
            format!(
                r#"{{"s3Bucket":"b","s3Object":"{key}","hashAlgorithm":"SHA-256","hashValue":"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}}"#
            )
        };
        let digest = format!(
            r#"{{"awsAccountId":"111122223333","digestStartTime":"2026-01-01T00:17:05Z","digestEndTime":"2026-01-01T01:17:05Z","digestS3Bucket":"b","digestS3Object":"{DIGEST}","digestPublicKeyFingerprint":"aa","digestSignatureAlgorithm":"SHA256withRSA","previousDigestSignature":null,"logFiles":[{},{}]}}"#,
            log(LOG),
            log(&LOG.replace("_a", "_b"))
        );
        put(DIGEST, &gzip(&digest));
        put(LOG, &gzip("abc"));
        put("README.txt", b"read me");
        put("notes.json", b"{}");
        folder
    }

    fn validate(folder: &Path, threads: usize) -> Outcome {
        let request = Request {
            folder: folder.to_owned(),
            public_keys: Vec::new(),
            threads: NonZeroUsize::new(threads).unwrap(),
        };
        run(&request, &|_| {}).unwrap()
    }

    #[test]
    fn a_folder() {
        let folder = folder();
        let outcome = validate(folder.path(), 1);
        let Validation { digests, logs, others, .. } = &outcome.validation;
        assert_eq!(digests[0].verdict, Verdict::Unknown(Unknown::Newest));
        let verdicts: Vec<_> = logs.iter().map(|log| log.verdict.clone()).collect();
        assert_eq!(
            verdicts,
            [Verdict::Unknown(Unknown::DigestUnknown), Verdict::Invalid(Invalid::Missing)]
        );
        assert_eq!(others.len(), 2);
        assert!(outcome.is_incomplete() && outcome.bytes > 0);
        assert_eq!(validate(folder.path(), 4), outcome);
    }

    #[test]
    fn the_watch_sees_every_file() {
        let folder = folder();
        let most = AtomicUsize::new(0);
        let request = Request {
            folder: folder.path().to_owned(),
            public_keys: Vec::new(),
            threads: NonZeroUsize::new(2).unwrap(),
        };
        let watch = |progress: Progress| {
            assert_eq!(progress.total, 3);
            most.fetch_max(progress.done, Ordering::Relaxed);
        };
        run(&request, &watch).unwrap();
        assert_eq!(most.into_inner(), 3);
    }

    #[test]
    #[cfg(unix)]
    fn what_cannot_be_read_is_told() {
        let folder = folder();
        let log = folder.path().join(LOG);
        std::fs::remove_file(&log).unwrap();
        std::os::unix::fs::symlink("nowhere", &log).unwrap();
        std::os::unix::fs::symlink(folder.path(), folder.path().join("circle")).unwrap();
        let outcome = validate(folder.path(), 2);
        let unread = Verdict::Unknown(Unknown::Unread("it is not there".to_owned()));
        let verdicts: Vec<_> = outcome.validation.logs.iter().map(|log| log.verdict.clone()).collect();
        assert_eq!(verdicts, [unread, Verdict::Invalid(Invalid::Missing)]);
        assert!(outcome.validation.others.iter().any(|path| path.ends_with("circle")));
        assert_eq!(outcome.unlisted, [""; 0]);
    }

    #[test]
    fn what_is_no_folder_and_what_are_no_keys() {
        let folder = folder();
        let request = |folder: PathBuf, public_keys| Request {
            folder,
            public_keys,
            threads: NonZeroUsize::MIN,
        };
        let path = folder.path().join("nowhere");
        let error = run(&request(path, Vec::new()), &|_| {}).unwrap_err().to_string();
        assert!(error.contains("nowhere") && error.contains("name the folder"), "{error}");
        let keys = folder.path().join("notes.json");
        let error = format!("{:#}", run(&request(folder.path().to_owned(), vec![keys]), &|_| {}).unwrap_err());
        assert!(error.contains("notes.json") && error.contains("list-public-keys"), "{error}");
    }
}
