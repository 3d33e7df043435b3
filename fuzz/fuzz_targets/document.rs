//! Any bytes: reading gives a document or an error; what was read prints, and reads back as the same value.

#![no_main]

use leastwise_iam::Document;
use leastwise_policy::{Policy, PolicyKind};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let read = Document::from_slice(bytes);
    if let Ok(text) = str::from_utf8(bytes) {
        assert_eq!(Document::parse(text).is_ok(), read.is_ok(), "text and bytes read differently");
    }
    match read {
        Ok(document) => round_trip(&document),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
});

fn round_trip(document: &Document) {
    for printed in [document.to_json(), document.to_json_pretty()] {
        let printed = printed.expect("what was read can be printed");
        let again = Document::parse(&printed).expect("what was printed can be read");
        assert_eq!(*document, again, "{printed}");
    }
    for kind in [PolicyKind::Identity, PolicyKind::Resource, PolicyKind::ResourceControl] {
        if let Ok(policy) = Policy::new(document.clone(), kind) {
            assert!(
                policy.unknown_operators().count()
                    <= document.statements.iter().map(|s| s.conditions.len()).sum()
            );
        }
    }
}
