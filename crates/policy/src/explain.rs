//! Why a request is allowed or denied: every statement that had a say, and what would have to change.

use leastwise_iam::{Condition, Effect, Pattern, Scope};

use crate::answers::{Answers, binds};
use crate::caller::CallerKind;
use crate::decision::{self, Decision, Outlook};
use crate::key::Key;
use crate::policies::{Layer, Policies, ask};
use crate::policy::Policy;
use crate::request::{Found, Request, View};
use crate::service::kms::{self, Constraint};
use crate::service::{self, sts};
use crate::statement::{Match, Ready};
use crate::tri::Tri;

/// A decision with its reasons.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// The decision.
    pub decision: Decision,
    /// The same for each resource of the request, in order.
    pub resources: Vec<ResourceExplanation>,
}

/// Why a request for one resource is allowed or denied.
#[derive(Debug, Clone, PartialEq)]
pub struct ResourceExplanation {
    /// The ARN, or `*`.
    pub resource: String,
    /// What it comes to.
    pub outlook: Outlook,
    /// Statements about the action, in the order of policy types; those about other actions are left out.
    pub statements: Vec<StatementTrace>,
    /// The grants of the KMS key that are for the caller and the action.
    pub grants: Vec<GrantTrace>,
    /// What would have to change for the request to be allowed: all of it.
    pub remedies: Vec<Remedy>,
}

/// What a grant of a KMS key had to do with the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantTrace {
    /// Whom it is for.
    pub grantee: String,
    /// What the request must have, by name.
    pub constraints: Vec<(String, String)>,
    /// Whether it allows the request.
    pub allows: Tri,
}

/// What one statement had to do with the request.
#[derive(Debug, Clone, PartialEq)]
pub struct StatementTrace {
    /// Where it stands.
    pub place: Place,
    /// Its `Sid`.
    pub sid: Option<String>,
    /// What it does where it applies.
    pub effect: Effect,
    /// True if it is about every resource.
    pub is_about_every_resource: bool,
    /// Whether it applies, and if not, why not.
    pub outcome: Match,
    /// The condition that does not hold, or all of those of which it cannot be told.
    pub conditions: Vec<ConditionTrace>,
}

/// Where a statement stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The type of policy.
    pub layer: Layer,
    /// The level of an organisation, counted from 0 at the root.
    pub level: Option<usize>,
    /// Which policy of the list, counted from 0.
    pub policy: usize,
    /// Which statement, counted from 0.
    pub statement: usize,
}

/// A condition and what the request has to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConditionTrace {
    /// The operator as written.
    pub operator: String,
    /// The context key as written.
    pub key: String,
    /// What the policy compares with.
    pub wanted: Vec<String>,
    /// The request's values; empty if it lacks the key, `None` if they are not known.
    pub found: Option<Vec<String>>,
}

/// Something that would have to change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remedy {
    /// A `Deny` must no longer apply: without the statement, or with another request.
    Lift(Place),
    /// A policy of this type, and at this level of the organisation, must allow the request.
    Allow {
        /// The type.
        layer: Layer,
        /// The level, counted from 0 at the root.
        level: Option<usize>,
    },
    /// An identity policy must allow the request, or the resource's policy name the caller itself.
    AllowEither,
    /// The bucket's policy must not be public, or S3 Block Public Access be off.
    OpenBucket,
    /// Nothing helps: the service itself refuses.
    Nothing,
}

/// Decides a request as [`decide`](crate::decide) does, and says why.
pub fn explain(request: &Request, policies: &Policies) -> Explanation {
    let decision = decision::decide(request, policies);
    let views = request.resources.iter().map(|resource| View { request, resource });
    Explanation { decision, resources: views.map(|view| of_resource(&view, policies)).collect() }
}

fn of_resource(view: &View<'_>, policies: &Policies) -> ResourceExplanation {
    let outlook = decision::assess(view, policies);
    let statements = trace(view, policies);
    let remedies =
        if outlook.is_allowed() == Tri::Yes { Vec::new() } else { remedies(view, policies, &statements) };
    let grants = grants(view);
    ResourceExplanation { resource: view.resource.as_str().to_owned(), outlook, statements, grants, remedies }
}

fn grants(view: &View<'_>) -> Vec<GrantTrace> {
    let grants =
        view.request.kms_grants.iter().filter(|grant| kms::is_about_a_key(view) && grant.concerns(view));
    grants
        .map(|grant| GrantTrace {
            grantee: grant.grantee.to_string(),
            constraints: grant.constraints.iter().flat_map(Constraint::demands).collect(),
            allows: grant.allows(view),
        })
        .collect()
}

fn trace(view: &View<'_>, policies: &Policies) -> Vec<StatementTrace> {
    let has_boundary = policies.boundary.is_some();
    let mut traces = Vec::new();
    for (layer, level, list) in lists(policies).into_iter().filter(|(layer, ..)| binds(*layer, view)) {
        for (policy, number) in list.iter().zip(0..) {
            traces.extend(policy.statements().zip(0..).filter_map(|(ready, statement)| {
                let outcome = ready.matches(view, has_boundary);
                let place = Place { layer, level, policy: number, statement };
                let written = ready.written;
                (outcome != Match::OtherAction).then(|| StatementTrace {
                    place,
                    sid: written.sid.as_deref().map(ToOwned::to_owned),
                    effect: written.effect,
                    is_about_every_resource: is_everything(&written.resources),
                    outcome,
                    conditions: deciding(ready, outcome, view)
                        .filter_map(|index| written.conditions.get(index))
                        .map(|condition| found(condition, view))
                        .collect(),
                })
            }));
        }
    }
    traces
}

/// All lists of policies with their type and level.
fn lists(policies: &Policies) -> Vec<(Layer, Option<usize>, &[Policy])> {
    let mut lists = Vec::new();
    for (layer, levels) in [(Layer::ResourceControl, &policies.rcp), (Layer::ServiceControl, &policies.scp)] {
        let levels = levels.iter().flatten().zip(0..);
        lists.extend(levels.map(|(list, level)| (layer, Some(level), list.as_slice())));
    }
    let whole = [
        (Layer::Endpoint, policies.endpoint.as_deref()),
        (Layer::Resource, policies.resource.as_ref().map(std::slice::from_ref)),
        (Layer::Identity, Some(policies.identity.as_slice())),
        (Layer::Boundary, policies.boundary.as_deref()),
        (Layer::Session, policies.session.as_deref()),
    ];
    lists.extend(whole.into_iter().filter_map(|(layer, list)| Some((layer, None, list?))));
    lists
}

fn is_everything(scope: &Scope) -> bool {
    match scope {
        Scope::Unspecified => true,
        Scope::Only(patterns) => patterns.iter().any(Pattern::is_everything),
        Scope::AllBut(patterns) => patterns.is_empty(),
    }
}

/// The conditions that decided against a statement, or that leave it open.
fn deciding<'a>(ready: Ready<'a>, outcome: Match, view: &'a View<'a>) -> impl Iterator<Item = usize> + 'a {
    let failed = if let Match::Condition(index) = outcome { Some(index) } else { None };
    let open = matches!(outcome, Match::Undecided(..)).then(|| ready.tests()).into_iter().flatten();
    let open = open.zip(0..).filter(|(test, _)| test.holds(view) == Tri::Maybe).map(|(_, index)| index);
    failed.into_iter().chain(open)
}

fn found(condition: &Condition, view: &View<'_>) -> ConditionTrace {
    let found = match view.find(&Key::new(&condition.key)) {
        Found::Absent => Some(Vec::new()),
        Found::Unknown => None,
        Found::One(value) => Some(vec![value.to_owned()]),
        Found::Many(values) => Some(values.iter().map(ToString::to_string).collect()),
    };
    ConditionTrace {
        operator: condition.operator.to_string(),
        key: condition.key.to_string(),
        wanted: condition.values.iter().map(ToString::to_string).collect(),
        found,
    }
}

/// Everything that would have to change.
fn remedies(view: &View<'_>, policies: &Policies, statements: &[StatementTrace]) -> Vec<Remedy> {
    if decision::is_refused_by_the_service(view) || sts::beyond_policies(view).is_some() {
        return vec![Remedy::Nothing];
    }
    let denials = statements
        .iter()
        .filter(|trace| trace.effect == Effect::Deny && trace.outcome.applies() != Tri::No)
        .map(|trace| Remedy::Lift(trace.place));
    let answers = Answers::of(view, policies);
    let missing = missing_limits(view, policies, &answers).into_iter();
    denials.chain(missing).chain(missing_grants(view, policies, &answers)).collect()
}

/// Restrictions from outside that do not allow.
fn missing_limits(view: &View<'_>, policies: &Policies, answers: &Answers) -> Vec<Remedy> {
    let mut missing = Vec::new();
    for (layer, levels) in [(Layer::ResourceControl, &policies.rcp), (Layer::ServiceControl, &policies.scp)] {
        let Some(levels) = levels.as_ref().filter(|_| binds(layer, view)) else { continue };
        if levels.is_empty() {
            missing.push(Remedy::Allow { layer, level: None });
        }
        let silent = levels
            .iter()
            .zip(0..)
            .filter(|(level, _)| ask(*level, view, policies.boundary.is_some()).allow() != Tri::Yes);
        missing.extend(silent.map(|(_, level)| Remedy::Allow { layer, level: Some(level) }));
    }
    if answers.endpoint.allow != Tri::Yes {
        missing.push(Remedy::Allow { layer: Layer::Endpoint, level: None });
    }
    missing
}

/// Policies that grant nothing, or keep others from granting.
fn missing_grants(view: &View<'_>, policies: &Policies, answers: &Answers) -> Vec<Remedy> {
    let (granted, by) = answers.grant(view, policies);
    let caller = &view.request.caller;
    let allow = |layer| Remedy::Allow { layer, level: None };
    if granted == Tri::Yes {
        return Vec::new();
    }
    if by == Layer::PublicAccessBlock {
        return vec![Remedy::OpenBucket];
    }
    if !caller.is_of_an_account() {
        return vec![allow(Layer::Resource)];
    }
    let is_foreign = caller.account() != view.owner();
    let resource_must = is_foreign || service::resource_policy_must_allow(view);
    let mut missing = Vec::new();
    if resource_must && answers.resource.allow() == Tri::No {
        missing.push(allow(Layer::Resource));
    }
    // Across accounts, a resource's policy that names the role is not enough.
    let by_role = if is_foreign { Tri::No } else { answers.resource.role };
    if answers.identity.allow().max(by_role) != Tri::Yes && caller.kind() != CallerKind::Root {
        missing.push(if resource_must { allow(Layer::Identity) } else { Remedy::AllowEither });
    }
    let lacks_session = caller.kind() == CallerKind::FederatedUser && policies.session.is_none();
    for (layer, silent) in [
        (Layer::Boundary, answers.boundary.allow != Tri::Yes),
        (Layer::Session, answers.session.allow != Tri::Yes || lacks_session),
    ] {
        if silent {
            missing.push(allow(layer));
        }
    }
    missing
}
