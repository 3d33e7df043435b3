//! What the context says, and what it leaves open.

use leastwise_policy::{Context, Tri, Unsaid, Verdict, outlook};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::case::Case;
use crate::config;
use crate::universe::{Entries, cases, entries, set, values};
use crate::words::FREE_KEYS;

/// What a key may turn out to be: absent, or these values.
type Completion = Vec<Option<Vec<Box<str>>>>;

fn completions() -> impl Strategy<Value = Completion> {
    vec(proptest::option::of(values(0..3)), FREE_KEYS.len())
}

/// The case with this context.
fn given(case: &Case, entries: &Entries) -> Case {
    let mut given = case.clone();
    given.request.context = Context::new();
    for (key, values) in entries {
        set(&mut given.request.context, key, values.clone());
    }
    given
}

/// The case with every key that its context leaves open turned out as the completion says.
fn completed(case: &Case, entries: &Entries, completion: &Completion) -> Case {
    let is_known = |key: &str| {
        entries.iter().any(|(given, _)| *given == key)
            // What follows from the caller is known.
            // What calls are made through follows from the services that they are made through.
            || key == "aws:ViaAWSService" && entries.iter().any(|(given, _)| *given == "aws:CalledVia")
    };
    let mut complete = given(case, entries);
    for (key, values) in FREE_KEYS.iter().zip(completion) {
        if let Some(values) = values.clone().filter(|_| !is_known(key)) {
            set(&mut complete.request.context, key, values);
        }
    }
    complete
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_certain_outlook_holds_for_every_completion(
        case in cases(),
        entries in entries(),
        completion in completions(),
    ) {
        let mut open = given(&case, &entries).request;
        open.context.unsaid = Unsaid::Unknown;
        let outlook = outlook(&open, &case.documents.prepare());
        let verdict = completed(&case, &entries, &completion).verdict();
        match outlook.is_allowed() {
            Tri::Yes => prop_assert_eq!(verdict, Verdict::Allowed, "{:?}", completion),
            Tri::No => prop_assert_ne!(verdict, Verdict::Allowed, "{:?}", completion),
            Tri::Maybe => {}
        }
        if case.request.resources.len() == 1 {
            match outlook.deny {
                Tri::Yes => prop_assert_eq!(verdict, Verdict::ExplicitDeny, "{:?}", completion),
                Tri::No => prop_assert_ne!(verdict, Verdict::ExplicitDeny, "{:?}", completion),
                Tri::Maybe => {}
            }
        }
    }

    #[test]
    fn a_key_that_no_policy_names_changes_nothing(case in cases(), values in values(0..3)) {
        let mut more = case.clone();
        set(&mut more.request.context, "aws:RequestTag/irrelevant", values);
        prop_assert_eq!(case.verdict(), more.verdict());
    }
}
