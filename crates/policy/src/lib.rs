//! What IAM policies mean: decisions on requests, with reasons.
//!
//! [`decide`] takes a [`Request`] and all [`Policies`] that apply to it, and gives the decision that AWS
//! documents. Policies are prepared once ([`Policy`]) and asked often: a decision takes about a microsecond.
//! [`explain`] says why, and what would have to change. [`outlook`] answers where not everything is known of a request. The crate reaches nothing outside itself.
//!
//! ```
//! use leastwise_policy::{Action, Caller, Policies, Policy, PolicyKind, Request, Resource, Verdict, decide};
//!
//! let policy = r#"{"Version": "2012-10-17", "Statement":
//!     {"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::reports/*"}}"#;
//! let policies = Policies {
//!     identity: vec![Policy::parse(policy, PolicyKind::Identity)?],
//!     ..Policies::default()
//! };
//! let request = Request::new(
//!     Caller::parse("arn:aws:iam::123456789012:user/alice")?,
//!     Action::parse("s3:GetObject")?,
//!     Resource::parse("arn:aws:s3:::reports/2026.csv")?,
//! );
//! assert_eq!(decide(&request, &policies).verdict, Verdict::Allowed);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Where AWS's documentation is silent or contradicts itself, `docs/semantics.md` says what was chosen and why.

mod action;
mod answers;
mod caller;
mod catalogue;
mod classes;
mod condition;
mod context;
mod decision;
mod explain;
mod glob;
mod key;
mod pattern;
mod policies;
mod policy;
mod principal;
mod request;
mod resource;
mod service;
mod statement;
mod template;
mod tri;

pub use action::{Action, ActionError};
pub use caller::{Caller, CallerError, CallerKind};
pub use classes::{ActionSet, Classifier, Permissions};
pub use context::{Context, Unsaid};
pub use decision::{Decision, Outlook, Verdict, decide, outlook};
pub use explain::{
    ConditionTrace, Explanation, GrantTrace, Place, Remedy, ResourceExplanation, StatementTrace, explain,
};
pub use policies::{Layer, Policies};
pub use policy::{Policy, PolicyError, PolicyKind};
pub use principal::Named;
pub use request::Request;
pub use resource::{Resource, ResourceError};
pub use service::kms::{Constraint, Grant};
pub use service::s3::PublicAccessBlock;
pub use statement::Match;
pub use tri::Tri;
