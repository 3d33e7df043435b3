//! What all policies together come to.
//!
//! Source: [evaluation in an account](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html),
//! [across accounts](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html).

use crate::answers::Answers;
use crate::policies::{Layer, Policies};
use crate::request::{Request, View};
use crate::service::{iam, sts};
use crate::tri::Tri;

/// What becomes of a request, and on what ground.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    /// Allowed or denied.
    pub verdict: Verdict,
    /// What decided: what allowed, what denied, or what first failed to allow.
    pub by: Layer,
    /// Which of the request's resources this is about, counted from 0.
    pub resource: usize,
}

/// Allowed or denied. The order is that of precedence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// The request is carried out.
    Allowed,
    /// Something that must allow the request does not.
    ImplicitDeny,
    /// A `Deny` applies.
    ExplicitDeny,
}

impl Verdict {
    /// The name in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::ImplicitDeny => "implicit_deny",
            Self::ExplicitDeny => "explicit_deny",
        }
    }
}

/// Whether a request is allowed where not everything is known of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outlook {
    /// Whether a `Deny` applies.
    pub deny: Tri,
    /// Whether everything that must allow the request does.
    pub allow: Tri,
    /// What allows, or first fails to.
    pub allowed_by: Layer,
    /// What denies, if anything does.
    pub denied_by: Layer,
}

impl Outlook {
    /// What decides.
    pub fn by(self) -> Layer {
        if self.deny == Tri::No { self.allowed_by } else { self.denied_by }
    }

    /// Whether the request is carried out.
    pub fn is_allowed(self) -> Tri {
        self.allow.min(!self.deny)
    }
}

/// Decides a request.
///
/// What cannot be told, such as an operator that nobody knows, allows nothing, and denies where it stands in a
/// `Deny`. A request without resources is denied.
pub fn decide(request: &Request, policies: &Policies) -> Decision {
    let mut worst = Decision { verdict: Verdict::Allowed, by: Layer::Service, resource: 0 };
    if request.resources.is_empty() {
        worst.verdict = Verdict::ImplicitDeny;
    }
    for (index, resource) in request.resources.iter().enumerate() {
        let outlook = assess(&View { request, resource }, policies);
        let verdict = verdict(outlook);
        if index == 0 || verdict > worst.verdict {
            worst = Decision { verdict, by: outlook.by(), resource: index };
        }
    }
    worst
}

fn verdict(outlook: Outlook) -> Verdict {
    match (outlook.deny, outlook.allow) {
        (Tri::Yes | Tri::Maybe, _) => Verdict::ExplicitDeny,
        (Tri::No, Tri::Yes) => Verdict::Allowed,
        (Tri::No, Tri::No | Tri::Maybe) => Verdict::ImplicitDeny,
    }
}

/// Decides a request of which not everything is known: see [`Unsaid::Unknown`](crate::Unsaid).
pub fn outlook(request: &Request, policies: &Policies) -> Outlook {
    let nothing =
        Outlook { deny: Tri::No, allow: Tri::No, allowed_by: Layer::Service, denied_by: Layer::Service };
    let outlooks = request.resources.iter().map(|resource| assess(&View { request, resource }, policies));
    outlooks.reduce(|a, b| if b.is_allowed() < a.is_allowed() { b } else { a }).unwrap_or(nothing)
}

/// What a request comes to, for one of its resources.
pub(crate) fn assess(view: &View<'_>, policies: &Policies) -> Outlook {
    if let Some(allow) = sts::beyond_policies(view) {
        return Outlook { deny: Tri::No, allow, allowed_by: Layer::Service, denied_by: Layer::Service };
    }
    let answers = Answers::of(view, policies);
    let (deny, denied_by) = answers.denial();
    let (allow, allowed_by) = if is_refused_by_the_service(view) {
        (Tri::No, Layer::Service)
    } else {
        answers.permission(view, policies)
    };
    Outlook { deny, allow, allowed_by, denied_by }
}

/// True if the service refuses, whatever policies allow.
pub(crate) fn is_refused_by_the_service(view: &View<'_>) -> bool {
    iam::changes_a_role_of_aws(view) || sts::is_not_taken_from(view)
}
