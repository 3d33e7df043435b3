//! Reading the files of a folder.

use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::thread;

use anyhow::{Result, anyhow, bail};
use leastwise_trail::digest::{self, Contents, Intake, Place};
use walkdir::WalkDir;

use super::{Progress, Read, Watch};

/// How much of a file is read at a time; it bounds the memory that a thread takes.
const PIECE: usize = 256 * 1024;

/// Reads what may be digests and log files; the rest is named only.
pub(super) fn read(folder: &Path, threads: NonZeroUsize, watch: &Watch<'_>) -> Result<Read> {
    let Listing { logs, others, unlisted } = list(folder)?;
    let bytes = AtomicU64::new(0);
    let mut files = read_all(&logs, threads, &bytes, watch)?;
    files.extend(others.iter().map(|path| file(path, Contents::Ignored)));
    Ok(Read { files, unlisted, bytes: bytes.into_inner() })
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
        bail!(
            "cannot read `{}`: it is no folder; name the folder that the log files are in",
            folder.display()
        );
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
fn read_all(
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
            watch(Progress { done, total: Some(paths.len()), bytes: bytes.load(Ordering::Relaxed) });
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
