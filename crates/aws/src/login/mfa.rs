//! Roles that want a code of an MFA device, of which the SDK knows nothing.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::SystemTime;

use aws_config::ecs::EcsCredentialsProvider;
use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_config::imds::credentials::ImdsCredentialsProvider;
use aws_config::profile::{Profile, ProfileFileCredentialsProvider};
use aws_config::provider_config::ProviderConfig;
use aws_config::retry::RetryConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_sdk_sts::operation::assume_role::AssumeRoleOutput;
use aws_sdk_sts::operation::assume_role::builders::AssumeRoleFluentBuilder;
use aws_smithy_runtime_api::client::http::SharedHttpClient;

use super::explain::{explain, explain_role, trouble};
use super::profiles::Profiles;
use crate::access::{Access, ConnectError};
use crate::ask::ask;
use crate::permissions::ASSUME_ROLE;
use crate::text::{quote, said};

/// What CloudTrail shows as the name of the session, where the profile has no `role_session_name`.
const SESSION_NAME: &str = "leastwise";

type Prompt = dyn Fn(&str) -> io::Result<String> + Send + Sync;

/// A way to get a code of an MFA device from the user.
#[derive(Clone)]
pub struct MfaPrompt(Arc<Prompt>);

impl MfaPrompt {
    /// `ask` gets the device's serial number, which is an ARN but for hardware, and gives the code.
    pub fn new(ask: impl Fn(&str) -> io::Result<String> + Send + Sync + 'static) -> Self {
        Self(Arc::new(ask))
    }
}

impl fmt::Debug for MfaPrompt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MfaPrompt")
    }
}

/// Assumes the roles of the profiles, the last one first.
///
/// The credentials end with their session: nobody is there to be asked again in the middle of a run.
///
/// Source: [MFA with roles](https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-role.html#cli-configure-role-mfa),
/// [AssumeRole](https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html).
pub(super) async fn assume(
    access: &Access,
    profiles: &Profiles,
    roles: &[&Profile],
    settings: &ProviderConfig,
    region: &Region,
    http: &SharedHttpClient,
) -> Result<Credentials, ConnectError> {
    let [.., last] = roles else { return Err(ConnectError::NoCredentials) };
    let Some(prompt) = &access.mfa else { return Err(no_prompt(profiles, roles)) };
    let source = source(profiles, last, settings)?;
    let mut credentials = source.provide_credentials().await.map_err(|error| explain(profiles, &error))?;
    let config = aws_config::defaults(BehaviorVersion::latest())
        .profile_name(profiles.name())
        .region(region.clone())
        .http_client(http.clone())
        .timeout_config(access.timeouts.config())
        .retry_config(RetryConfig::standard())
        .no_credentials()
        .load()
        .await;
    for profile in roles.iter().rev() {
        let code = match profile.get("mfa_serial") {
            Some(serial) => Some((serial, code(prompt, profile, serial)?)),
            None => None,
        };
        let answer = ask(&ASSUME_ROLE, request(&config, credentials, profile, code).send()).await;
        credentials = enter(answer.map_err(|failure| explain_role(profiles, profile, &failure))?)
            .map_err(|why| trouble(profiles, &format!("profile `{}`: {why}", quote(profile.name()))))?;
    }
    Ok(credentials)
}

/// The credentials that the role is assumed with.
fn source(
    profiles: &Profiles,
    profile: &Profile,
    settings: &ProviderConfig,
) -> Result<SharedCredentialsProvider, ConnectError> {
    let name = quote(profile.name());
    if let Some(source) = profile.get("source_profile") {
        let source = profiles.source_of(profile, source)?;
        return match keys(source) {
            Some(keys) => Ok(SharedCredentialsProvider::new(keys)),
            None if source.name() == profile.name() => {
                Err(trouble(profiles, &format!("profile `{name}` is its own source, and has no keys")))
            }
            None => {
                let file = ProfileFileCredentialsProvider::builder().configure(settings);
                Ok(SharedCredentialsProvider::new(file.profile_name(source.name()).build()))
            }
        };
    }
    match profile.get("credential_source").unwrap_or_default().to_ascii_lowercase().as_str() {
        "environment" => Ok(SharedCredentialsProvider::new(EnvironmentVariableCredentialsProvider::new())),
        "ec2instancemetadata" => {
            Ok(SharedCredentialsProvider::new(ImdsCredentialsProvider::builder().configure(settings).build()))
        }
        "ecscontainer" => {
            Ok(SharedCredentialsProvider::new(EcsCredentialsProvider::builder().configure(settings).build()))
        }
        other => {
            Err(trouble(profiles, &format!("profile `{name}`: `{}` is no `credential_source`", quote(other))))
        }
    }
}

fn keys(profile: &Profile) -> Option<Credentials> {
    let get = |name| profile.get(name).map(ToOwned::to_owned);
    let (id, secret) = (get("aws_access_key_id")?, get("aws_secret_access_key")?);
    Some(Credentials::new(id, secret, get("aws_session_token"), None, "profile"))
}

fn code(prompt: &MfaPrompt, profile: &Profile, serial: &str) -> Result<String, ConnectError> {
    let unread =
        |why: String| ConnectError::MfaCode { profile: quote(profile.name()), serial: quote(serial), why };
    let code = (prompt.0)(&quote(serial)).map_err(|error| unread(error.to_string()))?.trim().to_owned();
    if code.is_empty() { Err(unread("nothing was entered".to_owned())) } else { Ok(code) }
}

fn no_prompt(profiles: &Profiles, roles: &[&Profile]) -> ConnectError {
    let serial = roles.iter().rev().find_map(|profile| profile.get("mfa_serial"));
    ConnectError::Mfa { profile: quote(profiles.name()), serial: quote(serial.unwrap_or_default()) }
}

fn request(
    config: &SdkConfig,
    credentials: Credentials,
    profile: &Profile,
    code: Option<(&str, String)>,
) -> AssumeRoleFluentBuilder {
    let get = |name| profile.get(name).map(ToOwned::to_owned);
    let provider = SharedCredentialsProvider::new(credentials);
    let config = config.clone().into_builder().credentials_provider(provider).build();
    let (serial, code) = code.unzip();
    aws_sdk_sts::Client::new(&config)
        .assume_role()
        .set_role_arn(get("role_arn"))
        .role_session_name(get("role_session_name").unwrap_or_else(|| SESSION_NAME.to_owned()))
        .set_external_id(get("external_id"))
        .set_duration_seconds(profile.get("duration_seconds").and_then(|seconds| seconds.parse().ok()))
        .set_serial_number(serial.map(ToOwned::to_owned))
        .set_token_code(code)
}

fn enter(answer: AssumeRoleOutput) -> Result<Credentials, String> {
    let given = answer.credentials.ok_or("the answer to `sts:AssumeRole` holds no `Credentials`")?;
    let end = SystemTime::try_from(given.expiration).map_err(|error| said(&error.to_string()))?;
    let (id, secret, token) = (given.access_key_id, given.secret_access_key, given.session_token);
    Ok(Credentials::new(id, secret, Some(token), Some(end), "AssumeRole"))
}

#[cfg(test)]
mod tests {
    use super::super::profiles::tests::{CONFIG, read};
    use super::*;

    #[tokio::test]
    async fn the_profile_says_what_is_asked_for() {
        let config = SdkConfig::builder().behavior_version(BehaviorVersion::latest());
        let config = config.region(Region::new("eu-west-1")).build();
        let profiles = read(Some("top"), CONFIG, &[]).await.unwrap();
        let roles = profiles.roles_with_mfa();
        let asked = |n: usize, code| {
            let source = Credentials::new("a", "b", None, None, "test");
            let request = request(&config, source, roles[n], code);
            let input = request.as_input();
            let text = |value: &Option<String>| value.clone().unwrap_or_default();
            (
                text(input.get_role_arn()),
                text(input.get_external_id()),
                *input.get_duration_seconds(),
                text(input.get_serial_number()) + " " + &text(input.get_token_code()),
            )
        };
        let role = |name: &str| format!("arn:aws:iam::123456789012:role/{name}");
        assert_eq!(
            asked(1, Some(("s", "123456".into()))),
            (role("two"), "e".into(), Some(900), "s 123456".into())
        );
        assert_eq!(asked(0, None), (role("three"), String::new(), None, " ".into()));
    }

    #[tokio::test]
    async fn where_the_first_credentials_come_from() {
        let http = crate::transport::client(None).unwrap();
        let none = ProviderConfig::without_region().with_http_client(http);
        let table = [("mfa", Ok(())), ("below", Ok(())), ("machine", Ok(())), ("self", Ok(()))];
        let odd = [("ring", Err("is its own source")), ("odd", Err("`moon` is no `credential_source`"))];
        let odd_config = "[profile ring]\nrole_arn=r\nsource_profile=ring\n[profile odd]\nrole_arn=r\ncredential_source=Moon\n";
        let rows = table.map(|row| (CONFIG, row)).into_iter().chain(odd.map(|row| (odd_config, row)));
        for (config, (name, expected)) in rows {
            let profiles = read(Some(name), config, &[]).await.unwrap();
            let profile = *profiles.chain().first().unwrap();
            match (source(&profiles, profile, &none), expected) {
                (Ok(_), Ok(())) => {}
                (Err(error), Err(words)) => assert!(error.to_string().contains(words), "{error}"),
                (outcome, _) => panic!("{name}: {outcome:?}"),
            }
        }
    }

    #[tokio::test]
    async fn the_code() {
        let profiles = read(Some("mfa"), CONFIG, &[]).await.unwrap();
        let profile = *profiles.chain().first().unwrap();
        let given = |answer: fn() -> io::Result<String>| {
            let prompt = MfaPrompt::new(move |serial| {
                assert_eq!(serial, "s");
                answer()
            });
            code(&prompt, profile, "s").map_err(|error| error.to_string())
        };
        assert_eq!(given(|| Ok(" 123456\n".into())).unwrap(), "123456");
        assert!(given(|| Ok("\n".into())).unwrap_err().contains("nothing was entered"));
        assert!(given(|| Err(io::Error::other("closed"))).unwrap_err().contains("closed"));
    }

    #[tokio::test]
    async fn without_a_terminal_the_way_out_is_named() {
        let profiles = read(Some("top"), CONFIG, &[]).await.unwrap();
        let error = no_prompt(&profiles, &profiles.roles_with_mfa()).to_string();
        for words in ["`top`", ":mfa/x`", "export-credentials --profile top --format env"] {
            assert!(error.contains(words), "{error}");
        }
    }
}
