//! End-to-end tests: the real binary, on files and against the lab.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test may stop"
)]

mod ablation;
mod access;
mod bad_input;
mod collection;
mod command_line;
mod denied;
mod evidence;
mod logs;
mod offline_folder;
mod planted;
mod policy;
mod resources;
mod sign_in;
mod support;
mod trail;
