//! KMS keys and their grants.
//!
//! Source: [key policies](https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html),
//! [grants](https://docs.aws.amazon.com/kms/latest/developerguide/grants.html).

use std::collections::BTreeMap;

use crate::request::View;

/// What precedes the name of an encryption context's entry in a context key.
const CONTEXT: &str = "kms:encryptioncontext:";

/// The operations that take an encryption context, in lower case: a grant's constraint is for these alone.
///
/// Source: [grant constraints](https://docs.aws.amazon.com/kms/latest/developerguide/create-grant-overview.html#grant-constraints).
const ENCRYPTING: [&str; 8] = [
    "encrypt",
    "decrypt",
    "reencryptfrom",
    "reencryptto",
    "generatedatakey",
    "generatedatakeywithoutplaintext",
    "generatedatakeypair",
    "generatedatakeypairwithoutplaintext",
];

/// A grant of a KMS key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The ARN of the principal that may use the key, or a service's name.
    pub grantee: Box<str>,
    /// What it may do, such as `Decrypt`.
    pub operations: Vec<Box<str>>,
    /// What the encryption context must be: all of it.
    pub constraints: Vec<Constraint>,
}

/// A condition of a grant on the request's encryption context.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Constraint {
    /// It must hold these pairs, and may hold others.
    Subset(BTreeMap<String, String>),
    /// It must hold these pairs and no others.
    Equals(BTreeMap<String, String>),
}

/// True if the request concerns a key.
pub(crate) fn is_about_a_key(view: &View<'_>) -> bool {
    view.request.action.service() == "kms" && view.resource.name().starts_with("key/")
}

/// True for actions, in lower case, that a grant can allow by their name.
///
/// Source: [grant operations](https://docs.aws.amazon.com/kms/latest/developerguide/grants.html#terms-grant-operations).
pub(crate) fn is_operation_of_grants(action: &str) -> bool {
    const OTHERS: [&str; 9] = [
        "creategrant",
        "derivesharedsecret",
        "describekey",
        "generatemac",
        "getpublickey",
        "retiregrant",
        "sign",
        "verify",
        "verifymac",
    ];
    let operation = action.strip_prefix("kms:");
    operation.is_some_and(|operation| ENCRYPTING.contains(&operation) || OTHERS.contains(&operation))
}

/// True if one of the key's grants allows the request.
pub(crate) fn is_granted(view: &View<'_>) -> bool {
    is_about_a_key(view) && view.request.kms_grants.iter().any(|grant| grant.allows(view))
}

impl Grant {
    fn allows(&self, view: &View<'_>) -> bool {
        let caller = &view.request.caller;
        let is_grantee = *self.grantee == *caller.text() || caller.role() == Some(&self.grantee);
        let operation = view.request.action.lower().strip_prefix("kms:").unwrap_or_default();
        is_grantee
            && self.operations.iter().any(|allowed| allowed.eq_ignore_ascii_case(operation))
            && (!ENCRYPTING.contains(&operation)
                || self.constraints.iter().all(|constraint| constraint.holds(view)))
    }
}

impl Constraint {
    fn holds(&self, view: &View<'_>) -> bool {
        let entries: BTreeMap<&str, Vec<&str>> = view
            .request
            .context
            .behind(CONTEXT)
            .map(|(key, values)| (key, values.iter().collect()))
            .collect();
        let has = |pairs: &BTreeMap<String, String>| {
            pairs.iter().all(|(key, value)| entries.get(&**key) == Some(&vec![value.as_str()]))
        };
        match self {
            Self::Subset(pairs) => has(pairs),
            Self::Equals(pairs) => has(pairs) && pairs.len() == entries.len(),
        }
    }
}
