use std::collections::BTreeMap;

use leastwise_iam::Arn;
use serde::{Deserialize, Serialize};

use crate::{Known, Missing, PolicyText, Reason};

/// The resources of an account that can have a policy of their own: read only when asked for.
///
/// Source: [services that work with IAM](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html),
/// the column "resource-based policies".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resources {
    /// S3's block public access for the whole account; `None` where it is not set.
    pub public_access_block: Known<Option<PublicAccessBlock>>,
    /// S3 buckets of all regions, in the order of their ARNs.
    pub buckets: Known<Vec<Bucket>>,
    /// Everything else, in each region that was read.
    pub regions: BTreeMap<String, RegionalResources>,
}

/// The resources of one region, each kind in the order of its ARNs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegionalResources {
    /// KMS keys, those that AWS manages included.
    pub keys: Known<Vec<Key>>,
    /// SQS queues.
    pub queues: Known<Vec<Resource>>,
    /// SNS topics.
    pub topics: Known<Vec<Resource>>,
    /// Lambda functions. Their versions and aliases have policies of their own, which are not among these.
    pub functions: Known<Vec<Resource>>,
    /// Secrets of Secrets Manager: that they exist, never what they hold.
    pub secrets: Known<Vec<Resource>>,
    /// Private repositories of ECR.
    pub repositories: Known<Vec<Resource>>,
}

/// A resource and its policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resource {
    /// The ARN.
    pub arn: Arn,
    /// The resource's policy; `None` if it has none.
    pub policy: Known<Option<PolicyText>>,
}

/// An S3 bucket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bucket {
    /// The ARN, which names neither region nor account.
    pub arn: Arn,
    /// The region it is in, where the list of buckets tells.
    pub region: Option<String>,
    /// The bucket policy; `None` if it has none.
    pub policy: Known<Option<PolicyText>>,
    /// The bucket's own block public access; `None` where it is not set. The account's applies besides.
    pub public_access_block: Known<Option<PublicAccessBlock>>,
}

/// What S3 blocks of public access.
///
/// Source: [blocking public access](https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html).
#[allow(clippy::struct_excessive_bools, reason = "these are AWS's own switches")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicAccessBlock {
    /// New access control lists cannot be public.
    pub block_public_acls: bool,
    /// Public access control lists have no effect.
    pub ignore_public_acls: bool,
    /// New bucket policies cannot be public.
    pub block_public_policy: bool,
    /// A public bucket policy serves principals of the account and AWS services only.
    pub restrict_public_buckets: bool,
}

/// A KMS key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Key {
    /// The ARN.
    pub arn: Arn,
    /// Who manages it, and whether it can be used.
    pub metadata: Known<KeyMetadata>,
    /// The key policy; every key has one.
    pub policy: Known<Option<PolicyText>>,
    /// The grants, in the order of their ids.
    pub grants: Known<Vec<Grant>>,
}

/// What is known of a KMS key besides its policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyMetadata {
    /// Who manages it.
    pub manager: KeyManager,
    /// Whether it can be used.
    pub state: KeyState,
}

/// Who manages a KMS key.
///
/// Source: [AWS KMS keys](https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyManager {
    /// AWS: nobody can change the key policy.
    Aws,
    /// The customer.
    Customer,
}

/// The state of a KMS key.
///
/// Source: [key states](https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyState {
    /// Being made.
    Creating,
    /// In use.
    Enabled,
    /// It can be enabled again.
    Disabled,
    /// It is deleted when its waiting period ends.
    PendingDeletion,
    /// Its key material is still missing.
    PendingImport,
    /// It is deleted when its last replica is.
    PendingReplicaDeletion,
    /// Its key store is not connected.
    Unavailable,
    /// A change of its primary region is under way.
    Updating,
}

/// A grant: it allows operations on a KMS key beside the key policy.
///
/// Source: [grants](https://docs.aws.amazon.com/kms/latest/developerguide/grants.html),
/// [GrantListEntry](https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantListEntry.html).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// The id; not the token, which would be usable.
    pub id: String,
    /// The name, if it was given one.
    pub name: Option<String>,
    /// Who may use the key: an ARN, or the name of an AWS service.
    pub grantee: String,
    /// Who may retire the grant besides the grantee's and the key's owners: an ARN, or the name of an AWS service.
    pub retiring: Option<String>,
    /// What the grantee may do, such as `Decrypt`, in alphabetical order.
    pub operations: Vec<String>,
    /// What a request must meet besides.
    pub constraints: GrantConstraints,
}

/// What a request must meet for a grant to allow it. Encryption contexts are not secret.
///
/// Source: [GrantConstraints](https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantConstraints.html).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GrantConstraints {
    /// The encryption context must be just this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encryption_context_equals: Option<BTreeMap<String, String>>,
    /// The encryption context must hold all of these pairs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encryption_context_subset: Option<BTreeMap<String, String>>,
    /// The request must be made for this resource.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_arn: Option<String>,
}

impl Resources {
    /// Why resources are missing where nobody asked for them; so they are in snapshots of before there were any.
    pub fn not_requested() -> Known<Self> {
        let detail = "it takes calls for each resource; collect with `--resources`";
        Known::Unknown(Missing::new(Reason::NotRequested, detail))
    }

    /// Every resource that was found, with its policy.
    pub fn policies(&self) -> impl Iterator<Item = (&Arn, &Known<Option<PolicyText>>)> {
        let buckets = self.buckets.value().into_iter().flatten().map(|bucket| (&bucket.arn, &bucket.policy));
        buckets.chain(self.regions.values().flat_map(RegionalResources::policies))
    }
}

impl RegionalResources {
    /// A region of which nothing was read, for one reason.
    pub fn unread(why: &Missing) -> Self {
        let unknown = || Known::Unknown(why.clone());
        Self {
            keys: Known::Unknown(why.clone()),
            queues: unknown(),
            topics: unknown(),
            functions: unknown(),
            secrets: unknown(),
            repositories: unknown(),
        }
    }

    /// The kinds of resources that have nothing but a policy, with their names in words.
    pub fn kinds(&self) -> [(&'static str, &Known<Vec<Resource>>); 5] {
        [
            ("SQS queue", &self.queues),
            ("SNS topic", &self.topics),
            ("Lambda function", &self.functions),
            ("secret", &self.secrets),
            ("ECR repository", &self.repositories),
        ]
    }

    fn policies(&self) -> impl Iterator<Item = (&Arn, &Known<Option<PolicyText>>)> {
        let keys = self.keys.value().into_iter().flatten().map(|key| (&key.arn, &key.policy));
        let kinds = self.kinds().into_iter().filter_map(|(_, resources)| resources.value()).flatten();
        keys.chain(kinds.map(|resource| (&resource.arn, &resource.policy)))
    }
}
