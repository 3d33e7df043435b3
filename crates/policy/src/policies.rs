use crate::policy::Policy;
use crate::principal::Named;
use crate::request::View;
use crate::tri::Tri;
use leastwise_iam::Effect;

/// All policies that apply to a request, by type.
///
/// Where a type is `None`, there is no such restriction; an empty list is a restriction that allows nothing.
#[derive(Debug, Clone, Default)]
pub struct Policies {
    /// Identity policies of the caller: its own and its groups'.
    pub identity: Vec<Policy>,
    /// The policy of the resource.
    pub resource: Option<Policy>,
    /// The caller's permissions boundary.
    pub boundary: Option<Vec<Policy>>,
    /// Session policies.
    pub session: Option<Vec<Policy>>,
    /// Service control policies: one list for each level from the organisation's root to the caller's account.
    pub scp: Option<Vec<Vec<Policy>>>,
    /// Resource control policies: one list for each level from the organisation's root to the resource's account.
    pub rcp: Option<Vec<Vec<Policy>>>,
    /// The policies of the VPC endpoint that the request comes through.
    pub endpoint: Option<Vec<Policy>>,
}

impl Policies {
    /// All policies of all types.
    pub fn iter(&self) -> impl Iterator<Item = &Policy> {
        let lists = [&self.boundary, &self.session, &self.endpoint].into_iter().flatten().flatten();
        let levels = [&self.scp, &self.rcp].into_iter().flatten().flatten().flatten();
        self.identity.iter().chain(&self.resource).chain(lists).chain(levels)
    }
}

/// A type of policy, or another ground for a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layer {
    /// Identity policies.
    Identity,
    /// The policy of the resource.
    Resource,
    /// The permissions boundary.
    Boundary,
    /// Session policies.
    Session,
    /// Service control policies.
    ServiceControl,
    /// Resource control policies.
    ResourceControl,
    /// The VPC endpoint's policies.
    Endpoint,
    /// A grant of a KMS key.
    KmsGrant,
    /// S3 Block Public Access.
    PublicAccessBlock,
    /// The root user needs no policy in its own account.
    RootUser,
    /// A rule of the service itself.
    Service,
}

impl Layer {
    /// The name in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Resource => "resource",
            Self::Boundary => "boundary",
            Self::Session => "session",
            Self::ServiceControl => "scp",
            Self::ResourceControl => "rcp",
            Self::Endpoint => "endpoint",
            Self::KmsGrant => "kms_grant",
            Self::PublicAccessBlock => "s3_public_access_block",
            Self::RootUser => "root_user",
            Self::Service => "service_rule",
        }
    }
}

/// What some policies together say to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Answer {
    /// Whether they deny.
    pub deny: Tri,
    /// Whether they allow the caller in person.
    pub direct: Tri,
    /// Whether they allow the role behind the session.
    pub role: Tri,
    /// Whether they allow the caller's account.
    pub account: Tri,
}

impl Answer {
    pub const NOTHING: Self = Self { deny: Tri::No, direct: Tri::No, role: Tri::No, account: Tri::No };

    /// Whether they allow, however they name the caller.
    pub fn allow(self) -> Tri {
        self.direct.max(self.role).max(self.account)
    }

    /// As if nothing were denied.
    pub fn without_denial(self) -> Self {
        Self { deny: Tri::No, ..self }
    }

    fn add(&mut self, applies: Tri, named: Named) {
        let slot = match named {
            Named::Directly => &mut self.direct,
            Named::Role => &mut self.role,
            Named::Account => &mut self.account,
            Named::No => return,
        };
        *slot = (*slot).max(applies);
    }
}

/// Asks the policies of one list.
pub(crate) fn ask<'p>(
    policies: impl IntoIterator<Item = &'p Policy>,
    view: &View<'_>,
    has_boundary: bool,
) -> Answer {
    let mut answer = Answer::NOTHING;
    for statement in policies.into_iter().flat_map(Policy::statements) {
        let is_settled = statement.effect() == Effect::Allow && answer.direct == Tri::Yes;
        if is_settled {
            continue;
        }
        let matched = statement.matches(view, has_boundary);
        match statement.effect() {
            Effect::Deny => answer.deny = answer.deny.max(matched.applies()),
            Effect::Allow => answer.add(matched.applies(), matched.named()),
        }
    }
    answer
}

/// Asks the levels of an organisation: every one must allow, and one denial is enough.
pub(crate) fn ask_levels(levels: &[Vec<Policy>], view: &View<'_>, has_boundary: bool) -> Limit {
    let mut limit = Limit { deny: Tri::No, allow: Tri::from(!levels.is_empty()) };
    for level in levels {
        let answer = ask(level, view, has_boundary);
        limit = Limit { deny: limit.deny.max(answer.deny), allow: limit.allow.min(answer.allow()) };
    }
    limit
}

/// What a restriction says to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Limit {
    pub deny: Tri,
    pub allow: Tri,
}

impl Limit {
    /// There is no such restriction.
    pub const NONE: Self = Self { deny: Tri::No, allow: Tri::Yes };

    pub fn of(answer: Answer) -> Self {
        Self { deny: answer.deny, allow: answer.allow() }
    }
}
