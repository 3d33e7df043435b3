//! The snapshot of an AWS account or organisation, and the words for what is found in it.
//!
//! A [`Snapshot`] is immutable, typed and complete in itself: whatever could not be read is in it as a
//! [`Known::Unknown`] with the reason. It holds metadata only, never a secret.

mod account;
mod credentials;
mod finding;
mod future;
mod identity;
mod known;
mod organization;
mod policy;
mod resources;
mod snapshot;
mod unread;
mod usage;
mod visible;
mod words;

pub use account::{
    Account, AccountSummary, AlternateContacts, Contact, OidcProvider, PasswordPolicy, SamlProvider,
    ServerCertificate, ServiceUse, VirtualMfaDevice,
};
pub use credentials::{AccessKey, CredentialSource, Credentials, Password, RootCredentials};
pub use finding::{Finding, Severity, Status, Subject, SubjectKind};
pub use identity::{
    Attachment, Group, InlinePolicy, ManagedPolicy, Owner, PrincipalPolicies, Role, RoleUse, User,
    UserDetails,
};
pub use known::{Known, Missing, Reason};
pub use organization::{
    AccountStatus, CentralRoot, DelegatedAdministrator, Organization, OrganizationAccount,
    OrganizationPolicy, OrganizationPolicyKind, OrganizationUnit,
};
pub use policy::PolicyText;
pub use resources::{
    Bucket, Grant, GrantConstraints, Key, KeyManager, KeyMetadata, KeyState, PublicAccessBlock,
    RegionalResources, Resource, Resources,
};
pub use snapshot::{SCHEMA_VERSION, Skipped, Snapshot, SnapshotError};
pub use unread::{Share, Unread};
pub use usage::{
    ActionUse, Caller, CallerKind, CallerUse, Calls, Coverage, Days, Few, KeyUse, LONGEST_NAME, MOST_CALLERS,
    Merge, Stream, Tally, USAGE_SCHEMA_VERSION, Usage, UsageError,
};
pub use visible::{Visible, acts};
pub use words::in_words;
