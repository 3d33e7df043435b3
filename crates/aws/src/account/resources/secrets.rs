use leastwise_iam::Arn;
use leastwise_model::{Missing, PolicyText, Resource};

use super::{Policy, Region, arns};
use crate::ask::ask;
use crate::failure::Failure;
use crate::pages::{Page, pages};
use crate::permissions::{GET_RESOURCE_POLICY, LIST_SECRETS};
use crate::regional::Regional;
use crate::text::quote;

/// Reads the secrets of Secrets Manager with their policies; never what they hold.
pub(super) async fn read(region: &Region<'_>) -> Result<Vec<Resource>, Missing> {
    let (clients, operation) = (&region.clients, &LIST_SECRETS);
    let secrets = pages(operation, async |token| {
        let call = clients.secrets_manager().list_secrets().max_results(100).set_next_token(token);
        let answer = ask(operation, call.send()).await?;
        Page::of(operation, "SecretList", answer.secret_list, answer.next_token)
    })
    .await?;
    let arns = arns("secret", secrets.into_iter().map(|secret| secret.arn))?;
    let read = async |arn: Arn| policy(clients, &arn).await;
    Ok(region.policies("policies of secrets", arns, read).await)
}

/// A secret without a policy is named in the answer all the same.
///
/// Source: [GetResourcePolicy](https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetResourcePolicy.html).
async fn policy(clients: &Regional, arn: &Arn) -> Policy {
    let operation = &GET_RESOURCE_POLICY;
    let call = clients.secrets_manager().get_resource_policy().secret_id(arn.as_str());
    let answer = ask(operation, call.send()).await?;
    match answer.arn {
        Some(found) if found == arn.as_str() => {
            Ok(answer.resource_policy.filter(|text| !text.is_empty()).map(|text| PolicyText::new(&text)))
        }
        Some(found) => Err(Missing::invalid(format!("the answer is about `{}`, not `{arn}`", quote(&found)))),
        None => Err(Failure::lacking(operation, "ARN").missing),
    }
}
