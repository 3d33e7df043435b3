use std::cell::RefCell;
use std::fmt::{self, Write};

use serde::de::Error;

use crate::Operator;

/// Where the reader is: a chain of elements that lives on the stack and costs nothing until something fails.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    parent: Option<&'a Place<'a>>,
    step: Step<'a>,
    failed: &'a Failed,
}

/// One step from an element to a part of it.
#[derive(Clone, Copy)]
pub(super) enum Step<'a> {
    Member(&'a str),
    Operator(&'a Operator),
    Item(usize),
}

/// The innermost element at which reading failed.
#[derive(Default)]
pub(super) struct Failed(RefCell<Option<String>>);

impl Failed {
    pub(super) fn take(self) -> String {
        self.0.into_inner().unwrap_or_default()
    }
}

impl<'a> Place<'a> {
    /// The document itself.
    pub(super) const fn root(failed: &'a Failed) -> Self {
        Self { parent: None, step: Step::Member(""), failed }
    }

    /// A part of this element.
    pub(super) const fn step(&'a self, step: Step<'a>) -> Self {
        Self { parent: Some(self), step, failed: self.failed }
    }

    /// An error at this element.
    pub(super) fn error<E: Error>(&self, why: impl fmt::Display) -> E {
        self.remember();
        E::custom(why)
    }

    /// Notes that reading failed here, unless it is known to have failed further inside.
    pub(super) fn remember(&self) {
        let mut failed = self.failed.0.borrow_mut();
        if failed.is_none() {
            let mut text = String::new();
            // Writing to a string cannot fail.
            let _ = self.write(&mut text);
            *failed = Some(text);
        }
    }

    fn write(&self, out: &mut String) -> fmt::Result {
        let Some(parent) = self.parent else { return Ok(()) };
        parent.write(out)?;
        let dot = if out.is_empty() { "" } else { "." };
        match self.step {
            Step::Member(name) => write!(out, "{dot}{name}"),
            Step::Operator(operator) => write!(out, "{dot}{operator}"),
            Step::Item(index) => write!(out, "[{index}]"),
        }
    }
}
