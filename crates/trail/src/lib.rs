//! CloudTrail: from the bytes of log files to events, and from events to detections and usage.
//!
//! [`read`] turns files into events. [`json`] holds one parsed record, [`Event`] is the view of it that knows
//! CloudTrail's fields
//! ([record contents](https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html)).
//! An [`Analysis`] makes something of events: [`Hunt`] finds what [`sigma`] rules describe, [`usage`] accounts for who
//! used what, [`stats`] counts.

mod analysis;
pub mod digest;
mod event;
mod filter;
pub mod hunt;
pub mod json;
mod moment;
mod place;
pub mod read;
pub mod sigma;
pub mod stats;
pub mod usage;

pub use analysis::Analysis;
pub use event::{Event, Field, Path};
pub use filter::{Filter, SLACK};
pub use hunt::Hunt;
pub use place::{Kind, Place};
