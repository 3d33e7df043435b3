use std::collections::BTreeMap;

use aws_sdk_sqs::types::QueueAttributeName;
use leastwise_iam::Arn;
use leastwise_model::{Missing, PolicyText, Resource};

use super::super::Target;
use super::{Policy, Region};
use crate::ask::ask;
use crate::failure::Failure;
use crate::pages::{Page, pages};
use crate::parts::named_arn;
use crate::permissions::{GET_QUEUE_ATTRIBUTES, LIST_QUEUES};
use crate::regional::Regional;
use crate::text::quote;

/// Reads the SQS queues with their policies.
pub(super) async fn read(region: &Region<'_>) -> Result<Vec<Resource>, Missing> {
    let (clients, operation) = (&region.clients, &LIST_QUEUES);
    let urls = pages(operation, async |token| {
        let call = clients.sqs().list_queues().max_results(1000).set_next_token(token);
        let answer = ask(operation, call.send()).await?;
        // SQS leaves the list out where it is empty.
        Ok(Page { items: answer.queue_urls.unwrap_or_default(), next: answer.next_token })
    })
    .await?;
    let mut queues = BTreeMap::new();
    for url in urls {
        queues.insert(arn(region.target, region.name, &url)?, url);
    }
    let read = async |(arn, url): (Arn, String)| {
        let policy = policy(clients, &url, &arn).await.into();
        Resource { arn, policy }
    };
    Ok(region.of_each("policies of SQS queues", queues, read).await)
}

/// The ARN of a queue, from its URL: without `GetQueueAttributes`, nothing else tells.
///
/// Source: [queue URLs](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html).
fn arn(target: &Target<'_>, region: &str, url: &str) -> Result<Arn, Missing> {
    let account = target.id.to_string();
    match url.rsplit('/').collect::<Vec<_>>().as_slice() {
        [name, owner, ..] if *owner == account && !name.is_empty() => {
            named_arn("SQS queue", &format!("arn:{}:sqs:{region}:{account}:{name}", target.partition))
        }
        _ => Err(Missing::invalid(format!("`{}` is no URL of a queue of this account", quote(url)))),
    }
}

/// The policy is an attribute, which a queue without a policy does not have.
async fn policy(clients: &Regional, url: &str, arn: &Arn) -> Policy {
    let operation = &GET_QUEUE_ATTRIBUTES;
    let call = clients.sqs().get_queue_attributes().queue_url(url);
    let call = call.attribute_names(QueueAttributeName::QueueArn).attribute_names(QueueAttributeName::Policy);
    let answer = ask(operation, call.send()).await?;
    let attributes = answer.attributes.ok_or_else(|| Failure::lacking(operation, "Attributes"))?;
    match attributes.get(&QueueAttributeName::QueueArn) {
        Some(found) if found == arn.as_str() => {
            let policy = attributes.get(&QueueAttributeName::Policy).filter(|text| !text.is_empty());
            Ok(policy.map(|text| PolicyText::new(text)))
        }
        Some(found) => Err(Missing::invalid(format!("the answer is about `{}`, not `{arn}`", quote(found)))),
        None => Err(Failure::lacking(operation, "QueueArn").missing),
    }
}
