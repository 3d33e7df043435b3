//! Collection: a read-only sweep of AWS into a snapshot.
//!
//! [`connect`] finds credentials, region and endpoint the way the AWS CLI does; [`collect`] reads one
//! account or an organisation; [`read_folder`] takes files that the AWS CLI wrote instead. All of them
//! end in a [`leastwise_model::Snapshot`]. What could not be read is in it as `Unknown` with the reason,
//! and never stops the rest. Every call is one of [`permissions::OPERATIONS`], and none changes anything
//! but AWS's own reports.
//!
//! This crate prints nothing, and it neither logs nor keeps a secret.

mod access;
mod account;
mod answers;
mod ask;
mod caller;
mod collect;
mod counts;
mod credential_report;
mod details;
mod document;
mod each;
mod failure;
mod folder;
mod instant;
mod login;
mod organization;
mod pages;
mod parts;
pub mod permissions;
mod progress;
mod region;
mod regional;
mod request;
mod retries;
mod sent;
mod session;
#[cfg(test)]
mod source_test;
mod text;
pub mod trail;
mod transport;
mod users;

pub use access::{Access, ConnectError, Connection, Timeouts, connect};
pub use collect::{CollectError, collect};
pub use folder::{FolderError, read_folder};
pub use login::MfaPrompt;
pub use progress::{Progress, Watch};
pub use request::{
    CollectRequest, DEFAULT_ROLE, OrganizationRequest, ResourceRequest, RoleNameError, role_name,
};
