//! The first call: who asks, and of which account.

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_sts::config::Builder;
use leastwise_iam::{AccountId, Arn, Partition};
use leastwise_model::{Known, Missing};

use crate::access::Connection;
use crate::ask::ask;
use crate::collect::CollectError;
use crate::failure::{Failure, Kind};
use crate::login::sign_in;
use crate::permissions::GET_CALLER_IDENTITY;
use crate::session::Session;
use crate::text::quote;

/// The caller, and the account that the caller's credentials belong to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Caller {
    pub account: AccountId,
    pub partition: Partition,
    pub arn: Known<Arn>,
}

/// Asks AWS who the caller is.
///
/// AWS answers this to everyone, whatever policies say. A stand-in for AWS may refuse it; its refusal
/// still names the account.
///
/// Source: [GetCallerIdentity](https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html).
pub(crate) async fn identify(connection: &Connection, session: &Session) -> Result<Caller, CollectError> {
    let call = session.sts().get_caller_identity().customize().config_override(impatient(connection)).send();
    match ask(&GET_CALLER_IDENTITY, call).await {
        Ok(identity) => of_arn(identity.arn().unwrap_or_default())
            .map(|(arn, account)| Caller { account, partition: arn.partition(), arn: Known::Known(arn) })
            .ok_or_else(|| CollectError::NotAws {
                endpoint: connection.endpoint(),
                detail: not_an_identity(identity.arn()),
            }),
        Err(failure) => of_refusal(&failure).ok_or_else(|| hopeless(connection, &failure)),
    }
}

/// The first call shall tell soon that there is nobody to talk to.
fn impatient(connection: &Connection) -> Builder {
    let attempt = connection.timeouts.attempt;
    let timeouts = TimeoutConfig::builder().operation_timeout(attempt.saturating_mul(2)).build();
    Builder::new().timeout_config(timeouts).retry_config(RetryConfig::standard())
}

fn of_arn(text: &str) -> Option<(Arn, AccountId)> {
    let arn: Arn = text.parse().ok()?;
    let account = arn.account()?;
    Some((arn, account))
}

fn not_an_identity(arn: Option<&str>) -> String {
    format!("`{}` answers `{}` for the caller", GET_CALLER_IDENTITY.action, quote(arn.unwrap_or_default()))
}

fn of_refusal(failure: &Failure) -> Option<Caller> {
    let words = failure.message.as_deref().filter(|_| failure.kind == Kind::Denied)?;
    let (arn, account) = words.split_whitespace().find_map(of_arn)?;
    let arn_unknown: Missing = failure.missing.clone();
    Some(Caller { account, partition: arn.partition(), arn: Known::Unknown(arn_unknown) })
}

fn hopeless(connection: &Connection, failure: &Failure) -> CollectError {
    let (endpoint, detail) = (connection.endpoint(), failure.missing.detail.clone());
    match failure.kind {
        Kind::Expired => CollectError::Expired { remedy: sign_in(connection.profile.as_deref()) },
        Kind::Rejected => CollectError::Rejected { detail, hint: partition_hint(connection.region_assumed) },
        Kind::Denied => CollectError::Unidentified { permission: GET_CALLER_IDENTITY.action },
        Kind::Foreign | Kind::Unsupported => CollectError::NotAws { endpoint, detail },
        Kind::Unsent => CollectError::Unsent { detail },
        Kind::Silent | Kind::Other => CollectError::Unreachable { endpoint, detail },
    }
}

const fn partition_hint(region_assumed: bool) -> &'static str {
    if region_assumed {
        "; outside the commercial partition, name a region, such as `us-gov-west-1` or `cn-north-1`"
    } else {
        ""
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(kind: Kind, message: &str) -> Failure {
        let failure = Failure::new(&GET_CALLER_IDENTITY, kind, "no".to_owned());
        Failure { message: Some(message.into()), ..failure }
    }

    #[test]
    fn a_refusal_names_the_account() {
        let words = "User: arn:aws-cn:iam::123456789012:user/lab is not authorized to perform: x";
        let caller = of_refusal(&refusal(Kind::Denied, words)).unwrap();
        assert_eq!(
            (caller.account.to_string().as_str(), caller.partition),
            ("123456789012", Partition::AwsCn)
        );
        assert!(caller.arn.missing().is_some());
        assert_eq!(of_refusal(&refusal(Kind::Denied, "no")), None);
        assert_eq!(of_refusal(&refusal(Kind::Other, words)), None);
    }
}
