//! Use cases of CloudTrail's log files.

pub mod verify;
