use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A group of AWS regions with accounts, endpoints and ARNs of its own.
///
/// Source: [AWS partitions](https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub enum Partition {
    /// The commercial regions.
    #[default]
    #[serde(rename = "aws")]
    Aws,
    /// The China regions.
    #[serde(rename = "aws-cn")]
    AwsCn,
    /// The `GovCloud` (US) regions.
    #[serde(rename = "aws-us-gov")]
    AwsUsGov,
    /// The European Sovereign Cloud.
    #[serde(rename = "aws-eusc")]
    AwsEusc,
    /// The US isolated regions (Top Secret).
    #[serde(rename = "aws-iso")]
    AwsIso,
    /// The US isolated regions (Secret).
    #[serde(rename = "aws-iso-b")]
    AwsIsoB,
    /// The European isolated regions.
    #[serde(rename = "aws-iso-e")]
    AwsIsoE,
    /// The US isolated regions (F).
    #[serde(rename = "aws-iso-f")]
    AwsIsoF,
}

impl Partition {
    /// Every partition.
    pub const ALL: [Self; 8] = [
        Self::Aws,
        Self::AwsCn,
        Self::AwsUsGov,
        Self::AwsEusc,
        Self::AwsIso,
        Self::AwsIsoB,
        Self::AwsIsoE,
        Self::AwsIsoF,
    ];

    /// The name as it stands in an ARN.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::AwsCn => "aws-cn",
            Self::AwsUsGov => "aws-us-gov",
            Self::AwsEusc => "aws-eusc",
            Self::AwsIso => "aws-iso",
            Self::AwsIsoB => "aws-iso-b",
            Self::AwsIsoE => "aws-iso-e",
            Self::AwsIsoF => "aws-iso-f",
        }
    }
}

impl fmt::Display for Partition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text names no AWS partition.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an AWS partition")]
pub struct PartitionError(String);

impl FromStr for Partition {
    type Err = PartitionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|partition| partition.as_str() == text)
            .ok_or_else(|| PartitionError(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_partition_reads_back() {
        for partition in Partition::ALL {
            assert_eq!(partition.as_str().parse(), Ok(partition));
            let json = serde_json::to_string(&partition).unwrap();
            assert_eq!(json, format!("\"{partition}\""));
        }
        assert!("azure".parse::<Partition>().is_err());
    }
}
