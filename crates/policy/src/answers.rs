//! What each type of policy says to a request, and how they are put together.
//!
//! Source: [evaluation in an account](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html),
//! [across accounts](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html).

use crate::caller::CallerKind;
use crate::policies::{Answer, Layer, Limit, Policies, ask, ask_levels};
use crate::request::View;
use crate::service::{self, kms, s3, sts};
use crate::tri::Tri;

/// What every type of policy says to a request.
pub(crate) struct Answers {
    pub identity: Answer,
    pub resource: Answer,
    pub boundary: Limit,
    pub session: Limit,
    pub scp: Limit,
    pub rcp: Limit,
    pub endpoint: Limit,
}

impl Answers {
    pub fn of(view: &View<'_>, policies: &Policies) -> Self {
        let has_boundary = policies.boundary.is_some();
        let has_policies = binds(Layer::Identity, view);
        let limit = |list: &Option<Vec<_>>, applies: bool| match list {
            Some(list) if applies => Limit::of(ask(list, view, has_boundary)),
            _ => Limit::NONE,
        };
        let levels = |levels: &Option<Vec<Vec<_>>>, applies: bool| match levels {
            Some(levels) if applies => ask_levels(levels, view, has_boundary),
            _ => Limit::NONE,
        };
        let resource = ask(&policies.resource, view, has_boundary);
        Self {
            identity: if has_policies {
                ask(&policies.identity, view, has_boundary)
            } else {
                Answer::NOTHING
            },
            resource: if s3::is_owner_mending_a_policy(view) { resource.without_denial() } else { resource },
            boundary: limit(&policies.boundary, has_policies),
            session: limit(&policies.session, binds(Layer::Session, view)),
            scp: levels(&policies.scp, binds(Layer::ServiceControl, view)),
            rcp: levels(&policies.rcp, binds(Layer::ResourceControl, view)),
            endpoint: limit(&policies.endpoint, true),
        }
    }

    /// Whether anything denies, and what.
    pub fn denial(&self) -> (Tri, Layer) {
        let layers = [
            (self.rcp.deny, Layer::ResourceControl),
            (self.scp.deny, Layer::ServiceControl),
            (self.endpoint.deny, Layer::Endpoint),
            (self.resource.deny, Layer::Resource),
            (self.identity.deny, Layer::Identity),
            (self.boundary.deny, Layer::Boundary),
            (self.session.deny, Layer::Session),
        ];
        strongest(layers)
    }

    /// Whether everything that must allow does, and what allows or fails to.
    pub fn permission(&self, view: &View<'_>, policies: &Policies) -> (Tri, Layer) {
        let (granted, by) = self.grant(view, policies);
        weakest([
            (self.rcp.allow, Layer::ResourceControl),
            (self.scp.allow, Layer::ServiceControl),
            (self.endpoint.allow, Layer::Endpoint),
            (granted, by),
        ])
    }

    /// Identity and resource policies together, within boundary and session policies.
    pub fn grant(&self, view: &View<'_>, policies: &Policies) -> (Tri, Layer) {
        let is_public = policies.resource.as_ref().is_some_and(crate::Policy::is_public_for_s3);
        let kept_out = s3::keeps_out(view, is_public);
        if kept_out && self.resource.allow() != Tri::No {
            return (Tri::No, Layer::PublicAccessBlock);
        }
        let caller = &view.request.caller;
        if !caller.is_of_an_account() {
            return strongest([granted_by_kms(view), (self.resource.direct, Layer::Resource)]);
        }
        if caller.account() != view.owner() {
            return self.across_accounts(view, policies);
        }
        if service::resource_policy_must_allow(view) {
            return self.by_resource_first(view, policies);
        }
        if service::resource_policy_may_have_to_allow(view) {
            return weakest([(Tri::Maybe, Layer::Resource), self.limited_identity(view, policies)]);
        }
        strongest([
            (self.resource.direct, Layer::Resource),
            self.limited(self.resource.role, Layer::Resource),
            self.limited_identity(view, policies),
        ])
    }

    /// Both accounts have to allow; the grant of a KMS key does without the caller's own.
    ///
    /// Source: [keys for other accounts](https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html).
    fn across_accounts(&self, view: &View<'_>, policies: &Policies) -> (Tri, Layer) {
        let both = weakest([(self.resource.allow(), Layer::Resource), self.limited_identity(view, policies)]);
        strongest([granted_by_kms(view), both])
    }

    /// The resource's policy has to allow: the caller or its role, or the account, which then decides itself.
    fn by_resource_first(&self, view: &View<'_>, policies: &Policies) -> (Tri, Layer) {
        let delegated =
            weakest([(self.resource.account, Layer::Resource), self.limited_identity(view, policies)]);
        strongest([
            self.named_directly(view),
            self.limited(self.resource.role, Layer::Resource),
            granted_by_kms(view),
            delegated,
        ])
    }

    /// The resource's policy names the caller itself: no implicit denial limits that, except that a boundary has
    /// to allow that a role is assumed.
    ///
    /// Source: [trust policies and boundaries](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-trust-policy.html).
    fn named_directly(&self, view: &View<'_>) -> (Tri, Layer) {
        let named = (self.resource.direct, Layer::Resource);
        if sts::is_about_trust(view) {
            weakest([(self.boundary.allow, Layer::Boundary), named])
        } else {
            named
        }
    }

    /// What identity policies come to. A federated user has only what session policies pass on.
    ///
    /// Source: [GetFederationToken](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_getfederationtoken.html).
    fn limited_identity(&self, view: &View<'_>, policies: &Policies) -> (Tri, Layer) {
        match view.request.caller.kind() {
            CallerKind::Root => self.limited(Tri::Yes, Layer::RootUser),
            CallerKind::FederatedUser if policies.session.is_none() => (Tri::No, Layer::Session),
            _ => self.limited(self.identity.allow(), Layer::Identity),
        }
    }

    /// Boundary and session policies have to allow as well.
    fn limited(&self, allow: Tri, by: Layer) -> (Tri, Layer) {
        weakest([(self.boundary.allow, Layer::Boundary), (self.session.allow, Layer::Session), (allow, by)])
    }
}

fn granted_by_kms(view: &View<'_>) -> (Tri, Layer) {
    (kms::is_granted(view), Layer::KmsGrant)
}

/// True if policies of a type have a say in the request.
pub(crate) fn binds(layer: Layer, view: &View<'_>) -> bool {
    match layer {
        Layer::ServiceControl => scps_bind(view),
        Layer::ResourceControl => rcps_bind(view),
        // A session of a root user can be limited, too.
        Layer::Session => view.request.caller.is_of_an_account(),
        // Root users, services and strangers have no policies of their own.
        Layer::Identity | Layer::Boundary => {
            let caller = &view.request.caller;
            caller.is_of_an_account() && caller.kind() != CallerKind::Root
        }
        _ => true,
    }
}

/// Service control policies bind all principals of member accounts, root users included, but neither the
/// management account nor service-linked roles.
///
/// Source: [SCPs](https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html),
/// *SCP effects on permissions*, *Tasks and entities not restricted by SCPs*.
fn scps_bind(view: &View<'_>) -> bool {
    let (caller, management) = (&view.request.caller, view.request.management_account);
    let is_management = management.is_some() && management == caller.account();
    caller.is_of_an_account() && !is_management && !caller.is_service_linked()
}

/// Resource control policies bind the resources of member accounts, whoever asks, but not service-linked roles,
/// and only those services that support them.
///
/// Source: [RCPs](https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html),
/// *Resources and entities not restricted by RCPs*.
fn rcps_bind(view: &View<'_>) -> bool {
    let management = view.request.management_account;
    let is_management = management.is_some() && management == view.owner();
    view.request.action.facts().honours_rcps && !is_management && !view.request.caller.is_service_linked()
}

/// The first of the largest values; the last, if nothing is above *no*.
fn strongest<const N: usize>(layers: [(Tri, Layer); N]) -> (Tri, Layer) {
    let best = layers.iter().map(|(value, _)| *value).max().unwrap_or(Tri::No);
    pick(layers, best, best > Tri::No)
}

/// The first of the smallest values; the last, if nothing is below *yes*.
fn weakest<const N: usize>(layers: [(Tri, Layer); N]) -> (Tri, Layer) {
    let worst = layers.iter().map(|(value, _)| *value).min().unwrap_or(Tri::No);
    pick(layers, worst, worst < Tri::Yes)
}

fn pick<const N: usize>(layers: [(Tri, Layer); N], value: Tri, first: bool) -> (Tri, Layer) {
    let mut equal = layers.into_iter().filter(|(v, _)| *v == value);
    let found = if first { equal.next() } else { equal.next_back() };
    found.unwrap_or((value, Layer::Service))
}
