//! Tests of the order of notes, bounds and reports.
