use leastwise_iam::Arn;
use leastwise_model::{Missing, Resource};

use super::{Policy, Region, arns, given};
use crate::ask::ask;
use crate::pages::{Page, pages};
use crate::permissions::{GET_POLICY, LIST_FUNCTIONS};
use crate::regional::Regional;

/// Reads the Lambda functions with their policies.
pub(super) async fn read(region: &Region<'_>) -> Result<Vec<Resource>, Missing> {
    let (clients, operation) = (&region.clients, &LIST_FUNCTIONS);
    let functions = pages(operation, async |marker| {
        let answer = ask(operation, clients.lambda().list_functions().set_marker(marker).send()).await?;
        let next = answer.next_marker.filter(|marker| !marker.is_empty());
        Page::of(operation, "Functions", answer.functions, next)
    })
    .await?;
    let arns = arns("Lambda function", functions.into_iter().map(|function| function.function_arn))?;
    let read = async |arn: Arn| policy(clients, &arn).await;
    Ok(region.policies("policies of Lambda functions", arns, read).await)
}

/// The policy of the function itself; a function without one is not found.
///
/// Source: [GetPolicy](https://docs.aws.amazon.com/lambda/latest/api/API_GetPolicy.html).
async fn policy(clients: &Regional, arn: &Arn) -> Policy {
    match ask(&GET_POLICY, clients.lambda().get_policy().function_name(arn.as_str()).send()).await {
        Ok(answer) => given(answer.policy),
        Err(failure) if failure.is(&["ResourceNotFoundException"]) => Ok(None),
        Err(failure) => Err(failure.missing),
    }
}
