//! The region that signs calls, and where it was named.

use aws_config::Region;
use aws_config::meta::region::ProvideRegion;
use aws_config::profile::ProfileFileRegionProvider;
use aws_config::provider_config::ProviderConfig;
use aws_types::os_shim_internal::Env;

use crate::access::ConnectError;
use crate::text::quote;

/// The variables that name a region, the stronger first.
const VARIABLES: [&str; 2] = ["AWS_REGION", "AWS_DEFAULT_REGION"];

/// The region that is asked for, else the environment's, else the profile's. An empty variable, or an empty
/// entry of a profile, counts as unset, as it does for the AWS CLI.
///
/// Source: [environment variables of the AWS CLI](https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-envvars.html).
///
/// # Errors
/// What is written there is no region.
pub(crate) async fn region(
    asked: Option<&str>,
    profile: &str,
    env: &Env,
) -> Result<Option<Region>, ConnectError> {
    if let Some((name, origin)) = named(asked, env) {
        return valid(name, origin).map(Some);
    }
    let settings = ProviderConfig::without_region();
    let provider = ProfileFileRegionProvider::builder().configure(&settings).profile_name(profile).build();
    match provider.region().await.filter(|region| !region.as_ref().trim().is_empty()) {
        Some(region) => valid(region.to_string(), format!("profile `{}`", quote(profile))).map(Some),
        None => Ok(None),
    }
}

fn named(asked: Option<&str>, env: &Env) -> Option<(String, String)> {
    let variable = |name: &str| {
        let value = env.get(name).ok().filter(|value| !value.trim().is_empty())?;
        Some((value, format!("`{name}`")))
    };
    match asked {
        Some(name) => Some((name.to_owned(), "`--region`".to_owned())),
        None => VARIABLES.into_iter().find_map(variable),
    }
}

/// The region stands in the names of endpoints, so it is a label of a host name, and AWS writes it small.
///
/// Source: [AWS Regions](https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html).
fn valid(name: String, origin: String) -> Result<Region, ConnectError> {
    let is_label = name.len() <= 63
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && !name.ends_with('-')
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if is_label { Ok(Region::new(name)) } else { Err(ConnectError::Region { name: quote(&name), origin }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOBODY: &str = "no-such-profile";

    async fn found(asked: Option<&str>, env: &[(&str, &str)]) -> Result<Option<String>, String> {
        let found = region(asked, NOBODY, &Env::from_slice(env)).await;
        found.map(|region| region.map(|region| region.to_string())).map_err(|error| error.to_string())
    }

    #[tokio::test]
    async fn the_stronger_name_wins_and_an_empty_variable_is_none() {
        let both = [("AWS_REGION", "eu-west-1"), ("AWS_DEFAULT_REGION", "eu-west-2")];
        let empty = [("AWS_REGION", " "), ("AWS_DEFAULT_REGION", "eu-west-2")];
        let table = [
            (Some("us-gov-west-1"), &both[..], Some("us-gov-west-1")),
            (None, &both, Some("eu-west-1")),
            (None, &empty, Some("eu-west-2")),
            (None, &[("AWS_REGION", "")], None),
            (None, &[], None),
        ];
        for (asked, env, expected) in table {
            assert_eq!(found(asked, env).await.unwrap().as_deref(), expected, "{asked:?} {env:?}");
        }
    }

    #[tokio::test]
    async fn what_is_no_region_is_named_with_its_origin() {
        for bad in ["us_east_1", "", "US-EAST-1", "us-east-1 ", "-x", "x-", "a.b", "1"] {
            let message = found(Some(bad), &[]).await.unwrap_err();
            assert!(message.starts_with(&format!("`{bad}` (from `--region`) is not a region")), "{message}");
        }
        let message = found(None, &[("AWS_DEFAULT_REGION", "here")]).await;
        assert_eq!(message, Ok(Some("here".to_owned())), "a stand-in for AWS may have regions of its own");
        let message = found(None, &[("AWS_DEFAULT_REGION", "a/b")]).await.unwrap_err();
        assert!(message.contains("`AWS_DEFAULT_REGION`"), "{message}");
    }
}
