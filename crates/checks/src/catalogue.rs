use crate::Check;
use crate::checks as c;

/// Every check, in the order in which reports show them.
pub fn all() -> &'static [&'static Check] {
    &ALL
}

/// The check with this id.
pub fn find(id: &str) -> Option<&'static Check> {
    ALL.iter().copied().find(|check| check.id == id)
}

static ALL: [&Check; 40] = [
    &c::root_access_key::ROOT_ACCESS_KEY,
    &c::root_mfa::ROOT_MFA,
    &c::root_hardware_mfa::ROOT_HARDWARE_MFA,
    &c::root_recent_use::ROOT_RECENT_USE,
    &c::root_email_group::ROOT_EMAIL_GROUP,
    &c::account_contact_details::ACCOUNT_CONTACT_DETAILS,
    &c::account_security_contact::ACCOUNT_SECURITY_CONTACT,
    &c::account_security_questions::ACCOUNT_SECURITY_QUESTIONS,
    &c::password_policy_length::PASSWORD_POLICY_LENGTH,
    &c::password_policy_uppercase::PASSWORD_POLICY_UPPERCASE,
    &c::password_policy_lowercase::PASSWORD_POLICY_LOWERCASE,
    &c::password_policy_number::PASSWORD_POLICY_NUMBER,
    &c::password_policy_symbol::PASSWORD_POLICY_SYMBOL,
    &c::password_policy_reuse::PASSWORD_POLICY_REUSE,
    &c::password_policy_max_age::PASSWORD_POLICY_MAX_AGE,
    &c::iam_user_console_mfa::IAM_USER_CONSOLE_MFA,
    &c::iam_user_console_unused::IAM_USER_CONSOLE_UNUSED,
    &c::iam_user_console_password::IAM_USER_CONSOLE_PASSWORD,
    &c::iam_user_initial_access_key::IAM_USER_INITIAL_ACCESS_KEY,
    &c::iam_user_two_access_keys::IAM_USER_TWO_ACCESS_KEYS,
    &c::iam_access_key_unused::IAM_ACCESS_KEY_UNUSED,
    &c::iam_access_key_age::IAM_ACCESS_KEY_AGE,
    &c::iam_user_direct_policy::IAM_USER_DIRECT_POLICY,
    &c::iam_user_without_group::IAM_USER_WITHOUT_GROUP,
    &c::iam_users_alike::IAM_USERS_ALIKE,
    &c::iam_group_empty::IAM_GROUP_EMPTY,
    &c::iam_inline_policy::IAM_INLINE_POLICY,
    &c::iam_policy_full_admin::IAM_POLICY_FULL_ADMIN,
    &c::iam_principal_administrator::IAM_PRINCIPAL_ADMINISTRATOR,
    &c::iam_policy_not_action::IAM_POLICY_NOT_ACTION,
    &c::iam_policy_not_resource::IAM_POLICY_NOT_RESOURCE,
    &c::iam_policy_pass_role::IAM_POLICY_PASS_ROLE,
    &c::iam_role_unused::IAM_ROLE_UNUSED,
    &c::iam_unused_services::IAM_UNUSED_SERVICES,
    &c::role_trust_anyone::ROLE_TRUST_ANYONE,
    &c::role_trust_foreign_account::ROLE_TRUST_FOREIGN_ACCOUNT,
    &c::role_trust_oidc::ROLE_TRUST_OIDC,
    &c::iam_federation::IAM_FEDERATION,
    &c::iam_support_role::IAM_SUPPORT_ROLE,
    &c::iam_server_certificate_expired::IAM_SERVER_CERTIFICATE_EXPIRED,
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    #[test]
    fn every_file_is_registered_and_named_after_its_check() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/checks");
        let files: BTreeSet<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name != "mod.rs")
            .collect();
        let registered: BTreeSet<String> =
            ALL.iter().map(|check| format!("{}.rs", check.id.replace('-', "_"))).collect();
        assert_eq!(files, registered);
        assert_eq!(registered.len(), ALL.len());
    }

    #[test]
    fn every_check_documents_itself() {
        for check in all() {
            let page = check.documentation.join("\n");
            for heading in ["## What it checks", "## Why it matters", "## How to fix"] {
                assert!(page.contains(heading), "{} lacks `{heading}`", check.id);
            }
            assert!(page.contains("BP-") || page.contains("CIS "), "{} cites nothing", check.id);
        }
    }
}
