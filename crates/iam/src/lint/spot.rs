use std::fmt;

use crate::Condition;

/// An element of a document, as a finding names it.
#[derive(Clone, Copy)]
pub(crate) enum Spot<'a> {
    /// The document as a whole.
    Document,
    /// The statement with this index.
    Statement(usize),
    /// An element of a statement, such as `Action`.
    Element(usize, &'static str),
    /// An entry of an element: its index, and how many there are. A single one has no index.
    Entry(usize, &'static str, usize, usize),
    /// A condition.
    Condition(usize, &'a Condition),
    /// A value of a condition.
    Value(usize, &'a Condition, usize),
}

impl Spot<'_> {
    /// The statement that the element is in.
    pub(crate) const fn statement(self) -> Option<usize> {
        match self {
            Self::Document => None,
            Self::Statement(statement)
            | Self::Element(statement, _)
            | Self::Entry(statement, ..)
            | Self::Condition(statement, _)
            | Self::Value(statement, ..) => Some(statement),
        }
    }
}

impl fmt::Display for Spot<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(statement) = self.statement() else { return Ok(()) };
        write!(f, "Statement[{statement}]")?;
        match self {
            Self::Document | Self::Statement(_) => Ok(()),
            Self::Element(_, name) | Self::Entry(_, name, _, 1) => write!(f, ".{name}"),
            Self::Entry(_, name, index, _) => write!(f, ".{name}[{index}]"),
            Self::Condition(_, c) => write!(f, ".Condition.{}.{}", c.operator, c.key),
            Self::Value(_, c, _) if c.values.len() == 1 => write!(f, ".Condition.{}.{}", c.operator, c.key),
            Self::Value(_, c, index) => write!(f, ".Condition.{}.{}[{index}]", c.operator, c.key),
        }
    }
}
