use leastwise_iam::Effect;
use leastwise_model::Missing;
use leastwise_policy::{
    ConditionTrace, Explanation, GrantTrace, Layer, Match, Outlook, Place, Policies, Request, StatementTrace,
    Tri, explain, outlook,
};

use crate::principal::Principal;

/// Whether somebody can do something, where not everything is known of the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Whatever the request is like besides.
    Always,
    /// If these hold, or some of them: each is one that may decide.
    Conditionally(Vec<Requirement>),
    /// Not in any case.
    Never,
    /// What could not be read may allow it.
    Unknown(Vec<Missing>),
}

/// Something that is not known, and decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Requirement {
    /// A condition that must hold, for a statement to allow.
    Holds(Layer, ConditionTrace),
    /// A condition that must not hold, for a statement not to deny.
    HoldsNot(Layer, ConditionTrace),
    /// Whether a statement's resources include the one asked for depends on a variable, or on which one it is.
    Resource(Layer, Effect),
    /// Whether a statement is about the role depends on which session asks.
    Session(Layer, Effect),
    /// The encryption context must be what a grant of the KMS key demands.
    Grant(GrantTrace),
    /// What could not be read must not take it away.
    Unread(Missing),
}

impl Answer {
    /// The word for it in reports.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Always => "always",
            Self::Conditionally(_) => "conditionally",
            Self::Never => "never",
            Self::Unknown(_) => "unknown",
        }
    }

    /// How good the answer is for whoever asks; *unknown* is better than *never*.
    pub(crate) const fn rank(&self) -> u8 {
        match self {
            Self::Never => 0,
            Self::Unknown(_) => 1,
            Self::Conditionally(_) => 2,
            Self::Always => 3,
        }
    }
}

/// What could not be read of what concerns a request.
#[derive(Debug, Clone, Default)]
pub(crate) struct Unread {
    pub grants: Vec<Missing>,
    pub limits: Vec<Missing>,
}

impl Unread {
    pub fn of(principal: &Principal) -> Self {
        Self { grants: principal.unread_grants.clone(), limits: principal.unread_limits.clone() }
    }

    /// Something that may allow, and may deny.
    pub fn add(&mut self, missing: Missing) {
        self.grants.push(missing.clone());
        self.limits.push(missing);
    }
}

/// Answers one request.
pub(crate) fn answer(request: &Request, policies: &Policies, unread: &Unread) -> Answer {
    let outlook = outlook(request, policies);
    match outlook.is_allowed() {
        Tri::Yes if unread.limits.is_empty() && unread.grants.is_empty() => Answer::Always,
        Tri::Yes => Answer::Conditionally(caveats(unread)),
        Tri::No if is_denied(outlook) || unread.grants.is_empty() => Answer::Never,
        Tri::No => Answer::Unknown(unread.grants.clone()),
        Tri::Maybe => {
            let mut requirements = requirements(&explain(request, policies));
            requirements.extend(caveats(unread));
            Answer::Conditionally(requirements)
        }
    }
}

/// A policy that could not be read can still deny, whatever it is for.
fn caveats(unread: &Unread) -> Vec<Requirement> {
    let mut missing: Vec<&Missing> = unread.grants.iter().chain(&unread.limits).collect();
    missing.sort_unstable();
    missing.dedup();
    missing.into_iter().cloned().map(Requirement::Unread).collect()
}

/// True if something denies, or keeps out whatever else allows, so that nothing that could not be read can allow.
fn is_denied(outlook: Outlook) -> bool {
    let keeps_out =
        matches!(outlook.allowed_by, Layer::ServiceControl | Layer::ResourceControl | Layer::Service);
    outlook.deny == Tri::Yes || (outlook.allow == Tri::No && keeps_out)
}

fn requirements(explanation: &Explanation) -> Vec<Requirement> {
    let mut requirements: Vec<Requirement> = Vec::new();
    for resource in &explanation.resources {
        let open = resource.grants.iter().filter(|grant| grant.allows == Tri::Maybe);
        requirements.extend(open.cloned().map(Requirement::Grant));
        for trace in &resource.statements {
            if is_idle(trace, &resource.statements) {
                continue;
            }
            for requirement in of_statement(trace) {
                if !requirements.contains(&requirement) {
                    requirements.push(requirement);
                }
            }
        }
    }
    requirements
}

/// True if another statement of the same list allows already, so that this one decides nothing.
fn is_idle(trace: &StatementTrace, all: &[StatementTrace]) -> bool {
    let list = |place: Place| (place.layer, place.level);
    trace.effect == Effect::Allow
        && all.iter().any(|other| {
            other.effect == Effect::Allow
                && list(other.place) == list(trace.place)
                && matches!(other.outcome, Match::Applies(_))
        })
}

fn of_statement(trace: &StatementTrace) -> Vec<Requirement> {
    let layer = trace.place.layer;
    match (trace.outcome, trace.effect) {
        (Match::Undecided(..), Effect::Allow) => {
            trace.conditions.iter().cloned().map(|c| Requirement::Holds(layer, c)).collect()
        }
        (Match::Undecided(..), Effect::Deny) => {
            trace.conditions.iter().cloned().map(|c| Requirement::HoldsNot(layer, c)).collect()
        }
        (Match::UndecidedPrincipal(_), effect) => vec![Requirement::Session(layer, effect)],
        (Match::UndecidedResource(_), effect) => vec![Requirement::Resource(layer, effect)],
        _ => Vec::new(),
    }
}
