use std::collections::{BTreeMap, BTreeSet};

use leastwise_iam::{AccountId, Arn};
use leastwise_model::{Bucket, Missing, PolicyText, PublicAccessBlock};

use super::super::Target;
use super::{Policy, counted};
use crate::ask::ask;
use crate::failure::Failure;
use crate::pages::{Page, pages};
use crate::parts::named_arn;
use crate::permissions::{
    GET_ACCOUNT_PUBLIC_ACCESS_BLOCK, GET_BUCKET_POLICY, GET_BUCKET_PUBLIC_ACCESS_BLOCK, LIST_BUCKETS,
};
use crate::regional::Regional;

/// With a size of its pages, `ListBuckets` tells the regions of buckets.
///
/// Source: [ListBuckets](https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html).
const PAGE_SIZE: i32 = 1000;

/// What S3 answers where block public access is not set.
const NOT_SET: &[&str] = &["NoSuchPublicAccessBlockConfiguration"];

type Block = Result<Option<PublicAccessBlock>, Missing>;

/// Reads block public access of the whole account.
pub(super) async fn of_account(home: &Regional, account: AccountId) -> Block {
    let call = home.s3_control().get_public_access_block().account_id(account.to_string());
    match ask(&GET_ACCOUNT_PUBLIC_ACCESS_BLOCK, call.send()).await {
        Ok(answer) => {
            let block = answer.public_access_block_configuration.ok_or_else(lacking)?;
            Ok(Some(switches([
                block.block_public_acls,
                block.ignore_public_acls,
                block.block_public_policy,
                block.restrict_public_buckets,
            ])))
        }
        Err(failure) if failure.is(NOT_SET) => Ok(None),
        Err(failure) => Err(failure.missing),
    }
}

/// Reads the buckets of all regions, each with a client of its own region.
pub(super) async fn read(target: &Target<'_>, home: &Regional) -> Result<Vec<Bucket>, Missing> {
    let found = list(target, home).await?;
    let regions: BTreeSet<&str> = found.values().filter_map(Option::as_deref).collect();
    let clients: BTreeMap<&str, Regional> =
        regions.into_iter().map(|region| (region, target.session.regional(region))).collect();
    let buckets: Vec<_> = found.iter().collect();
    let buckets = counted(target, "policies of S3 buckets", buckets, async |(arn, region)| {
        let clients = region.as_deref().and_then(|region| clients.get(region)).unwrap_or(home);
        let (policy, block) = tokio::join!(policy(clients, arn), block(clients, arn));
        Bucket {
            arn: arn.clone(),
            region: region.clone(),
            policy: policy.into(),
            public_access_block: block.into(),
        }
    });
    Ok(buckets.await)
}

/// The ARNs of the buckets, and their regions.
async fn list(target: &Target<'_>, home: &Regional) -> Result<BTreeMap<Arn, Option<String>>, Missing> {
    let operation = &LIST_BUCKETS;
    let buckets = pages(operation, async |marker| {
        let call = home.s3().list_buckets().max_buckets(PAGE_SIZE).set_continuation_token(marker);
        let answer = ask(operation, call.send()).await?;
        Page::of(operation, "Buckets", answer.buckets, answer.continuation_token)
    })
    .await?;
    let arn = |name: Option<String>| {
        let name = name.ok_or_else(|| Failure::lacking(operation, "Name"))?;
        named_arn("S3 bucket", &format!("arn:{}:s3:::{name}", target.partition))
    };
    buckets.into_iter().map(|bucket| Ok((arn(bucket.name)?, bucket.bucket_region))).collect()
}

async fn policy(clients: &Regional, arn: &Arn) -> Policy {
    let call = clients.s3().get_bucket_policy().bucket(arn.resource());
    match ask(&GET_BUCKET_POLICY, call.send()).await {
        Ok(answer) => super::given(answer.policy),
        Err(failure) if failure.is(&["NoSuchBucketPolicy"]) => Ok(None::<PolicyText>),
        Err(failure) => Err(failure.missing),
    }
}

async fn block(clients: &Regional, arn: &Arn) -> Block {
    let call = clients.s3().get_public_access_block().bucket(arn.resource());
    match ask(&GET_BUCKET_PUBLIC_ACCESS_BLOCK, call.send()).await {
        Ok(answer) => {
            let block = answer.public_access_block_configuration.ok_or_else(lacking)?;
            Ok(Some(switches([
                block.block_public_acls,
                block.ignore_public_acls,
                block.block_public_policy,
                block.restrict_public_buckets,
            ])))
        }
        Err(failure) if failure.is(NOT_SET) => Ok(None),
        Err(failure) => Err(failure.missing),
    }
}

/// A switch that an answer leaves out is off.
///
/// Source: [PublicAccessBlockConfiguration](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PublicAccessBlockConfiguration.html).
fn switches(switches: [Option<bool>; 4]) -> PublicAccessBlock {
    let [block_acls, ignore_acls, block_policy, restrict] = switches.map(|switch| switch == Some(true));
    PublicAccessBlock {
        block_public_acls: block_acls,
        ignore_public_acls: ignore_acls,
        block_public_policy: block_policy,
        restrict_public_buckets: restrict,
    }
}

fn lacking() -> Missing {
    Missing::invalid("the answer holds no `PublicAccessBlockConfiguration`")
}
