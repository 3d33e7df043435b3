//! Requests with their policies, for the fuzz targets.

pub mod case;
pub mod universe;

// The property tests ask the same of the same universe.
#[path = "../../crates/policy/tests/properties/case.rs"]
mod asked;
#[path = "../../crates/policy/tests/properties/words.rs"]
mod words;

pub use asked::{Case, Documents};
