//! The clients of one region, for resources that can have a policy and for CloudTrail.

use std::net::IpAddr;

use aws_config::SdkConfig;
use aws_sdk_s3control::config::endpoint::{EndpointFuture, Params, ResolveEndpoint};
use aws_smithy_types::endpoint::Endpoint;
use aws_types::service_config::ServiceConfigKey;

/// The clients of one region; they share connections with those of all other regions.
#[derive(Debug, Clone)]
pub(crate) struct Regional {
    cloud_trail: aws_sdk_cloudtrail::Client,
    s3: aws_sdk_s3::Client,
    s3_control: aws_sdk_s3control::Client,
    kms: aws_sdk_kms::Client,
    sqs: aws_sdk_sqs::Client,
    sns: aws_sdk_sns::Client,
    lambda: aws_sdk_lambda::Client,
    secrets_manager: aws_sdk_secretsmanager::Client,
    ecr: aws_sdk_ecr::Client,
}

impl Regional {
    /// Clients with credentials and region of the configuration.
    pub(crate) fn new(config: &SdkConfig) -> Self {
        Self {
            cloud_trail: aws_sdk_cloudtrail::Client::new(config),
            s3: s3(config),
            s3_control: s3_control(config),
            kms: aws_sdk_kms::Client::new(config),
            sqs: aws_sdk_sqs::Client::new(config),
            sns: aws_sdk_sns::Client::new(config),
            lambda: aws_sdk_lambda::Client::new(config),
            secrets_manager: aws_sdk_secretsmanager::Client::new(config),
            ecr: aws_sdk_ecr::Client::new(config),
        }
    }

    pub(crate) const fn cloud_trail(&self) -> &aws_sdk_cloudtrail::Client {
        &self.cloud_trail
    }

    pub(crate) const fn s3(&self) -> &aws_sdk_s3::Client {
        &self.s3
    }

    pub(crate) const fn s3_control(&self) -> &aws_sdk_s3control::Client {
        &self.s3_control
    }

    pub(crate) const fn kms(&self) -> &aws_sdk_kms::Client {
        &self.kms
    }

    pub(crate) const fn sqs(&self) -> &aws_sdk_sqs::Client {
        &self.sqs
    }

    pub(crate) const fn sns(&self) -> &aws_sdk_sns::Client {
        &self.sns
    }

    pub(crate) const fn lambda(&self) -> &aws_sdk_lambda::Client {
        &self.lambda
    }

    pub(crate) const fn secrets_manager(&self) -> &aws_sdk_secretsmanager::Client {
        &self.secrets_manager
    }

    pub(crate) const fn ecr(&self) -> &aws_sdk_ecr::Client {
        &self.ecr
    }
}

/// An endpoint of one's own rarely answers to `BUCKET.HOST`; AWS's do.
fn s3(config: &SdkConfig) -> aws_sdk_s3::Client {
    let is_own = endpoint(config, "S3").is_some();
    let builder = aws_sdk_s3::config::Builder::from(config).force_path_style(is_own);
    aws_sdk_s3::Client::from_conf(builder.build())
}

/// The SDK calls S3's account-wide operations at `ACCOUNT.HOST`. An address cannot have a name before it; the
/// request names the account in a header besides.
///
/// Source: [GetPublicAccessBlock](https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_GetPublicAccessBlock.html).
fn s3_control(config: &SdkConfig) -> aws_sdk_s3control::Client {
    let builder = aws_sdk_s3control::config::Builder::from(config);
    let builder = match endpoint(config, "S3 Control").filter(|url| is_address(url)) {
        Some(url) => builder.endpoint_resolver(Fixed(url)),
        None => builder,
    };
    aws_sdk_s3control::Client::from_conf(builder.build())
}

/// The endpoint that environment, profile or command line name for a service.
fn endpoint(config: &SdkConfig, service: &str) -> Option<String> {
    let key = ServiceConfigKey::builder().service_id(service).env("AWS_ENDPOINT_URL").profile("endpoint_url");
    let own = key.build().ok().and_then(|key| config.service_config()?.load_config(key));
    own.or_else(|| config.endpoint_url().map(ToOwned::to_owned))
}

/// True if the URL's host is an address instead of a name.
fn is_address(url: &str) -> bool {
    let authority = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = authority.split(['/', '?', '#']).next().unwrap_or_default();
    let host = match authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, _)) => host,
        None => authority.split(':').next().unwrap_or_default(),
    };
    host.parse::<IpAddr>().is_ok()
}

/// The same endpoint whatever is asked.
#[derive(Debug)]
struct Fixed(String);

impl ResolveEndpoint for Fixed {
    fn resolve_endpoint<'a>(&'a self, _: &'a Params) -> EndpointFuture<'a> {
        EndpointFuture::ready(Ok(Endpoint::builder().url(self.0.clone()).build()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_names() {
        for address in ["http://127.0.0.1:5000", "https://[::1]:5000/x", "http://10.0.0.1/"] {
            assert!(is_address(address), "{address}");
        }
        for name in ["http://localhost:5000", "https://s3-control.example", "http://1.2.3.4.example:80", ""] {
            assert!(!is_address(name), "{name}");
        }
    }
}
