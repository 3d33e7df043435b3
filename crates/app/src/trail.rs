//! Reading CloudTrail logs: from folders, files and streams to what an analysis makes of their events.

mod cloud;
mod inputs;
mod order;
mod read;
mod reading;
pub mod rules;
mod seen;
#[cfg(test)]
mod tests;
pub mod usage;
pub mod verify;

pub use cloud::{AT_A_TIME, Cloud};
pub use inputs::{Inputs, Object, Open};
pub use read::{Options, Progress, read};
pub use reading::{Reading, Span};
pub use seen::WINDOW;
