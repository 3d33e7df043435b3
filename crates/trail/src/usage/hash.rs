//! Hash maps that are quick on short keys, and fingerprints of texts. Nothing that is shown depends on either.

use std::hash::{BuildHasher, Hasher};

use foldhash::fast::RandomState;

pub(crate) type Map<K, V> = std::collections::HashMap<K, V, RandomState>;

/// Makes fingerprints: numbers of 128 bits that stand for texts while a program runs. That two texts have the same is
/// out of the question, as nobody can know the random numbers that go into them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Prints([RandomState; 2]);

impl Prints {
    /// The fingerprint of texts, some of which may be absent.
    pub(crate) fn of<'t>(&self, texts: impl Iterator<Item = Option<&'t str>>) -> u128 {
        let [mut high, mut low] = self.0.each_ref().map(BuildHasher::build_hasher);
        for text in texts {
            for hasher in [&mut high, &mut low] {
                hasher.write_usize(text.map_or(usize::MAX, str::len));
                hasher.write(text.unwrap_or_default().as_bytes());
            }
        }
        u128::from(high.finish()) << 64 | u128::from(low.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints() {
        let prints = Prints::default();
        let of = |texts: &[Option<&str>]| prints.of(texts.iter().copied());
        let texts: [&[Option<&str>]; 5] =
            [&[], &[None], &[Some("")], &[Some("a"), Some("b")], &[Some("ab"), Some("")]];
        for (index, one) in texts.iter().enumerate() {
            for (other_index, other) in texts.iter().enumerate() {
                assert_eq!(of(one) == of(other), index == other_index, "{one:?} {other:?}");
            }
        }
    }
}
