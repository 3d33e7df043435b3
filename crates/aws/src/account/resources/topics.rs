use leastwise_iam::Arn;
use leastwise_model::{Missing, Resource};

use super::{Policy, Region, arns, given};
use crate::ask::ask;
use crate::failure::Failure;
use crate::pages::{Page, pages};
use crate::permissions::{GET_TOPIC_ATTRIBUTES, LIST_TOPICS};
use crate::regional::Regional;

/// Reads the SNS topics with their policies.
pub(super) async fn read(region: &Region<'_>) -> Result<Vec<Resource>, Missing> {
    let (clients, operation) = (&region.clients, &LIST_TOPICS);
    let topics = pages(operation, async |token| {
        let answer = ask(operation, clients.sns().list_topics().set_next_token(token).send()).await?;
        Page::of(operation, "Topics", answer.topics, answer.next_token)
    })
    .await?;
    let arns = arns("SNS topic", topics.into_iter().map(|topic| topic.topic_arn))?;
    let read = async |arn: Arn| policy(clients, &arn).await;
    Ok(region.policies("policies of SNS topics", arns, read).await)
}

/// The policy is an attribute, which every topic has.
///
/// Source: [GetTopicAttributes](https://docs.aws.amazon.com/sns/latest/api/API_GetTopicAttributes.html).
async fn policy(clients: &Regional, arn: &Arn) -> Policy {
    let operation = &GET_TOPIC_ATTRIBUTES;
    let call = clients.sns().get_topic_attributes().topic_arn(arn.as_str());
    let answer = ask(operation, call.send()).await?;
    let mut attributes = answer.attributes.ok_or_else(|| Failure::lacking(operation, "Attributes"))?;
    given(attributes.remove("Policy"))
}
