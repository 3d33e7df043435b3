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
        Ok(answer) => enter(config, answer),
        Err(failure) => Err(explain(failure.missing, &role)),
    }
}

fn enter(config: &SdkConfig, answer: AssumeRoleOutput) -> Result<(Session, Known<Arn>), Missing> {
    let caller = answer.assumed_role_user.and_then(|user| user.arn.parse().ok());
    let caller = caller.ok_or_else(|| Missing::invalid("the answer holds no `AssumedRoleUser`"));
    let given = answer.credentials.ok_or_else(|| Missing::invalid("the answer holds no `Credentials`"))?;
    let expiry = SystemTime::try_from(given.expiration).ok();
    let credentials = Credentials::new(
        given.access_key_id,
        given.secret_access_key,
        Some(given.session_token),
        expiry,
        "AssumeRole",
    );
    Ok((Session::assumed(config, credentials), caller.into()))
}

/// A role that does not exist and one that does not trust the caller are refused alike.
fn explain(mut missing: Missing, role: &Arn) -> Missing {
    missing.detail = format!("{}; role `{role}` must exist and trust the caller", missing.detail);
    missing
}
