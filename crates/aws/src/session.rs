use aws_config::{Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;

use crate::regional::Regional;

/// The clients for one account; they share connections with those for all other accounts.
#[derive(Debug, Clone)]
pub(crate) struct Session {
    iam: aws_sdk_iam::Client,
    account: aws_sdk_account::Client,
    organizations: aws_sdk_organizations::Client,
    sts: aws_sdk_sts::Client,
    config: SdkConfig,
}

impl Session {
    /// Clients with the credentials of the configuration.
    pub(crate) fn new(config: &SdkConfig) -> Self {
        Self {
            iam: aws_sdk_iam::Client::new(config),
            account: aws_sdk_account::Client::new(config),
            organizations: aws_sdk_organizations::Client::new(config),
            sts: aws_sdk_sts::Client::new(config),
            config: config.clone(),
        }
    }

    /// Clients with other credentials, such as those of an assumed role.
    pub(crate) fn assumed(config: &SdkConfig, credentials: Credentials) -> Self {
        let provider = SharedCredentialsProvider::new(credentials);
        Self::new(&config.clone().into_builder().credentials_provider(provider).build())
    }

    /// Clients for one region with the same credentials.
    pub(crate) fn regional(&self, region: &str) -> Regional {
        Regional::new(&self.config.to_builder().region(Region::new(region.to_owned())).build())
    }

    /// The region that signs calls.
    pub(crate) fn region(&self) -> &str {
        self.config.region().map_or("", Region::as_ref)
    }

    pub(crate) const fn iam(&self) -> &aws_sdk_iam::Client {
        &self.iam
    }

    pub(crate) const fn account(&self) -> &aws_sdk_account::Client {
        &self.account
    }

    pub(crate) const fn organizations(&self) -> &aws_sdk_organizations::Client {
        &self.organizations
    }

    pub(crate) const fn sts(&self) -> &aws_sdk_sts::Client {
        &self.sts
    }
}
