//! Whether log files are as CloudTrail delivered them.

mod bucket;
mod folder;

use std::num::NonZeroUsize;
use std::path::PathBuf;

use anyhow::{Context, Result, anyhow};
use leastwise_aws::trail::Location;
use leastwise_aws::{Access, Connection, trail};
use leastwise_trail::digest::{self, Place, PublicKeys, Span, Tree, Validation};

/// What a validation needs to know.
#[derive(Debug, Clone)]
pub struct Request {
    /// Where the digests and log files are.
    pub source: Source,
    /// Files with what `aws cloudtrail list-public-keys` printed.
    pub public_keys: Vec<PathBuf>,
    /// How to get at AWS, which is asked for the keys as well; a folder can do without.
    pub access: Option<Access>,
    /// How many files are read at a time.
    pub at_a_time: NonZeroUsize,
}

/// Where digests and log files are, in any depth.
#[derive(Debug, Clone)]
pub enum Source {
    /// A folder; each digest is verified with the one that follows.
    Folder(PathBuf),
    /// A bucket; digests have their signatures there.
    Bucket(Location),
}

/// What a validation found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// The verdicts.
    pub validation: Validation,
    /// What could not be listed, and why.
    pub unlisted: Vec<String>,
    /// Regions whose keys AWS did not give, and why.
    pub without_keys: Vec<String>,
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
    /// All files; none while they are listed.
    pub total: Option<usize>,
    /// The bytes that were read.
    pub bytes: u64,
}

/// Whoever wants to know how far the reading has come; it is called from several threads.
pub type Watch<'w> = dyn Fn(Progress) + Send + Sync + 'w;

/// What was read.
struct Read {
    files: Vec<digest::File>,
    /// Folders or prefixes, and why they could not be listed.
    unlisted: Vec<(Place, String)>,
    bytes: u64,
}

/// Validates a tree.
///
/// # Errors
/// The tree cannot be read at all, there is no way to AWS, or what was given as public keys is none.
pub async fn run(request: &Request, watch: &Watch<'_>) -> Result<Outcome> {
    let mut keys = public_keys(&request.public_keys)?;
    let connection = match &request.access {
        Some(access) => Some(leastwise_aws::connect(access).await?),
        None => None,
    };
    let mut read = match (&request.source, &connection) {
        (Source::Folder(path), _) => folder::read(path, request.at_a_time, watch)?,
        (Source::Bucket(location), Some(connection)) => {
            bucket::read(connection, location, request.at_a_time, watch).await?
        }
        (Source::Bucket(location), None) => {
            return Err(anyhow!("`{location}` is in AWS, and there is no way to it"));
        }
    };
    let without_keys = match &connection {
        Some(connection) => ask_for_keys(connection, &read.files, &mut keys).await?,
        None => Vec::new(),
    };
    read.unlisted.sort_unstable();
    let unlisted = read.unlisted.iter().map(|(place, _)| place.clone()).collect();
    let validation = digest::validate(Tree { files: read.files, unlisted }, &keys);
    let unlisted = read.unlisted.iter().map(|(place, why)| format!("{place}: {why}")).collect();
    Ok(Outcome { validation, unlisted, without_keys, bytes: read.bytes })
}

/// Adds the keys of each region that digests are from; what AWS does not give is told.
async fn ask_for_keys(
    connection: &Connection,
    files: &[digest::File],
    keys: &mut PublicKeys,
) -> Result<Vec<String>> {
    let mut without = Vec::new();
    for (region, Span { from, to }) in digest::signed(files) {
        match trail::public_keys(connection, &region, from, to).await {
            Ok(found) => {
                for trail::Key { fingerprint, der } in found {
                    keys.add(&fingerprint, &der)
                        .with_context(|| format!("cannot use the keys of `{region}`"))?;
                }
            }
            Err(missing) => without.push(format!("{region}: {missing}")),
        }
    }
    Ok(without)
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

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::path::Path;
    use std::sync::atomic::{AtomicUsize, Ordering};

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
        block_on(run(&request(folder, threads), &|_| {})).unwrap()
    }

    fn request(folder: &Path, threads: usize) -> Request {
        Request {
            source: Source::Folder(folder.to_owned()),
            public_keys: Vec::new(),
            access: None,
            at_a_time: NonZeroUsize::new(threads).unwrap(),
        }
    }

    fn block_on<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
    }

    #[test]
    fn a_folder() {
        let folder = folder();
        let outcome = validate(folder.path(), 1);
        let Validation { digests, logs, others, .. } = &outcome.validation;
        assert_eq!(digests[0].verdict, Verdict::Unknown(Unknown::Newest));
        let verdicts: Vec<_> = logs.iter().map(|log| log.verdict.clone()).collect();
        assert_eq!(verdicts, [Verdict::Unknown(Unknown::DigestUnknown), Verdict::Invalid(Invalid::Missing)]);
        assert_eq!(others.len(), 2);
        assert!(outcome.is_incomplete() && outcome.bytes > 0);
        assert_eq!(validate(folder.path(), 4), outcome);
    }

    #[test]
    fn the_watch_sees_every_file() {
        let folder = folder();
        let most = AtomicUsize::new(0);
        let watch = |progress: Progress| {
            assert_eq!(progress.total, Some(3));
            most.fetch_max(progress.done, Ordering::Relaxed);
        };
        block_on(run(&request(folder.path(), 2), &watch)).unwrap();
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
        let error = |request: &Request| format!("{:#}", block_on(run(request, &|_| {})).unwrap_err());
        let nowhere = error(&request(&folder.path().join("nowhere"), 1));
        assert!(nowhere.contains("nowhere") && nowhere.contains("name the folder"), "{nowhere}");
        let public_keys = vec![folder.path().join("notes.json")];
        let keys = error(&Request { public_keys, ..request(folder.path(), 1) });
        assert!(keys.contains("notes.json") && keys.contains("list-public-keys"), "{keys}");
        let source = Source::Bucket("s3://some-bucket/".parse().unwrap());
        let bucket = error(&Request { source, ..request(folder.path(), 1) });
        assert!(bucket.contains("s3://some-bucket/"), "{bucket}");
    }
}
