use std::collections::HashMap;

use leastwise_policy::{ActionSet, Classifier, Context, Permissions, Policies, Policy, Resource, Unsaid};

use crate::estate::Estate;
use crate::principal::Principal;

/// All that a principal can do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overview {
    /// What it always may, and what it may under conditions or on some resources.
    pub permissions: Permissions,
    /// True if something could not be read that may change the answer.
    pub is_incomplete: bool,
}

/// What a principal can do on resources of its own account: always, and under conditions or on some of them.
///
/// Policies of resources are left out. The context is what is said of the requests; if that is exact, they have
/// no other keys.
pub fn can(principal: &Principal, said: &[(String, Vec<String>)], exact: bool) -> Overview {
    let mut context = with(&principal.context, said);
    if exact {
        context.unsaid = Unsaid::Absent;
    }
    let (caller, policies) = (&principal.caller, &principal.policies);
    let mut permissions = Classifier::new().permissions(caller, &Resource::unknown(), &context, policies);
    if principal.unread().next().is_some() {
        // What could not be read may deny any of it.
        let always = std::mem::replace(&mut permissions.always, ActionSet::none());
        permissions.perhaps.extend(&always);
    }
    Overview { permissions, is_incomplete: principal.unread().next().is_some() }
}

/// What every principal can do on the resource `*`, in a context of which everything is said.
///
/// Principals with the same policies are asked once.
pub fn matrix<'e>(
    estate: &'e Estate<'_>,
    context: &[(String, Vec<String>)],
) -> Vec<(&'e Principal, Permissions)> {
    let mut classifier = Classifier::new();
    let mut known: HashMap<Vec<usize>, Permissions> = HashMap::new();
    estate
        .principals()
        .iter()
        .map(|principal| {
            let key = key(principal);
            if let Some(permissions) = key.as_ref().and_then(|key| known.get(key)) {
                return (principal, permissions.clone());
            }
            let permissions = concrete(principal, context, &mut classifier);
            if let Some(key) = key {
                known.insert(key, permissions.clone());
            }
            (principal, permissions)
        })
        .collect()
}

fn concrete(
    principal: &Principal,
    said: &[(String, Vec<String>)],
    classifier: &mut Classifier,
) -> Permissions {
    let mut context = with(&principal.context, said);
    context.unsaid = Unsaid::Absent;
    classifier.permissions(&principal.caller, &Resource::any(), &context, &principal.policies)
}

/// A principal's context, and what is said besides.
pub(crate) fn with(known: &Context, said: &[(String, Vec<String>)]) -> Context {
    let mut context = known.clone();
    for (key, values) in said {
        match values.as_slice() {
            [one] => context.set(key, one.as_str()),
            several => context.set_all(key, several.iter().map(|v| v.as_str().into()).collect()),
        }
    }
    context
}

/// What a principal's permissions depend on, if that is not who it is.
fn key(principal: &Principal) -> Option<Vec<usize>> {
    let Policies { identity, boundary, scp, .. } = &principal.policies;
    let lists = [Some(identity), boundary.as_ref()];
    let levels = scp.iter().flatten();
    let all = || principal.policies.iter();
    if all().any(Policy::depends_on_caller) {
        return None;
    }
    let mut key = vec![
        principal.kind as usize,
        principal.account().and_then(|account| account.to_string().parse().ok())?,
        usize::from(principal.arn.resource().starts_with("role/aws-service-role/")),
        usize::from(boundary.is_some()),
        usize::from(scp.is_some()),
    ];
    for list in lists.into_iter().flatten().chain(levels) {
        key.push(list.len());
        let mut addresses: Vec<usize> = list.iter().map(Policy::address).collect();
        addresses.sort_unstable();
        key.extend(addresses);
    }
    Some(key)
}
