//! CloudTrail: from the bytes of log files to events, and from events to detections and usage.
//!
//! [`json`] holds one parsed record, [`Event`] is the view of it that knows CloudTrail's fields
//! ([record contents](https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html)).

mod analysis;
pub mod digest;
mod event;
pub mod json;

pub use analysis::Analysis;
pub use event::{Event, Field, Path};
