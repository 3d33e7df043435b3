//! Answers to questions of access: who can do what, and why.

pub mod json;
pub mod text;

mod words;
