use std::collections::BTreeSet;

use jiff::Timestamp;
use leastwise_iam::AccountId;
use serde::{Deserialize, Serialize};

use crate::{Account, Known, Organization, Owner, Resources, Visible};

/// The version of the snapshot file that this crate writes and reads.
pub const SCHEMA_VERSION: u32 = 1;

/// One or more accounts of one organisation, as they were at one instant. It holds no secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Snapshot {
    /// Always [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// When collection began; verdicts are as of this instant.
    pub collected_at: Timestamp,
    /// The organisation; `None` for a standalone account.
    pub organization: Known<Option<Organization>>,
    /// Accounts that were left out on purpose, and why.
    pub skipped: Vec<Skipped>,
    /// What else was lost on the way, such as files that were not recognised.
    pub notices: Vec<String>,
    /// The accounts that were read, in the order of their numbers.
    pub accounts: Vec<Account>,
}

/// An account that was left out on purpose.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Skipped {
    /// The account.
    pub id: AccountId,
    /// Its name.
    pub name: Option<String>,
    /// Why it was left out, such as `suspended`.
    pub why: String,
}

/// The text is not a snapshot.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// The text is cut off, is no JSON, or holds what a snapshot does not.
    #[error("not a snapshot: {0}; collect it again, or undo the change by hand")]
    Malformed(serde_json::Error),
    /// The snapshot was written by another version.
    #[error(
        "the snapshot has schema version {found}, this program reads version {SCHEMA_VERSION}; collect it again, or use the program that wrote it"
    )]
    WrongVersion {
        /// The version the file names.
        found: u64,
    },
    /// A role is marked as somebody's whose it cannot be.
    #[error(
        "not a snapshot: role `{role}` of account {account} cannot belong to {owner}; undo the change by hand"
    )]
    WrongOwner {
        /// The account.
        account: AccountId,
        /// The role's name.
        role: String,
        /// The owner that the file names.
        owner: &'static str,
    },
    /// Two things have the same name.
    #[error("not a snapshot: {0} occurs twice; undo the change by hand, or collect it again")]
    Duplicate(String),
}

#[derive(Deserialize)]
struct Header {
    schema_version: u64,
}

impl Snapshot {
    /// Reads a snapshot file's text.
    ///
    /// # Errors
    /// The text is malformed, of another version, or names the same thing twice; the message tells the place.
    pub fn from_json(text: &str) -> Result<Self, SnapshotError> {
        let snapshot: Self =
            serde_json::from_str(text).map_err(|error| match serde_json::from_str::<Header>(text) {
                Ok(Header { schema_version: found }) if found != u64::from(SCHEMA_VERSION) => {
                    SnapshotError::WrongVersion { found }
                }
                _ => SnapshotError::Malformed(error),
            })?;
        if snapshot.schema_version != SCHEMA_VERSION {
            return Err(SnapshotError::WrongVersion { found: snapshot.schema_version.into() });
        }
        snapshot.reject_duplicates()?;
        snapshot.reject_wrong_owners()?;
        Ok(snapshot)
    }

    /// The text of a snapshot file: JSON, indented, the same for the same snapshot, and safe to print.
    ///
    /// # Errors
    /// Never for a snapshot that was read or collected.
    pub fn to_json(&self) -> serde_json::Result<String> {
        let mut text = Vec::new();
        self.serialize(&mut serde_json::Serializer::with_formatter(&mut text, Visible::default()))?;
        text.push(b'\n');
        String::from_utf8(text).map_err(serde::ser::Error::custom)
    }

    fn reject_wrong_owners(&self) -> Result<(), SnapshotError> {
        for account in &self.accounts {
            let mut roles = account.roles.value().into_iter().flatten();
            if let Some(role) = roles.find(|role| role.owner != Owner::of_role(&role.arn)) {
                let (role, owner) = (role.name.clone(), role.owner.as_str());
                return Err(SnapshotError::WrongOwner { account: account.id, role, owner });
            }
        }
        Ok(())
    }

    fn reject_duplicates(&self) -> Result<(), SnapshotError> {
        unique("account", self.accounts.iter().map(|account| account.id.to_string()))?;
        for account in &self.accounts {
            let id = account.id;
            let users = account.users.value().into_iter().flatten();
            unique(&format!("in account {id} user"), users.map(|user| user.name.to_lowercase()))?;
            let groups = account.groups.value().into_iter().flatten();
            unique(&format!("in account {id} group"), groups.map(|group| group.name.to_lowercase()))?;
            let roles = account.roles.value().into_iter().flatten();
            unique(&format!("in account {id} role"), roles.map(|role| role.name.to_lowercase()))?;
            let policies = account.policies.value().into_iter().flatten();
            unique(&format!("in account {id} policy"), policies.map(|policy| policy.arn.to_string()))?;
            let resources = account.resources.value().into_iter().flat_map(Resources::policies);
            unique(&format!("in account {id} resource"), resources.map(|(arn, _)| arn.to_string()))?;
        }
        Ok(())
    }
}

fn unique(kind: &str, names: impl Iterator<Item = String>) -> Result<(), SnapshotError> {
    let mut seen = BTreeSet::new();
    for name in names {
        if seen.contains(&name) {
            return Err(SnapshotError::Duplicate(format!("{kind} `{name}`")));
        }
        seen.insert(name);
    }
    Ok(())
}
