//! A user's credentials, read now: the credential report may be four hours old.

use aws_sdk_iam::types::{AccessKeyMetadata, StatusType};
use jiff::Timestamp;
use leastwise_model::{AccessKey, CredentialSource, Credentials, Known, Missing, Password};

use crate::ask::ask;
use crate::failure::Failure;
use crate::instant::Instant;
use crate::pages::{Page, iam_marker, pages};
use crate::permissions::{
    GET_ACCESS_KEY_LAST_USED, GET_LOGIN_PROFILE, GET_USER, LIST_ACCESS_KEYS, LIST_MFA_DEVICES,
};
use crate::sent::Sent;
use crate::session::Session;

/// Reads password, MFA and access keys of one user. `row` is what the report says, if it knows the user.
pub(super) async fn read(
    session: &Session,
    name: &str,
    row: Option<&Credentials>,
    now: Timestamp,
) -> Credentials {
    let (password, mfa, keys) =
        tokio::join!(password(session, name, row), mfa(session, name), access_keys(session, name));
    let reported = row.and_then(|row| row.access_keys.value()).map_or(&[][..], Vec::as_slice);
    Credentials {
        source: CredentialSource::Live(now),
        password: password.into(),
        mfa_active: mfa.into(),
        access_keys: keys.map(|keys| in_slots(keys, reported)).into(),
    }
}

/// The password; a user without a login profile has none.
///
/// No live interface tells when a password was changed after it was first set, so the later one of the
/// login profile's and the report's dates is taken.
async fn password(
    session: &Session,
    name: &str,
    row: Option<&Credentials>,
) -> Result<Option<Password>, Missing> {
    let operation = &GET_LOGIN_PROFILE;
    let profile = match ask(operation, session.iam().get_login_profile().user_name(name).send()).await {
        Ok(answer) => answer.login_profile.ok_or_else(|| Failure::lacking(operation, "LoginProfile"))?,
        Err(failure) if failure.is(&["NoSuchEntity", "NoSuchEntityException"]) => return Ok(None),
        Err(failure) => return Err(failure.missing),
    };
    let set = Instant::from(profile.create_date).0.ok();
    let reported = row
        .and_then(|row| row.password.value()?.as_ref())
        .and_then(|password| *password.last_changed.value()?);
    let last_used = password_last_used(session, name).await;
    Ok(Some(Password { last_used: last_used.into(), last_changed: Known::Known(set.max(reported)) }))
}

async fn password_last_used(session: &Session, name: &str) -> Result<Option<Timestamp>, Missing> {
    let answer = ask(&GET_USER, session.iam().get_user().user_name(name).send()).await?;
    let user = answer.user.ok_or_else(|| Missing::invalid("the answer holds no `User`"))?;
    user.password_last_used.map(instant).transpose()
}

async fn mfa(session: &Session, name: &str) -> Result<bool, Missing> {
    let call = session.iam().list_mfa_devices().user_name(name);
    let sent = Sent::new("MFADevices");
    let answer = ask(&LIST_MFA_DEVICES, call.customize().interceptor(sent.clone()).send()).await?;
    sent.check(&LIST_MFA_DEVICES)?;
    Ok(!answer.mfa_devices.is_empty())
}

async fn access_keys(session: &Session, name: &str) -> Result<Vec<AccessKey>, Missing> {
    let operation = &LIST_ACCESS_KEYS;
    let found = pages(operation, async |marker| {
        let call = session.iam().list_access_keys().user_name(name);
        let sent = Sent::new("AccessKeyMetadata");
        let call = call.set_marker(marker).customize().interceptor(sent.clone());
        let answer = ask(operation, call.send()).await?;
        sent.check(operation)?;
        let next = iam_marker(operation, answer.is_truncated, answer.marker)?;
        Ok(Page { items: answer.access_key_metadata, next })
    })
    .await?;
    let mut keys = Vec::new();
    for key in found {
        keys.push(access_key(session, key).await);
    }
    Ok(keys)
}

async fn access_key(session: &Session, key: AccessKeyMetadata) -> AccessKey {
    let last_used = match &key.access_key_id {
        Some(id) => key_last_used(session, id).await,
        None => Err(Missing::invalid("the answer holds no `AccessKeyId`")),
    };
    let created = key.create_date.ok_or_else(|| Missing::invalid("the answer holds no `CreateDate`"));
    AccessKey {
        slot: 0,
        active: key.status != Some(StatusType::Inactive),
        created: created.and_then(instant).into(),
        last_used: last_used.into(),
        id: key.access_key_id,
    }
}

async fn key_last_used(session: &Session, id: &str) -> Result<Option<Timestamp>, Missing> {
    let call = session.iam().get_access_key_last_used().access_key_id(id);
    let answer = ask(&GET_ACCESS_KEY_LAST_USED, call.send()).await?;
    let used = answer.access_key_last_used;
    let used = used.ok_or_else(|| Failure::lacking(&GET_ACCESS_KEY_LAST_USED, "AccessKeyLastUsed"))?;
    used.last_used_date.map(instant).transpose()
}

fn instant(time: aws_smithy_types::DateTime) -> Result<Timestamp, Missing> {
    Instant::from(time).0.map_err(|text| Missing::invalid(format!("`{text}` is no instant")))
}

/// Gives keys the slots that the report has them in, and new keys the free ones in the order of their creation.
fn in_slots(mut keys: Vec<AccessKey>, reported: &[AccessKey]) -> Vec<AccessKey> {
    keys.sort_by_key(|key| (key.created.value().copied(), key.id.clone()));
    let mut free = vec![1, 2];
    for key in &mut keys {
        if let Some(slot) = slot_in(reported, key).filter(|slot| free.contains(slot)) {
            key.slot = slot;
            free.retain(|other| *other != slot);
        }
    }
    let mut free = free.into_iter().chain(3..);
    for key in keys.iter_mut().filter(|key| key.slot == 0) {
        key.slot = free.next().unwrap_or(u8::MAX);
    }
    keys.sort_by_key(|key| key.slot);
    keys
}

fn slot_in(reported: &[AccessKey], key: &AccessKey) -> Option<u8> {
    let second = |key: &AccessKey| key.created.value().map(|created| created.as_second());
    let created = second(key)?;
    reported.iter().find(|row| second(row) == Some(created)).map(|row| row.slot)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(slot: u8, id: &str, second: i64) -> AccessKey {
        AccessKey {
            slot,
            id: Some(id.to_owned()),
            active: true,
            created: Known::Known(Timestamp::from_second(second).unwrap()),
            last_used: Known::Known(None),
        }
    }

    #[test]
    fn keys_keep_the_slots_of_the_report() {
        let slots = |keys: Vec<AccessKey>, reported: &[AccessKey]| -> Vec<(u8, String)> {
            in_slots(keys, reported).into_iter().map(|key| (key.slot, key.id.unwrap())).collect()
        };
        let owned =
            |list: &[(u8, &str)]| list.iter().map(|(s, id)| (*s, (*id).to_owned())).collect::<Vec<_>>();
        let (a, b) = (key(0, "a", 100), key(0, "b", 200));
        assert_eq!(slots(vec![b.clone(), a.clone()], &[]), owned(&[(1, "a"), (2, "b")]));
        assert_eq!(slots(vec![a.clone(), b.clone()], &[key(1, "", 200)]), owned(&[(1, "b"), (2, "a")]));
        assert_eq!(slots(vec![b.clone()], &[key(1, "", 100), key(2, "", 200)]), owned(&[(2, "b")]));
        let three = slots(vec![a, b, key(0, "c", 300)], &[]);
        assert_eq!(three, owned(&[(1, "a"), (2, "b"), (3, "c")]));
    }
}
