//! More denials and restrictions never allow more; more allowances in identity policies never allow less.

use leastwise_iam::{Document, Effect, Statement, Version};
use leastwise_policy::{CallerKind, Verdict};
use proptest::prelude::*;

use crate::case::{Case, Documents};
use crate::config;
use crate::universe::{cases, statements};

/// Every place where a policy can be, by number.
const PLACES: usize = 7;

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_further_denial_never_allows(
        case in cases(),
        plain in statements(false),
        with_principals in statements(true),
        place in 0..PLACES,
    ) {
        let needs_principals = matches!(place, 1 | 5 | 6);
        let statement = if needs_principals { with_principals } else { plain };
        let deny = Statement { effect: Effect::Deny, ..statement };
        let mut denied = case.clone();
        add(&mut denied.documents, place, &deny);
        prop_assert!(case.verdict() <= denied.verdict(), "{:?}", denied);
    }

    #[test]
    fn a_further_allowance_in_an_identity_policy_never_denies(case in cases(), statement in statements(false)) {
        let mut allowed = case.clone();
        add(&mut allowed.documents, 0, &Statement { effect: Effect::Allow, ..statement });
        prop_assert!(allowed.verdict() <= case.verdict(), "{:?}", allowed);
    }

    #[test]
    fn a_further_restriction_never_allows(case in cases(), other in cases(), place in 2..PLACES) {
        let mut restricted = case.clone();
        restrict(&mut restricted.documents, &other.documents, place);
        // Session policies are the only ones that allow a federated user anything: without them, it has nothing.
        let has_its_first = place == 3
            && case.documents.session.is_none()
            && case.request.caller.kind() == CallerKind::FederatedUser;
        prop_assert!(has_its_first || case.verdict() <= restricted.verdict(), "{:?}", restricted);
    }

    #[test]
    fn without_denials_nothing_is_denied_explicitly(case in cases()) {
        let without = case.without_denials().verdict();
        prop_assert_ne!(without, Verdict::ExplicitDeny);
        prop_assert!(without <= case.verdict());
    }

    #[test]
    fn several_resources_are_decided_as_the_worst_of_them(case in cases(), other in cases()) {
        let mut all = case.clone();
        all.request.resources.extend(other.request.resources);
        let single = all.request.resources.iter().map(|resource| {
            let mut request = all.request.clone();
            request.resources = vec![resource.clone()];
            Case { request, documents: all.documents.clone() }.verdict()
        });
        prop_assert_eq!(Some(all.verdict()), single.max());
    }
}

/// Adds a statement to the first policy of the place, or as the only one of a new policy.
fn add(documents: &mut Documents, place: usize, statement: &Statement) {
    let new = || Document { version: Version::V2012, id: None, statements: Vec::new() };
    let list = match place {
        0 => &mut documents.identity,
        1 => return documents.resource.get_or_insert_with(new).statements.push(statement.clone()),
        2 => documents.boundary.get_or_insert_default(),
        3 => documents.session.get_or_insert_default(),
        4 => last_level(&mut documents.scp),
        5 => last_level(&mut documents.rcp),
        _ => documents.endpoint.get_or_insert_default(),
    };
    if list.is_empty() {
        list.push(new());
    }
    list[0].statements.push(statement.clone());
}

fn last_level(levels: &mut Option<Vec<Vec<Document>>>) -> &mut Vec<Document> {
    let levels = levels.get_or_insert_default();
    if levels.is_empty() {
        levels.push(Vec::new());
    }
    levels.last_mut().unwrap()
}

/// Adds the other's restriction where there is none, and its level where there are levels.
fn restrict(documents: &mut Documents, other: &Documents, place: usize) {
    match place {
        2 => documents.boundary = documents.boundary.take().or(other.boundary.clone()),
        3 => documents.session = documents.session.take().or(other.session.clone()),
        4 => more_levels(&mut documents.scp, other.scp.clone()),
        5 => more_levels(&mut documents.rcp, other.rcp.clone()),
        _ => documents.endpoint = documents.endpoint.take().or(other.endpoint.clone()),
    }
}

fn more_levels(levels: &mut Option<Vec<Vec<Document>>>, more: Option<Vec<Vec<Document>>>) {
    if let Some(more) = more {
        levels.get_or_insert_default().extend(more);
    }
}
