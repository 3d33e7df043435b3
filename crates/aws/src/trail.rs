//! CloudTrail: log files in a bucket, the event history of a live account, and the keys of digests.
//!
//! None of it belongs to a collection, and each call is one of
//! [`TRAIL_OPERATIONS`](crate::permissions::TRAIL_OPERATIONS). What could not be read is told, with the reason.

mod bucket;
mod keys;
mod location;
mod lookup;

pub use bucket::{Bucket, Listing, Object, ObjectInfo};
pub use keys::{Key, public_keys};
pub use location::{Location, LocationError};
pub use lookup::{Lookup, LookupRequest, lookup_events};
