//! The rules that come with the program.

use super::Source;

/// Our own rules: the files of the folder `rules/`, in the order of their paths.
pub fn ours() -> Vec<Source<'static>> {
    include!(concat!(env!("OUT_DIR"), "/rules.rs")).to_vec()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::sigma::{Placeholders, Rules, check};

    #[test]
    fn every_rule_of_ours_is_used_and_right() {
        let rules = Rules::load_with_tests(ours(), &Placeholders::new());
        assert_eq!(rules.problems(), []);
        for outcome in check(&rules) {
            assert_eq!(outcome.failures, Vec::<String>::new());
        }
    }

    #[test]
    fn rules_are_the_same_without_their_tests() {
        let with = Rules::load_with_tests(ours(), &Placeholders::new());
        let without = Rules::load(ours(), &Placeholders::new());
        assert!(with.iter().eq(without.iter()));
        assert_eq!(format!("{:?}", with.codes), format!("{:?}", without.codes));
    }

    #[test]
    fn every_rule_that_gives_hits_says_what_people_need() {
        let rules = Rules::load(ours(), &Placeholders::new());
        let mut titles = BTreeSet::new();
        for meta in rules.used.iter().filter(|rule| rule.reported).map(|rule| &rule.meta) {
            let said = [&meta.description, &meta.why, &meta.status, &meta.author];
            assert!(said.iter().all(|text| text.is_some()), "{}: `{}`", meta.file, meta.title);
            assert!(!meta.falsepositives.is_empty() && !meta.tags.is_empty(), "{}", meta.file);
            assert!(titles.insert(meta.title.clone()), "two rules are called `{}`", meta.title);
        }
    }
}
