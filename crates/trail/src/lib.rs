//! CloudTrail: from the bytes of log files to events, and from events to detections and usage.
//!
//! [`json`] holds one parsed record, [`Event`] is the view of it that knows CloudTrail's fields
//! ([record contents](https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html)).

mod analysis;
mod event;
pub mod hunt;
pub mod json;
pub mod sigma;
mod moment;
pub mod stats;
pub mod usage;

pub use analysis::Analysis;
pub use event::{Event, Field, Path};
pub use hunt::Hunt;
mod filter;
pub mod json;
mod place;
pub mod read;

pub use analysis::Analysis;
pub use event::{Event, Field, Path};
pub use filter::{Filter, SLACK};
pub use place::{Kind, Place};
