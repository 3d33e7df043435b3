//! AWS identifiers and IAM policy documents as types.
//!
//! This crate gives names to what AWS writes as strings: partitions, account ids, ARNs and policy
//! documents. It knows the *form* of a policy: its elements, the operators of its conditions, the wildcards
//! and variables of its patterns. What they match is meaning, and each reader's own. It reaches nothing outside
//! itself and runs wherever Rust does.
//!
//! ```
//! use leastwise_iam::{Document, Effect};
//!
//! let document = Document::parse(
//!     r#"{
//!         "Version": "2012-10-17",
//!         "Statement": {
//!             "Effect": "Allow",
//!             "Action": "s3:GetObject",
//!             "Resource": ["arn:aws:s3:::reports/${aws:username}/*"],
//!             "Condition": {"Bool": {"aws:SecureTransport": true}}
//!         }
//!     }"#,
//! )?;
//! let statement = &document.statements[0];
//! assert_eq!(statement.effect, Effect::Allow);
//! assert_eq!(statement.actions.patterns()[0].as_str(), "s3:GetObject");
//! assert_eq!(&*statement.conditions[0].values[0], "true");
//!
//! // What is printed reads back as the same value.
//! assert_eq!(Document::parse(&document.to_json_pretty()?)?, document);
//!
//! // Errors say where and why.
//! let error = Document::parse(r#"{"Statement": [{"Effect": "allow", "Action": "*"}]}"#).unwrap_err();
//! assert_eq!(error.element(), "Statement[0].Effect");
//! assert_eq!(error.position(), Some((1, 33)));
//! assert_eq!(error.why(), "`allow` is neither `Allow` nor `Deny`");
//! # Ok::<(), leastwise_iam::DocumentError>(())
//! ```
//!
//! With the feature `testing` there is a module of that name with arbitrary documents for property tests.
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
pub mod lint;
mod partition;
mod parts;
mod pattern;
mod principal;
#[cfg(any(test, feature = "testing"))]
pub mod testing;

pub use account::{AccountId, AccountIdError};
pub use arn::{Arn, ArnError};
pub use condition::{Condition, Operator, Quantifier};
pub use document::{Document, DocumentError, Effect, Scope, Statement, Version};
pub use json::Json;
pub use partition::Partition;
pub use parts::{Part, Parts, Variable};
pub use pattern::{Pattern, Token};
pub use principal::{Principal, PrincipalKind, Principals};
