//! Explanations agree with decisions.

use leastwise_policy::{Tri, Verdict, decide, explain};
use proptest::prelude::*;

use crate::config;
use crate::universe::cases;

proptest! {
    #![proptest_config(config())]

    #[test]
    fn an_explanation_is_of_the_decision(case in cases()) {
        let policies = case.documents.prepare();
        let explanation = explain(&case.request, &policies);
        prop_assert_eq!(explanation.decision, decide(&case.request, &policies));
        let all = explanation.resources.iter().all(|r| r.outlook.is_allowed() == Tri::Yes);
        prop_assert_eq!(all, explanation.decision.verdict == Verdict::Allowed);
    }

    #[test]
    fn what_is_denied_has_a_remedy_and_what_is_allowed_none(case in cases()) {
        let explanation = explain(&case.request, &case.documents.prepare());
        for resource in explanation.resources {
            match resource.outlook.is_allowed() {
                Tri::Yes => prop_assert!(resource.remedies.is_empty(), "{:?}", resource),
                Tri::No => prop_assert!(!resource.remedies.is_empty(), "{:?}", resource),
                Tri::Maybe => {}
            }
        }
    }
}
