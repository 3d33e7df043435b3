//! Any bytes as a file of logs: reading never panics, and what a record says does not depend on which parser read it.

#![no_main]

use leastwise_fuzz::logs;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    logs::parsers_agree(bytes);
    logs::reading_counts_everything(bytes);
});
