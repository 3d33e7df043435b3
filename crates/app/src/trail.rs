//! Use cases on `CloudTrail` logs.

pub mod usage;
