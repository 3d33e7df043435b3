use std::collections::{BTreeMap, BTreeSet};

use leastwise_iam::AccountId;

/// The role that AWS Organizations creates in accounts that it makes, and that is assumed by default.
///
/// Source: [accessing member accounts](https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_access.html).
pub const DEFAULT_ROLE: &str = "OrganizationAccountAccessRole";

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
