//! The policies of resources, as far as they were read.

use std::collections::{BTreeMap, HashMap};

use leastwise_iam::catalogue::{Action, Catalogue, PolicyBearing};
use leastwise_iam::{AccountId, Arn};
use leastwise_model::{Account, Bucket, Grant, Key, Known, Missing, PublicAccessBlock, Resources, Snapshot};
use leastwise_policy::{self as policy, Constraint, Policy, PolicyKind};

use crate::organization::prepared;

/// All resources of a snapshot that have a policy of their own.
#[derive(Debug)]
pub(crate) struct Shelf<'s> {
    entries: HashMap<&'s str, Entry>,
    accounts: Vec<&'s Account>,
}

/// What was read of a resource.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub owner: AccountId,
    pub policy: Result<Option<Policy>, Missing>,
    pub public_access_block: policy::PublicAccessBlock,
    pub grants: Vec<policy::Grant>,
    /// What else could not be read.
    pub unread: Vec<Missing>,
}

impl<'s> Shelf<'s> {
    pub fn new(snapshot: &'s Snapshot) -> Self {
        let mut entries = HashMap::new();
        for account in &snapshot.accounts {
            for role in account.roles.value().into_iter().flatten() {
                let policy =
                    prepared(&role.trust, PolicyKind::Resource, &format!("trust policy of `{}`", role.name));
                entries.insert(role.arn.as_str(), Entry::new(account.id, policy.map(Some)));
            }
            if let Some(resources) = account.resources.value() {
                collect(account.id, resources, &mut entries);
            }
        }
        Self { entries, accounts: snapshot.accounts.iter().collect() }
    }

    /// The ARNs of all resources that can be of interest to an action.
    pub fn arns_for<'a>(&'a self, action: &'a Action) -> impl Iterator<Item = &'s str> + 'a {
        let fits = |arn: &str| action.resources().iter().any(|r| r.resource_type().matches_arn(arn));
        let mut arns: Vec<&'s str> = self.entries.keys().copied().filter(|arn| fits(arn)).collect();
        arns.sort_unstable();
        arns.into_iter()
    }

    /// The entry that speaks for a resource: its own, or that of what holds it, such as an object's bucket.
    ///
    /// # Errors
    /// Nothing was read that could tell.
    pub fn find(&self, arn: &str, action: &str) -> Result<Option<Entry>, Missing> {
        if arn == "*" || !may_have_a_policy(arn, action) {
            return Ok(None);
        }
        if let Some(entry) = holders(arn).find_map(|holder| self.entries.get(holder)) {
            return Ok(Some(entry.clone()));
        }
        Err(self.why_absent(arn))
    }

    fn why_absent(&self, arn: &str) -> Missing {
        let owner = arn.splitn(6, ':').nth(4).and_then(|id| id.parse::<AccountId>().ok());
        let accounts = self.accounts.iter().filter(|account| owner.is_none_or(|owner| owner == account.id));
        let missing = accounts.filter_map(|account| match arn.contains(":iam:") {
            true => account.roles.missing().cloned(),
            false => account.resources.missing().cloned(),
        });
        missing.last().unwrap_or_else(|| Missing::not_collected(format!("`{arn}` is not in the snapshot")))
    }
}

impl Entry {
    fn new(owner: AccountId, policy: Result<Option<Policy>, Missing>) -> Self {
        Self {
            owner,
            policy,
            public_access_block: policy::PublicAccessBlock::default(),
            grants: Vec::new(),
            unread: Vec::new(),
        }
    }
}

/// The resource itself, and what it is in: a bucket of an object, a function of a version, a repository of an image.
fn holders(arn: &str) -> impl Iterator<Item = &str> {
    let fixed = arn.splitn(6, ':').take(5).map(|part| part.len() + 1).sum::<usize>();
    let name = arn.get(fixed..).unwrap_or_default();
    let is_s3 = arn.splitn(6, ':').nth(2) == Some("s3");
    let bucket = name.find('/').filter(|_| is_s3).and_then(|at| arn.get(..fixed + at));
    let qualified = arn.contains(":function:").then(|| arn.rsplit_once(':').map(|(head, _)| head)).flatten();
    std::iter::once(arn).chain(bucket).chain(qualified)
}

/// False if the catalogue knows that the action's resources of this form have no policy.
fn may_have_a_policy(arn: &str, action: &str) -> bool {
    let Some(action) = Catalogue::get().action(action) else { return true };
    let mut fitting = action.resources().iter().map(|r| r.resource_type()).filter(|t| t.matches_arn(arn));
    fitting.any(|kind| kind.policy_bearing() != PolicyBearing::None)
}

fn collect<'s>(owner: AccountId, resources: &'s Resources, entries: &mut HashMap<&'s str, Entry>) {
    for bucket in resources.buckets.value().into_iter().flatten() {
        entries.insert(bucket.arn.as_str(), of_bucket(owner, bucket, &resources.public_access_block));
    }
    for region in resources.regions.values() {
        for key in region.keys.value().into_iter().flatten() {
            entries.insert(key.arn.as_str(), of_key(owner, key));
        }
        for (_, list) in region.kinds() {
            for resource in list.value().into_iter().flatten() {
                let policy = optional(&resource.policy, &resource.arn);
                entries.insert(resource.arn.as_str(), Entry::new(owner, policy));
            }
        }
    }
}

fn optional(text: &Known<Option<leastwise_model::PolicyText>>, arn: &Arn) -> Result<Option<Policy>, Missing> {
    match text.get()? {
        None => Ok(None),
        Some(text) => {
            let document = text.document()?.clone();
            let policy = Policy::new(document, PolicyKind::Resource);
            policy.map(Some).map_err(|error| Missing::invalid(format!("policy of `{arn}`: {error}")))
        }
    }
}

/// The stricter of the bucket's setting and the account's holds.
fn of_bucket(owner: AccountId, bucket: &Bucket, account: &Known<Option<PublicAccessBlock>>) -> Entry {
    let mut entry = Entry::new(owner, optional(&bucket.policy, &bucket.arn));
    for block in [&bucket.public_access_block, account] {
        match block.get() {
            Ok(block) => {
                let restricts = block.is_some_and(|block| block.restrict_public_buckets);
                entry.public_access_block.restrict_public_buckets |= restricts;
            }
            Err(missing) => entry.unread.push(missing),
        }
    }
    entry
}

fn of_key(owner: AccountId, key: &Key) -> Entry {
    let mut entry = Entry::new(owner, optional(&key.policy, &key.arn));
    match key.grants.get() {
        Ok(grants) => entry.grants = grants.iter().map(of_grant).collect(),
        Err(missing) => entry.unread.push(missing),
    }
    entry
}

fn of_grant(grant: &Grant) -> policy::Grant {
    let pairs = |pairs: &BTreeMap<String, String>| pairs.clone();
    let equals = grant.constraints.encryption_context_equals.as_ref().map(pairs).map(Constraint::Equals);
    let subset = grant.constraints.encryption_context_subset.as_ref().map(pairs).map(Constraint::Subset);
    policy::Grant {
        grantee: grant.grantee.as_str().into(),
        operations: grant.operations.iter().map(|operation| operation.as_str().into()).collect(),
        constraints: equals.into_iter().chain(subset).collect(),
    }
}
