//! How often a call is tried, as environment and profile say.

use aws_config::SdkConfig;
use aws_config::retry::{RetryConfig, RetryMode};
use aws_types::service_config::ServiceConfigKey;

use crate::access::ConnectError;

/// Tries for a call, where neither `AWS_MAX_ATTEMPTS` nor the profile say otherwise.
const ATTEMPTS: u32 = 5;

/// Adaptive retries, and more of them than the SDK's default, where environment and profile do not tell. The
/// SDK itself stops the program on a setting that makes no sense, so the settings are read here.
///
/// Source: [retry behaviour](https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html).
pub(crate) fn with_retries(config: &SdkConfig) -> Result<SdkConfig, ConnectError> {
    let mode = match setting(config, "AWS_RETRY_MODE", "retry_mode") {
        None => RetryMode::Adaptive,
        Some(text) => mode(&text)?,
    };
    let attempts = match setting(config, "AWS_MAX_ATTEMPTS", "max_attempts") {
        None => ATTEMPTS,
        Some(text) => attempts(&text)?,
    };
    let retries = RetryConfig::standard().with_retry_mode(mode).with_max_attempts(attempts);
    Ok(config.clone().into_builder().retry_config(retries).build())
}

/// `legacy` is what the AWS CLI had before `standard`; the SDK does not know it.
fn mode(text: &str) -> Result<RetryMode, ConnectError> {
    match text.trim().to_ascii_lowercase().as_str() {
        "adaptive" => Ok(RetryMode::Adaptive),
        "standard" | "legacy" => Ok(RetryMode::Standard),
        _ => Err(nonsense("AWS_RETRY_MODE", "retry_mode", text, "`standard`, `adaptive` or `legacy`")),
    }
}

fn attempts(text: &str) -> Result<u32, ConnectError> {
    match text.trim().parse() {
        Ok(attempts) if attempts > 0 => Ok(attempts),
        _ => Err(nonsense("AWS_MAX_ATTEMPTS", "max_attempts", text, "a number from 1")),
    }
}

fn nonsense(
    variable: &'static str,
    entry: &'static str,
    value: &str,
    expected: &'static str,
) -> ConnectError {
    ConnectError::Setting { variable, entry, value: value.to_owned(), expected }
}

/// The environment's setting, else the profile's.
fn setting(config: &SdkConfig, variable: &str, entry: &str) -> Option<String> {
    let key = ServiceConfigKey::builder().service_id("iam").env(variable).profile(entry).build().ok()?;
    config.service_config()?.load_config(key)
}

#[cfg(test)]
mod tests {
    use aws_types::service_config::LoadServiceConfig;

    use super::*;

    #[derive(Debug)]
    struct Profile(&'static [(&'static str, &'static str)]);

    impl LoadServiceConfig for Profile {
        fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
            let entry = self.0.iter().find(|(name, _)| *name == key.profile());
            entry.map(|(_, value)| (*value).to_owned())
        }
    }

    fn retries(profile: &'static [(&'static str, &'static str)]) -> Result<(RetryMode, u32), String> {
        let config = SdkConfig::builder().service_config(Profile(profile)).build();
        let config = with_retries(&config).map_err(|error| error.to_string())?;
        let retries = config.retry_config().unwrap();
        Ok((retries.mode(), retries.max_attempts()))
    }

    #[test]
    fn what_is_set_counts() {
        assert_eq!(retries(&[]), Ok((RetryMode::Adaptive, 5)));
        assert_eq!(retries(&[("retry_mode", "standard")]), Ok((RetryMode::Standard, 5)));
        assert_eq!(retries(&[("retry_mode", "legacy"), ("max_attempts", "3")]), Ok((RetryMode::Standard, 3)));
    }

    #[test]
    fn what_makes_no_sense_is_an_error() {
        for (entry, value) in [("retry_mode", "often"), ("max_attempts", "0"), ("max_attempts", "x")] {
            let profile: &'static [(&str, &str)] = vec![(entry, value)].leak();
            let message = retries(profile).unwrap_err();
            assert!(message.contains(entry) && message.contains(value), "{message}");
        }
    }
}
