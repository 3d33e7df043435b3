//! Checks: pure functions from a snapshot to verdicts, and the frameworks that cite them.
//!
//! A check judges one subject. The [driver](assess()) finds the subjects, so that coverage can be counted
//! and what could not be read is a verdict of its own: [`Status::Unknown`](leastwise_model::Status::Unknown).

mod assess;
mod catalogue;
mod check;
mod checks;
mod condition;
mod config;
mod context;
mod evidence;
mod framework;
mod grants;
mod pattern;
mod root;
mod score;
mod subjects;
#[cfg(test)]
mod testing;
mod time;
mod trust;

pub use assess::{AccountAssessment, Assessment, ControlResult, FrameworkResult, Gap, Selection, assess};
pub use catalogue::{all, find};
pub use check::{Check, Judge, Judged, Verdict};
pub use config::{Config, ConfigError, Root, Thresholds, Trust};
pub use context::Context;
pub use framework::{Control, Framework, frameworks};
pub use score::{Counts, score};
pub use subjects::{KeyOf, PolicyOf, PolicyPlace, PrincipalOf};
