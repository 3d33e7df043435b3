//! A case of `leastwise policy simulate`, or one built from a small vocabulary: deciding never panics, and what
//! must hold of every decision does.

#![no_main]

use leastwise_fuzz::{Case, case, universe};
use leastwise_policy::{Tri, Unsaid, Verdict, decide, outlook};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let case = if bytes.starts_with(b"{") { case::read(bytes) } else { universe::build(bytes) };
    if let Some(case) = case {
        denials_never_allow(&case);
        the_outlook_is_sound(&case);
        order_does_not_matter(&case);
    }
});

/// Taking all denials away never turns an allowed request into a denied one, so adding them never allows.
fn denials_never_allow(case: &Case) {
    let verdict = decide(&case.request, &case.prepare()).verdict;
    let without = decide(&case.request, &case.without_denials().prepare()).verdict;
    assert!(verdict != Verdict::Allowed || without == Verdict::Allowed, "a denial allows: {case:?}");
    assert_ne!(without, Verdict::ExplicitDeny, "denied by nothing: {case:?}");
}

/// Where the outlook is certain although nothing is known of the keys that are not given, it is the same when
/// they are absent.
fn the_outlook_is_sound(case: &Case) {
    let mut open = case.request.clone();
    open.context.unsaid = Unsaid::Unknown;
    let policies = case.prepare();
    let verdict = decide(&case.request, &policies).verdict;
    match outlook(&open, &policies).is_allowed() {
        Tri::Yes => assert_eq!(verdict, Verdict::Allowed, "{case:?}"),
        Tri::No => assert_ne!(verdict, Verdict::Allowed, "{case:?}"),
        Tri::Maybe => {}
    }
}

fn order_does_not_matter(case: &Case) {
    let verdict = decide(&case.request, &case.prepare()).verdict;
    let turned = decide(&case.request, &case.reversed().prepare()).verdict;
    assert_eq!(verdict, turned, "{case:?}");
}
