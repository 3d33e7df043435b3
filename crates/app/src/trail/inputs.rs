//! What is read: files of folders, objects of stores, streams. Only names are held, and those compactly.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Mutex;

use leastwise_trail::read::Tally;
use leastwise_trail::{Filter, Kind, Place};
use walkdir::{DirEntry, WalkDir};

/// Opens a file or object by its path.
pub type Open = dyn Fn(&str) -> io::Result<Box<dyn Read + Send>> + Send + Sync;

/// A file or object, as a store lists it.
#[derive(Debug, Clone, Copy)]
pub struct Object<'o> {
    /// The folder, such as the key of an object up to its last `/`.
    pub folder: &'o str,
    /// The name in the folder.
    pub name: &'o str,
    /// How many bytes it has.
    pub size: u64,
}

/// What is to be read.
#[derive(Default)]
pub struct Inputs {
    openers: Vec<Box<Open>>,
    folders: Vec<Folder>,
    names: String,
    files: Vec<Named>,
    streams: Vec<Stream>,
    /// What was left out by its path.
    pub(super) left_out: LeftOut,
}

/// A stream that is read once.
struct Stream {
    name: String,
    stream: Mutex<Option<Box<dyn Read + Send>>>,
}

/// Files that are not read, because of what their names say.
#[derive(Debug, Default)]
pub(super) struct LeftOut {
    pub(super) filtered: u64,
    pub(super) not_logs: u64,
    pub(super) digests: u64,
    pub(super) insights: u64,
    pub(super) losses: Tally,
}

/// A folder, and what the names in it start with as a rule: that is held only once.
struct Folder {
    path: Box<str>,
    prefix: Box<str>,
    opener: usize,
}

/// A file: when it was delivered if its name says so, and where its name is.
struct Named {
    delivered: Option<i64>,
    folder: u32,
    has_prefix: bool,
    length: u16,
    at: usize,
    size: u64,
}

impl Inputs {
    /// Adds a file, or all log files of a folder and the folders in it. Files of a folder that the filter does not
    /// want are left out, as are those that are named like none that CloudTrail or a person would give to logs.
    pub fn add_path(&mut self, path: &Path, filter: &Filter) {
        let opener = self.opener(Box::new(|path| Ok(Box::new(File::open(path)?))));
        for entry in WalkDir::new(path).follow_links(true) {
            match entry {
                Ok(entry) if entry.file_type().is_dir() => {}
                Ok(entry) => self.add_entry(&entry, opener, filter),
                Err(error) => {
                    let path = error.path().unwrap_or(path).display().to_string();
                    self.left_out.losses.unreadable(&path, why(&error));
                }
            }
        }
    }

    /// Adds the objects of a store, such as those of a bucket; `open` gets their folder, a `/` and their name.
    pub fn add_objects<'o>(
        &mut self,
        objects: impl Iterator<Item = Object<'o>>,
        open: Box<Open>,
        filter: &Filter,
    ) {
        let opener = self.opener(open);
        for object in objects {
            if self.is_wanted(object.name, filter) {
                self.add(object, opener);
            }
        }
    }

    /// Adds a stream, such as standard input; streams are read after all files.
    pub fn add_stream(&mut self, name: impl Into<String>, stream: Box<dyn Read + Send>) {
        self.streams.push(Stream { name: name.into(), stream: Mutex::new(Some(stream)) });
    }

    /// Notes something that could not be listed: it counts as an unreadable file.
    pub fn add_unreadable(&mut self, name: &str, why: &str) {
        self.left_out.losses.unreadable(name, why);
    }

    /// Leaves out the files of which `keep` says no. It gets the path, the name by which the file is known in every
    /// run (without the path, if `CloudTrail` gave the name, which is unique), and the size.
    pub fn retain(&mut self, mut keep: impl FnMut(&str, &str, u64) -> bool) {
        let mut kept = std::mem::take(&mut self.files);
        kept.retain(|file| {
            let path = self.path_of(file);
            let (prefix, rest) = self.name(file);
            let name = if file.delivered.is_some() { &format!("{prefix}{rest}") } else { &path };
            keep(&path, name, file.size)
        });
        self.files = kept;
    }

    /// How many files and streams there are.
    pub fn len(&self) -> usize {
        self.files.len() + self.streams.len()
    }

    /// True if there is nothing to read.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many bytes the files have; those of streams are not known.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.size).sum()
    }

    fn opener(&mut self, open: Box<Open>) -> usize {
        self.openers.push(open);
        self.openers.len() - 1
    }

    fn add_entry(&mut self, entry: &DirEntry, opener: usize, filter: &Filter) {
        let folder = entry.path().parent().unwrap_or(Path::new("")).to_str();
        let (Some(folder), Some(name)) = (folder, entry.file_name().to_str()) else {
            let path = entry.path().display().to_string();
            return self.left_out.losses.unreadable(&path, "its name is no UTF-8: rename it");
        };
        if entry.depth() > 0 && !self.is_wanted(name, filter) {
            return;
        }
        // Others, such as pipes, may never come to an end.
        if entry.depth() > 0 && !entry.file_type().is_file() {
            let path = entry.path().display().to_string();
            return self
                .left_out
                .losses
                .unreadable(&path, "is no regular file; name it by itself to read it");
        }
        match entry.metadata() {
            Ok(metadata) => self.add(Object { folder, name, size: metadata.len() }, opener),
            Err(error) => self.left_out.losses.unreadable(&entry.path().display().to_string(), why(&error)),
        }
    }

    fn is_wanted(&mut self, name: &str, filter: &Filter) -> bool {
        let left_out = &mut self.left_out;
        let counter = match Place::new(name) {
            Some(place) if place.kind == Kind::Digest => &mut left_out.digests,
            Some(place) if filter.skips(&place) => &mut left_out.filtered,
            Some(place) if place.kind == Kind::Insight => &mut left_out.insights,
            None if !is_named_like_a_log(name) => &mut left_out.not_logs,
            _ => return true,
        };
        *counter += 1;
        false
    }

    fn add(&mut self, object: Object<'_>, opener: usize) {
        let known = |last: &Folder| &*last.path == object.folder && last.opener == opener;
        if !self.folders.last().is_some_and(known) {
            let prefix = usual_start(object.name).into();
            self.folders.push(Folder { path: object.folder.into(), prefix, opener });
        }
        let rest = self.folders.last().and_then(|folder| object.name.strip_prefix(&*folder.prefix));
        let (rest, has_prefix) = rest.map_or((object.name, false), |rest| (rest, true));
        let delivered = Place::new(object.name).map(|place| place.delivered.as_second());
        let folder = u32::try_from(self.folders.len() - 1);
        let (Ok(folder), Ok(length)) = (folder, u16::try_from(rest.len())) else {
            return self.left_out.losses.unreadable(object.name, "has a longer name than any file");
        };
        let (at, size) = (self.names.len(), object.size);
        self.files.push(Named { delivered, folder, has_prefix, length, at, size });
        self.names.push_str(rest);
    }

    /// Sorts the files: by the time of delivery, then by path.
    pub(super) fn sort(&mut self) {
        let mut files = std::mem::take(&mut self.files);
        files.sort_unstable_by(|a, b| {
            let bytes = |file| {
                let (prefix, rest) = self.name(file);
                prefix.bytes().chain(rest.bytes())
            };
            let by_path = || self.folder(a).cmp(self.folder(b)).then_with(|| bytes(a).cmp(bytes(b)));
            a.delivered.cmp(&b.delivered).then_with(by_path).then(a.at.cmp(&b.at))
        });
        self.files = files;
    }

    /// The two parts of a file's name.
    fn name(&self, file: &Named) -> (&str, &str) {
        let rest = self.names.get(file.at..file.at + usize::from(file.length)).unwrap_or_default();
        let folder = self.folders.get(file.folder as usize).filter(|_| file.has_prefix);
        (folder.map_or("", |folder| &folder.prefix), rest)
    }

    fn folder(&self, file: &Named) -> &str {
        self.folders.get(file.folder as usize).map_or("", |folder| &folder.path)
    }

    /// How large a file is; nothing for streams and beyond the last.
    pub(super) fn size(&self, index: usize) -> Option<u64> {
        self.files.get(index).map(|file| file.size)
    }

    /// The path of a file, or the name of a stream.
    pub(super) fn path(&self, index: usize) -> String {
        match self.files.get(index) {
            Some(file) => self.path_of(file),
            None => self.stream(index).map(|stream| stream.name.clone()).unwrap_or_default(),
        }
    }

    fn path_of(&self, file: &Named) -> String {
        let (folder, (prefix, rest)) = (self.folder(file), self.name(file));
        let slash = if folder.is_empty() || folder.ends_with('/') { "" } else { "/" };
        format!("{folder}{slash}{prefix}{rest}")
    }

    /// Opens a file, or takes a stream.
    pub(super) fn open(&self, index: usize, path: &str) -> io::Result<Box<dyn Read + Send>> {
        let Some(file) = self.files.get(index) else {
            let stream = self.stream(index).and_then(|stream| stream.stream.lock().ok()?.take());
            return stream.ok_or_else(|| io::Error::other("was read already"));
        };
        let folder = self.folders.get(file.folder as usize);
        let open = folder.and_then(|folder| self.openers.get(folder.opener));
        open.map_or_else(|| Err(io::ErrorKind::NotFound.into()), |open| open(path))
    }

    fn stream(&self, index: usize) -> Option<&Stream> {
        self.streams.get(index.checked_sub(self.files.len())?)
    }
}

/// The start of the name of a log file, up to the time: all of a folder have it.
fn usual_start(name: &str) -> &str {
    let end = name.match_indices('_').nth(2).filter(|_| Place::new(name).is_some());
    end.and_then(|(end, _)| name.get(..=end)).unwrap_or_default()
}

/// The kinds of files that may hold events. A file that is named by the user is read whatever its name.
fn is_named_like_a_log(name: &str) -> bool {
    let known = ["json", "jsonl", "ndjson", "gz", "log"];
    let extension = Path::new(name).extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|extension| known.iter().any(|known| extension.eq_ignore_ascii_case(known)))
}

fn why(error: &walkdir::Error) -> String {
    match error.io_error() {
        Some(error) => format!("cannot be read: {error}"),
        None => "is a link to a folder that it is in: it was not followed".to_owned(),
    }
}
