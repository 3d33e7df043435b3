//! Use cases: one file each. A use case takes explicit inputs, returns a typed outcome, prints nothing and
//! calls no other use case.

pub mod access;
pub mod audit;
pub mod configuration;
pub mod diff;
pub mod evidence;
pub mod lint;
pub mod output;
pub mod simulate;
pub mod snapshot;
pub mod source;
pub mod trail;
