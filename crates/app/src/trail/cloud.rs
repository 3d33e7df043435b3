//! Logs in AWS: objects of a bucket, and the event history of an account.

use std::io::{self, BufWriter, Seek, Write};
use std::sync::{Arc, Mutex};

use anyhow::{Context, Result, anyhow};
use leastwise_aws::trail::{Bucket, Listing, Location, LookupRequest, lookup_events};
use leastwise_aws::{Access, Connection, Watch};
use leastwise_model::Missing;
use leastwise_trail::Filter;
use tokio::runtime::Runtime;

use super::{Inputs, Object};

/// How many objects of a bucket are fetched at a time: their number, not their size, takes the time.
pub const AT_A_TIME: usize = 16;

/// Where events of services without a region of their own are.
///
/// Source: [global service events](https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html#cloudtrail-concepts-global-service-events).
const GLOBAL: &str = "us-east-1";

/// A way to AWS, for threads that wait.
pub struct Cloud {
    runtime: Arc<Runtime>,
    connection: Connection,
}

impl Cloud {
    /// Finds credentials.
    ///
    /// # Errors
    /// There are none, or a profile is wrong.
    pub fn connect(access: &Access) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = Arc::new(runtime.context("cannot start")?);
        let connection = runtime.block_on(leastwise_aws::connect(access))?;
        Ok(Self { runtime, connection })
    }

    /// Adds the log files below a prefix of a bucket. What cannot be listed counts as unreadable.
    ///
    /// # Errors
    /// The bucket is not there, or the caller may not look at it; nothing could be listed.
    pub fn add_bucket(&self, inputs: &mut Inputs, location: &Location, filter: &Filter) -> Result<()> {
        let cannot = |missing: Missing| anyhow!("cannot read `{location}`: {missing}");
        let bucket = self.runtime.block_on(Bucket::open(&self.connection, location)).map_err(cannot)?;
        let listed = self.runtime.block_on(bucket.list(&location.prefix, &|_| {}));
        let Listing { objects, missing } = listed;
        if let Some(missing) = missing {
            if objects.is_empty() {
                return Err(cannot(missing));
            }
            inputs.add_unreadable(&location.to_string(), &format!("was not listed to its end: {missing}"));
        }
        let root = format!("s3://{}/", location.bucket);
        let folders: Vec<(String, &str, u64)> = objects
            .iter()
            .map(|object| {
                // The folder keeps its slash, as keys may have several in a row.
                let (folder, name) = object.key.split_at(object.key.rfind('/').map_or(0, |at| at + 1));
                (format!("{root}{folder}"), name, object.size)
            })
            .collect();
        let objects = folders.iter().map(|(folder, name, size)| Object { folder, name, size: *size });
        let open = bucket.opener(self.runtime.handle().clone());
        // Objects are opened when `self` may be gone: the runtime lives as long as there are any to open.
        let runtime = Arc::clone(&self.runtime);
        let open = move |path: &str| {
            let _alive = &runtime;
            open(path.strip_prefix(&root).unwrap_or(path))
        };
        inputs.add_objects(objects, Box::new(open), filter);
        Ok(())
    }

    /// Adds the event history of the account: management events of the last 90 days, from the regions of the filter,
    /// else from that of the profile and `us-east-1`. They wait in a temporary file.
    ///
    /// # Errors
    /// The temporary file cannot be written.
    pub fn add_history(&self, inputs: &mut Inputs, filter: &Filter, watch: &Watch) -> Result<()> {
        let mut regions = filter.regions.clone();
        if regions.is_empty() {
            regions.extend(self.connection.region().map(str::to_owned));
            if !regions.iter().any(|region| region == GLOBAL) {
                regions.push(GLOBAL.to_owned());
            }
        }
        let request = LookupRequest { regions, from: filter.since, to: filter.until, account: None };
        let spool = Mutex::new((BufWriter::new(tempfile::tempfile()?), None));
        let take = |_: &str, record: String| {
            let Ok(mut spool) = spool.lock() else { return };
            if let Err(error) = writeln!(spool.0, "{}", record.replace(['\n', '\r'], " ")) {
                spool.1.get_or_insert(error);
            }
        };
        let lookups = self.runtime.block_on(lookup_events(&self.connection, &request, &take, watch));
        for lookup in lookups {
            let name = format!("the event history of {}", lookup.region);
            if let Some(missing) = lookup.missing {
                inputs.add_unreadable(&name, &missing.to_string());
            }
            if lookup.without_record > 0 {
                let why = format!("{} events came without a record", lookup.without_record);
                inputs.add_unreadable(&name, &why);
            }
        }
        let (file, error) = spool.into_inner().map_err(|_| io::Error::other("writing was cut off"))?;
        error.map_or(Ok(()), Err).context("cannot keep the event history in a temporary file")?;
        let mut file = file.into_inner().context("cannot keep the event history in a temporary file")?;
        file.rewind()?;
        inputs.add_stream("the event history", Box::new(file));
        Ok(())
    }
}
