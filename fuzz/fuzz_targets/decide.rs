//! A case of `leastwise policy simulate`, or one built from a small vocabulary: deciding never panics, and what
//! must hold of every decision does.

#![no_main]

use leastwise_fuzz::{Case, case, universe};
use leastwise_policy::{Tri, Unsaid, Verdict, decide, explain, outlook};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let case = if bytes.starts_with(b"{") { case::read(bytes) } else { universe::build(bytes) };
    if let Some(mut case) = case {
        case.documents.keep_valid();
        denials_never_allow(&case);
        the_outlook_is_sound(&case);
        the_explanation_is_of_the_decision(&case);
        assert_eq!(case.verdict(), case.reversed().verdict(), "the order matters: {case:?}");
    }
});

/// Taking all denials away never turns an allowed request into a denied one, so adding them never allows.
fn denials_never_allow(case: &Case) {
    let without = case.without_denials().verdict();
    assert!(without <= case.verdict(), "a denial allows: {case:?}");
    assert_ne!(without, Verdict::ExplicitDeny, "denied by nothing: {case:?}");
}

/// Where the outlook is certain although nothing is known of the keys that are not given, it is the same when
/// they are absent.
fn the_outlook_is_sound(case: &Case) {
    let mut open = case.request.clone();
    open.context.unsaid = Unsaid::Unknown;
    match outlook(&open, &case.documents.prepare()).is_allowed() {
        Tri::Yes => assert_eq!(case.verdict(), Verdict::Allowed, "{case:?}"),
        Tri::No => assert_ne!(case.verdict(), Verdict::Allowed, "{case:?}"),
        Tri::Maybe => {}
    }
}

fn the_explanation_is_of_the_decision(case: &Case) {
    let policies = case.documents.prepare();
    let explanation = explain(&case.request, &policies);
    assert_eq!(explanation.decision, decide(&case.request, &policies), "{case:?}");
    for resource in &explanation.resources {
        let (allowed, helpless) = (resource.outlook.is_allowed(), resource.remedies.is_empty());
        assert!(allowed != Tri::Yes || helpless, "a remedy for nothing: {resource:?} of {case:?}");
        assert!(allowed != Tri::No || !helpless, "no remedy: {resource:?} of {case:?}");
    }
}
