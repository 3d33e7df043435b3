use std::time::SystemTime;

use aws_config::SdkConfig;
use aws_credential_types::Credentials;
use aws_sdk_sts::operation::assume_role::AssumeRoleOutput;
use leastwise_iam::{AccountId, Arn, Partition};
use leastwise_model::{Known, Missing};

use crate::ask::ask;
use crate::permissions::ASSUME_ROLE;
use crate::request::OrganizationRequest;
use crate::session::Session;

/// What CloudTrail shows as the name of the session.
const SESSION_NAME: &str = "leastwise-audit";

/// Gets into a member account through the role that trusts the caller.
///
/// Source: [AssumeRole](https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html).
pub(crate) async fn assume(
    config: &SdkConfig,
    session: &Session,
    account: AccountId,
    partition: Partition,
    request: &OrganizationRequest,
) -> Result<(Session, Known<Arn>), Missing> {
    let role = Arn::iam(partition, account, &format!("role/{}", request.role.trim_start_matches('/')));
    let call = session.sts().assume_role().role_arn(role.as_str()).role_session_name(SESSION_NAME);
    let call = call.set_external_id(request.external_id.clone());
    match ask(&ASSUME_ROLE, call.send()).await {
        Ok(answer) => enter(config, answer, account),
        Err(failure) => Err(explain(failure.missing, &role)),
    }
}

fn enter(
    config: &SdkConfig,
    answer: AssumeRoleOutput,
    account: AccountId,
) -> Result<(Session, Known<Arn>), Missing> {
    let caller = answer.assumed_role_user.and_then(|user| user.arn.parse().ok());
    let caller = in_account(caller, account)?;
    let given = answer.credentials.ok_or_else(|| Missing::invalid("the answer holds no `Credentials`"))?;
    let expiry = SystemTime::try_from(given.expiration).ok();
    let credentials = Credentials::new(
        given.access_key_id,
        given.secret_access_key,
        Some(given.session_token),
        expiry,
        "AssumeRole",
    );
    Ok((Session::assumed(config, credentials), Known::Known(caller)))
}

/// Credentials of another account would show that account's state under this one's number.
fn in_account(caller: Option<Arn>, account: AccountId) -> Result<Arn, Missing> {
    let caller = caller.ok_or_else(|| Missing::invalid("the answer holds no `AssumedRoleUser`"))?;
    match caller.account() {
        Some(id) if id == account => Ok(caller),
        _ => Err(Missing::invalid(format!(
            "the assumed role is `{caller}`, which is not in account {account}; look at the endpoint"
        ))),
    }
}

/// A role that does not exist and one that does not trust the caller are refused alike.
fn explain(mut missing: Missing, role: &Arn) -> Missing {
    missing.detail = format!("{}; role `{role}` must exist and trust the caller", missing.detail);
    missing
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_role_must_be_in_the_account_that_was_asked_for() {
        let role: Arn = "arn:aws:sts::123456789012:assumed-role/r/s".parse().unwrap();
        let account = |id: &str| id.parse().unwrap();
        assert_eq!(in_account(Some(role.clone()), account("123456789012")), Ok(role.clone()));
        let other = in_account(Some(role), account("210987654321")).unwrap_err();
        assert!(other.detail.contains("not in account 210987654321"), "{}", other.detail);
        assert!(in_account(None, account("123456789012")).is_err());
    }
}
