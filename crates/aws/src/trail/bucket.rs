//! Log files in S3.

use std::future::Future;
use std::io;
use std::num::NonZeroUsize;
use std::sync::Arc;

use leastwise_model::Missing;
use tokio::runtime::Handle;
use tokio::sync::Semaphore;

use super::Location;
use crate::access::Connection;
use crate::ask::ask;
use crate::each::each;
use crate::failure::{Failure, Kind};
use crate::pages::Markers;
use crate::permissions::{GET_OBJECT, LIST_BUCKET};
use crate::regional::Regional;
use crate::session::Session;

/// How often an object is asked for whose body breaks off.
const TRIES: usize = 3;
/// How many bytes of objects are held at a time, with at least one object.
const HELD: u32 = 64 << 20;

/// A bucket, read in its own region.
#[derive(Debug, Clone)]
pub struct Bucket {
    clients: Regional,
    name: String,
    /// The region that the bucket is in.
    pub region: String,
}

/// What a list says of an object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ObjectInfo {
    /// Its key.
    pub key: String,
    /// Its size in bytes.
    pub size: u64,
}

/// The objects below a prefix.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// The objects, in the order of their keys.
    pub objects: Vec<ObjectInfo>,
    /// Why there may be more.
    pub missing: Option<Missing>,
}

/// An object with its contents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// Its contents, as they are stored.
    pub bytes: Vec<u8>,
    /// Its metadata `signature`: digests of CloudTrail have one.
    pub signature: Option<String>,
}

impl Bucket {
    /// Finds the region of a bucket.
    ///
    /// Source: [HeadBucket](https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html).
    ///
    /// # Errors
    /// The bucket does not exist, or the caller may not look at it.
    pub async fn open(connection: &Connection, location: &Location) -> Result<Self, Missing> {
        let session = Session::new(&connection.config);
        let home = session.regional(session.region());
        let name = location.bucket.clone();
        let call = home.s3().head_bucket().bucket(&name);
        let region = match ask(&LIST_BUCKET, call.send()).await {
            Ok(answer) => answer.bucket_region.unwrap_or_else(|| session.region().to_owned()),
            Err(Failure { bucket_region: Some(region), .. }) if *region != *session.region() => region.into(),
            Err(failure) => return Err(unopened(&failure, &name)),
        };
        Ok(Self { clients: session.regional(&region), name, region })
    }

    /// Lists the objects whose keys begin with the prefix; `watch` hears how many there are so far. What was listed
    /// before a failure counts.
    pub async fn list(&self, prefix: &str, watch: &(dyn Fn(usize) + Sync)) -> Listing {
        let mut listing = Listing::default();
        let mut markers = Markers::of_any_length(&LIST_BUCKET);
        let mut marker = None;
        loop {
            let call = self.clients.s3().list_objects_v2().bucket(&self.name).prefix(prefix);
            let answer = match ask(&LIST_BUCKET, call.set_continuation_token(marker).send()).await {
                Ok(answer) => answer,
                Err(failure) => return Listing { missing: Some(failure.missing), ..listing },
            };
            listing.objects.extend(answer.contents.unwrap_or_default().into_iter().filter_map(info));
            watch(listing.objects.len());
            let next = answer.next_continuation_token.filter(|_| answer.is_truncated == Some(true));
            if answer.is_truncated == Some(true) && next.is_none() {
                let failure = Failure::lacking(&LIST_BUCKET, "NextContinuationToken");
                return Listing { missing: Some(failure.missing), ..listing };
            }
            match markers.accept(next) {
                Ok(None) => return listing,
                Ok(next) => marker = next,
                Err(failure) => return Listing { missing: Some(failure.missing), ..listing },
            }
        }
    }

    /// Reads an object whole, again if its body breaks off.
    ///
    /// # Errors
    /// It is not there, the caller may not read it, or its body broke off each time.
    pub async fn read(&self, key: &str) -> Result<Object, Missing> {
        let mut last = None;
        for _ in 0..TRIES {
            let call = self.clients.s3().get_object().bucket(&self.name).key(key);
            let answer = ask(&GET_OBJECT, call.send()).await.map_err(|failure| failure.missing)?;
            let signature = answer.metadata.and_then(|mut metadata| metadata.remove("signature"));
            match answer.body.collect().await {
                Ok(body) => return Ok(Object { bytes: body.into_bytes().to_vec(), signature }),
                Err(error) => last = Some(error),
            }
        }
        let why = last.map(|error| crate::text::root_cause(&error)).unwrap_or_default();
        let detail = format!("the answer to `{}` broke off {TRIES} times: {why}", GET_OBJECT.action);
        Err(Failure::new(&GET_OBJECT, Kind::Silent, detail).missing)
    }

    /// A way to open objects by their keys, for threads that wait. They must not be the runtime's own, and the runtime
    /// has to go on meanwhile: have `tokio::task::spawn_blocking` start whatever reads, and await that.
    pub fn opener(
        self,
        runtime: Handle,
    ) -> impl Fn(&str) -> io::Result<Box<dyn io::Read + Send>> + Send + Sync {
        move |key| {
            let object = runtime.block_on(self.read(key)).map_err(|why| io::Error::other(why.to_string()))?;
            Ok(Box::new(io::Cursor::new(object.bytes)))
        }
    }

    /// Reads objects, at most `limit` at a time, and gives each to `take` as it comes; the results are in the order of
    /// the objects. Few large objects are held at a time, however many small ones are.
    pub async fn read_each<T, F>(
        &self,
        objects: &[ObjectInfo],
        limit: NonZeroUsize,
        take: impl Fn(usize, Result<Object, Missing>) -> F,
    ) -> Vec<T>
    where
        F: Future<Output = T>,
    {
        let room = Arc::new(Semaphore::new(HELD as usize));
        let take = &take;
        let jobs = objects.iter().enumerate().map(|(index, object)| {
            let room = Arc::clone(&room);
            async move {
                let wanted = u32::try_from(object.size).unwrap_or(HELD).clamp(1, HELD);
                // The semaphore is never closed; without room there would be no limit, and nothing else.
                let _room = room.acquire_many(wanted).await;
                take(index, self.read(&object.key).await).await
            }
        });
        each(limit, jobs).await
    }
}

/// The marks of folders, which have no contents, are left out.
fn info(object: aws_sdk_s3::types::Object) -> Option<ObjectInfo> {
    let key = object.key.filter(|key| !key.ends_with('/'))?;
    Some(ObjectInfo { key, size: object.size.and_then(|size| size.try_into().ok()).unwrap_or_default() })
}

/// Answers to `HEAD` have no body, so that only their status tells.
fn unopened(failure: &Failure, bucket: &str) -> Missing {
    if failure.is(&["NotFound", "NoSuchBucket"]) {
        let detail = format!("there is no bucket `{bucket}`; look at its name");
        return Failure::new(&LIST_BUCKET, Kind::Other, detail).missing;
    }
    failure.missing.clone()
}
