//! Whole trees: shuffled, split, compressed anew and duplicated, they give the same events, on any number of threads.

use std::fs;
use std::io::{self, Read, Write};
use std::num::NonZero;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::Compression;
use flate2::write::GzEncoder;
use leastwise_trail::read::Limits;
use leastwise_trail::{Analysis, Event, Field, Filter};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{Inputs, Object, Options, Reading, read};

/// The ids of all events, in the order of the files.
struct Ids;

impl Analysis for Ids {
    type Part = Vec<String>;
    type Whole = Vec<String>;

    fn part(&self) -> Self::Part {
        Vec::new()
    }

    fn event(&self, part: &mut Self::Part, event: &Event<'_>) {
        part.push(event.str(Field::EventId).unwrap_or("-").to_owned());
    }

    fn join(&self, whole: &mut Self::Whole, part: Self::Part) {
        whole.extend(part);
    }
}

/// The number of events.
struct Count;

impl Analysis for Count {
    type Part = u64;
    type Whole = u64;

    fn part(&self) -> u64 {
        0
    }

    fn event(&self, part: &mut u64, _: &Event<'_>) {
        *part += 1;
    }

    fn join(&self, whole: &mut u64, part: u64) {
        *whole += part;
    }
}

fn record(id: usize) -> Value {
    json!({
        "eventVersion": "1.08", "eventID": format!("{id:032x}"), "eventName": "GetObject",
        "eventTime": format!("2024-07-{:02}T10:{:02}:00Z", 1 + id / 60 % 28, id % 60),
        "awsRegion": if id.is_multiple_of(2) { "us-east-1" } else { "eu-west-1" },
        "recipientAccountId": "111122223333", "userAgent": "x".repeat(id % 50),
    })
}

fn ids(range: impl Iterator<Item = usize>) -> Vec<String> {
    range.map(|id| format!("{id:032x}")).collect()
}

fn native(range: impl Iterator<Item = usize>) -> Vec<u8> {
    gzip(&json!({"Records": range.map(record).collect::<Vec<_>>()}).to_string())
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

/// The name of a file that was delivered in that minute.
fn name(minute: usize) -> String {
    format!("111122223333_CloudTrail_us-east-1_20240701T{:02}{:02}Z_abc.json.gz", minute / 60, minute % 60)
}

fn folder(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

/// Files that are read at once, and in pieces.
const LIMITS: [Limits; 2] = [
    Limits { whole: 8 << 20, piece: 1 << 20, text: 1 << 30 },
    Limits { whole: 2000, piece: 600, text: 1 << 30 },
];

fn read_all(path: &Path, threads: usize, limits: Limits, filter: &Filter) -> (Vec<String>, Reading) {
    let mut inputs = Inputs::default();
    inputs.add_path(path, filter);
    let threads = NonZero::new(threads).unwrap();
    read(inputs, &Options { threads, limits, ..Options::new(filter) }, &Ids, Vec::new())
}

/// Reads on several numbers of threads, whole and in pieces: nothing differs.
fn read_folder(folder: &TempDir) -> (Vec<String>, Reading) {
    let filter = Filter::default();
    let first = read_all(folder.path(), 1, LIMITS[0], &filter);
    for threads in [1, 2, 5] {
        for limits in LIMITS {
            let again = read_all(folder.path(), threads, limits, &filter);
            assert_eq!(first.0, again.0, "{threads} threads, {limits:?}");
            let without_examples = |reading: &Reading| {
                let mut reading = reading.clone();
                reading.tally.examples.clear();
                reading
            };
            assert_eq!(
                without_examples(&first.1),
                without_examples(&again.1),
                "{threads} threads, {limits:?}"
            );
        }
    }
    first
}

fn sorted(mut ids: Vec<String>) -> Vec<String> {
    ids.sort();
    ids
}

#[test]
fn events_come_in_the_order_of_delivery() {
    let files = (0..300)
        .map(|minute| (format!("{}/{}", minute % 7, name(minute)), native(minute * 3..minute * 3 + 3)));
    let (read, reading) = read_folder(&folder(files));
    assert_eq!(read, ids(0..900));
    assert_eq!((reading.files, reading.analysed, reading.is_complete()), (300, 900, true));
    let (first, last) = reading.span.ends().unwrap();
    assert_eq!(
        (first.to_string().as_str(), last.to_string().as_str()),
        ("2024-07-01T10:00:00Z", "2024-07-15T10:59:00Z")
    );
}

#[test]
fn the_same_events_in_other_files() {
    let expected = ids(0..500);
    let lines = |range: std::ops::Range<usize>| {
        range.map(|id| format!("{}\n", record(id))).collect::<Vec<_>>().concat()
    };
    let members = (0..50).flat_map(|at| native(at * 10..at * 10 + 10)).collect();
    for (what, files) in [
        ("one file", vec![(name(0), native(0..500))]),
        ("a file for each", (0..500).map(|id| (format!("{id}.json.gz"), native(id..=id))).collect()),
        ("backwards", vec![(name(0), native((0..500).rev()))]),
        ("many members", vec![(name(0), members)]),
        ("lines", vec![("x.jsonl".into(), lines(0..200).into()), ("y.log".into(), gzip(&lines(200..500)))]),
        ("twice", vec![(name(0), native(0..500)), (name(1), native(0..300)), (name(2), native(200..500))]),
        ("two trees", ["a", "b"].map(|tree| (format!("{tree}/{}", name(0)), native(0..500))).into()),
    ] {
        let (read, reading) = read_folder(&folder(files));
        assert_eq!(sorted(read), expected, "{what}");
        assert_eq!(reading.duplicates, reading.tally.events - 500, "{what}");
        assert!(reading.is_complete(), "{what}: {reading:?}");
    }
}

#[test]
fn a_long_file_among_small_ones() {
    let mut files: Vec<_> = (0..40).map(|minute| (name(minute), native(minute..=minute))).collect();
    files[7].1 = native(1000..6000);
    files[20].1 = native(7..=7).into_iter().chain(native(10_000..14_000)).collect();
    let (read, _) = read_folder(&folder(files));
    let expected =
        [ids(0..7), ids(1000..6000), ids(8..20), ids(7..8), ids(10_000..14_000), ids(21..40)].concat();
    assert_eq!(read, expected);
}

#[test]
fn what_cannot_be_read_is_counted_and_the_rest_is_read() {
    let whole = native(100..200);
    let files = folder([
        (name(0), native(0..10)),
        (name(1), whole[..whole.len() / 2].to_vec()),
        (name(2), b"no gzip\n".to_vec()),
        (name(3), Vec::new()),
        (name(4), gzip(r#"{"Records":null}"#)),
        (name(5), native(10..20)),
        ("README.md".into(), b"# Logs".to_vec()),
        ("digest.json".into(), gzip(r#"{"digestStartTime":"2024-07-01T10:00:00Z","logFiles":[]}"#)),
        (name(6).replace("CloudTrail", "CloudTrail-Digest"), b"not read".to_vec()),
        (name(7).replace("CloudTrail", "CloudTrail-Insight"), b"not read".to_vec()),
    ]);
    let (read, reading) = read_folder(&files);
    let digest_first = read.iter().filter(|id| ids(0..20).contains(id)).count();
    assert_eq!((digest_first, reading.files), (20, 7));
    assert_eq!(
        (reading.digest_files, reading.insight_files, reading.not_logs, reading.tally.digests),
        (1, 1, 1, 1)
    );
    assert!(!reading.is_complete() && reading.tally.cut >= 1 && reading.tally.refused >= 1);
    let named = |minute| {
        let named = |file: &str| file.ends_with(&name(minute));
        reading.tally.examples.iter().any(|loss| loss.file.as_deref().is_some_and(named))
    };
    assert_eq!([0, 1, 2, 3, 4, 5].map(named), [false, true, true, false, false, false]);
}

#[test]
fn what_does_not_exist_is_counted() {
    let (read, reading) = read_all(Path::new("/no/such/folder"), 2, LIMITS[0], &Filter::default());
    assert_eq!((read.len(), reading.tally.unreadable, reading.files), (0, 1, 0));
    assert!(reading.tally.examples[0].why.contains("cannot be read"), "{reading:?}");
}

#[cfg(unix)]
#[test]
fn links_and_names() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;

    let files = folder([("a/x.json".to_owned(), native(0..2)), ("b/.keep".to_owned(), Vec::new())]);
    symlink("../a/x.json", files.path().join("b/y.json")).unwrap();
    symlink("..", files.path().join("b/up")).unwrap();
    symlink("nowhere", files.path().join("b/lost.json")).unwrap();
    fs::write(files.path().join(OsStr::from_bytes(b"\xff.json")), b"").unwrap();
    let (read, reading) = read_folder(&files);
    assert_eq!((read, reading.duplicates, reading.tally.unreadable), (ids(0..2), 2, 3), "{reading:?}");
}

#[test]
fn filters_leave_files_and_events_out() {
    let day = |day: usize| (1..=10).map(move |minute| (day - 1) * 60 + minute);
    let file = |day_of: usize| {
        (format!("111122223333_CloudTrail_us-east-1_202407{day_of:02}T1200Z_x.json.gz"), native(day(day_of)))
    };
    let files = folder([1, 2, 3, 4, 5].map(file).into_iter().chain([("more.json".into(), native(day(6)))]));
    let filter = Filter {
        regions: vec!["us-east-1".into()],
        since: "2024-07-02T10:05:00Z".parse().ok(),
        until: "2024-07-03T10:05:00Z".parse().ok(),
        ..Filter::default()
    };
    for threads in [1, 3] {
        let (read, reading) = read_all(files.path(), threads, LIMITS[0], &filter);
        let wanted =
            day(2).filter(|id| id % 60 >= 5).chain(day(3).filter(|id| id % 60 < 5)).filter(|id| id % 2 == 0);
        assert_eq!(sorted(read), ids(wanted));
        // The file of the first is too old; what came at noon of the fourth happened after ten of the third.
        assert_eq!((reading.filtered_files, reading.files, reading.filtered), (3, 3, 25));
    }
}

#[test]
fn objects_and_streams_are_read_like_files() {
    let filter = Filter::default();
    let mut inputs = Inputs::default();
    let names = [name(3), name(1), "refused.json".to_owned()];
    let objects = names.iter().map(|name| Object { folder: "s3://logs/AWSLogs", name, size: 1 });
    let open = |path: &str| -> io::Result<Box<dyn Read + Send>> {
        let minute = [1, 3].into_iter().find(|minute| path == format!("s3://logs/AWSLogs/{}", name(*minute)));
        let minute = minute.ok_or_else(|| io::Error::other("access denied"))?;
        Ok(Box::new(io::Cursor::new(native(minute..=minute))))
    };
    inputs.add_objects(objects, Box::new(open), &filter);
    inputs.add_stream("standard input", Box::new(io::Cursor::new(native(7..9))));
    let bytes = AtomicU64::new(0);
    let progress = |progress: super::Progress| {
        bytes.fetch_max(progress.bytes, Ordering::Relaxed);
        assert_eq!((progress.of_files, progress.of_bytes), (4, 3));
    };
    let options = Options { progress: &progress, ..Options::new(&filter) };
    let ((read, count), reading) = read(inputs, &options, &(Ids, Count), (Vec::new(), 0));
    assert_eq!((read, count), ([ids(1..2), ids(3..4), ids(7..9)].concat(), 4));
    assert_eq!((reading.files, reading.tally.unreadable, bytes.into_inner()), (3, 1, reading.bytes));
    assert_eq!(reading.tally.examples[0].file.as_deref(), Some("s3://logs/AWSLogs/refused.json"));
}

#[test]
fn duplicates_are_found_within_the_window_only() {
    let files = folder([(name(0), native(0..5000)), (name(1), native(0..5000))]);
    let filter = Filter::default();
    let analysed = |window| {
        let mut inputs = Inputs::default();
        inputs.add_path(files.path(), &filter);
        read(inputs, &Options { window, ..Options::new(&filter) }, &Count, 0).0
    };
    assert_eq!(analysed(10_000), 5000);
    assert!(analysed(64) > 5000);
}

#[test]
fn a_panic_of_an_analysis_leaves_nobody_waiting() {
    struct Panics;
    impl Analysis for Panics {
        type Part = ();
        type Whole = ();
        fn part(&self) {}
        fn event(&self, (): &mut (), event: &Event<'_>) {
            assert_ne!(event.str(Field::EventId), Some(&*format!("{:032x}", 5)), "as it should");
        }
        fn join(&self, (): &mut (), (): ()) {}
    }
    let files = folder((0..2000).map(|id| (format!("{id}.json"), native(id..=id))));
    let filter = Filter::default();
    let mut inputs = Inputs::default();
    inputs.add_path(files.path(), &filter);
    let options = Options { threads: NonZero::new(3).unwrap(), ..Options::new(&filter) };
    assert!(
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| read(inputs, &options, &Panics, ())))
            .is_err()
    );
}
