//! Answers to questions of access: who can do what, and why.

pub mod json;
pub mod text;

mod shared;
#[cfg(test)]
mod tests;
mod words;
