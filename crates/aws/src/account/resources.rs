//! Resources that can have a policy of their own: opt-in, since it takes calls for each of them.
//!
//! A list that cannot be read is unknown as a whole; a policy that cannot be read is unknown alone.

mod buckets;
mod functions;
mod keys;
mod queues;
mod repositories;
mod secrets;
mod topics;

use std::collections::BTreeSet;
use std::future::Future;
use std::sync::atomic::{AtomicUsize, Ordering};

use leastwise_iam::Arn;
use leastwise_model::{Known, Missing, PolicyText, RegionalResources, Resource, Resources};

use super::{CALLS_AT_ONCE, Target};
use crate::each::each;
use crate::parts::named_arn;
use crate::regional::Regional;

/// Reads the resources, if they were asked for: S3 in all regions, everything else in those that were named.
///
/// The kinds are read at the same time, since each service limits its calls by itself; within a kind, a few
/// resources at a time.
pub(super) async fn read(target: &Target<'_>) -> Known<Resources> {
    let Some(request) = &target.request.resources else { return Resources::not_requested() };
    let own = BTreeSet::from([target.session.region().to_owned()]);
    let regions = if request.regions.is_empty() { &own } else { &request.regions };
    let home = target.session.regional(target.session.region());
    let (public_access_block, buckets, regions) = tokio::join!(
        Box::pin(buckets::of_account(&home, target.id)),
        Box::pin(buckets::read(target, &home)),
        Box::pin(in_regions(target, regions)),
    );
    Known::Known(Resources {
        public_access_block: public_access_block.into(),
        buckets: buckets.into(),
        regions: regions.into_iter().collect(),
    })
}

/// One region after the other.
async fn in_regions(target: &Target<'_>, names: &BTreeSet<String>) -> Vec<(String, RegionalResources)> {
    let mut regions = Vec::new();
    for name in names {
        let clients = target.session.regional(name);
        regions.push((name.clone(), Box::pin(region(&Region { target, name, clients })).await));
    }
    regions
}

/// A region to read, and with what.
struct Region<'a> {
    target: &'a Target<'a>,
    name: &'a str,
    clients: Regional,
}

async fn region(region: &Region<'_>) -> RegionalResources {
    let (keys, queues, topics, functions, secrets, repositories) = tokio::join!(
        Box::pin(keys::read(region)),
        Box::pin(queues::read(region)),
        Box::pin(topics::read(region)),
        Box::pin(functions::read(region)),
        Box::pin(secrets::read(region)),
        Box::pin(repositories::read(region)),
    );
    RegionalResources {
        keys: keys.into(),
        queues: queues.into(),
        topics: topics.into(),
        functions: functions.into(),
        secrets: secrets.into(),
        repositories: repositories.into(),
    }
}

type Policy = Result<Option<PolicyText>, Missing>;

impl Region<'_> {
    /// Reads something of each thing, a few at a time, and says how far that is.
    async fn of_each<I, T, F: Future<Output = T>>(
        &self,
        part: &str,
        things: impl IntoIterator<Item = I>,
        read: impl Fn(I) -> F,
    ) -> Vec<T> {
        let part = format!("{part} in {}", self.name);
        counted(self.target, &part, things.into_iter().collect(), read).await
    }

    /// Reads the policy of each ARN.
    async fn policies<F: Future<Output = Policy>>(
        &self,
        part: &str,
        arns: Vec<Arn>,
        read: impl Fn(Arn) -> F,
    ) -> Vec<Resource> {
        let resource = async |arn: Arn| Resource { arn: arn.clone(), policy: read(arn).await.into() };
        self.of_each(part, arns, resource).await
    }
}

async fn counted<I, T, F: Future<Output = T>>(
    target: &Target<'_>,
    part: &str,
    things: Vec<I>,
    read: impl Fn(I) -> F,
) -> Vec<T> {
    let (done, total, read) = (AtomicUsize::new(0), things.len(), &read);
    let jobs = things.into_iter().map(|thing| {
        let done = &done;
        async move {
            let result = read(thing).await;
            target.progress(part, done.fetch_add(1, Ordering::Relaxed) + 1, Some(total));
            result
        }
    });
    each(CALLS_AT_ONCE, jobs).await
}

/// The ARNs of a list, in order; two pages may hold the same one.
fn arns(kind: &str, texts: impl IntoIterator<Item = Option<String>>) -> Result<Vec<Arn>, Missing> {
    let arns: BTreeSet<Arn> = texts
        .into_iter()
        .map(|text| named_arn(kind, text.as_deref().unwrap_or_default()))
        .collect::<Result<_, _>>()?;
    Ok(arns.into_iter().collect())
}

/// A policy that an answer must hold.
fn given(text: Option<String>) -> Policy {
    match text {
        Some(text) => Ok(Some(PolicyText::new(&text))),
        None => Err(Missing::invalid("the answer holds no policy, which every such resource has")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arns_stand_once_and_in_order() {
        let text = |name: &str| Some(format!("arn:aws:sns:eu-west-1:123456789012:{name}"));
        let found = arns("SNS topic", [text("b"), text("a"), text("b")]).unwrap();
        assert_eq!(found.iter().map(Arn::resource).collect::<Vec<_>>(), ["a", "b"]);
        for bad in [None, Some("topic".to_owned())] {
            assert!(arns("SNS topic", [text("a"), bad]).unwrap_err().detail.contains("a SNS topic"));
        }
    }

    #[test]
    fn a_policy_that_must_be_there() {
        assert!(given(None).is_err());
        assert_eq!(given(Some("no policy".to_owned())).unwrap().unwrap().text(), "no policy");
    }
}
