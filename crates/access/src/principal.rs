use leastwise_iam::{AccountId, Arn};
use leastwise_model::Missing;
use leastwise_policy::{Caller, Context, Policies};

/// A user, role or root user of a snapshot, with the policies that say what it may do.
#[derive(Debug, Clone)]
pub struct Principal {
    /// The ARN.
    pub arn: Arn,
    /// What it is.
    pub kind: PrincipalKind,
    pub(crate) caller: Caller,
    pub(crate) policies: Policies,
    /// What is known of every request that it makes.
    pub(crate) context: Context,
    /// Policies that may allow more, and could not be read.
    pub(crate) unread_grants: Vec<Missing>,
    /// Policies that may allow less, and could not be read.
    pub(crate) unread_limits: Vec<Missing>,
}

/// The kinds of principals that an account has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PrincipalKind {
    /// The root user.
    Root,
    /// An IAM user.
    User,
    /// A role that the customer made.
    Role,
    /// A role that belongs to AWS: customers cannot change it.
    AwsRole,
}

/// No principal, or more than one, has the name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PrincipalError {
    /// Nobody has it.
    #[error("the snapshot has no principal `{0}`; name an ARN, `user/NAME`, `role/NAME` or `root`")]
    Unknown(String),
    /// Several have it.
    #[error("`{name}` may be any of {candidates}; name the ARN")]
    Ambiguous {
        /// The name.
        name: String,
        /// Whom it may mean.
        candidates: String,
    },
}

impl PrincipalKind {
    /// The kind in words.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Root => "root user",
            Self::User => "user",
            Self::Role => "role",
            Self::AwsRole => "role of AWS",
        }
    }
}

impl Principal {
    /// The account that it belongs to.
    pub fn account(&self) -> Option<AccountId> {
        self.caller.account()
    }

    /// What could not be read of its policies.
    pub fn unread(&self) -> impl Iterator<Item = &Missing> {
        self.unread_grants.iter().chain(&self.unread_limits)
    }

    /// True if the text names it: its ARN, what follows the account in it, or its name.
    pub(crate) fn is_called(&self, text: &str) -> bool {
        let resource = self.arn.resource();
        let short = |prefix: &str| {
            resource.strip_prefix(prefix).is_some()
                && text.strip_prefix(prefix).is_some_and(|name| name == self.arn.name())
        };
        text == self.arn.as_str()
            || text == resource
            || text == self.arn.name()
            || short("user/")
            || short("role/")
    }
}
