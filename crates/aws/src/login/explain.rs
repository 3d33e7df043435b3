//! Why there are no credentials, in words that lead on.

use std::error::Error;

use aws_config::meta::ProviderChainError;
use aws_config::profile::Profile;
use aws_credential_types::provider::error::{CredentialsError, TokenError};
use aws_sdk_sts::operation::assume_role::AssumeRoleError;
use aws_smithy_types::error::metadata::{ErrorMetadata, ProvideErrorMetadata};

use super::profiles::{Profiles, is_role};
use crate::access::ConnectError;
use crate::failure::Failure;
use crate::text::{quote, said};

/// The longest text of AWS about a role that is repeated, in characters: it may hold several ARNs.
const LIMIT: usize = 2000;

type Attempts = ProviderChainError<CredentialsError>;

/// Why the SDK found no credentials.
pub(super) fn explain(profiles: &Profiles, error: &CredentialsError) -> ConnectError {
    let chain = profiles.chain();
    if let Some((code, message)) = of_role(error)
        && let Some(profile) = whose(&chain, message)
    {
        return refused(profile, code, message);
    }
    if let Some(failure) = chain.last().and_then(|profile| of_process(profile, error)) {
        return failure;
    }
    let has_named_source = chain.last().is_some_and(|profile| profile.get("credential_source").is_some());
    match (of_profile(error), is_end_of_chain(error)) {
        (Some(detail), _) => trouble(profiles, &detail),
        (None, true) if !profiles.is_named() => ConnectError::NoCredentials,
        (None, true) if !has_named_source => {
            trouble(profiles, &format!("profile `{}` has none", quote(profiles.name())))
        }
        _ => trouble(profiles, &told(error)),
    }
}

/// Why one role could not be assumed.
pub(super) fn explain_role(profiles: &Profiles, profile: &Profile, failure: &Failure) -> ConnectError {
    if let Some(code) = &failure.code {
        return refused(profile, code, failure.message.as_deref().unwrap_or_default());
    }
    trouble(profiles, &format!("profile `{}`: {}", quote(profile.name()), failure.missing.detail))
}

/// Something is wrong with the profile, or with its sign-in.
pub(super) fn trouble(profiles: &Profiles, detail: &str) -> ConnectError {
    ConnectError::Credentials { detail: detail.to_owned(), remedy: remedy(profiles) }
}

/// A sign-in mends only a profile that signs in.
fn remedy(profiles: &Profiles) -> String {
    let chain = profiles.chain();
    let Some(source) = chain.last() else { return "see where `aws configure list` finds them".to_owned() };
    let has = |name| source.get(name).is_some();
    let name = quote(source.name());
    if has("sso_session") || has("sso_start_url") {
        format!("check the profile, or sign in with `aws sso login --profile {name}`")
    } else if has("login_session") {
        format!("check the profile, or sign in with `aws login --profile {name}`")
    } else {
        format!("check the profile with `aws configure list --profile {name}`")
    }
}

/// True if nothing named credentials: the instance metadata service is asked last, wherever this runs.
fn is_end_of_chain(error: &CredentialsError) -> bool {
    match error {
        CredentialsError::CredentialsNotLoaded(_) => {
            error.source().is_none_or(|cause| cause.downcast_ref::<Attempts>().is_some())
        }
        _ => causes(error).any(|cause| cause.to_string().contains("IMDS")),
    }
}

/// What is wrong with the profile, where the SDK went on to look elsewhere.
fn of_profile(error: &CredentialsError) -> Option<String> {
    let attempts = error.source()?.downcast_ref::<Attempts>()?.attempts();
    let profile = attempts.iter().find(|attempt| attempt.name() == "Profile")?;
    profile.error().source().map(told)
}

fn of_role(error: &CredentialsError) -> Option<(&str, &str)> {
    let refusal: &AssumeRoleError = causes(error).find_map(|cause| cause.downcast_ref())?;
    Some((refusal.code()?, refusal.message().unwrap_or_default()))
}

/// The profile whose role was refused; AWS names the role, but not always.
fn whose<'a>(chain: &[&'a Profile], message: &str) -> Option<&'a Profile> {
    let is_named = |profile: &&Profile| {
        profile.get("role_arn").is_some_and(|role| message.split_whitespace().any(|word| word == role))
    };
    let roles = || chain.iter().copied().filter(|profile| is_role(profile));
    roles().find(is_named).or_else(|| roles().next())
}

fn refused(profile: &Profile, code: &str, message: &str) -> ConnectError {
    let (role, message) = (line(profile.get("role_arn").unwrap_or_default()), line(message));
    let (caller, words) = message
        .strip_prefix("User: ")
        .and_then(|rest| rest.split_once(" is "))
        .map_or((String::new(), message.as_str()), |(user, words)| (format!(" for `{user}`"), words));
    let words = words.replace(&format!(" on resource: {role}"), "").trim_end_matches('.').to_owned();
    ConnectError::Role {
        profile: quote(profile.name()),
        caller,
        detail: if words.is_empty() { quote(code) } else { words },
        remedy: role_remedy(code, &message),
        role,
    }
}

fn role_remedy(code: &str, message: &str) -> &'static str {
    match code {
        "AccessDenied" if message.contains("MultiFactorAuthentication") => {
            "enter the code that the device shows now, and no code twice"
        }
        "AccessDenied" => {
            "the role must trust the caller, and the caller be allowed to assume it; \
             where it wants MFA, set `mfa_serial` in the profile"
        }
        _ => "check the profile and its source",
    }
}

fn of_process(profile: &Profile, error: &CredentialsError) -> Option<ConnectError> {
    let text = innermost(error).to_string();
    let command = profile.get("credential_process").filter(|_| text.contains("external process"))?;
    Some(ConnectError::Process {
        profile: quote(profile.name()),
        program: quote(program(command)),
        failure: said(&process_failure(&text)),
    })
}

/// The first word of a command: what comes after it may be secret, and so may a variable before it.
fn program(command: &str) -> &str {
    let command = command.trim_start();
    let quoted = ['"', '\''].into_iter().find_map(|mark| command.strip_prefix(mark)?.split(mark).next());
    let word = quoted.or_else(|| command.split_whitespace().next()).unwrap_or_default();
    if quoted.is_none() && word.contains('=') { "sh" } else { word }
}

/// The SDK's words are "… exited with code exit status: 1. Stderr: …".
fn process_failure(text: &str) -> String {
    if let Some((_, end)) = text.split_once("exited with code ") {
        let (status, words) = end.split_once(". Stderr:").unwrap_or((end, ""));
        let separator = if words.trim().is_empty() { "" } else { ": " };
        return format!("ended with {}{separator}{}", status.replace(": ", " "), words.trim());
    }
    let why = text.split_once("external process").map_or(text, |(_, why)| why);
    format!("gave no credentials: {}", why.trim_start_matches([',', ':', ' ']))
}

/// An error and its causes, without the SDK's wrappers.
fn told(error: &(dyn Error + 'static)) -> String {
    let mut parts: Vec<String> = Vec::new();
    for cause in causes(error).filter(|cause| !is_wrapper(*cause)) {
        let text = cause.downcast_ref().map_or_else(|| cause.to_string(), from_aws);
        if !parts.iter().any(|part| part.contains(&text)) {
            parts.push(text);
        }
    }
    said(&parts.join(": "))
}

fn is_wrapper(cause: &(dyn Error + 'static)) -> bool {
    let text = cause.to_string();
    let is_outer = cause.source().is_some();
    is_outer
        && (cause.is::<CredentialsError>()
            || cause.is::<TokenError>()
            || text == "service error"
            || text.starts_with("unhandled error"))
}

fn from_aws(answer: &ErrorMetadata) -> String {
    let parts = [answer.code(), answer.message()];
    parts.into_iter().flatten().collect::<Vec<_>>().join(": ")
}

fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&cause| cause.source())
}

fn innermost<'a>(error: &'a (dyn Error + 'static)) -> &'a (dyn Error + 'static) {
    causes(error).last().unwrap_or(error)
}

/// One line without control characters; an ARN in it stays whole.
fn line(text: &str) -> String {
    let is_space = |c: char| c.is_whitespace() || c.is_control();
    let words: Vec<_> = text.split(is_space).filter(|word| !word.is_empty()).collect();
    words.join(" ").chars().take(LIMIT).collect()
}

#[cfg(test)]
mod tests;
