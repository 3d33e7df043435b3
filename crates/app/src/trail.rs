//! Reading CloudTrail logs: from folders, files and streams to what an analysis makes of their events.

mod inputs;
mod order;
mod read;
mod reading;
mod seen;
#[cfg(test)]
mod tests;

pub use inputs::{Inputs, Object, Open};
pub use read::{Options, Progress, read};
pub use reading::{Reading, Span};
pub use seen::WINDOW;
