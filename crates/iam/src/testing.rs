//! Arbitrary documents for property tests; behind the feature `testing`.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use crate::{
    Condition, Document, Effect, Operator, Pattern, Principal, PrincipalKind, Principals, Quantifier, Scope,
    Statement, Version,
};

/// Documents of any content and of either version, as they can be read from JSON: each prints and reads back.
pub fn documents() -> impl Strategy<Value = Document> {
    let version = select(vec![Version::V2008, Version::V2012]);
    (version, option::of(texts()), vec(statements(), 0..4)).prop_map(|(version, id, statements)| Document {
        version,
        id: id.map(Into::into),
        statements,
    })
}

/// Statements with every combination of elements.
pub fn statements() -> impl Strategy<Value = Statement> {
    let effect = select(vec![Effect::Allow, Effect::Deny]);
    let resources = prop_oneof![Just(Scope::Unspecified), scopes(resources())];
    (option::of(texts()), effect, principals(), scopes(actions()), resources, conditions()).prop_map(
        |(sid, effect, principals, actions, resources, conditions)| Statement {
            sid: sid.map(Into::into),
            effect,
            principals,
            actions,
            resources,
            conditions,
        },
    )
}

/// Both forms of `Action` or `Resource`, with these patterns; sometimes an empty list.
pub fn scopes(pattern: impl Strategy<Value = String> + 'static) -> impl Strategy<Value = Scope> {
    let patterns = vec(pattern.prop_map(Pattern::new), 0..4);
    (any::<bool>(), patterns)
        .prop_map(|(negated, patterns)| if negated { Scope::AllBut(patterns) } else { Scope::Only(patterns) })
}

/// Patterns of actions, most of them of real ones.
pub fn actions() -> impl Strategy<Value = String> {
    prop_oneof![
        select(vec!["*", "s3:*", "s3:GetObject", "S3:get*", "iam:PassRole", "ec2:Describe?nstances"])
            .prop_map(str::to_owned),
        texts(),
    ]
}

/// Patterns of resources, with wildcards and variables.
pub fn resources() -> impl Strategy<Value = String> {
    prop_oneof![
        select(vec![
            "*",
            "arn:aws:s3:::bucket/${aws:username}/*",
            "arn:aws:s3:::b?cket/${aws:PrincipalTag/team, 'all'}${*}",
            "arn:aws:iam::123456789012:role/*",
        ])
        .prop_map(str::to_owned),
        texts(),
    ]
}

/// Both forms of `Principal`, or neither.
pub fn principals() -> impl Strategy<Value = Principals> {
    let everyone = Just(vec![Principal { kind: PrincipalKind::Everyone, value: "*".into() }]);
    let kinds = vec![
        PrincipalKind::Aws,
        PrincipalKind::Service,
        PrincipalKind::Federated,
        PrincipalKind::CanonicalUser,
    ];
    // Entries of one kind stand together, as when read.
    let by_kind = proptest::sample::subsequence(kinds, 0..=4)
        .prop_shuffle()
        .prop_flat_map(|kinds| kinds.into_iter().map(entries).collect::<Vec<_>>())
        .prop_map(|lists| lists.into_iter().flatten().collect());
    (any::<bool>(), option::of(prop_oneof![everyone, by_kind])).prop_map(|(negated, entries)| match entries {
        None => Principals::Unspecified,
        Some(entries) if negated => Principals::AllBut(entries),
        Some(entries) => Principals::Only(entries),
    })
}

fn entries(kind: PrincipalKind) -> impl Strategy<Value = Vec<Principal>> {
    let values = prop_oneof![
        select(vec!["*", "123456789012", "arn:aws:iam::123456789012:root", "ec2.amazonaws.com"])
            .prop_map(str::to_owned),
        texts(),
    ];
    vec(values.prop_map(move |value| Principal { kind, value: value.into() }), 1..3)
}

/// The conditions of a statement: no operator has a key twice, and those of one operator stand together.
pub fn conditions() -> impl Strategy<Value = Vec<Condition>> {
    vec((operators(), vec((keys(), vec(texts().prop_map(Into::into), 0..3)), 1..3)), 0..3).prop_map(
        |blocks| {
            let mut conditions: Vec<Condition> = Vec::new();
            let mut seen = std::collections::BTreeSet::new();
            for (operator, keys) in blocks {
                if !seen.insert(operator.to_string().to_ascii_lowercase()) {
                    continue;
                }
                for (key, values) in keys {
                    if seen.insert(format!("{operator} {key}").to_ascii_lowercase()) {
                        conditions.push(Condition { operator: operator.clone(), key: key.into(), values });
                    }
                }
            }
            conditions
        },
    )
}

/// Operators with every prefix and suffix; some unknown.
pub fn operators() -> impl Strategy<Value = Operator> {
    let comparisons = vec![
        "StringEquals",
        "StringNotLike",
        "NumericLessThan",
        "DateGreaterThan",
        "Bool",
        "Null",
        "ArnLike",
        "IpAddress",
        "BinaryEquals",
        "Unheard",
    ];
    let quantifiers = vec![None, Some(Quantifier::AnyValue), Some(Quantifier::AllValues)];
    (select(comparisons), select(quantifiers), any::<bool>()).prop_map(
        |(comparison, quantifier, if_exists)| Operator {
            quantifier,
            comparison: comparison.into(),
            if_exists,
        },
    )
}

/// Names of context keys, some of them no names.
pub fn keys() -> impl Strategy<Value = String> {
    prop_oneof![
        select(vec!["aws:SourceIp", "AWS:sourceip", "aws:PrincipalTag/team", "s3:prefix", "aws:username"])
            .prop_map(str::to_owned),
        texts(),
    ]
}

/// Any text, with what needs escapes in JSON and what has meaning in a policy.
pub fn texts() -> impl Strategy<Value = String> {
    prop_oneof!["[a-zA-Z0-9*?:/${}', -]{0,12}", "\\PC{0,6}", "[\"\\\\\n\t\u{0}\u{1f600}]{0,4}"]
}
