//! Hits of detection rules.

mod markdown;
mod records;
#[cfg(test)]
mod tests;
mod text;

pub use markdown::markdown;
pub use records::{COLUMNS, csv, json, json_lines};
pub use text::text;
