//! Arbitrary requests and policies of a small universe.

use std::sync::OnceLock;

use leastwise_iam::{
    Condition, Document, Effect, Operator, Pattern, Principal, PrincipalKind, Principals, Quantifier, Scope,
    Statement, Version,
};
use leastwise_policy::{Action, Caller, Constraint, Context, Grant, PublicAccessBlock, Request, Resource};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use crate::case::{Case, Documents};
use crate::words::{
    ACTION_PATTERNS, ACTIONS, CALLERS, DERIVED_KEYS, FREE_KEYS, OPERATORS, PRINCIPALS, RESOURCE_PATTERNS,
    RESOURCES, VALUES,
};

/// Requests with all types of policies. Every document is a policy of its kind.
pub fn cases() -> BoxedStrategy<Case> {
    shared(|| (requests(), documents()).prop_map(|(request, documents)| Case { request, documents }).boxed())
}

/// A strategy is built once: building one takes longer than drawing from it.
fn shared(build: impl FnOnce() -> BoxedStrategy<Case>) -> BoxedStrategy<Case> {
    thread_local! { static CASES: OnceLock<BoxedStrategy<Case>> = const { OnceLock::new() }; }
    CASES.with(|cases| cases.get_or_init(build).clone())
}

fn requests() -> impl Strategy<Value = Request> {
    let account = || select(&["111111111111", "222222222222"][..]);
    let resource = (select(&RESOURCES[..]), option::of(account())).prop_map(|(text, owner)| {
        let resource = Resource::parse(text).unwrap();
        owner.map_or(resource.clone(), |owner| resource.owned_by(owner.parse().unwrap()))
    });
    let settings = (option::weighted(0.2, account()), any::<bool>(), vec(grants(), 0..2));
    (select(&CALLERS[..]), select(&ACTIONS[..]), vec(resource, 1..3), contexts(), settings).prop_map(
        |(caller, action, resources, context, (management, restrict_public_buckets, kms_grants))| Request {
            resources,
            context,
            management_account: management.map(|account| account.parse().unwrap()),
            public_access_block: PublicAccessBlock { restrict_public_buckets },
            kms_grants,
            ..Request::new(Caller::parse(caller).unwrap(), Action::parse(action).unwrap(), Resource::any())
        },
    )
}

/// Keys with their values, as a context is made of.
pub type Entries = Vec<(&'static str, Vec<Box<str>>)>;

/// Some of the keys, with no value, one or two.
pub fn entries() -> impl Strategy<Value = Entries> {
    vec((keys(), values(0..3)), 0..4)
}

fn contexts() -> impl Strategy<Value = Context> {
    entries().prop_map(|entries| {
        let mut context = Context::new();
        for (key, values) in entries {
            set(&mut context, key, values);
        }
        context
    })
}

/// One value is set as such, for it makes a difference to policy variables.
pub fn set(context: &mut Context, key: &str, mut values: Vec<Box<str>>) {
    match values.pop() {
        Some(value) if values.is_empty() => context.set(key, value),
        last => context.set_all(key, values.into_iter().chain(last).collect()),
    }
}

fn grants() -> impl Strategy<Value = Grant> {
    let pairs = select(&VALUES[..]).prop_map(|value| [("a".to_owned(), value.to_owned())].into());
    let constraint = (any::<bool>(), pairs).prop_map(|(equals, pairs)| {
        if equals { Constraint::Equals(pairs) } else { Constraint::Subset(pairs) }
    });
    (select(&PRINCIPALS[..]), vec(constraint, 0..3)).prop_map(|(grantee, constraints)| Grant {
        grantee: grantee.into(),
        retiring: None,
        operations: vec!["Decrypt".into()],
        constraints,
    })
}

fn documents() -> impl Strategy<Value = Documents> {
    let plain = || vec(documents_of(statements(false).boxed()), 0..3).boxed();
    let with_principals = || vec(documents_of(statements(true).boxed()), 0..3).boxed();
    let resource = option::of(documents_of(statements(true).boxed()));
    let levels = |list: BoxedStrategy<Vec<Document>>| option::weighted(0.3, vec(list, 1..3));
    let lists = (plain(), option::weighted(0.3, plain()), option::weighted(0.3, plain()));
    let organization = (levels(plain()), levels(with_principals()));
    (lists, resource, organization, option::weighted(0.2, with_principals())).prop_map(
        |((identity, boundary, session), resource, (scp, rcp), endpoint)| Documents {
            identity,
            resource,
            boundary,
            session,
            scp,
            rcp,
            endpoint,
        },
    )
}

fn documents_of(statements: BoxedStrategy<Statement>) -> impl Strategy<Value = Document> {
    let versions = prop_oneof![4 => Just(Version::V2012), 1 => Just(Version::V2008)];
    (versions, vec(statements, 1..4)).prop_map(|(version, statements)| Document {
        version,
        id: None,
        statements,
    })
}

/// Statements for policies of resources or for others. Most allow, and most conditions are none.
pub fn statements(has_principals: bool) -> impl Strategy<Value = Statement> {
    let effects = prop_oneof![4 => Just(Effect::Allow), 1 => Just(Effect::Deny)];
    let principals =
        if has_principals { principals().boxed() } else { Just(Principals::Unspecified).boxed() };
    let conditions = prop_oneof![2 => Just(Vec::new()), 1 => conditions()];
    (effects, principals, scopes(&ACTION_PATTERNS), scopes(&RESOURCE_PATTERNS), conditions).prop_map(
        |(effect, principals, actions, resources, conditions)| Statement {
            sid: None,
            effect,
            principals,
            actions,
            resources,
            conditions,
        },
    )
}

/// The first of the words is everything, and comes often.
fn scopes(words: &'static [&'static str]) -> impl Strategy<Value = Scope> {
    let everything = Just(Scope::Only(vec![Pattern::new("*")]));
    let patterns = || vec(select(words).prop_map(Pattern::new), 1..4);
    prop_oneof![
        3 => everything,
        4 => patterns().prop_map(Scope::Only),
        1 => patterns().prop_map(Scope::AllBut),
    ]
}

fn principals() -> impl Strategy<Value = Principals> {
    let kinds = prop_oneof![4 => Just(PrincipalKind::Aws), 1 => Just(PrincipalKind::Service), 1 => Just(PrincipalKind::Federated)];
    let entry = (kinds, select(&PRINCIPALS[..]))
        .prop_map(|(kind, value)| Principal { kind, value: value.into() })
        .boxed();
    let everyone = Just(vec![Principal { kind: PrincipalKind::Everyone, value: "*".into() }]);
    prop_oneof![
        2 => everyone.prop_map(Principals::Only),
        4 => vec(entry.clone(), 1..4).prop_map(Principals::Only),
        1 => vec(entry, 1..4).prop_map(Principals::AllBut),
    ]
}

/// Conditions that JSON can hold: none twice with the same operator and key.
fn conditions() -> impl Strategy<Value = Vec<Condition>> {
    vec(condition(), 1..3).prop_map(|mut conditions| {
        let name = |condition: &Condition| format!("{} {}", condition.operator, condition.key);
        conditions.dedup_by_key(|condition| name(condition));
        conditions
    })
}

fn condition() -> impl Strategy<Value = Condition> {
    let quantifiers = prop_oneof![
        2 => Just(None),
        1 => Just(Some(Quantifier::AnyValue)),
        1 => Just(Some(Quantifier::AllValues)),
    ];
    let operators = (quantifiers, select(&OPERATORS[..]), any::<bool>()).prop_map(
        |(quantifier, comparison, if_exists)| Operator {
            quantifier,
            comparison: comparison.into(),
            if_exists,
        },
    );
    (operators, keys(), values(1..3)).prop_map(|(operator, key, values)| Condition {
        operator,
        key: key.into(),
        values,
    })
}

fn keys() -> impl Strategy<Value = &'static str> {
    prop_oneof![3 => select(&FREE_KEYS[..]), 1 => select(&DERIVED_KEYS[..])]
}

/// Values of a context key.
pub fn values(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Box<str>>> {
    vec(select(&VALUES[..]).prop_map(Into::into), count)
}
