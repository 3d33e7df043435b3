//! Reports: what an audit found, as text, JSON, CSV and Markdown.
//!
//! Everything here is a pure function of an [`Assessment`](leastwise_checks::Assessment) and a [`View`]: no
//! clock, no terminal, no environment. The same input gives the same bytes.
//!
//! Names and messages come from strangers. What can move a cursor, turn text around or hide is never
//! printed raw: every writer replaces it by an escape, see [`clean()`].

pub mod access;
pub mod csv;
pub mod diff;
pub mod html;
pub mod json;
pub mod lint;
pub mod markdown;
pub mod page;
pub mod text;
pub mod trail;

mod citations;
mod clean;
mod digest;
mod figures;
#[cfg(test)]
mod hostile;
mod logs;
mod names;
mod paper;
mod prose;
mod style;
#[cfg(test)]
mod testing;
mod view;

pub use clean::clean;
pub use figures::{count, number};
pub use logs::logs;
pub use style::{By, Style};
pub use view::View;
