//! How long the action catalogue takes to decode; `cargo xtask bench` runs this in a release build.
//!
//! The first time, in a fresh process, is what a command pays; it is printed first.

#![allow(clippy::disallowed_methods, reason = "a measurement reads the clock")]

use std::time::Instant;

use leastwise_iam::catalogue::{Catalogue, CatalogueError};

const BLOB: &[u8] = include_bytes!("../data/catalogue.bin");

fn main() -> Result<(), CatalogueError> {
    for run in ["first", "second", "third"] {
        let start = Instant::now();
        let catalogue = Catalogue::decode(BLOB)?;
        println!("{run}: {:.2} ms, {} actions", start.elapsed().as_secs_f64() * 1e3, catalogue.len());
    }
    Ok(())
}
