use std::collections::BTreeSet;

/// Finds names that occur twice, in near-linear time: few are compared one by one, many through a set.
#[derive(Default)]
pub(super) struct Once(BTreeSet<String>);

/// So many names are compared one by one, which spares copying them.
const FEW: usize = 16;

impl Once {
    /// True if `name` is among the `earlier` names; case does not matter.
    pub(super) fn repeats<'a>(
        &mut self,
        earlier: impl ExactSizeIterator<Item = &'a str>,
        name: &str,
    ) -> bool {
        if earlier.len() < FEW {
            return earlier.into_iter().any(|other| other.eq_ignore_ascii_case(name));
        }
        if self.0.is_empty() {
            self.0.extend(earlier.map(str::to_ascii_lowercase));
        }
        !self.0.insert(name.to_ascii_lowercase())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_and_many() {
        let names: Vec<String> = (0..100).map(|i| format!("Key{i}")).collect();
        let mut once = Once::default();
        for (i, name) in names.iter().enumerate() {
            assert!(!once.repeats(names[..i].iter().map(String::as_str), name), "{name}");
            let twice = name.to_uppercase();
            let mut other = Once::default();
            assert!(other.repeats(names[..=i].iter().map(String::as_str), &twice), "{name}");
        }
    }
}
