use super::*;

pub const CONFIG: &str = "
[default]
region = eu-west-1
[profile keys]
aws_access_key_id = AKIA
aws_secret_access_key = s
[profile sso]
sso_start_url = https://example.awsapps.com/start
[profile program]
credential_process = '/opt/my tools/creds' --secret hush
[profile role]
role_arn = arn:aws:iam::123456789012:role/one
source_profile = keys
[profile mfa]
role_arn = arn:aws:iam::123456789012:role/two
source_profile = keys
mfa_serial = arn:aws:iam::123456789012:mfa/x
external_id = e
duration_seconds = 900
[profile top]
role_arn = arn:aws:iam::123456789012:role/three
source_profile = mfa
[profile below]
role_arn = arn:aws:iam::123456789012:role/four
mfa_serial = arn:aws:iam::123456789012:mfa/x
source_profile = role
[profile machine]
role_arn = arn:aws:iam::123456789012:role/five
credential_source = Ec2InstanceMetadata
mfa_serial = arn:aws:iam::123456789012:mfa/x
[profile self]
role_arn = arn:aws:iam::123456789012:role/six
source_profile = self
mfa_serial = arn:aws:iam::123456789012:mfa/x
aws_access_key_id = AKIA
aws_secret_access_key = s
[profile ring]
role_arn = arn:aws:iam::123456789012:role/seven
source_profile = gnir
[profile gnir]
role_arn = arn:aws:iam::123456789012:role/eight
source_profile = ring
[profile lost]
role_arn = arn:aws:iam::123456789012:role/nine
source_profile = nope
[profile web]
role_arn = arn:aws:iam::123456789012:role/ten
web_identity_token_file = /token
mfa_serial = arn:aws:iam::123456789012:mfa/x
";

pub async fn read(asked: Option<&str>, config: &str, env: &[(&str, &str)]) -> Result<Profiles, ConnectError> {
    let env = [env, &[("AWS_CONFIG_FILE", "/c"), ("HOME", "/h")]].concat();
    let fs = Fs::from_slice(&[("/c", config)]);
    Profiles::of(asked, &Env::from_slice(&env), &fs).await
}

const PAIR: [(&str, &str); 2] = [("AWS_ACCESS_KEY_ID", "AKIA"), ("AWS_SECRET_ACCESS_KEY", "s")];

/// The profile that is asked for, the environment, and the one that is used or words of the error.
type Row =
    (Option<&'static str>, &'static [(&'static str, &'static str)], Result<&'static str, &'static str>);

#[tokio::test]
async fn which_profile() {
    let table: &[Row] = &[
        (None, &[], Ok("default")),
        (Some("sso"), &[("AWS_PROFILE", "nope")], Ok("sso")),
        (None, &[("AWS_PROFILE", "sso"), ("AWS_DEFAULT_PROFILE", "nope")], Ok("sso")),
        (None, &[("AWS_DEFAULT_PROFILE", "sso")], Ok("sso")),
        (None, &[("AWS_PROFILE", "")], Ok("default")),
        (None, &[("AWS_PROFILE", "nope"), PAIR[0], PAIR[1]], Err("`nope` (from `AWS_PROFILE`)")),
        (None, &[("AWS_DEFAULT_PROFILE", "nope")], Err("`nope` (from `AWS_DEFAULT_PROFILE`)")),
        (Some("typo"), &[], Err("no profile `typo` in `/c` or `~/.aws/credentials`; there are: below, ")),
    ];
    for (asked, env, expected) in table {
        match (read(*asked, CONFIG, env).await, expected) {
            (Ok(profiles), Ok(name)) => assert_eq!(profiles.name(), *name),
            (Err(error), Err(words)) => assert!(error.to_string().contains(words), "{error}"),
            (outcome, _) => panic!("{asked:?} {env:?}: {outcome:?}"),
        }
    }
}

#[tokio::test]
async fn an_error_lists_ten_profiles() {
    let end = |config: String| async move {
        let error = read(Some("typo"), &config, &[]).await.unwrap_err().to_string();
        error.split_once("; ").unwrap().1.to_owned()
    };
    let some = |count: u8| (0..count).map(|n| format!("[profile p{n:02}]\n")).collect::<Vec<_>>().concat();
    assert_eq!(end(some(0)).await, "there are none; `aws configure` makes one");
    assert_eq!(end(some(2)).await, "there are: p00, p01");
    assert!(end(some(10)).await.ends_with("p08, p09"));
    assert!(end(some(12)).await.ends_with("p08, p09 and 2 more"));
}

#[tokio::test]
async fn a_broken_file_is_named() {
    let error = read(None, "[default\nx", &PAIR).await.unwrap_err().to_string();
    assert!(error.contains("`/c`"), "{error}");
}

#[tokio::test]
async fn the_roles_on_the_way() {
    let table: &[(&str, &[&str], &[&str])] = &[
        ("keys", &["keys"], &[]),
        ("role", &["role", "keys"], &[]),
        ("mfa", &["mfa", "keys"], &["mfa"]),
        ("top", &["top", "mfa", "keys"], &["top", "mfa"]),
        ("below", &["below", "role", "keys"], &["below"]),
        ("machine", &["machine"], &["machine"]),
        ("self", &["self"], &["self"]),
        ("ring", &["ring", "gnir"], &[]),
        ("web", &["web"], &[]),
    ];
    let names = |chain: Vec<&Profile>| chain.iter().map(|p| p.name().to_owned()).collect::<Vec<_>>();
    for (name, chain, with_mfa) in table {
        let profiles = read(Some(name), CONFIG, &PAIR).await.unwrap();
        assert_eq!(names(profiles.chain()), *chain);
        assert_eq!(names(profiles.roles_with_mfa()), *with_mfa, "{name}");
        profiles.check_sources().unwrap();
        let weaker = [("AWS_PROFILE", *name), PAIR[0], PAIR[1]];
        assert!(read(None, CONFIG, &weaker).await.unwrap().roles_with_mfa().is_empty());
    }
}

#[tokio::test]
async fn a_source_that_does_not_exist() {
    let lost = read(Some("lost"), CONFIG, &[]).await.unwrap();
    let error = lost.check_sources().unwrap_err().to_string();
    assert!(error.starts_with("no profile `nope` (the `source_profile` of `lost`) in `/c`"), "{error}");
    let keys = read(None, CONFIG, &[("AWS_PROFILE", "lost"), PAIR[0], PAIR[1]]).await.unwrap();
    assert!(keys.check_sources().is_ok());
}
