use std::fmt;

use serde::{Deserialize, Serialize};

use super::ConditionKey;
use super::template::ArnTemplate;

/// Whether a resource-based policy speaks for resources of a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum PolicyBearing {
    /// None does.
    None,
    /// A policy can be attached to the resource itself, as to a bucket.
    Own,
    /// The policy of what the resource is in speaks for it, as a bucket's does for its objects.
    Container,
}

/// A resource type of a service, such as the `bucket` of S3.
pub struct ResourceType {
    pub(super) service: &'static str,
    pub(super) name: &'static str,
    pub(super) templates: &'static [ArnTemplate],
    /// The templates of all types of the service, those with the most literal text first.
    pub(super) siblings: &'static [ArnTemplate],
    pub(super) condition_keys: &'static [&'static ConditionKey],
    pub(super) policy: PolicyBearing,
}

impl ResourceType {
    /// The service's prefix. The ARN may name another service: `backup` restores other services' resources.
    pub fn service(&self) -> &'static str {
        self.service
    }

    /// The name in AWS's tables.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The forms of its ARN, such as `arn:${Partition}:s3:::${BucketName}`; most types have one.
    pub fn arn_templates(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.templates.iter().map(ArnTemplate::as_str)
    }

    /// The forms of its ARN, each with how much of it is literal text.
    pub(crate) fn forms(&self) -> impl Iterator<Item = (&'static str, usize)> + use<> {
        self.templates.iter().map(|template| (template.as_str(), template.literal()))
    }

    /// The forms of all types of the service, as [`ResourceType::forms`] has them, those with the most literal text
    /// first.
    pub(crate) fn siblings(&self) -> impl Iterator<Item = (&'static str, usize)> + use<> {
        self.siblings.iter().map(|template| (template.as_str(), template.literal()))
    }

    /// The condition keys that every action on the type has.
    pub fn condition_keys(&self) -> &'static [&'static ConditionKey] {
        self.condition_keys
    }

    /// True if a resource-based policy can be attached to resources of this type; the trust policy of a role is one.
    ///
    /// Source: [AWS services that work with IAM](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html)
    /// and the pages that it points at.
    pub fn has_resource_policy(&self) -> bool {
        self.policy == PolicyBearing::Own
    }

    /// Whether a resource-based policy speaks for resources of this type, and whose.
    pub fn policy_bearing(&self) -> PolicyBearing {
        self.policy
    }

    /// True if the ARN has the form of this type's ARNs.
    ///
    /// `${…}` stands for any text that is not empty; only in the resource part may it run over `:` and `/` (role
    /// names have paths, object keys anything). Where the ARN also has the form of another type of the same service
    /// that spells out more of it, that type has it: `arn:aws:s3:::bucket/key` is an object, not a bucket. The
    /// ARN is compared as it stands; wildcards in it are ordinary characters.
    ///
    /// ```
    /// # use leastwise_iam::catalogue::Catalogue;
    /// let bucket = Catalogue::get().service("s3").unwrap().resource_type("bucket").unwrap();
    /// assert!(bucket.matches_arn("arn:aws-cn:s3:::logs"));
    /// assert!(!bucket.matches_arn("arn:aws:s3:::logs/2026/a.gz"));
    /// ```
    pub fn matches_arn(&self, arn: &str) -> bool {
        let Some(fields) = ArnTemplate::fields(arn) else { return false };
        let own = self.templates.iter().filter(|template| template.fits(&fields));
        let Some(literal) = own.map(ArnTemplate::literal).max() else { return false };
        let closer = self.siblings.iter().take_while(|sibling| sibling.literal() > literal);
        !closer.into_iter().any(|sibling| sibling.fits(&fields))
    }
}

impl fmt::Debug for ResourceType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.service, self.name)
    }
}
