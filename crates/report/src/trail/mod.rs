//! Reports on CloudTrail's log files.

pub mod verify;
