//! The policies of resources, as far as they were read.

use std::collections::{BTreeMap, HashMap};

use leastwise_iam::catalogue::{Action, ActionResource, Catalogue, PolicyBearing};
use leastwise_iam::{AccountId, Arn, Scope};
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
    /// What could not be read and may allow more.
    pub unread_grants: Vec<Missing>,
    /// What could not be read and may allow less.
    pub unread_limits: Vec<Missing>,
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

    /// The ARNs of resources that can be of interest to an action: those of its kinds, and some object of each
    /// bucket.
    pub fn arns_for(&self, action: &Action) -> Vec<String> {
        let fits = |arn: &str| action.resources().iter().any(|r| r.resource_type().matches_arn(arn));
        let within = self.entries.iter().flat_map(|(arn, entry)| objects(arn, entry, action));
        let own = self.entries.keys().map(|arn| (*arn).to_owned());
        let mut arns: Vec<String> = own.chain(within).filter(|arn| fits(arn)).collect();
        arns.sort_unstable();
        arns.dedup();
        arns
    }

    /// True if every resource of this kind that the account has is in the snapshot: that is known of roles alone, as
    /// other resources are read region by region.
    pub fn lists_all_like(&self, arn: &str, account: Option<AccountId>) -> bool {
        let mut accounts = self.accounts.iter().filter(|a| account.is_none_or(|id| id == a.id));
        is_role(arn) && accounts.all(|account| account.roles.value().is_some())
    }

    /// True if the policies of such resources were not all read, so that one may speak for any of them.
    pub fn is_unread(&self, arn: &str, account: Option<AccountId>) -> bool {
        let mut accounts = self.accounts.iter().filter(|a| account.is_none_or(|id| id == a.id));
        accounts.any(|account| account.resources.value().is_none_or(|resources| !has_read(resources, arn)))
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
        let owner = arn.split(':').nth(4).and_then(|id| id.parse::<AccountId>().ok());
        let accounts = self.accounts.iter().filter(|account| owner.is_none_or(|owner| owner == account.id));
        let service = arn.split(':').nth(2).unwrap_or_default();
        let is_of_iam = service == "iam";
        if !is_of_iam && (!READ.contains(&service) || is_qualified(arn)) {
            return Missing::not_collected(format!("policies of such resources of `{service}` are not read"));
        }
        let mut missing = accounts.filter_map(|account| {
            if is_of_iam { account.roles.missing() } else { account.resources.missing() }
        });
        let absent = || Missing::not_collected(format!("`{arn}` is not in the snapshot"));
        missing.next().cloned().unwrap_or_else(absent)
    }
}

/// The services whose resources' policies are read.
const READ: [&str; 7] = ["ecr", "kms", "lambda", "s3", "secretsmanager", "sns", "sqs"];

/// Services whose resources have policies although no resource type of the catalogue says so.
const OTHERS: [&str; 7] = [
    "cloudtrail-data",
    "execute-api",
    "kafka-cluster",
    "mediastore",
    "rekognition",
    "schemas",
    "vpc-lattice-svcs",
];

/// True for the ARN of a role.
pub(crate) fn is_role(arn: &str) -> bool {
    is_of(arn, "iam", "role/")
}

/// True for the ARN of a KMS key.
pub(crate) fn is_key(arn: &str) -> bool {
    is_of(arn, "kms", "key/")
}

fn is_of(arn: &str, service: &str, prefix: &str) -> bool {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    parts.get(2) == Some(&service) && parts.get(5).is_some_and(|name| name.starts_with(prefix))
}

/// A version or an alias of a function: it has a policy of its own.
fn is_qualified(arn: &str) -> bool {
    let name = arn.splitn(6, ':').nth(5).and_then(|name| name.strip_prefix("function:"));
    arn.split(':').nth(2) == Some("lambda") && name.is_some_and(|name| name.contains(':'))
}

/// True if the list that such a resource would be on was read.
fn has_read(resources: &Resources, arn: &str) -> bool {
    let mut parts = arn.split(':').skip(2);
    let (service, region) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    if service == "s3" {
        return resources.buckets.value().is_some();
    }
    let Some(region) = resources.regions.get(region) else { return false };
    match service {
        "kms" => region.keys.value().is_some(),
        "sqs" => region.queues.value().is_some(),
        "sns" => region.topics.value().is_some(),
        "lambda" => region.functions.value().is_some(),
        "secretsmanager" => region.secrets.value().is_some(),
        "ecr" => region.repositories.value().is_some(),
        _ => false,
    }
}

/// Objects of a bucket: those that its policy speaks of, and some other.
fn objects(bucket: &str, entry: &Entry, action: &Action) -> Vec<String> {
    if !bucket.starts_with("arn:") || bucket.split(':').nth(2) != Some("s3") {
        return Vec::new();
    }
    let mut objects = vec![format!("{bucket}/x")];
    let policy = entry.policy.as_ref().ok().and_then(Option::as_ref);
    if let (Some(policy), Ok(action)) = (policy, policy::Action::parse(action.full_name())) {
        let patterns = policy.allowed_resources(&action).flat_map(Scope::patterns);
        let texts = patterns.map(|pattern| pattern.as_str().replace(['*', '?'], "x"));
        objects.extend(texts.filter(|text| text.starts_with(bucket) && !text.contains("${")));
    }
    objects
}

impl Entry {
    fn new(owner: AccountId, policy: Result<Option<Policy>, Missing>) -> Self {
        Self {
            owner,
            policy,
            public_access_block: policy::PublicAccessBlock::default(),
            grants: Vec::new(),
            unread_grants: Vec::new(),
            unread_limits: Vec::new(),
        }
    }
}

/// The resource itself, and the bucket that it is in.
fn holders(arn: &str) -> impl Iterator<Item = &str> {
    let fixed = arn.splitn(6, ':').take(5).map(|part| part.len() + 1).sum::<usize>();
    let name = arn.get(fixed..).unwrap_or_default();
    let is_s3 = arn.split(':').nth(2) == Some("s3");
    let bucket = name.find('/').filter(|_| is_s3).and_then(|at| arn.get(..fixed + at));
    std::iter::once(arn).chain(bucket)
}

/// False if the catalogue knows that the action's resources of this form have no policy. A role's trust policy is
/// about assuming it, and about nothing else.
fn may_have_a_policy(arn: &str, action: &str) -> bool {
    if is_role(arn) {
        return action.get(..4).is_some_and(|service| service.eq_ignore_ascii_case("sts:"));
    }
    if arn.split(':').nth(2).is_some_and(|service| OTHERS.contains(&service)) {
        return true;
    }
    let Some(action) = Catalogue::get().action(action) else { return true };
    let mut fitting =
        action.resources().iter().map(ActionResource::resource_type).filter(|t| t.matches_arn(arn));
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
            Err(missing) => entry.unread_limits.push(missing),
        }
    }
    entry
}

fn of_key(owner: AccountId, key: &Key) -> Entry {
    let mut entry = Entry::new(owner, optional(&key.policy, &key.arn));
    match key.grants.get() {
        Ok(grants) => entry.grants = grants.iter().map(of_grant).collect(),
        Err(missing) => entry.unread_grants.push(missing),
    }
    entry
}

fn of_grant(grant: &Grant) -> policy::Grant {
    let pairs = |pairs: &BTreeMap<String, String>| pairs.clone();
    let equals = grant.constraints.encryption_context_equals.as_ref().map(pairs).map(Constraint::Equals);
    let subset = grant.constraints.encryption_context_subset.as_ref().map(pairs).map(Constraint::Subset);
    let source = grant.constraints.source_arn.clone().map(Constraint::SourceArn);
    policy::Grant {
        grantee: grant.grantee.as_str().into(),
        retiring: grant.retiring.as_deref().map(Into::into),
        operations: grant.operations.iter().map(|operation| operation.as_str().into()).collect(),
        constraints: equals.into_iter().chain(subset).chain(source).collect(),
    }
}
