use std::path::PathBuf;
use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_types::os_shim_internal::Env;

use crate::login::{MfaPrompt, Profiles, login};
use crate::region::region;
use crate::retries::with_retries;
use crate::text::quote;
use crate::transport;

/// The region that signs calls where none is set: IAM, STS and Organizations are global in the
/// commercial partition, and their endpoints live here.
const FALLBACK_REGION: &str = "us-east-1";

/// How to get at AWS; what is `None` is taken from environment and profile, as the AWS CLI does.
///
/// Without a region anywhere, the commercial partition is assumed: IAM, STS and Organizations are
/// global there. The other partitions (`GovCloud`, China …) have global endpoints of their own, so
/// their users must name any of their regions, as they must for the AWS CLI.
///
/// Source: [environment variables of the AWS CLI](https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-envvars.html),
/// [IAM endpoints](https://docs.aws.amazon.com/general/latest/gr/iam-service.html).
#[derive(Debug, Clone, Default)]
pub struct Access {
    /// A profile of `~/.aws/config`; it wins over keys in the environment.
    pub profile: Option<String>,
    /// The region.
    pub region: Option<String>,
    /// One endpoint for all services, such as a stand-in for AWS on this machine.
    pub endpoint_url: Option<String>,
    /// How long to wait.
    pub timeouts: Timeouts,
    /// A way to ask for the code of an MFA device; without it, a profile with `mfa_serial` is an error.
    pub mfa: Option<MfaPrompt>,
}

/// How long to wait for AWS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// For a connection.
    pub connect: Duration,
    /// For one try of a call.
    pub attempt: Duration,
    /// For a call with all its tries.
    pub operation: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            attempt: Duration::from_secs(30),
            operation: Duration::from_mins(2),
        }
    }
}

impl Timeouts {
    /// Gives each try of a call this long, and a call four times as long.
    #[must_use]
    pub fn of_attempt(attempt: Duration) -> Self {
        let connect = Self::default().connect.min(attempt);
        Self { connect, attempt, operation: attempt.saturating_mul(4) }
    }

    pub(crate) fn config(self) -> TimeoutConfig {
        TimeoutConfig::builder()
            .connect_timeout(self.connect)
            .operation_attempt_timeout(self.attempt)
            .operation_timeout(self.operation)
            .build()
    }
}

/// Credentials, region and endpoint, ready for calls. It is cheap to clone.
#[derive(Debug, Clone)]
pub struct Connection {
    pub(crate) config: SdkConfig,
    pub(crate) profile: Option<String>,
    pub(crate) timeouts: Timeouts,
    pub(crate) region_assumed: bool,
}

impl Connection {
    /// The region that signs calls, if there is one.
    pub fn region(&self) -> Option<&str> {
        self.config.region().map(AsRef::as_ref)
    }

    /// Where AWS is looked for, in words.
    pub(crate) fn endpoint(&self) -> String {
        match (self.config.endpoint_url(), self.config.region()) {
            (Some(url), _) => format!("`{url}`"),
            (None, Some(region)) => format!("its endpoint for `{region}`"),
            (None, None) => "its endpoint".to_owned(),
        }
    }
}

/// There is no way to AWS.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// Nothing names credentials.
    #[error("no AWS credentials were found; run `aws configure` or `aws sso login`, or set `AWS_PROFILE`")]
    NoCredentials,
    /// Something names credentials, but they cannot be had.
    #[error("no AWS credentials could be had: {detail}; {remedy}")]
    Credentials {
        /// What went wrong.
        detail: String,
        /// What to do about it.
        remedy: String,
    },
    /// A profile is named that does not exist.
    #[error("no profile `{name}`{origin} in {files}; {existing}")]
    NoProfile {
        /// The name.
        name: String,
        /// Where the name is from, if nobody typed it.
        origin: String,
        /// Where profiles were looked for.
        files: String,
        /// Those that there are.
        existing: String,
    },
    /// The files with the profiles make no sense.
    #[error("cannot read the profiles in {files}: {why}; correct the file")]
    Profiles {
        /// The files.
        files: String,
        /// What is wrong with them.
        why: String,
    },
    /// A role wants the code of an MFA device, and there is no way to ask for it.
    #[error(
        "profile `{profile}` wants a code of the MFA device `{serial}`, and there is no terminal to ask on; run \
         this in a terminal, or set the variables that `aws configure export-credentials --profile {profile} \
         --format env` prints, and leave out `--profile`"
    )]
    Mfa {
        /// The profile.
        profile: String,
        /// The device.
        serial: String,
    },
    /// No code was given.
    #[error("profile `{profile}` wants a code of the MFA device `{serial}`: {why}; enter its six digits")]
    MfaCode {
        /// The profile.
        profile: String,
        /// The device.
        serial: String,
        /// What went wrong.
        why: String,
    },
    /// AWS does not let the caller assume a profile's role.
    #[error("profile `{profile}`: AWS refused to assume `{role}`{caller}: {detail}; {remedy}")]
    Role {
        /// The profile with the role.
        profile: String,
        /// The role.
        role: String,
        /// Who wanted to, if AWS tells.
        caller: String,
        /// What AWS says.
        detail: String,
        /// What to do about it.
        remedy: &'static str,
    },
    /// A program that shall give credentials gives none.
    #[error(
        "profile `{profile}`: its `credential_process`, `{program}`, {failure}; run it by hand to see more"
    )]
    Process {
        /// The profile.
        profile: String,
        /// The program, without its arguments.
        program: String,
        /// What it did.
        failure: String,
    },
    /// The file in `AWS_CA_BUNDLE` is of no use.
    #[error(
        "cannot use the certificates in `{path}` (from `AWS_CA_BUNDLE`): {why}; correct the path or the file"
    )]
    CaBundle {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The endpoint is no URL.
    #[error("`{0}` is not an endpoint: a URL such as `http://localhost:5000` is expected")]
    Endpoint(String),
    /// The region is none.
    #[error("`{name}` (from {origin}) is not a region; write one such as `us-east-1` or `eu-central-1`")]
    Region {
        /// What is written there.
        name: String,
        /// Where it is written.
        origin: String,
    },
    /// A kind of AWS's own endpoints is asked for, and another endpoint as well.
    #[error(
        "`{variable}` (in a profile: `{entry}`) asks for AWS's own {what} endpoints, and `{url}` is given as the \
         endpoint of all services; unset the one, or leave out the other (`--endpoint-url`, `AWS_ENDPOINT_URL`)"
    )]
    TwoEndpoints {
        /// The environment variable.
        variable: &'static str,
        /// The profile's entry.
        entry: &'static str,
        /// The kind of endpoints.
        what: &'static str,
        /// The endpoint.
        url: String,
    },
    /// A setting of environment or profile makes no sense.
    #[error("`{value}` makes no sense for `{variable}` (in a profile: `{entry}`); write {expected}")]
    Setting {
        /// The environment variable.
        variable: &'static str,
        /// The profile's entry.
        entry: &'static str,
        /// What is written there.
        value: String,
        /// What is expected.
        expected: &'static str,
    },
    /// TLS could not be set up.
    #[error("cannot set up TLS: {0}; look at the system's certificates")]
    Tls(String),
}

/// Finds credentials, region and endpoint, and signs in. No other call is made yet.
///
/// It understands what the AWS CLI does: profiles, roles with MFA, IAM Identity Center (SSO), `aws login`, credential
/// processes, web identity, container and instance roles, `AWS_ENDPOINT_URL` and
/// `AWS_ENDPOINT_URL_IAM`, `AWS_CA_BUNDLE`, proxies, `AWS_MAX_ATTEMPTS` and `AWS_RETRY_MODE`.
///
/// # Errors
/// There are no credentials, they cannot be fetched, or the setting of the connection makes no sense.
pub async fn connect(access: &Access) -> Result<Connection, ConnectError> {
    check_endpoint(access.endpoint_url.as_deref())?;
    let ca_bundle = std::env::var_os("AWS_CA_BUNDLE").filter(|path| !path.is_empty()).map(PathBuf::from);
    let http = transport::client(ca_bundle.as_deref())?;
    let profiles = Profiles::load(access.profile.as_deref()).await?;
    let found = region(access.region.as_deref(), profiles.name(), &Env::real()).await?;
    let region_assumed = found.is_none();
    let region = found.unwrap_or_else(|| Region::new(FALLBACK_REGION));
    let settings = settings(access, profiles.name(), &region, &http).await;
    check_kinds_of_endpoints(&settings)?;
    let settings = with_retries(&settings)?;
    let credentials = login(access, &profiles, &region, &http).await?;
    let config = settings.into_builder().credentials_provider(credentials).build();
    Ok(Connection { config, profile: access.profile.clone(), timeouts: access.timeouts, region_assumed })
}

/// Everything but the credentials, as flags, environment and profile say.
async fn settings(access: &Access, profile: &str, region: &Region, http: &SharedHttpClient) -> SdkConfig {
    let mut loader = aws_config::defaults(BehaviorVersion::latest())
        .http_client(http.clone())
        .region(region.clone())
        .profile_name(profile)
        .no_credentials()
        .timeout_config(access.timeouts.config())
        .retry_config(RetryConfig::standard());
    if let Some(url) = &access.endpoint_url {
        loader = loader.endpoint_url(url);
    }
    loader.load().await
}

/// AWS has endpoints of several kinds; one that is named is of none of them.
///
/// Source: [FIPS and dual-stack endpoints](https://docs.aws.amazon.com/sdkref/latest/guide/feature-endpoints.html).
fn check_kinds_of_endpoints(config: &SdkConfig) -> Result<(), ConnectError> {
    let kinds = [
        (config.use_fips(), "AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint", "FIPS"),
        (config.use_dual_stack(), "AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint", "dual-stack"),
    ];
    let asked = kinds.into_iter().find(|(asked, ..)| *asked == Some(true));
    match (asked, config.endpoint_url()) {
        (Some((_, variable, entry, what)), Some(url)) => {
            Err(ConnectError::TwoEndpoints { variable, entry, what, url: quote(url) })
        }
        _ => Ok(()),
    }
}

fn check_endpoint(url: Option<&str>) -> Result<(), ConnectError> {
    match url {
        Some(url) if !url.starts_with("http://") && !url.starts_with("https://") => {
            Err(ConnectError::Endpoint(url.to_owned()))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_longer_try_makes_a_longer_call() {
        let short = Timeouts::of_attempt(Duration::from_secs(1));
        assert_eq!((short.connect, short.operation), (Duration::from_secs(1), Duration::from_secs(4)));
        assert_eq!(Timeouts::of_attempt(Duration::from_mins(1)).connect, Duration::from_secs(5));
    }

    #[test]
    fn endpoints_are_urls() {
        for good in [None, Some("http://localhost:5000"), Some("https://iam.example")] {
            assert!(check_endpoint(good).is_ok());
        }
        for bad in ["localhost:5000", "", "ftp://x"] {
            assert!(check_endpoint(Some(bad)).unwrap_err().to_string().contains("endpoint"));
        }
    }

    #[test]
    fn one_endpoint_is_of_no_kind() {
        let table = [
            (None, Some(true), None, None),
            (Some("http://localhost:1"), Some(false), None, None),
            (Some("http://localhost:1"), Some(true), None, Some("AWS_USE_FIPS_ENDPOINT")),
            (Some("http://localhost:1"), None, Some(true), Some("AWS_USE_DUALSTACK_ENDPOINT")),
        ];
        for (url, fips, dual_stack, expected) in table {
            let mut config = SdkConfig::builder();
            config
                .set_endpoint_url(url.map(ToOwned::to_owned))
                .set_use_fips(fips)
                .set_use_dual_stack(dual_stack);
            let message = check_kinds_of_endpoints(&config.build()).err().map(|error| error.to_string());
            assert_eq!(message.is_some(), expected.is_some());
            let said = |text| message.as_ref().is_none_or(|message| message.contains(text));
            assert!(expected.is_none_or(said) && said("http://localhost:1"), "{message:?}");
        }
    }
}
