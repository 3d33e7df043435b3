//! Names that are counted: the first so many in their order are kept, as in [`Few`], but quicker to add to.

use leastwise_model::{Few, LONGEST_NAME};

use super::hash::Map;

/// How many names are looked through one by one.
const FEW: usize = 16;

/// Names and how often each came; at the end the first `N` in their order count, and the others together.
#[derive(Debug, Default)]
pub(super) struct Kept<const N: usize> {
    few: Vec<(Box<str>, u64)>,
    many: Option<Box<Map<Box<str>, u64>>>,
    /// The last of `N` names that were kept when others were dropped: what comes after it cannot be among the first.
    bar: Option<Box<str>>,
    other: u64,
}

impl<const N: usize> Kept<N> {
    pub(super) fn add(&mut self, name: &str, count: u64) {
        if name.len() > LONGEST_NAME || self.bar.as_deref().is_some_and(|bar| name > bar) {
            return self.add_other(count);
        }
        if let Some(many) = &mut self.many {
            if let Some(own) = many.get_mut(name) {
                *own = own.saturating_add(count);
            } else {
                many.insert(name.into(), count);
                self.prune();
            }
        } else if let Some((_, own)) = self.few.iter_mut().find(|(own, _)| **own == *name) {
            *own = own.saturating_add(count);
        } else {
            self.few.push((name.into(), count));
            if self.few.len() > FEW {
                self.many = Some(Box::new(std::mem::take(&mut self.few).into_iter().collect()));
            }
        }
    }

    pub(super) fn add_other(&mut self, count: u64) {
        self.other = self.other.saturating_add(count);
    }

    /// Drops all but the first `N` names when there are twice as many.
    fn prune(&mut self) {
        let Some(many) = self.many.as_deref_mut().filter(|many| many.len() > 2 * N) else { return };
        let mut names: Vec<(Box<str>, u64)> = many.drain().collect();
        names.sort_unstable();
        let dropped = names.split_off(N);
        self.bar = names.last().map(|(name, _)| name.clone());
        many.extend(names);
        for (_, count) in dropped {
            self.add_other(count);
        }
    }

    pub(super) fn finish(self) -> Few<N> {
        let mut few = Few::default();
        let mut names = self.few;
        names.extend(self.many.into_iter().flat_map(|many| many.into_iter()));
        names.sort_unstable();
        for (name, count) in names {
            few.add(name, count);
        }
        few.add_other(self.other);
        few
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// It is a `Few`, whatever comes in whatever order.
        #[test]
        fn is_a_few(names in proptest::collection::vec("[a-z]{1,2}", 0..200)) {
            let (mut kept, mut few) = (Kept::<20>::default(), Few::<20>::default());
            for name in &names {
                kept.add(name, 1);
                few.count(name);
            }
            prop_assert_eq!(kept.finish(), few);
        }
    }
}
