use super::super::profiles::tests::{CONFIG, read};
use super::*;

async fn words(profile: Option<&str>, error: CredentialsError) -> String {
    let profiles = read(profile, CONFIG, &[]).await.unwrap();
    explain(&profiles, &error).to_string()
}

fn refusal(code: &str, message: &str) -> CredentialsError {
    let meta = ErrorMetadata::builder().code(code).message(message).build();
    CredentialsError::provider_error(AssumeRoleError::generic(meta))
}

#[tokio::test]
async fn the_end_of_the_chain() {
    let none = "no AWS credentials were found";
    let last = || CredentialsError::provider_error("failed to load IMDS session token");
    assert!(words(None, last()).await.starts_with(none));
    assert!(words(None, CredentialsError::not_loaded_no_source()).await.starts_with(none));
    let named = words(Some("default"), CredentialsError::not_loaded_no_source()).await;
    assert!(named.contains("profile `default` has none"), "{named}");
    let source = words(Some("machine"), last()).await;
    assert!(source.contains("failed to load IMDS"), "{source}");
}

#[tokio::test]
async fn only_a_sign_in_is_mended_by_signing_in() {
    let ended = || CredentialsError::provider_error("the SSO session has expired");
    let sso = words(Some("sso"), ended()).await;
    assert!(sso.contains("has expired") && sso.contains("aws sso login --profile sso"), "{sso}");
    assert!(!sso.contains("an error occurred"), "{sso}");
    for profile in ["keys", "role", "machine"] {
        let other = words(Some(profile), ended()).await;
        assert!(!other.contains("login"), "{other}");
    }
}

#[tokio::test]
async fn a_refused_role() {
    let role = "arn:aws:iam::123456789012:role/one";
    let user = format!("arn:aws:iam::123456789012:user/{}", "u/".repeat(150));
    let message = format!("User: {user} is not authorized to perform: sts:AssumeRole on resource: {role}");
    let text = words(Some("role"), refusal("AccessDenied", &message)).await;
    let start = format!(
        "profile `role`: AWS refused to assume `{role}` for `{user}`: not authorized to perform: sts:AssumeRole;"
    );
    assert!(text.starts_with(&start), "{text}");
    assert!(!text.contains("login") && !text.contains('{'), "{text}");
    let below = words(Some("below"), refusal("AccessDenied", &message)).await;
    assert!(below.starts_with("profile `role`"), "{below}");
    let mute = words(Some("below"), refusal("ValidationError", "")).await;
    assert!(mute.starts_with("profile `below`") && mute.contains("role/four`: ValidationError"), "{mute}");
    let code = "MultiFactorAuthentication failed with invalid MFA one time pass code.";
    let text = words(Some("below"), refusal("AccessDenied", code)).await;
    assert!(text.contains("enter the code"), "{text}");
}

#[tokio::test]
async fn a_failed_process() {
    let table = [
        (
            "Error retrieving credentials: external process exited with code exit status: 3. Stderr: bo\nom\n",
            "`/opt/my tools/creds`, ended with exit status 3: bo om;",
        ),
        (
            "Error retrieving credentials: external process exited with code signal: 9 (SIGKILL). Stderr: ",
            "ended with signal 9 (SIGKILL);",
        ),
        (
            "Error retrieving credentials from external process, could not parse response: no `Version`",
            "gave no credentials: could not parse response: no `Version`;",
        ),
    ];
    for (sdk, expected) in table {
        let error = CredentialsError::provider_error(CredentialsError::provider_error(sdk));
        let text = words(Some("program"), error).await;
        assert!(text.starts_with("profile `program`") && text.contains(expected), "{text}");
        assert!(!text.contains("hush"), "{text}");
    }
}

#[test]
fn the_program_of_a_command() {
    let table = [
        ("creds --secret x", "creds"),
        (" \"C:\\Program Files\\creds.exe\" -x", "C:\\Program Files\\creds.exe"),
        ("'/a b/c'", "/a b/c"),
        ("TOKEN='h ush' creds", "sh"),
        ("", ""),
    ];
    for (command, expected) in table {
        assert_eq!(program(command), expected);
    }
}

#[test]
fn what_aws_says_is_no_debug_text() {
    let meta = ErrorMetadata::builder().code("InvalidIdentityToken").message("no").build();
    let error = CredentialsError::provider_error(AssumeRoleError::generic(meta));
    assert_eq!(told(&error), "InvalidIdentityToken: no");
}
