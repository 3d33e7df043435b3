use std::collections::{BTreeMap, HashMap};

use aws_sdk_kms::types::{GrantListEntry, KeyManagerType, KeyState as State};
use leastwise_iam::Arn;
use leastwise_model::{Grant, GrantConstraints, Key, KeyManager, KeyMetadata, KeyState, Missing};

use super::{Policy, Region, arns, given};
use crate::ask::ask;
use crate::failure::Failure;
use crate::pages::{Page, iam_marker, pages};
use crate::permissions::{DESCRIBE_KEY, GET_KEY_POLICY, LIST_GRANTS, LIST_KEYS};
use crate::regional::Regional;
use crate::text::quote;

/// The only name that a key policy can have.
///
/// Source: [GetKeyPolicy](https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyPolicy.html).
const POLICY_NAME: &str = "default";

/// Reads the KMS keys with their policies and grants.
pub(super) async fn read(region: &Region<'_>) -> Result<Vec<Key>, Missing> {
    let clients = &region.clients;
    let operation = &LIST_KEYS;
    let keys = pages(operation, async |marker| {
        let answer = ask(operation, clients.kms().list_keys().limit(1000).set_marker(marker).send()).await?;
        let next = iam_marker(operation, answer.truncated, answer.next_marker)?;
        Page::of(operation, "Keys", answer.keys, next)
    })
    .await?;
    let arns = arns("KMS key", keys.into_iter().map(|key| key.key_arn))?;
    Ok(region.of_each("KMS keys", arns, async |arn| key(clients, arn).await).await)
}

async fn key(clients: &Regional, arn: Arn) -> Key {
    let metadata = metadata(clients, &arn).await.into();
    let policy = policy(clients, &arn).await.into();
    let grants = grants(clients, &arn).await.into();
    Key { arn, metadata, policy, grants }
}

async fn metadata(clients: &Regional, arn: &Arn) -> Result<KeyMetadata, Missing> {
    let answer = ask(&DESCRIBE_KEY, clients.kms().describe_key().key_id(arn.as_str()).send()).await?;
    let metadata = answer.key_metadata.ok_or_else(|| Failure::lacking(&DESCRIBE_KEY, "KeyMetadata"))?;
    Ok(KeyMetadata {
        manager: manager(metadata.key_manager.as_ref())?,
        state: state(metadata.key_state.as_ref())?,
    })
}

fn manager(manager: Option<&KeyManagerType>) -> Result<KeyManager, Missing> {
    match manager {
        Some(KeyManagerType::Aws) => Ok(KeyManager::Aws),
        Some(KeyManagerType::Customer) => Ok(KeyManager::Customer),
        other => Err(unheard("KeyManager", other.map(KeyManagerType::as_str))),
    }
}

fn state(state: Option<&State>) -> Result<KeyState, Missing> {
    match state {
        Some(State::Creating) => Ok(KeyState::Creating),
        Some(State::Enabled) => Ok(KeyState::Enabled),
        Some(State::Disabled) => Ok(KeyState::Disabled),
        Some(State::PendingDeletion) => Ok(KeyState::PendingDeletion),
        Some(State::PendingImport) => Ok(KeyState::PendingImport),
        Some(State::PendingReplicaDeletion) => Ok(KeyState::PendingReplicaDeletion),
        Some(State::Unavailable) => Ok(KeyState::Unavailable),
        Some(State::Updating) => Ok(KeyState::Updating),
        other => Err(unheard("KeyState", other.map(State::as_str))),
    }
}

fn unheard(member: &str, value: Option<&str>) -> Missing {
    Missing::invalid(match value {
        Some(value) => {
            format!("`{member}` of a KMS key is `{}`, which this program does not know", quote(value))
        }
        None => format!("the answer holds no `{member}`"),
    })
}

async fn policy(clients: &Regional, arn: &Arn) -> Policy {
    let call = clients.kms().get_key_policy().key_id(arn.as_str()).policy_name(POLICY_NAME);
    given(ask(&GET_KEY_POLICY, call.send()).await?.policy)
}

async fn grants(clients: &Regional, arn: &Arn) -> Result<Vec<Grant>, Missing> {
    let operation = &LIST_GRANTS;
    let found = pages(operation, async |marker| {
        let call = clients.kms().list_grants().key_id(arn.as_str()).limit(100).set_marker(marker);
        let answer = ask(operation, call.send()).await?;
        let next = iam_marker(operation, answer.truncated, answer.next_marker)?;
        Page::of(operation, "Grants", answer.grants, next)
    })
    .await?;
    let mut grants: Vec<Grant> = found.into_iter().map(grant).collect::<Result<_, _>>()?;
    grants.sort_by(|a, b| a.id.cmp(&b.id));
    grants.dedup();
    Ok(grants)
}

fn grant(entry: GrantListEntry) -> Result<Grant, Missing> {
    let lacking = |member: &str| Failure::lacking(&LIST_GRANTS, member).missing;
    let operations = entry.operations.ok_or_else(|| lacking("Operations"))?;
    let mut operations: Vec<String> = operations.iter().map(|name| name.as_str().to_owned()).collect();
    operations.sort();
    let grantee = entry.grantee_principal.or(entry.grantee_service_principal);
    let constraints = entry.constraints.map(|constraints| GrantConstraints {
        encryption_context_equals: constraints.encryption_context_equals.map(ordered),
        encryption_context_subset: constraints.encryption_context_subset.map(ordered),
        source_arn: constraints.source_arn,
    });
    Ok(Grant {
        id: entry.grant_id.ok_or_else(|| lacking("GrantId"))?,
        name: entry.name.filter(|name| !name.is_empty()),
        grantee: grantee.ok_or_else(|| lacking("GranteePrincipal"))?,
        retiring: entry.retiring_principal.or(entry.retiring_service_principal),
        operations,
        constraints: constraints.unwrap_or_default(),
    })
}

fn ordered(pairs: HashMap<String, String>) -> BTreeMap<String, String> {
    pairs.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use aws_sdk_kms::types::GrantOperation;

    use super::*;

    #[test]
    fn grants_of_principals_and_of_services() {
        let entry = GrantListEntry::builder().grant_id("1").operations(GrantOperation::Encrypt);
        let entry = entry.operations(GrantOperation::Decrypt);
        assert!(grant(entry.clone().build()).unwrap_err().detail.contains("GranteePrincipal"));
        let service = grant(entry.clone().grantee_service_principal("s3.amazonaws.com").build()).unwrap();
        assert_eq!((service.grantee.as_str(), service.retiring), ("s3.amazonaws.com", None));
        assert_eq!(service.operations, ["Decrypt", "Encrypt"]);
        let named = grant(entry.grantee_principal("arn:x").name("").build()).unwrap();
        assert_eq!((named.grantee.as_str(), named.name), ("arn:x", None));
        assert_eq!(named.constraints, GrantConstraints::default());
    }

    #[test]
    fn what_is_new_is_unknown() {
        assert_eq!(manager(Some(&KeyManagerType::Aws)), Ok(KeyManager::Aws));
        let new = state(Some(&State::from("Frozen"))).unwrap_err();
        assert!(new.detail.contains("`KeyState` of a KMS key is `Frozen`"), "{}", new.detail);
        assert!(manager(None).unwrap_err().detail.contains("no `KeyManager`"));
    }
}
