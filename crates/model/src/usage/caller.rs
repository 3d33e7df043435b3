use std::collections::BTreeMap;

use leastwise_iam::AccountId;
use serde::{Deserialize, Serialize};

use super::{ActionUse, Few, Merge, Tally};

/// Whoever calls AWS: a principal without its sessions.
///
/// Source: [CloudTrail userIdentity element](https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Caller {
    /// What kind of principal.
    pub kind: CallerKind,
    /// The account that it belongs to, where it belongs to one and the record tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    /// An ARN for users, roles, root and federated users (with `{path}` for a path that no record tells); a name for
    /// all others.
    pub id: String,
}

/// The kinds of callers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallerKind {
    /// The root user of an account.
    Root,
    /// An IAM user.
    User,
    /// An IAM role, in whatever sessions.
    Role,
    /// A session that a user made with `GetFederationToken`.
    FederatedUser,
    /// A user of IAM Identity Center.
    IdentityCenterUser,
    /// Users of a SAML provider, before they have a role.
    SamlProvider,
    /// Users of an OpenID Connect provider, before they have a role.
    WebIdentityProvider,
    /// Somebody in another account, of whom the record tells no more.
    Account,
    /// A service that acts for itself.
    Service,
    /// A kind that is not known, or a record without an identity.
    Unknown,
}

/// What a caller did.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallerUse {
    /// The names of its sessions, or of the users of a provider.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub sessions: Few<64>,
    /// Its long-term access keys that signed calls.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub keys: Few<16, KeyUse>,
    /// Console sign-ins that succeeded.
    #[serde(default, skip_serializing_if = "Tally::is_empty")]
    pub sign_ins: Tally,
    /// Console sign-ins that failed.
    #[serde(default, skip_serializing_if = "Tally::is_empty")]
    pub failed_sign_ins: Tally,
    /// What it did with each action, by the action's name as the catalogue writes it.
    pub actions: BTreeMap<String, ActionUse>,
}

/// The use of an access key.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyUse {
    /// Calls that were signed with it, denied ones included.
    #[serde(flatten)]
    pub tally: Tally,
    /// Where they came from.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub addresses: Few<64>,
}

impl Merge for KeyUse {
    fn merge(&mut self, other: Self) {
        self.tally.merge(other.tally);
        self.addresses.merge(other.addresses);
    }

    fn is_empty(&self) -> bool {
        self.tally.is_empty()
    }
}

impl CallerUse {
    /// Adds the other.
    pub fn merge(&mut self, other: Self) {
        self.sessions.merge(other.sessions);
        self.keys.merge(other.keys);
        self.sign_ins.merge(other.sign_ins);
        self.failed_sign_ins.merge(other.failed_sign_ins);
        for (action, calls) in other.actions {
            self.actions.entry(action).or_default().merge(calls);
        }
    }

    /// All its uses of actions, denied ones included, together.
    pub fn total(&self) -> Tally {
        let mut total = Tally::default();
        for action in self.actions.values() {
            total.merge(action.used.tally);
            total.merge(action.denied.tally);
        }
        total
    }
}

/// A map by callers as a list: JSON's maps have texts for keys only.
pub(super) mod list {
    use std::collections::BTreeMap;

    use serde::de::{Deserializer, Error as _};
    use serde::ser::Serializer;
    use serde::{Deserialize, Serialize};

    use super::{Caller, CallerUse};

    #[derive(Serialize)]
    struct Row<'a> {
        caller: &'a Caller,
        #[serde(flatten)]
        calls: &'a CallerUse,
    }

    #[derive(Deserialize)]
    struct OwnedRow {
        caller: Caller,
        #[serde(flatten)]
        calls: CallerUse,
    }

    pub fn serialize<S: Serializer>(
        callers: &BTreeMap<Caller, CallerUse>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(callers.iter().map(|(caller, calls)| Row { caller, calls }))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<BTreeMap<Caller, CallerUse>, D::Error> {
        let mut callers = BTreeMap::new();
        for OwnedRow { caller, calls } in Vec::deserialize(deserializer)? {
            let id = caller.id.clone();
            if callers.insert(caller, calls).is_some() {
                return Err(D::Error::custom(format!("`{id}` occurs twice")));
            }
        }
        Ok(callers)
    }
}
