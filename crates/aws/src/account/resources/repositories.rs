use leastwise_iam::Arn;
use leastwise_model::{Missing, Resource};

use super::{Policy, Region, arns, given};
use crate::ask::ask;
use crate::pages::{Page, pages};
use crate::permissions::{DESCRIBE_REPOSITORIES, GET_REPOSITORY_POLICY};
use crate::regional::Regional;

/// Reads the private repositories of ECR with their policies.
pub(super) async fn read(region: &Region<'_>) -> Result<Vec<Resource>, Missing> {
    let (clients, operation) = (&region.clients, &DESCRIBE_REPOSITORIES);
    let repositories = pages(operation, async |token| {
        let call = clients.ecr().describe_repositories().max_results(1000).set_next_token(token);
        let answer = ask(operation, call.send()).await?;
        Page::of(operation, "repositories", answer.repositories, answer.next_token)
    })
    .await?;
    let arns = arns("ECR repository", repositories.into_iter().map(|repository| repository.repository_arn))?;
    let read = async |arn: Arn| policy(clients, &arn).await;
    Ok(region.policies("policies of ECR repositories", arns, read).await)
}

async fn policy(clients: &Regional, arn: &Arn) -> Policy {
    let name = arn.resource().trim_start_matches("repository/");
    let call = clients.ecr().get_repository_policy().repository_name(name);
    match ask(&GET_REPOSITORY_POLICY, call.send()).await {
        Ok(answer) => given(answer.policy_text),
        Err(failure) if failure.is(&["RepositoryPolicyNotFoundException"]) => Ok(None),
        Err(failure) => Err(failure.missing),
    }
}
