use leastwise_iam::AccountId;
use leastwise_model::{DelegatedAdministrator, Known, Missing};

use crate::account::CALLS_AT_ONCE;
use crate::ask::ask;
use crate::each::each;
use crate::pages::{Page, pages};
use crate::permissions::{LIST_DELEGATED_ADMINISTRATORS, LIST_DELEGATED_SERVICES_FOR_ACCOUNT};
use crate::session::Session;

/// Reads the delegated administrators, in the order of their numbers.
///
/// Source: [delegated administrators](https://docs.aws.amazon.com/organizations/latest/userguide/orgs_delegate_policies.html).
pub(super) async fn read(session: &Session) -> Result<Vec<DelegatedAdministrator>, Missing> {
    let found = pages(&LIST_DELEGATED_ADMINISTRATORS, async |token| {
        let call = session.organizations().list_delegated_administrators().set_next_token(token);
        let answer = ask(&LIST_DELEGATED_ADMINISTRATORS, call.send()).await?;
        Page::of(
            &LIST_DELEGATED_ADMINISTRATORS,
            "DelegatedAdministrators",
            answer.delegated_administrators,
            answer.next_token,
        )
    })
    .await?;
    let ids = found.iter().map(|found| found.id().unwrap_or_default().parse());
    let mut ids: Vec<AccountId> = ids
        .collect::<Result<_, _>>()
        .map_err(|error| Missing::invalid(format!("a delegated administrator: {error}")))?;
    ids.sort_unstable();
    let jobs = ids.into_iter().map(|account| async move {
        DelegatedAdministrator { account, services: Known::from(services(session, account).await) }
    });
    Ok(each(CALLS_AT_ONCE, jobs).await)
}

async fn services(session: &Session, account: AccountId) -> Result<Vec<String>, Missing> {
    let operation = &LIST_DELEGATED_SERVICES_FOR_ACCOUNT;
    let services = pages(operation, async |token| {
        let call = session.organizations().list_delegated_services_for_account();
        let answer =
            ask(operation, call.account_id(account.to_string()).set_next_token(token).send()).await?;
        Page::of(operation, "DelegatedServices", answer.delegated_services, answer.next_token)
    })
    .await?;
    let mut names: Vec<String> =
        services.into_iter().filter_map(|service| service.service_principal).collect();
    names.sort();
    Ok(names)
}
