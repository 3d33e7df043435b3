use aws_sdk_organizations::types::{PolicySummary, PolicyType};
use leastwise_model::{Known, Missing, OrganizationPolicy, OrganizationPolicyKind, PolicyText};

use crate::account::CALLS_AT_ONCE;
use crate::ask::ask;
use crate::each::each;
use crate::pages::{Page, pages};
use crate::permissions::{DESCRIBE_POLICY, LIST_POLICIES, LIST_TARGETS_FOR_POLICY};
use crate::session::Session;

/// Reads the service and resource control policies, in the order of their ids.
///
/// Source: [organisation policies](https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_authorization_policies.html).
pub(super) async fn read(session: &Session) -> Result<Vec<OrganizationPolicy>, Missing> {
    let (service, resource) = tokio::join!(
        of_kind(session, OrganizationPolicyKind::ServiceControl),
        of_kind(session, OrganizationPolicyKind::ResourceControl),
    );
    let mut policies = [service?, resource?].concat();
    policies.sort_by(|a, b| (a.kind, &a.id).cmp(&(b.kind, &b.id)));
    Ok(policies)
}

async fn of_kind(
    session: &Session,
    kind: OrganizationPolicyKind,
) -> Result<Vec<OrganizationPolicy>, Missing> {
    let summaries = pages(&LIST_POLICIES, async |token| {
        let call = session.organizations().list_policies().filter(filter(kind)).set_next_token(token);
        let answer = ask(&LIST_POLICIES, call.send()).await?;
        Page::of(&LIST_POLICIES, "Policies", answer.policies, answer.next_token)
    })
    .await?;
    let jobs = summaries.into_iter().map(|summary| policy(session, kind, summary));
    each(CALLS_AT_ONCE, jobs).await.into_iter().collect()
}

const fn filter(kind: OrganizationPolicyKind) -> PolicyType {
    match kind {
        OrganizationPolicyKind::ServiceControl => PolicyType::ServiceControlPolicy,
        OrganizationPolicyKind::ResourceControl => PolicyType::ResourceControlPolicy,
    }
}

async fn policy(
    session: &Session,
    kind: OrganizationPolicyKind,
    summary: PolicySummary,
) -> Result<OrganizationPolicy, Missing> {
    let id = summary.id.ok_or_else(|| Missing::invalid("a policy of the organisation has no `Id`"))?;
    let (document, targets) = tokio::join!(document(session, &id), targets(session, &id));
    Ok(OrganizationPolicy {
        name: summary.name.unwrap_or_default(),
        kind,
        aws_managed: summary.aws_managed,
        document: Known::from(document),
        targets: Known::from(targets),
        id,
    })
}

async fn document(session: &Session, id: &str) -> Result<PolicyText, Missing> {
    let call = session.organizations().describe_policy().policy_id(id);
    let answer = ask(&DESCRIBE_POLICY, call.send()).await?;
    let content = answer.policy.and_then(|policy| policy.content);
    content
        .map(|text| PolicyText::new(&text))
        .ok_or_else(|| Missing::invalid("the answer holds no `Content`"))
}

async fn targets(session: &Session, id: &str) -> Result<Vec<String>, Missing> {
    let targets = pages(&LIST_TARGETS_FOR_POLICY, async |token| {
        let call = session.organizations().list_targets_for_policy().policy_id(id).set_next_token(token);
        let answer = ask(&LIST_TARGETS_FOR_POLICY, call.send()).await?;
        Page::of(&LIST_TARGETS_FOR_POLICY, "Targets", answer.targets, answer.next_token)
    })
    .await?;
    let mut ids: Vec<String> = targets.into_iter().filter_map(|target| target.target_id).collect();
    ids.sort();
    Ok(ids)
}
