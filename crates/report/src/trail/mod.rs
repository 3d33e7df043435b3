//! What CloudTrail's logs come to: hits of rules, usage, statistics.

pub(crate) mod groups;
mod head;
pub mod hunt;
pub mod rules;
pub mod stats;
pub mod usage;
pub mod verify;

pub use head::Head;
