//! What can be made of events: each analysis says what one stretch of events comes to, and how stretches add up.

use crate::Event;

/// Something that is made of events.
///
/// Files are read on several threads, each into a part of its own; parts are then joined one at a time, in the order
/// of the files, so that a result never depends on how many threads there were.
pub trait Analysis: Sync {
    /// What the events of one stretch come to: of some files, of one, or of a part of a large one.
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

macro_rules! together {
    ($($one:ident $index:tt,)*) => {
        /// Several analyses of the same events in one pass.
        impl<$($one: Analysis),*> Analysis for ($($one,)*) {
            type Part = ($($one::Part,)*);
            type Whole = ($($one::Whole,)*);

            fn part(&self) -> Self::Part {
                ($(self.$index.part(),)*)
            }

            fn event(&self, part: &mut Self::Part, event: &Event<'_>) {
                $(self.$index.event(&mut part.$index, event);)*
            }

            fn join(&self, whole: &mut Self::Whole, part: Self::Part) {
                $(self.$index.join(&mut whole.$index, part.$index);)*
            }
        }
    };
}

together! { A 0, B 1, }
together! { A 0, B 1, C 2, }
together! { A 0, B 1, C 2, D 3, }
