//! Hits of detection rules.

mod markdown;
mod records;
mod text;
#[cfg(test)]
mod tests;

pub use markdown::markdown;
pub use records::{COLUMNS, csv, json, json_lines};
pub use text::text;
