use leastwise_iam::{AccountId, Arn, Principal, PrincipalKind};

use crate::pattern::is_literal;

/// Somebody whom a statement lets assume the role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Caller {
    /// Anyone in the world.
    Anyone,
    /// Principals of an account, or people whom an identity provider of the account lets in.
    Account(AccountId),
    /// Principals of an organisation.
    Organization(String),
    /// It cannot be told who; this is why.
    Unrecognised(String),
}

impl Caller {
    /// Whom an entry of a `Principal` element names; `None` for AWS services, for web identity providers
    /// without an account, and for the unique ids that deleted principals leave behind: they let nobody in.
    pub(super) fn named_by(principal: &Principal) -> Option<Self> {
        let value = &*principal.value;
        let unrecognised = || Self::unrecognised(value);
        match principal.kind {
            _ if is_everyone(principal) => Some(Self::Anyone),
            PrincipalKind::Aws if is_unique_id(value) => None,
            PrincipalKind::Aws => Some(principal.account().map_or_else(unrecognised, Self::Account)),
            PrincipalKind::Federated if value.starts_with("arn:") => {
                Some(provider_account(value).map_or_else(unrecognised, Self::Account))
            }
            PrincipalKind::Service | PrincipalKind::Federated if is_host(value) => None,
            PrincipalKind::Service
            | PrincipalKind::Federated
            | PrincipalKind::CanonicalUser
            | PrincipalKind::Everyone => Some(unrecognised()),
        }
    }

    /// What a statement lets in that names no principal.
    pub(super) fn unnamed() -> Self {
        Self::Unrecognised("the trust policy has a statement that names no principal".to_owned())
    }

    fn unrecognised(value: &str) -> Self {
        Self::Unrecognised(format!(
            "the trust policy names the principal `{value}`, which is of no known form"
        ))
    }

    pub(super) fn organization(&self) -> Option<&str> {
        match self {
            Self::Organization(id) => Some(id),
            Self::Anyone | Self::Account(_) | Self::Unrecognised(_) => None,
        }
    }
}

/// `*`, or an ARN with a wildcard where the account belongs. AWS stores no such ARN, but a snapshot can
/// hold one.
fn is_everyone(principal: &Principal) -> bool {
    let value = &*principal.value;
    let any_account = || {
        let mut fields = value.split(':');
        fields.next() == Some("arn") && fields.nth(3).is_some_and(|account| account.contains(['*', '?']))
    };
    match principal.kind {
        PrincipalKind::Everyone => true,
        PrincipalKind::Aws | PrincipalKind::Federated => value == "*" || any_account(),
        PrincipalKind::Service => value == "*",
        PrincipalKind::CanonicalUser => false,
    }
}

/// The account of an identity provider's ARN.
fn provider_account(value: &str) -> Option<AccountId> {
    let arn: Arn = value.parse().ok()?;
    let provider = ["saml-provider/", "oidc-provider/"].iter().any(|kind| arn.resource().starts_with(kind));
    if arn.service() == "iam" && provider { arn.account() } else { None }
}

/// What AWS puts in place of the ARN when a principal is deleted, such as `AIDA…` for a user.
///
/// Source: [unique identifiers](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids).
fn is_unique_id(value: &str) -> bool {
    value.starts_with('A')
        && (16..=128).contains(&value.len())
        && value.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

/// The name of a service or of a provider, such as `ec2.amazonaws.com`.
fn is_host(value: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '/');
    is_literal(value) && value.contains('.') && value.chars().all(allowed)
}
