use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{AccountId, Partition};

/// An Amazon Resource Name: `arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE`.
///
/// Region and account may be empty; the account of an AWS-managed policy is the word `aws`.
///
/// Source: [Amazon Resource Names](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Arn(Box<str>);

/// The text is not an ARN.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not an ARN: {why}")]
pub struct ArnError {
    text: String,
    why: String,
}

impl ArnError {
    /// What is wrong with the text.
    pub fn why(&self) -> &str {
        &self.why
    }
}

impl Arn {
    /// The ARN of an IAM resource: `arn:PARTITION:iam::ACCOUNT:RESOURCE`.
    pub fn iam(partition: Partition, account: AccountId, resource: &str) -> Self {
        Self(format!("arn:{partition}:iam::{account}:{resource}").into())
    }

    /// The whole text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The partition.
    pub fn partition(&self) -> Partition {
        self.field(1).parse().unwrap_or_default()
    }

    /// The service's namespace, such as `iam`.
    pub fn service(&self) -> &str {
        self.field(2)
    }

    /// The region; empty for global resources.
    pub fn region(&self) -> &str {
        self.field(3)
    }

    /// The account, where the ARN names one.
    pub fn account(&self) -> Option<AccountId> {
        self.field(4).parse().ok()
    }

    /// True for resources that AWS itself owns, such as AWS-managed policies (`arn:aws:iam::aws:policy/…`).
    pub fn is_owned_by_aws(&self) -> bool {
        self.field(4) == "aws"
    }

    /// What follows the account, such as `user/finance/alice`.
    pub fn resource(&self) -> &str {
        self.field(5)
    }

    /// The last part of the resource's path, such as `alice`.
    pub fn name(&self) -> &str {
        let resource = self.resource();
        resource.rsplit_once('/').map_or(resource, |(_, name)| name)
    }

    fn field(&self, index: usize) -> &str {
        self.0.splitn(6, ':').nth(index).unwrap_or_default()
    }
}

impl FromStr for Arn {
    type Err = ArnError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = |why: String| ArnError { text: text.to_owned(), why };
        let fields: Vec<&str> = text.splitn(6, ':').collect();
        match fields.as_slice() {
            ["arn", partition, service, _, _, resource] => {
                let _: Partition = partition.parse().map_err(|e| error(format!("{e}")))?;
                if service.is_empty() || resource.is_empty() {
                    return Err(error("service and resource must not be empty".to_owned()));
                }
                Ok(Self(text.into()))
            }
            _ => Err(error("six parts separated by `:` are expected, the first `arn`".to_owned())),
        }
    }
}

impl fmt::Display for Arn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Arn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Arn {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Arn {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_an_arn() {
        let arn: Arn = "arn:aws-us-gov:iam::123456789012:user/finance/alice".parse().unwrap();
        assert_eq!(arn.partition(), Partition::AwsUsGov);
        assert_eq!(arn.service(), "iam");
        assert_eq!(arn.region(), "");
        assert_eq!(arn.account(), "123456789012".parse().ok());
        assert_eq!(arn.resource(), "user/finance/alice");
        assert_eq!(arn.name(), "alice");
        assert!(!arn.is_owned_by_aws());
    }

    #[test]
    fn aws_managed_policies_belong_to_aws() {
        let arn: Arn = "arn:aws:iam::aws:policy/job-function/Billing".parse().unwrap();
        assert!(arn.is_owned_by_aws());
        assert_eq!(arn.account(), None);
        assert_eq!(arn.name(), "Billing");
    }

    #[test]
    fn what_is_not_an_arn() {
        for bad in
            ["", "arn", "arn:aws:iam", "arn:azure:iam::1:x", "arn:aws:iam::123456789012:", "x:aws:iam:::y"]
        {
            assert!(bad.parse::<Arn>().is_err(), "{bad}");
        }
    }
}
