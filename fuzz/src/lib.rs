//! What the fuzz targets share: requests with their policies, and what must hold of logs.

pub mod case;
pub mod logs;
pub mod universe;

// The property tests ask the same of the same universe.
#[path = "../../crates/policy/tests/properties/case.rs"]
mod asked;
#[path = "../../crates/policy/tests/properties/words.rs"]
mod words;

pub use asked::{Case, Documents};
