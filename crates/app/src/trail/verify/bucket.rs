//! Reading the objects of a bucket.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use anyhow::{Result, anyhow};
use leastwise_aws::Connection;
use leastwise_aws::trail::{Bucket, Listing, Location, Object};
use leastwise_trail::digest::{self, Contents, Intake, Place};

use super::{Progress, Read, Watch};

/// Reads what may be digests and log files; the rest is named only.
pub(super) async fn read(
    connection: &Connection,
    location: &Location,
    at_a_time: NonZeroUsize,
    watch: &Watch<'_>,
) -> Result<Read> {
    let cannot = |why: &dyn std::fmt::Display| anyhow!("cannot read `{location}`: {why}");
    let bucket = Bucket::open(connection, location).await.map_err(|missing| cannot(&missing))?;
    let counted = |done| watch(Progress { done, total: None, bytes: 0 });
    let Listing { objects, missing } = bucket.list(&location.prefix, &counted).await;
    if let Some(missing) = missing.as_ref().filter(|_| objects.is_empty()) {
        return Err(cannot(missing));
    }
    let place = |key: &str| Place::object(location.bucket.as_str(), key);
    let (logs, others): (Vec<_>, Vec<_>) = objects.into_iter().partition(|object| may_be_log(&object.key));
    let (done, bytes) = (AtomicUsize::new(0), AtomicU64::new(0));
    let contents = bucket.read_each(&logs, at_a_time, async |_, object| {
        let taken = take(object, &bytes).await;
        let done = done.fetch_add(1, Ordering::Relaxed) + 1;
        watch(Progress { done, total: Some(logs.len()), bytes: bytes.load(Ordering::Relaxed) });
        taken
    });
    let contents = contents.await;
    let read = logs.iter().zip(contents).map(|(object, (contents, signature))| digest::File {
        place: place(&object.key),
        contents,
        signature,
    });
    let named = others.iter().map(|object| digest::File {
        place: place(&object.key),
        contents: Contents::Ignored,
        signature: None,
    });
    let files = read.chain(named).collect();
    let unlisted = missing.map(|missing| (place(&location.prefix), missing.to_string()));
    Ok(Read { files, unlisted: unlisted.into_iter().collect(), bytes: bytes.into_inner() })
}

fn may_be_log(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    [".json", ".gz"].iter().any(|end| key.ends_with(end))
}

/// What an object holds, and its signature. It is hashed on another thread, so that other objects go on coming.
async fn take(
    object: Result<Object, leastwise_model::Missing>,
    bytes: &AtomicU64,
) -> (Contents, Option<String>) {
    let Object { bytes: text, signature } = match object {
        Ok(object) => object,
        Err(missing) => return (Contents::Unread(missing.to_string()), None),
    };
    bytes.fetch_add(text.len() as u64, Ordering::Relaxed);
    let contents = tokio::task::spawn_blocking(move || Intake::of(&text)).await;
    let ended = |_| Contents::Unread("the thread that read it ended early".to_owned());
    (contents.unwrap_or_else(ended), signature)
}
