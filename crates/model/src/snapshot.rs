use std::collections::BTreeSet;

use jiff::Timestamp;
use leastwise_iam::AccountId;
use serde::{Deserialize, Serialize};

use crate::{Account, Known, Missing, Organization, Owner, Resources, Visible, in_words};

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
    /// Why accounts may lack that were asked for: the list of the organisation's accounts could not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unlisted: Option<Missing>,
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
    Malformed(String),
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
                _ => SnapshotError::Malformed(explain(text, &error)),
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

/// What is wrong with a text, in words, and the member that is wrong. Only here is the text read by a reader that
/// keeps the path, which takes longer.
fn explain(text: &str, error: &serde_json::Error) -> String {
    let mut reader = serde_json::Deserializer::from_str(text);
    let path = match serde_path_to_error::deserialize::<_, Snapshot>(&mut reader) {
        Err(error) => error.path().to_string(),
        Ok(_) => ".".to_owned(),
    };
    let mut words = in_words(&error.to_string(), "an object");
    // The reader's words for a value of another kind, such as `null`, where it expects one of several forms.
    if let (Some(place), true) = (words.strip_prefix("expected value "), is_json(text)) {
        words = format!("a value of another kind is expected {place}");
    }
    if path == "." { words } else { format!("`{path}`: {words}") }
}

fn is_json(text: &str) -> bool {
    serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_named_by_its_path_and_without_types_of_rust() {
        let table = [
            ("[]", "not a snapshot: invalid length 0, expected an object at line 1 column 2"),
            (r#"{"schema_version": -1}"#, "`schema_version`: invalid value: integer `-1`, expected a whole"),
            (r#"{"schema_version": 1, "collected_at": null}"#, "`collected_at`: invalid type: null"),
            (r#"{"schema_version": 1, "organization": null}"#, "`organization`: a value of another kind is"),
            (r#"{"accounts": [{"id": null}]}"#, "`accounts[0].id`: invalid type: null, expected a string"),
            (r#"{"accounts": null}"#, "`accounts`: invalid type: null, expected a list"),
            (r#"{"schema_version": 1}"#, "not a snapshot: missing field `collected_at`"),
            (r#"{"notices": ["#, "EOF"),
            (r#"{"organization": }"#, "expected value at line 1"),
        ];
        for (text, expected) in table {
            let message = Snapshot::from_json(text).unwrap_err().to_string();
            assert!(message.contains(expected), "{message}");
            assert!(
                !["u32", "struct ", "enum ", "sequence"].iter().any(|word| message.contains(word)),
                "{message}"
            );
        }
    }
}
