use leastwise_model::{Account, CredentialSource, Known, Reason};

use super::*;

const CALLER: (&str, &str) = (
    "caller.json",
    r#"{"UserId":"AIDA","Account":"123456789012","Arn":"arn:aws-cn:iam::123456789012:user/a"}"#,
);
const SUMMARY: (&str, &str) =
    ("s.json", r#"{"SummaryMap":{"AccountMFAEnabled":1,"Users":1,"Groups":0,"Roles":1,"Policies":0}}"#);
const REPORT: (&str, &str) = (
    "r.csv",
    "user,arn,user_creation_time,mfa_active\na,arn:aws-cn:iam::123456789012:user/a,2023-03-09T10:41:45+00:00,true\n",
);
const DETAILS: &str = r#"{"UserDetailList":[{"UserName":"a","UserId":"U","Arn":"arn:aws-cn:iam::123456789012:user/a",
  "CreateDate":"2023-03-09 10:41:45+00:00","GroupList":[],"AttachedManagedPolicies":[]}],"GroupDetailList":[],"Policies":[],
  "RoleDetailList":[{"RoleName":"r","RoleId":"R","Arn":"arn:aws-cn:iam::123456789012:role/r",
  "CreateDate":1678358505,"AttachedManagedPolicies":[],"AssumeRolePolicyDocument":{"Version":"2012-10-17","Statement":[]}}]}"#;

fn folder(files: &[(&str, &[u8])]) -> Result<Snapshot, FolderError> {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        std::fs::write(folder.path().join(name), content).unwrap();
    }
    read_folder(folder.path(), Timestamp::UNIX_EPOCH)
}

fn text(files: &[(&str, &str)]) -> Result<Snapshot, FolderError> {
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, content)| (*name, content.as_bytes())).collect();
    folder(&files)
}

fn account(files: &[(&str, &str)]) -> Account {
    text(files).unwrap().accounts.remove(0)
}

fn with_caller(name: &str, content: &str) -> Account {
    account(&[CALLER, (name, content)])
}

#[test]
fn files_are_told_by_content_and_the_rest_is_unknown() {
    let account = account(&[CALLER, SUMMARY, REPORT, ("whatever", DETAILS)]);
    assert_eq!((account.id.to_string().as_str(), account.partition.as_str()), ("123456789012", "aws-cn"));
    let users = account.users.get().unwrap();
    let credentials = users[0].credentials.get().unwrap();
    assert_eq!(credentials.source, CredentialSource::UndatedReport);
    assert_eq!(credentials.mfa_active, Known::Known(true));
    assert_eq!(account.roles.get().unwrap().len(), 1);
    assert!(account.groups.get().unwrap().is_empty());
    assert_eq!(account.summary.get().unwrap().root_mfa_enabled, Known::Known(true));
    let absent = account.password_policy.missing().unwrap();
    assert_eq!(absent.reason, Reason::NotCollected);
    assert!(absent.detail.contains("aws iam get-account-password-policy > "), "{}", absent.detail);
    let contact = account.alternate_contacts.security.missing().unwrap();
    assert!(contact.detail.contains("SECURITY"), "{}", contact.detail);
}

#[test]
fn each_small_file() {
    let list = |name: &str, item: &str| format!("{{\"{name}\":[{item}]}}");
    let arn = |what: &str| format!("\"arn:aws-cn:iam::123456789012:{what}\"");
    let read = with_caller;
    let devices = list(
        "VirtualMFADevices",
        &format!(
            "{{\"SerialNumber\":\"x\"}},{{\"SerialNumber\":\"y\",\"User\":{{\"Arn\":{}}}}}",
            arn("root")
        ),
    );
    assert_eq!(read("a", &devices).virtual_mfa_devices.get().unwrap().len(), 1);
    let certificate = format!("{{\"ServerCertificateName\":\"c\",\"Arn\":{}}}", arn("server-certificate/c"));
    let certificates = list("ServerCertificateMetadataList", &certificate);
    assert_eq!(read("a", &certificates).server_certificates.get().unwrap()[0].name, "c");
    let saml = list("SAMLProviderList", &format!("{{\"Arn\":{}}}", arn("saml-provider/s")));
    assert_eq!(read("a", &saml).saml_providers.get().unwrap()[0].arn.name(), "s");
    assert_eq!(read("a", &list("AccountAliases", "\"me\"")).alias, Known::Known(Some("me".to_owned())));
    assert_eq!(read("a", &list("AccountAliases", "")).alias, Known::Known(None));
    let primary = r#"{"ContactInformation":{"FullName":"N","CompanyName":"C","PhoneNumber":"1"}}"#;
    assert_eq!(read("a", primary).primary_contact.get().unwrap().as_ref().unwrap().name, "N");
    let billing =
        r#"{"AlternateContact":{"AlternateContactType":"BILLING","Name":"B","EmailAddress":"b@x"}}"#;
    let contacts = read("security.json", billing).alternate_contacts;
    assert!(contacts.billing.value().is_some() && contacts.security.value().is_none());
    let policy = r#"{"PasswordPolicy":{"MinimumPasswordLength":9}}"#;
    assert_eq!(read("a", policy).password_policy.get().unwrap().as_ref().unwrap().minimum_length, 9);
}

#[test]
fn identity_providers_and_their_audiences() {
    let list = r#"{"OpenIDConnectProviderList":[
        {"Arn":"arn:aws-cn:iam::123456789012:oidc-provider/b.example/x"},
        {"Arn":"arn:aws-cn:iam::123456789012:oidc-provider/a.example"}]}"#;
    let one = r#"{"Url":"b.example/x","ClientIDList":["z","y"],"ThumbprintList":[]}"#;
    let account = account(&[("list", list), ("one", one)]);
    let [a, b] = account.oidc_providers.get().unwrap().as_slice() else { panic!() };
    assert!(a.client_ids.missing().is_some());
    assert_eq!(b.client_ids, Known::Known(vec!["y".to_owned(), "z".to_owned()]));
}

#[test]
fn the_cli_errors_that_are_answers_and_those_that_are_not() {
    let error =
        |code, operation| format!("\nAn error occurred ({code}) when calling the {operation} operation: x\n");
    let none = with_caller("p.json", &error("NoSuchEntity", "GetAccountPasswordPolicy"));
    assert_eq!(none.password_policy, Known::Known(None));
    let contact = with_caller("security.json", &error("ResourceNotFoundException", "GetAlternateContact"));
    assert_eq!(contact.alternate_contacts.security, Known::Known(None));
    let denied = with_caller("s.json", &error("AccessDenied", "GetAccountSummary"));
    let why = denied.summary.missing().unwrap();
    assert_eq!(
        (why.reason, why.permission.as_deref()),
        (Reason::AccessDenied, Some("iam:GetAccountSummary"))
    );
    let throttled = with_caller("s.json", &error("Throttling", "ListSAMLProviders"));
    assert_eq!(throttled.saml_providers.missing().unwrap().reason, Reason::Failed);
    let alone = error("AWSOrganizationsNotInUseException", "DescribeOrganization");
    assert_eq!(text(&[CALLER, ("o", &alone)]).unwrap().organization, Known::Known(None));
}

#[test]
fn organisations() {
    let organization = r#"{"Organization":{"Id":"o-1","FeatureSet":"ALL","MasterAccountId":"123456789012"}}"#;
    let accounts = r#"{"Accounts":[{"Id":"123456789012","Name":"main","Email":"a@x","Status":"ACTIVE"}]}"#;
    let both = text(&[CALLER, ("o", organization), ("a", accounts)]).unwrap();
    assert_eq!(both.accounts[0].name.as_deref(), Some("main"));
    let organization = both.organization.value().unwrap().as_ref().unwrap();
    assert_eq!(organization.accounts.get().unwrap().len(), 1);
    let list = text(&[CALLER, ("a", accounts)]).unwrap();
    assert!(list.organization.missing().is_some());
    assert!(list.notices.concat().contains("describe-organization"));
}

#[test]
fn broken_files_make_their_part_unknown() {
    let table = [
        ("account-summary.json", "{\"SummaryMap\":{\"Us", "cut off"),
        ("account-summary.json", "", "empty"),
        ("account-summary.json", "<html>", "neither"),
        ("x.json", "{\"SummaryMap\":{\"Users\":\"many\"}}", "expected a whole number"),
    ];
    for (name, content, words) in table {
        let why = with_caller(name, content).summary.missing().unwrap().clone();
        assert_eq!(why.reason, Reason::Invalid, "{content}");
        assert!(why.detail.contains(words) && why.detail.contains(name), "{}", why.detail);
    }
    let cut = r#"{"SAMLProviderList":[],"NextToken":"t"}"#;
    assert!(with_caller("x", cut).saml_providers.missing().unwrap().detail.contains("--max-items"));
}

#[test]
fn what_is_not_used_is_told() {
    let collection =
        text(&[CALLER, ("notes.txt", "hello"), ("other.json", "{\"Buckets\":[]}"), (".hidden", "x")])
            .unwrap();
    assert_eq!(collection.notices.len(), 2, "{:?}", collection.notices);
    assert!(collection.notices[0].contains("notes.txt") && collection.notices[1].contains("other.json"));
}

#[test]
fn two_files_for_one_part_are_unknown() {
    let why = account(&[CALLER, SUMMARY, ("t.json", SUMMARY.1)]).summary.missing().unwrap().detail.clone();
    assert!(why.contains("s.json") && why.contains("t.json"), "{why}");
}

#[test]
fn pages_of_details() {
    let page = |name: &str, more: &str| {
        format!(
            r#"{{"UserDetailList":[{{"UserName":"{name}","Arn":"arn:aws:iam::123456789012:user/{name}","CreateDate":1,
            "GroupList":[],"AttachedManagedPolicies":[]}}],"GroupDetailList":[],"Policies":[],
            "RoleDetailList":[{{"RoleName":"{name}","Arn":"arn:aws:iam::123456789012:role/{name}","CreateDate":1,
            "AttachedManagedPolicies":[],"AssumeRolePolicyDocument":{{"Statement":[]}}}}]{more}}}"#
        )
    };
    let (first, last) =
        (page("b", r#","IsTruncated":true,"Marker":"m""#), page("a", r#","IsTruncated":false"#));
    let summary =
        |users: u8| format!(r#"{{"SummaryMap":{{"Users":{users},"Groups":0,"Roles":2,"Policies":0}}}}"#);
    let both = account(&[("1", &first), ("2", &last), ("s", &summary(2))]);
    assert!(both.roles.value().is_some() && both.policies.value().is_some());
    let lost = account(&[("1", &first), ("3", &last), ("s", &summary(3))]);
    assert!(lost.users.missing().unwrap().detail.contains("AWS counts 3 users, the files hold 2"));
    let uncounted = account(&[("1", &first), ("3", &last)]);
    for why in [uncounted.users.missing(), uncounted.roles.missing(), uncounted.policies.missing()] {
        assert!(why.unwrap().detail.contains("in pages"), "{why:?}");
    }
    let names: Vec<&str> = both.users.get().unwrap().iter().map(|user| user.name.as_str()).collect();
    assert_eq!(names, ["a", "b"]);
    let cut = account(&[("1", &first), CALLER_AWS]);
    assert!(cut.users.missing().unwrap().detail.contains("last page"));
    let token = account(&[("1", &page("a", r#","NextToken":"t""#)), CALLER_AWS]);
    assert!(token.roles.missing().is_some());
    let broken = account(&[("1", &first), ("2", &last), ("authorization-details-3.json", "{\"User")]);
    assert!(broken.users.missing().unwrap().detail.contains("authorization-details-3.json"));
}

#[test]
fn details_that_lack_a_user_of_the_report_are_not_all() {
    let filtered = DETAILS.replace("\"UserName\":\"a\"", "\"UserName\":\"b\"");
    for details in
        [&filtered, r#"{"UserDetailList":[],"GroupDetailList":[],"RoleDetailList":[],"Policies":[]}"#]
    {
        let why = account(&[CALLER, REPORT, ("d", details)]).users.missing().unwrap().detail.clone();
        assert!(why.contains("names user `a`") && why.contains("write both again"), "{why}");
    }
}

#[test]
fn devices_that_nobody_has_are_not_the_assigned_ones() {
    let unassigned = r#"{"VirtualMFADevices":[{"SerialNumber":"x"}]}"#;
    let why = with_caller("m", unassigned).virtual_mfa_devices.missing().unwrap().detail.clone();
    assert!(why.contains("--assignment-status Assigned"), "{why}");
    let owned = r#"{"VirtualMFADevices":[{"SerialNumber":"x","User":{}}]}"#;
    assert!(with_caller("m", owned).virtual_mfa_devices.missing().is_some());
    assert!(with_caller("m", r#"{"VirtualMFADevices":[]}"#).virtual_mfa_devices.value().is_some());
}

#[cfg(unix)]
#[test]
fn only_plain_files_are_read() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(CALLER.0), CALLER.1).unwrap();
    for name in ["x.json", "account-summary.json"] {
        std::os::unix::fs::symlink("/dev/zero", folder.path().join(name)).unwrap();
    }
    let snapshot = read_folder(folder.path(), Timestamp::UNIX_EPOCH).unwrap();
    assert!(snapshot.notices.concat().contains("`x.json` was not used: it is not a plain file"));
    assert!(snapshot.accounts[0].summary.missing().unwrap().detail.contains("not a plain file"));
}

#[test]
fn files_that_are_too_large_are_not_read() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(CALLER.0), CALLER.1).unwrap();
    let large = std::fs::File::create(folder.path().join("account-summary.json")).unwrap();
    large.set_len(512 * 1024 * 1024 + 1).unwrap();
    let snapshot = read_folder(folder.path(), Timestamp::UNIX_EPOCH).unwrap();
    let why = snapshot.accounts[0].summary.missing().unwrap();
    assert!(why.detail.contains("`account-summary.json`: it is larger than 512 MiB"), "{}", why.detail);
}

const CALLER_AWS: (&str, &str) =
    ("caller.json", r#"{"UserId":"AIDA","Account":"123456789012","Arn":"arn:aws:iam::123456789012:user/a"}"#);

#[test]
fn filtered_details_are_not_taken_for_all() {
    let filtered = r#"{"UserDetailList":[],"GroupDetailList":[],"RoleDetailList":[],"Policies":[]}"#;
    let alone = with_caller("d", filtered);
    assert!(alone.roles.missing().unwrap().detail.contains("--filter"));
    assert!(alone.users.missing().is_some() && alone.groups.missing().is_some());
    let counted = account(&[CALLER, SUMMARY, ("d", filtered)]);
    assert!(counted.users.missing().is_some() && counted.groups.value().is_some());
}

#[test]
fn reports_in_json_and_in_utf_16() {
    let content = aws_smithy_types::base64::encode(REPORT.1);
    let json = format!(
        r#"{{"Content":"{content}","ReportFormat":"text/csv","GeneratedTime":"2024-01-01T00:00:00+00:00"}}"#
    );
    let account = account(&[("r.json", &json)]);
    assert_eq!(account.credential_report, Known::Known("2024-01-01T00:00:00Z".parse().ok()));
    let wide: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(REPORT.1.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let account = folder(&[("r.csv", &wide)]).unwrap().accounts.remove(0);
    assert_eq!(account.users.get().unwrap().len(), 1);
    let bad = json.replace(&content, "%%%");
    assert!(with_caller("r.json", &bad).root.missing().unwrap().detail.contains("base64"));
}

#[test]
fn folders_that_make_no_snapshot() {
    let other = CALLER.1.replace("123456789012", "210987654321");
    let table: [(&[(&str, &str)], &str); 4] = [
        (&[], "holds anything known"),
        (&[("x", "hello"), ("account-summary.json", "{")], "holds anything known"),
        (&[SUMMARY], "get-caller-identity"),
        (&[CALLER, ("other.json", &other)], "210987654321"),
    ];
    for (files, words) in table {
        let error = text(files).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    }
    let nowhere = read_folder(Path::new("/nowhere/at/all"), Timestamp::UNIX_EPOCH).unwrap_err().to_string();
    assert!(nowhere.contains("/nowhere/at/all"), "{nowhere}");
}
