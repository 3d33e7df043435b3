//! AWS identifiers and IAM policy documents as types.
//!
//! This crate gives names to what AWS writes as strings: partitions, account ids, ARNs and policy
//! documents. It knows the *form* of a policy: its elements, the operators of its conditions, the wildcards
//! of its patterns. What they match is meaning, and each reader's own. It reaches nothing outside itself.
//!
//! Its [`catalogue`] knows what AWS's services can be asked to do: actions, resource types, condition keys.
//!
//! Source: [IAM JSON policy reference](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies.html).

mod account;
mod arn;
pub mod catalogue;
mod condition;
mod document;
mod json;
mod partition;
mod pattern;
mod principal;

pub use account::{AccountId, AccountIdError};
pub use arn::{Arn, ArnError};
pub use condition::{Condition, Operator, Quantifier};
pub use document::{Document, DocumentError, Effect, Scope, Statement, Version};
pub use json::Json;
pub use partition::Partition;
pub use pattern::{Pattern, Token};
pub use principal::{Principal, PrincipalKind, Principals};
