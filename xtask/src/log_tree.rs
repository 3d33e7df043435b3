//! Makes folders of CloudTrail logs as AWS delivers them: an organisation's accounts and regions, files of a few
//! events and a few large ones, late and doubled events, calls that two accounts log, and planted attacks.
//!
//! The same options make the same bytes. Every event is a function of the seed and its place, so files are made on
//! several threads. `truth.jsonl` beside the logs says what was planted: one JSON object a line, with `kind`
//! `attack` (its name, its events' ids), `pair` (a shared id, the two events' ids), `duplicate` (an event's id) and at
//! the end `sum` (how many events and files).
//!
//! Source of the layout: [finding log files](https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html).

mod attacks;
mod calls;
mod identity;
mod layout;
mod record;
mod world;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result, bail};
use clap::Args;
use fastrand::Rng;
use flate2::{Compression, GzBuilder};
use serde_json::{Value, json};

use self::attacks::Planted;
use self::layout::{File, Layout};

#[derive(Args)]
pub(crate) struct Options {
    /// How many events, duplicates not counted.
    #[arg(long, default_value_t = 100_000)]
    events: usize,
    /// In how many files.
    #[arg(long, default_value_t = 650)]
    files: usize,
    /// Another seed, other logs.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The folder to make; it must be new or empty.
    out: PathBuf,
}

/// One in so many events is delivered twice.
const DUPLICATES: usize = 500;

pub(crate) fn run(options: &Options) -> Result<()> {
    if options.files == 0 || options.events < options.files {
        bail!("a file has at least one event; give more `--events` or fewer `--files`");
    }
    if options.out.read_dir().is_ok_and(|mut entries| entries.next().is_some()) {
        bail!("`{}` is not empty; name another folder", options.out.display());
    }
    let layout = Layout::new(options.seed, options.events, options.files);
    let planted = attacks::plan(options.seed, &layout);
    let sum = write_files(options, &layout, &planted)?;
    let truth = truth(&layout, &planted, &sum);
    fs::write(options.out.join("truth.jsonl"), truth)?;
    println!("{} events in {} files, {} bytes of JSON", sum.events, layout.files.len(), sum.bytes);
    Ok(())
}

/// What was written.
#[derive(Default)]
struct Sum {
    events: usize,
    bytes: usize,
    duplicates: Vec<String>,
}

/// Writes all files, on as many threads as there are processors.
fn write_files(options: &Options, layout: &Layout, planted: &[Planted]) -> Result<Sum> {
    let next = AtomicUsize::new(0);
    let results: Mutex<Vec<(usize, Result<Sum>)>> = Mutex::default();
    let work = || {
        while let Some(file) = layout.files.get(next.fetch_add(1, Ordering::Relaxed)) {
            let result = write_file(options, layout, planted, file);
            results.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((file.index, result));
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(work))));
    let mut results = results.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    results.sort_unstable_by_key(|(index, _)| *index);
    let mut sum = Sum::default();
    for (_, result) in results {
        let file = result?;
        sum.events += file.events;
        sum.bytes += file.bytes;
        sum.duplicates.extend(file.duplicates);
    }
    Ok(sum)
}

fn write_file(options: &Options, layout: &Layout, planted: &[Planted], file: &File) -> Result<Sum> {
    let (text, sum) = contents(options.seed, layout, planted, file);
    let path = options.out.join(file.path());
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).with_context(|| format!("cannot make `{}`", folder.display()))?;
    let mut writer = GzBuilder::new().mtime(0).write(Vec::new(), Compression::default());
    writer.write_all(text.as_bytes())?;
    fs::write(&path, writer.finish()?).with_context(|| format!("cannot write `{}`", path.display()))?;
    Ok(sum)
}

/// The records of a file: what is planted in it among what is usual, and what an earlier file had already.
fn contents(seed: u64, layout: &Layout, planted: &[Planted], file: &File) -> (String, Sum) {
    let mut records: Vec<String> = planted.iter().filter_map(|planted| planted.record_in(file)).collect();
    let usual = file.events.saturating_sub(records.len());
    records.extend((0..usual).map(|place| calls::usual(seed, file, place).1));
    let mut sum = Sum { events: records.len(), ..Sum::default() };
    let mut rng = rng(seed, file.index, usize::MAX);
    if let Some(earlier) = layout.earlier(file) {
        for place in (0..earlier.events / 2).filter(|_| rng.usize(..DUPLICATES / 2) == 0) {
            let (id, record) = calls::usual(seed, earlier, place);
            sum.duplicates.push(id);
            records.push(record);
        }
    }
    rng.shuffle(&mut records);
    let text = format!("{{\"Records\":[{}]}}", records.join(","));
    sum.bytes = text.len();
    (text, sum)
}

/// The random choices of one event.
fn rng(seed: u64, file: usize, place: usize) -> Rng {
    let mut outer = Rng::with_seed(seed ^ (file as u64).rotate_left(40));
    Rng::with_seed(outer.u64(..) ^ (place as u64).rotate_left(20))
}

fn truth(layout: &Layout, planted: &[Planted], sum: &Sum) -> String {
    let mut rows: Vec<Value> = attacks::truth(planted);
    rows.extend(sum.duplicates.iter().map(|id| json!({"kind": "duplicate", "events": [id]})));
    rows.push(json!({
        "kind": "sum",
        "events": sum.events,
        "duplicates": sum.duplicates.len(),
        "files": layout.files.len(),
    }));
    let lines: Vec<String> = rows.iter().map(Value::to_string).collect();
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests;
