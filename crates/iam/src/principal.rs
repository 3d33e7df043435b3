use crate::{AccountId, Arn};

/// The `Principal` or `NotPrincipal` element of a statement.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Principals {
    /// Neither element, as in identity policies.
    Unspecified,
    /// `Principal`: these.
    Only(Vec<Principal>),
    /// `NotPrincipal`: everyone but these.
    AllBut(Vec<Principal>),
}

/// One entry of a `Principal` element.
///
/// Source: [IAM JSON policy elements: Principal](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Principal {
    /// Under which key the entry stands.
    pub kind: PrincipalKind,
    /// The entry as written.
    pub value: Box<str>,
}

/// The kinds of principals that a policy can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PrincipalKind {
    /// The bare `"Principal": "*"`.
    Everyone,
    /// `AWS`: an account, a user, a role, a role session, or `*`.
    Aws,
    /// `Service`: an AWS service.
    Service,
    /// `Federated`: a SAML or web identity provider.
    Federated,
    /// `CanonicalUser`: an account by its S3 canonical id.
    CanonicalUser,
}

impl PrincipalKind {
    pub(crate) fn parse(key: &str) -> Option<Self> {
        match key {
            "AWS" => Some(Self::Aws),
            "Service" => Some(Self::Service),
            "Federated" => Some(Self::Federated),
            "CanonicalUser" => Some(Self::CanonicalUser),
            _ => None,
        }
    }

    /// The key under which such entries stand.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Everyone => "*",
            Self::Aws => "AWS",
            Self::Service => "Service",
            Self::Federated => "Federated",
            Self::CanonicalUser => "CanonicalUser",
        }
    }
}

impl Principals {
    /// The entries of either form; none where the element is not there.
    pub fn entries(&self) -> &[Principal] {
        match self {
            Self::Unspecified => &[],
            Self::Only(entries) | Self::AllBut(entries) => entries,
        }
    }
}

impl Principal {
    /// True for `"*"` and `{"AWS": "*"}`, which mean the same: anyone, anonymous callers included.
    pub fn is_anyone(&self) -> bool {
        match self.kind {
            PrincipalKind::Everyone => true,
            PrincipalKind::Aws => &*self.value == "*",
            _ => false,
        }
    }

    /// The account of an `AWS` principal that is written as an account id or an ARN; none for `*` and
    /// for the unique id (`AIDA…`, `AROA…`) that is left when the principal has been deleted.
    pub fn account(&self) -> Option<AccountId> {
        if self.kind != PrincipalKind::Aws {
            return None;
        }
        self.value.parse().ok().or_else(|| self.value.parse::<Arn>().ok()?.account())
    }
}
