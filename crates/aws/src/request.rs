use std::collections::{BTreeMap, BTreeSet};

use leastwise_iam::AccountId;

/// The role that AWS Organizations creates in accounts that it makes, and that is assumed by default.
///
/// Source: [accessing member accounts](https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_access.html).
pub const DEFAULT_ROLE: &str = "OrganizationAccountAccessRole";

/// The text names no role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "write the role's name: 1 to 64 letters, digits and `+=,.@_-`, with its path before it if it has one, as in \
     `team/Auditor`"
)]
pub struct RoleNameError;

/// A role's name, with its path before it if it has one, as `OrganizationRequest` takes it.
///
/// Source: [IAM names](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-names).
///
/// # Errors
/// No role can have such a name. What is a wildcard or a variable in a policy, or belongs to an ARN, is no path.
pub fn role_name(text: &str) -> Result<String, RoleNameError> {
    let bare = text.strip_prefix('/').unwrap_or(text);
    let (path, name) = match bare.rsplit_once('/') {
        Some((path, name)) => (Some(path), name),
        None => (None, bare),
    };
    let is_named = (1..=64).contains(&name.len())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || "+=,.@_-".contains(c));
    let is_part =
        |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_graphic() && !"*?$:".contains(c));
    let is_path = path.is_none_or(|path| path.len() <= 510 && path.split('/').all(is_part));
    if is_named && is_path { Ok(text.to_owned()) } else { Err(RoleNameError) }
}

/// What to collect.
#[derive(Debug, Clone, Default)]
pub struct CollectRequest {
    /// Every account of the organisation instead of the caller's account only.
    pub organization: Option<OrganizationRequest>,
    /// Users whose credentials are read live, since AWS repeats a credential report for four hours.
    pub recheck: Vec<String>,
    /// Reads which services each principal used and when; two or more calls for each principal.
    pub last_accessed: bool,
    /// Reads resources that can have a policy, and their policies; a call or more for each resource.
    pub resources: Option<ResourceRequest>,
    /// Names for accounts, where the organisation does not tell better.
    pub account_names: BTreeMap<AccountId, String>,
}

/// Which resources to collect.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ResourceRequest {
    /// The regions to read; none for the region that signs calls. S3 buckets are read in all regions.
    pub regions: BTreeSet<String>,
}

/// Which accounts of an organisation to collect, and how to get into them.
#[derive(Debug, Clone)]
pub struct OrganizationRequest {
    /// The role to assume in each account but the caller's own; it may have a path.
    pub role: String,
    /// The external id that the role's trust policy demands.
    pub external_id: Option<String>,
    /// Only accounts below these organisational units, given as ids or names.
    pub units: Vec<String>,
    /// Only these accounts, given as ids or names; adds to `units`.
    pub accounts: Vec<String>,
    /// None of these accounts or units, given as ids or names.
    pub excludes: Vec<String>,
    /// How many accounts are read at a time.
    pub concurrency: usize,
}

impl Default for OrganizationRequest {
    fn default() -> Self {
        Self {
            role: DEFAULT_ROLE.to_owned(),
            external_id: None,
            units: Vec::new(),
            accounts: Vec::new(),
            excludes: Vec::new(),
            concurrency: 8,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_roles() {
        let longest = "x".repeat(64);
        for good in
            [DEFAULT_ROLE, "a", "a+=,.@_-1", "/Auditor", "team/Auditor", "/team/x.y/Auditor", &longest]
        {
            assert_eq!(role_name(good).as_deref(), Ok(good));
        }
        let long = "x".repeat(65);
        let bad = ["", " ", "a b", "a b/c", "a/", "/", "//a", "a//b", "*", "a*/b", "${x}/b", "ü", &long];
        for bad in bad.into_iter().chain(["arn:aws:iam::123456789012:role/a", "role:a", "a\n"]) {
            assert_eq!(role_name(bad), Err(RoleNameError), "{bad}");
        }
    }
}
