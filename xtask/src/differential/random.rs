/// Random choices that are the same for the same seed, on every machine.
pub(super) struct Random(u64);

impl Random {
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The generator `SplitMix64`.
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// True in so many of a hundred cases.
    pub fn percent(&mut self, percent: u64) -> bool {
        self.next() % 100 < percent
    }

    /// From one number to another, both included.
    pub fn between(&mut self, least: usize, most: usize) -> usize {
        let span = u64::try_from(most - least).unwrap_or(0) + 1;
        least + usize::try_from(self.next() % span).unwrap_or(0)
    }

    /// One of the words; the list must not be empty.
    pub fn pick<'a>(&mut self, words: &[&'a str]) -> &'a str {
        let at = self.between(0, words.len().saturating_sub(1));
        words.get(at).copied().unwrap_or_default()
    }

    /// One of the words; each stands beside its weight.
    pub fn weighted<'a>(&mut self, words: &[(usize, &'a str)]) -> &'a str {
        let total: usize = words.iter().map(|(weight, _)| weight).sum();
        let mut at = self.between(1, total.max(1));
        for (weight, word) in words {
            if at <= *weight {
                return word;
            }
            at -= weight;
        }
        ""
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_chooses_the_same() {
        let choices = |seed| {
            let mut random = Random::new(seed);
            (0..20).map(|_| random.between(3, 9)).collect::<Vec<_>>()
        };
        assert_eq!(choices(7), choices(7));
        assert_ne!(choices(7), choices(8));
        assert!(choices(7).iter().all(|n| (3..=9).contains(n)));
        let mut random = Random::new(1);
        assert!((0..50).all(|_| random.weighted(&[(1, "a"), (0, "b"), (2, "c")]) != "b"));
    }
}
