//! A small vocabulary from which every input builds a request and policies: what bytes say is which word comes
//! next, so that mutations change meaning and not spelling.

use std::collections::BTreeMap;

use arbitrary::{Result, Unstructured};
use leastwise_iam::{
    Condition, Document, Effect, Operator, Pattern, Principal, PrincipalKind, Principals, Quantifier, Scope,
    Statement, Version,
};
use leastwise_policy::{Action, Caller, Constraint, Context, Grant, PublicAccessBlock, Request, Resource};

use crate::words::{
    ACTION_PATTERNS, ACTIONS, CALLERS, DERIVED_KEYS, FREE_KEYS, OPERATORS, PRINCIPALS, RESOURCE_PATTERNS,
    RESOURCES, VALUES,
};
use crate::{Case, Documents};

/// The case that the bytes describe.
pub fn build(bytes: &[u8]) -> Option<Case> {
    let u = &mut Unstructured::new(bytes);
    Some(Case { request: request(u).ok()?, documents: documents(u).ok()? })
}

fn request(u: &mut Unstructured) -> Result<Request> {
    let caller = Caller::parse(u.choose(&CALLERS)?).expect("a caller");
    let action = Action::parse(u.choose(&ACTIONS)?).expect("an action");
    let mut request = Request::new(caller, action, Resource::any());
    request.resources = some(u, 2, |u| {
        let resource = Resource::parse(word(u, &RESOURCES)?).expect("a resource");
        let owner = u.choose(&[None, Some("111111111111"), Some("222222222222")])?;
        Ok(owner.map_or(resource.clone(), |owner| resource.owned_by(owner.parse().expect("an account"))))
    })?;
    request.context = context(u)?;
    request.management_account = u.arbitrary::<bool>()?.then(|| "111111111111".parse().expect("an account"));
    request.public_access_block = PublicAccessBlock { restrict_public_buckets: u.arbitrary()? };
    request.kms_grants = some(u, 1, grant)?;
    Ok(request)
}

fn context(u: &mut Unstructured) -> Result<Context> {
    let mut context = Context::new();
    for _ in 0..u.int_in_range(0..=4)? {
        let key = key(u)?;
        let values = some(u, 2, |u| Ok(word(u, &VALUES)?.into()))?;
        match <[Box<str>; 1]>::try_from(values) {
            Ok([value]) if u.arbitrary()? => context.set(key, value),
            Ok(value) => context.set_all(key, value.into()),
            Err(values) => context.set_all(key, values),
        }
    }
    Ok(context)
}

fn grant(u: &mut Unstructured) -> Result<Grant> {
    let pairs: BTreeMap<_, _> = [("a".to_owned(), word(u, &VALUES)?.to_owned())].into();
    let constraints = u
        .choose(&[vec![], vec![Constraint::Subset(pairs.clone())], vec![Constraint::Equals(pairs)]])?
        .clone();
    let retiring = maybe(u, |u| Ok(word(u, &PRINCIPALS)?.into()))?;
    Ok(Grant {
        grantee: word(u, &PRINCIPALS)?.into(),
        retiring,
        operations: vec!["Decrypt".into()],
        constraints,
    })
}

fn documents(u: &mut Unstructured) -> Result<Documents> {
    let plain = |u: &mut Unstructured| list(u, false);
    Ok(Documents {
        identity: plain(u)?,
        resource: maybe(u, |u| document(u, true))?,
        boundary: maybe(u, plain)?,
        session: maybe(u, plain)?,
        scp: maybe(u, |u| some(u, 2, plain))?,
        rcp: maybe(u, |u| some(u, 2, |u| list(u, true)))?,
        endpoint: maybe(u, |u| list(u, true))?,
    })
}

fn list(u: &mut Unstructured, has_principals: bool) -> Result<Vec<Document>> {
    some(u, 2, |u| document(u, has_principals))
}

fn document(u: &mut Unstructured, has_principals: bool) -> Result<Document> {
    let version = *u.choose(&[Version::V2012, Version::V2012, Version::V2008])?;
    Ok(Document { version, id: None, statements: some(u, 3, |u| statement(u, has_principals))? })
}

fn statement(u: &mut Unstructured, has_principals: bool) -> Result<Statement> {
    Ok(Statement {
        sid: None,
        effect: *u.choose(&[Effect::Allow, Effect::Deny])?,
        principals: if has_principals { principals(u)? } else { Principals::Unspecified },
        actions: scope(u, &ACTION_PATTERNS)?,
        resources: scope(u, &RESOURCE_PATTERNS)?,
        conditions: some(u, 2, condition)?,
    })
}

fn scope(u: &mut Unstructured, words: &[&str]) -> Result<Scope> {
    let patterns = some(u, 2, |u| Ok(Pattern::new(word(u, words)?)))?;
    Ok(if u.ratio(1, 4)? { Scope::AllBut(patterns) } else { Scope::Only(patterns) })
}

fn principals(u: &mut Unstructured) -> Result<Principals> {
    let kinds =
        [PrincipalKind::Aws, PrincipalKind::Service, PrincipalKind::Federated, PrincipalKind::Everyone];
    let entries = some(u, 3, |u| {
        let kind = *u.choose(&kinds)?;
        let value = if kind == PrincipalKind::Everyone { "*" } else { word(u, &PRINCIPALS)? };
        Ok(Principal { kind, value: value.into() })
    })?;
    Ok(if u.ratio(1, 4)? { Principals::AllBut(entries) } else { Principals::Only(entries) })
}

fn condition(u: &mut Unstructured) -> Result<Condition> {
    let quantifier = *u.choose(&[None, None, Some(Quantifier::AnyValue), Some(Quantifier::AllValues)])?;
    let operator =
        Operator { quantifier, comparison: word(u, &OPERATORS)?.into(), if_exists: u.ratio(1, 4)? };
    let values = some(u, 2, |u| Ok(word(u, &VALUES)?.into()))?;
    Ok(Condition { operator, key: key(u)?.into(), values })
}

/// A word of the vocabulary.
fn word<'w>(u: &mut Unstructured, words: &[&'w str]) -> Result<&'w str> {
    u.choose(words).copied()
}

fn key(u: &mut Unstructured) -> Result<&'static str> {
    if u.ratio(3, 4)? { word(u, &FREE_KEYS) } else { word(u, &DERIVED_KEYS) }
}

fn maybe<T>(u: &mut Unstructured, make: impl FnOnce(&mut Unstructured) -> Result<T>) -> Result<Option<T>> {
    if u.arbitrary()? { make(u).map(Some) } else { Ok(None) }
}

/// From none to so many.
fn some<T>(
    u: &mut Unstructured,
    most: usize,
    mut make: impl FnMut(&mut Unstructured) -> Result<T>,
) -> Result<Vec<T>> {
    (0..u.int_in_range(0..=most)?).map(|_| make(u)).collect()
}
