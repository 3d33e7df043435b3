//! The words for decisions, statements and what would have to change.

use leastwise_access::{Answer, Requirement};
use leastwise_iam::Effect;
use leastwise_policy::{ConditionTrace, GrantTrace, Layer, Match, Place, Remedy, StatementTrace, Verdict};

/// The type of policy in words.
pub(super) const fn layer(layer: Layer) -> &'static str {
    match layer {
        Layer::Identity => "identity policies",
        Layer::Resource => "the resource's policy",
        Layer::Boundary => "the permissions boundary",
        Layer::Session => "session policies",
        Layer::ServiceControl => "service control policies",
        Layer::ResourceControl => "resource control policies",
        Layer::Endpoint => "the VPC endpoint's policy",
        Layer::KmsGrant => "a grant of the KMS key",
        Layer::PublicAccessBlock => "S3 Block Public Access",
        Layer::RootUser => "being the root user",
        Layer::Service => "a rule of the service",
    }
}

/// The answer in the words of documentation and headings.
pub(super) const fn answer(answer: &Answer) -> &'static str {
    match answer {
        Answer::Always => "always",
        Answer::Conditionally(_) => "under conditions",
        Answer::Unknown(_) => "unknown",
        Answer::Never => "never",
    }
}

/// What the answer depends on, in words.
pub(super) fn reasons(answer: &Answer) -> Vec<String> {
    match answer {
        Answer::Conditionally(requirements) => requirements.iter().map(requirement).collect(),
        Answer::Unknown(missing) => missing.iter().map(ToString::to_string).collect(),
        Answer::Always | Answer::Never => Vec::new(),
    }
}

pub(super) const fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Allowed => "allowed",
        Verdict::ImplicitDeny => "denied, because nothing that must allow it does",
        Verdict::ExplicitDeny => "denied by a statement",
    }
}

pub(super) const fn effect(effect: Effect) -> &'static str {
    match effect {
        Effect::Allow => "Allow",
        Effect::Deny => "Deny",
    }
}

/// Where a statement stands, counted from 1 for people, with its `Sid`.
pub(super) fn place(place: Place, sid: Option<&str>) -> String {
    let level = place.level.map(|level| format!(" of level {}", level + 1)).unwrap_or_default();
    let sid = sid.map(|sid| format!(" `{sid}`")).unwrap_or_default();
    let (policy, statement) = (place.policy + 1, place.statement + 1);
    format!("{}, policy {policy}{level}, statement {statement}{sid}", layer(place.layer))
}

/// What a statement had to do with the request.
pub(super) fn outcome(trace: &StatementTrace) -> String {
    let conditions = || trace.conditions.iter().map(mismatch).collect::<Vec<_>>().join("; ");
    match trace.outcome {
        Match::Applies(_) => "applies".to_owned(),
        Match::OtherAction => "is about other actions".to_owned(),
        Match::OtherResource => "is about other resources".to_owned(),
        Match::OtherPrincipal => "is about other principals".to_owned(),
        Match::Condition(_) => format!("does not apply: {}", conditions()),
        Match::Undecided(..) => format!("may apply: {}", conditions()),
        Match::UndecidedPrincipal(_) => {
            "may apply: it names a session or an id that may be the caller's".to_owned()
        }
        Match::UndecidedResource(_) => "may apply: its resources depend on what is not known".to_owned(),
    }
}

/// A condition, and what the request has.
fn mismatch(condition: &ConditionTrace) -> String {
    let has = match condition.found.as_deref() {
        None => "that is not known".to_owned(),
        Some([]) => "the request does not have it".to_owned(),
        Some(values) => format!("the request has {}", list(values)),
    };
    format!("{}, and {has}", self::condition(condition))
}

/// A condition as a policy writes it.
pub(super) fn condition(condition: &ConditionTrace) -> String {
    format!("`{}` `{}` {}", condition.key, condition.operator, list(&condition.wanted))
}

fn list(values: &[String]) -> String {
    let quoted: Vec<String> = values.iter().map(|value| format!("`{value}`")).collect();
    if quoted.is_empty() { "nothing".to_owned() } else { quoted.join(" or ") }
}

/// What decides, in words.
pub(super) fn requirement(requirement: &Requirement) -> String {
    match requirement {
        Requirement::Holds(of, c) => format!("if {} ({})", condition(c), layer(*of)),
        Requirement::HoldsNot(of, c) => format!("unless {} ({})", condition(c), layer(*of)),
        Requirement::Resource(of, Effect::Allow) => format!("if {} include the resource", layer(*of)),
        Requirement::Resource(of, Effect::Deny) => format!("unless {} exclude the resource", layer(*of)),
        Requirement::Session(of, Effect::Allow) => {
            format!("if the session is one that {} name", layer(*of))
        }
        Requirement::Session(of, Effect::Deny) => {
            format!("unless the session is one that {} name", layer(*of))
        }
        Requirement::Grant(grant) => format!("if {}", self::grant(grant)),
        Requirement::Unread(missing) => format!("if what could not be read does not deny it: {missing}"),
    }
}

/// A grant of a KMS key and what it demands.
pub(super) fn grant(grant: &GrantTrace) -> String {
    let pairs: Vec<String> =
        grant.constraints.iter().map(|(key, value)| format!("`{key}` = `{value}`")).collect();
    let demand = if pairs.is_empty() { "anything".to_owned() } else { pairs.join(" and ") };
    format!("the request has {demand} (a grant of the KMS key)")
}

/// What would have to change, in words.
pub(super) fn remedy(remedy: &Remedy) -> String {
    let at = |level: Option<usize>| level.map(|l| format!(" at level {}", l + 1)).unwrap_or_default();
    match remedy {
        Remedy::Lift(place) => format!("the `Deny` of {} must no longer apply", self::place(*place, None)),
        Remedy::Allow { layer: of, level } => format!("{} must allow it{}", layer(*of), at(*level)),
        Remedy::AllowEither => {
            "an identity policy must allow it, or the resource's policy name the caller itself".to_owned()
        }
        Remedy::OpenBucket => {
            "the bucket policy must not be public, or S3 Block Public Access be off".to_owned()
        }
        Remedy::Nothing => "nothing helps: the service itself refuses".to_owned(),
    }
}
