use std::fmt;
use std::str::FromStr;

use crate::{Document, Effect, Principals, Scope};

/// What a document is used as, which decides what it may contain and how long it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PolicyKind {
    /// A managed identity policy, also one that is used as a permissions boundary.
    Managed,
    /// A policy embedded in a user.
    InlineUser,
    /// A policy embedded in a group.
    InlineGroup,
    /// A policy embedded in a role.
    InlineRole,
    /// A session policy.
    Session,
    /// A role's trust policy.
    Trust,
    /// Any other resource-based policy: of a bucket, a queue, a key.
    Resource,
    /// A service control policy.
    Scp,
    /// A resource control policy.
    Rcp,
    /// The policy of a VPC endpoint.
    Endpoint,
}

impl PolicyKind {
    /// Every kind.
    pub const ALL: [Self; 10] = [
        Self::Managed,
        Self::InlineUser,
        Self::InlineGroup,
        Self::InlineRole,
        Self::Session,
        Self::Trust,
        Self::Resource,
        Self::Scp,
        Self::Rcp,
        Self::Endpoint,
    ];

    /// The name on a command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Managed => "managed",
            Self::InlineUser => "inline-user",
            Self::InlineGroup => "inline-group",
            Self::InlineRole => "inline-role",
            Self::Session => "session",
            Self::Trust => "trust",
            Self::Resource => "resource",
            Self::Scp => "scp",
            Self::Rcp => "rcp",
            Self::Endpoint => "endpoint",
        }
    }

    /// The kind that a document looks like: one with principals is a trust policy if it speaks of nothing but
    /// assuming the role, else a resource policy; one without is a managed policy.
    pub fn guess(document: &Document) -> Self {
        let statements = &document.statements;
        if statements.iter().all(|s| s.principals == Principals::Unspecified) {
            return Self::Managed;
        }
        let assumes = |scope: &Scope| {
            let sts = |text: &str| text.get(..4).is_some_and(|prefix| prefix.eq_ignore_ascii_case("sts:"));
            scope.patterns().iter().all(|pattern| sts(pattern.as_str()))
        };
        let trust = statements.iter().all(|s| s.resources == Scope::Unspecified && assumes(&s.actions));
        if trust { Self::Trust } else { Self::Resource }
    }

    /// True for policies that are attached to whom they are about, and so name no principal.
    pub(crate) const fn is_identity(self) -> bool {
        matches!(
            self,
            Self::Managed | Self::InlineUser | Self::InlineGroup | Self::InlineRole | Self::Session
        )
    }

    /// True if an `Allow` of this kind gives access by itself or with others, rather than leaving it in place.
    pub(crate) const fn grants(self) -> bool {
        !matches!(self, Self::Scp | Self::Rcp)
    }
}

/// What a statement with this effect in a policy of this kind does; for messages.
pub(crate) const fn verb(effect: Effect) -> &'static str {
    match effect {
        Effect::Allow => "allows",
        Effect::Deny => "denies",
    }
}

impl fmt::Display for PolicyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text names no kind of policy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a kind of policy; one of {kinds} is expected", kinds = PolicyKind::ALL.map(PolicyKind::as_str).join(", "))]
pub struct PolicyKindError(String);

impl FromStr for PolicyKind {
    type Err = PolicyKindError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|kind| kind.as_str() == text);
        found.ok_or_else(|| PolicyKindError(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back() {
        for kind in PolicyKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
        }
        let error = "bucket".parse::<PolicyKind>().unwrap_err().to_string();
        assert!(error.contains("`bucket`") && error.contains("resource"), "{error}");
    }

    #[test]
    fn guesses() {
        let table = [
            (r#""Action":"s3:*","Resource":"*""#, PolicyKind::Managed),
            (r#""Principal":"*","Action":"sts:AssumeRole""#, PolicyKind::Trust),
            (r#""Principal":"*","Action":"s3:*","Resource":"*""#, PolicyKind::Resource),
            (r#""NotPrincipal":"*","Action":"sts:AssumeRole","Resource":"*""#, PolicyKind::Resource),
        ];
        for (rest, kind) in table {
            let text = format!(r#"{{"Statement":[{{"Effect":"Allow",{rest}}}]}}"#);
            assert_eq!(PolicyKind::guess(&Document::parse(&text).unwrap()), kind, "{rest}");
        }
    }
}
