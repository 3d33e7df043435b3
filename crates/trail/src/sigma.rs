//! Detections in [Sigma](https://sigmahq.io), specification 2.1, on CloudTrail records.
//!
//! [`Rules::load`] reads files of rules and compiles them together: an index over texts that a rule needs lets an
//! event meet only a few of them, and what several rules ask is tried once. Rules that cannot be used are
//! [`Problem`]s with file, name and reason. [`Hunt`](crate::Hunt) runs the rules over events; [`check`] runs the
//! test events of the rules themselves.
//!
//! Beyond the specification a rule may have `why` (a text), `tests` (`match` and `no_match`, lists of events; for
//! rules about several events, lists of lists) and, beside `detection`, a rule type of ours:
//!
//! ```yaml
//! first_seen:
//!     by: [leastwise.principal]   # whose habit
//!     value: [eventSource]        # what is new; several fields together are one value
//!     within: 30d                 # new is what was not seen in this span before
//!     learn: 7d                   # who is judged has been seen for this long
//! ```
//!
//! `leastwise.principal` is a field of ours: the user, or the role without its session.
//!
//! The crate `rsigma-parser` (0.23) was tried for reading. It knows the whole language, but it leaves out without a
//! word what is no text in a list of texts (rules, groups, aliases, tags), turns a threshold below zero into a large
//! one, knows no position except inside conditions, keeps searches in hash maps, and cannot say which document of a
//! file an error belongs to; beside it, it brings a linter and three parsers. So reading is ours, upon the events of
//! the parser `saphyr-parser`, where every value knows its line.

mod check;
mod code;
mod compiled;
mod condition;
mod correlation;
mod encode;
mod fold;
mod index;
mod loading;
mod lower;
mod ours;
mod pattern;
mod place;
mod principal;
mod problem;
mod read;
mod rule;
mod rules;
mod test;
mod texts;
mod yaml;

use std::collections::BTreeMap;

pub use check::{Outcome, check};
pub(crate) use compiled::{Compiled, CompiledBody, CompiledCorrelation, RuleSource};
pub(crate) use condition::Condition;
pub(crate) use correlation::MAX_WINDOW;
pub use ours::ours;
pub(crate) use place::{Marks, View};
pub use problem::{Problem, ProblemKind};
pub(crate) use rule::{Comparison, CorrelationCondition};
pub use rule::{CorrelationKind, Level, Meta, Span};
pub(crate) use rules::Scratch;
pub use rules::{Kind, Rules, Source};

/// What the placeholders of `expand` stand for, by name, without percent signs.
pub type Placeholders = BTreeMap<String, Vec<String>>;

/// Names in back-ticks with commas between them.
fn listed<'n>(names: impl Iterator<Item = &'n str>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
