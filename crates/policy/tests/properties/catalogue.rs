//! Wildcards and complements over all actions of AWS.

use leastwise_iam::catalogue::Catalogue;
use leastwise_iam::{Document, Effect, Pattern, Principals, Scope, Statement, Version};
use leastwise_policy::{Action, Caller, Policies, Policy, PolicyKind, Request, Resource, decide};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::algebra::plain_match;

/// No policy decides these: they come out alike whatever is written.
const BEYOND_POLICIES: [&str; 2] = ["sts:GetCallerIdentity", "sts:GetSessionToken"];

/// Patterns as people write them, and parts of names with wildcards around them.
fn patterns() -> impl Strategy<Value = String> {
    let usual = vec![
        "*",
        "s3:*",
        "ec2:Describe*",
        "*:Tag*",
        "iam:*Role*",
        "S3:get?bject",
        "kms:Decrypt",
        "dynamodb*",
    ];
    prop_oneof![
        select(usual).prop_map(str::to_owned),
        "[*]?[a-z]{1,3}[*?][a-z]{0,2}[*]?",
        "[a-z]{2,3}[*]:[A-Z][a-z]{0,3}[*?]",
    ]
}

fn matched(patterns: &[String], wanted: bool) -> Vec<Pattern> {
    let any = |name: &str| {
        patterns.iter().any(|pattern| plain_match(pattern.to_ascii_lowercase().as_bytes(), name.as_bytes()))
    };
    let actions = Catalogue::get().actions().iter();
    actions.filter(|a| any(a.lower_name()) == wanted).map(|a| Pattern::new(a.full_name())).collect()
}

fn policies(actions: Scope, effect: Effect) -> Policies {
    let statement = |effect, actions| Statement {
        sid: None,
        effect,
        principals: Principals::Unspecified,
        actions,
        resources: Scope::Only(vec![Pattern::new("*")]),
        conditions: Vec::new(),
    };
    let mut statements = vec![statement(effect, actions)];
    if effect == Effect::Deny {
        statements.push(statement(Effect::Allow, Scope::Only(vec![Pattern::new("*")])));
    }
    let document = Document { version: Version::V2012, id: None, statements };
    Policies { identity: vec![Policy::new(document, PolicyKind::Identity).unwrap()], ..Policies::default() }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn wildcards_and_complements_over_the_catalogue(
        patterns in vec(patterns(), 1..4),
        asked in vec(any::<Index>(), 200),
        deny: bool,
    ) {
        let all = Catalogue::get().actions();
        let effect = if deny { Effect::Deny } else { Effect::Allow };
        let short: Vec<Pattern> = patterns.iter().map(|p| Pattern::new(p.as_str())).collect();
        let written = [
            Scope::Only(short.clone()),
            Scope::Only(matched(&patterns, true)),
            Scope::AllBut(matched(&patterns, false)),
        ].map(|scope| policies(scope, effect));
        let negated = [Scope::AllBut(short), Scope::Only(matched(&patterns, false))]
            .map(|scope| policies(scope, effect));
        for index in asked {
            let caller = Caller::parse("arn:aws:iam::111111111111:user/app").unwrap();
            let action = Action::parse(index.get(all).full_name()).unwrap();
            let request = Request::new(caller, action, Resource::any());
            let [verdict, expanded, complement] = written.each_ref().map(|p| decide(&request, p).verdict);
            prop_assert_eq!((verdict, verdict), (expanded, complement), "{:?}", request.action);
            let [other, expanded] = negated.each_ref().map(|p| decide(&request, p).verdict);
            prop_assert_eq!(other, expanded, "{:?}", request.action);
            let is_decided_by_policies = !BEYOND_POLICIES.contains(&request.action.as_str());
            prop_assert_eq!(verdict != other, is_decided_by_policies, "{:?}", request.action);
        }
    }
}
