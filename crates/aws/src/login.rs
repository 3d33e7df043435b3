//! Who calls: credentials in the order in which the AWS CLI looks for them.

mod explain;
mod mfa;
mod profiles;

use std::time::{Duration, SystemTime};

use aws_config::Region;
use aws_config::default_provider::credentials::DefaultCredentialsChain;
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use aws_smithy_runtime_api::client::http::SharedHttpClient;

use crate::access::{Access, ConnectError};
use explain::explain;
pub use mfa::MfaPrompt;
pub(crate) use profiles::Profiles;

/// How long before their end credentials are fetched anew.
const MARGIN: Duration = Duration::from_mins(5);

/// Finds credentials and fetches them once, so that a failure comes early and is understood.
///
/// A profile that is asked for by name wins over keys in the environment, as with `aws --profile`; one
/// that `AWS_PROFILE` names does not.
///
/// Source: [AWS CLI, order of settings](https://docs.aws.amazon.com/cli/latest/userguide/cli-chap-configure.html#configure-precedence).
///
/// # Errors
/// There are no credentials, or they cannot be fetched, as when a sign-in has ended.
pub(crate) async fn login(
    access: &Access,
    profiles: &Profiles,
    region: &Region,
    http: &SharedHttpClient,
) -> Result<SharedCredentialsProvider, ConnectError> {
    let config =
        ProviderConfig::without_region().with_region(Some(region.clone())).with_http_client(http.clone());
    profiles.check_sources()?;
    let roles = profiles.roles_with_mfa();
    if !roles.is_empty() {
        let credentials = mfa::assume(access, profiles, &roles, &config, region, http).await?;
        return Ok(SharedCredentialsProvider::new(credentials));
    }
    let source = if profiles.is_asked_for() {
        let file = ProfileFileCredentialsProvider::builder().configure(&config).profile_name(profiles.name());
        SharedCredentialsProvider::new(file.build())
    } else {
        let chain = DefaultCredentialsChain::builder().configure(config).profile_name(profiles.name());
        SharedCredentialsProvider::new(chain.region(region.clone()).build().await)
    };
    match source.provide_credentials().await {
        Ok(first) => Ok(SharedCredentialsProvider::new(Fetched { first, source })),
        Err(error) => Err(explain(profiles, &error)),
    }
}

/// Credentials that were fetched already; their source is asked again only when they end.
#[derive(Debug)]
struct Fetched {
    first: Credentials,
    source: SharedCredentialsProvider,
}

impl ProvideCredentials for Fetched {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        match self.first.expiry() {
            Some(end) if SystemTime::now() + MARGIN >= end => self.source.provide_credentials(),
            _ => future::ProvideCredentials::ready(Ok(self.first.clone())),
        }
    }
}

/// The command that mends a sign-in that has ended.
pub(crate) fn sign_in(profile: Option<&str>) -> String {
    match profile {
        Some(name) => format!("`aws sso login --profile {name}`"),
        None => "`aws sso login`, or `aws login`".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Fresh;

    impl ProvideCredentials for Fresh {
        fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
        where
            Self: 'a,
        {
            future::ProvideCredentials::ready(Ok(Credentials::new("fresh", "s", None, None, "test")))
        }
    }

    #[tokio::test]
    async fn the_source_is_asked_again_only_near_the_end() {
        let now = SystemTime::now();
        let table = [
            (None, "first"),
            (Some(now + Duration::from_hours(1)), "first"),
            (Some(now + Duration::from_mins(1)), "fresh"),
        ];
        for (expiry, expected) in table {
            let first = Credentials::new("first", "s", None, expiry, "test");
            let fetched = Fetched { first, source: SharedCredentialsProvider::new(Fresh) };
            assert_eq!(fetched.provide_credentials().await.unwrap().access_key_id(), expected);
        }
    }
}
