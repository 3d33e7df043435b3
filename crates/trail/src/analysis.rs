//! What can be made of events: each analysis says what one stretch of events comes to, and how stretches add up.

use crate::Event;

/// Something that is made of events.
///
/// Files are read on several threads, each into a part of its own; parts are then joined one at a time, in the order
/// of the files, so that a result never depends on how many threads there were.
pub trait Analysis: Sync {
    /// What the events of one file, or of one stretch of a large one, come to.
    type Part: Send;
    /// What all of them come to.
    type Whole;

    /// A part without events.
    fn part(&self) -> Self::Part;

    /// Takes one event into a part. The event is not a duplicate of an earlier one.
    fn event(&self, part: &mut Self::Part, event: &Event<'_>);

    /// Takes the next part into the whole.
    fn join(&self, whole: &mut Self::Whole, part: Self::Part);
}
