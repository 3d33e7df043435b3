//! KMS keys and their grants.
//!
//! Source: [key policies](https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html),
//! [grants](https://docs.aws.amazon.com/kms/latest/developerguide/grants.html).

use std::collections::BTreeMap;

use crate::context::Unsaid;
use crate::request::View;
use crate::tri::Tri;

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
    /// The ARN of the principal that may retire the grant.
    pub retiring: Option<Box<str>>,
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
    let action = &view.request.action;
    action.service() == "kms" && !action.facts().account_level && view.resource.name().starts_with("key/")
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

/// Whether one of the key's grants allows the request.
pub(crate) fn is_granted(view: &View<'_>) -> Tri {
    if !is_about_a_key(view) {
        return Tri::No;
    }
    Tri::any(view.request.kms_grants.iter().map(|grant| grant.allows(view)))
}

impl Grant {
    /// Whether the grant allows the request.
    pub(crate) fn allows(&self, view: &View<'_>) -> Tri {
        if !self.concerns(view) {
            return Tri::No;
        }
        let operation = view.request.action.lower().strip_prefix("kms:").unwrap_or_default();
        if ENCRYPTING.contains(&operation) {
            Tri::all(self.constraints.iter().map(|constraint| constraint.holds(view)))
        } else {
            Tri::Yes
        }
    }

    /// True if the grant is for the caller and the action.
    pub(crate) fn concerns(&self, view: &View<'_>) -> bool {
        let caller = &view.request.caller;
        let is_caller = |arn: &str| arn == caller.text() || caller.role() == Some(arn);
        let operation = view.request.action.lower().strip_prefix("kms:").unwrap_or_default();
        let retires = operation == "retiregrant" && self.retiring.as_deref().is_some_and(is_caller);
        retires
            || is_caller(&self.grantee)
                && self.operations.iter().any(|allowed| allowed.eq_ignore_ascii_case(operation))
    }
}

impl Constraint {
    /// The pairs that the encryption context must hold.
    pub const fn pairs(&self) -> &BTreeMap<String, String> {
        match self {
            Self::Subset(pairs) | Self::Equals(pairs) => pairs,
        }
    }

    /// The case of keys does not matter in a constraint, that of values does.
    ///
    /// Source: [GrantConstraints](https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantConstraints.html).
    fn holds(&self, view: &View<'_>) -> Tri {
        let context = &view.request.context;
        let entries: BTreeMap<String, Vec<&str>> = context
            .behind(CONTEXT)
            .map(|(key, values)| (key.to_ascii_lowercase(), values.iter().collect()))
            .collect();
        let unsaid = if context.unsaid == Unsaid::Unknown { Tri::Maybe } else { Tri::No };
        let has =
            Tri::all(self.pairs().iter().map(|(key, value)| match entries.get(&key.to_ascii_lowercase()) {
                Some(found) => Tri::from(*found == vec![value.as_str()]),
                None => unsaid,
            }));
        match self {
            Self::Subset(_) => has,
            Self::Equals(pairs) if entries.len() > pairs.len() => Tri::No,
            // There may be entries that nobody told of.
            Self::Equals(_) => has.min(!unsaid),
        }
    }
}
