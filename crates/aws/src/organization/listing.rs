use leastwise_iam::AccountId;
use leastwise_model::{AccountStatus, Known, Missing, OrganizationAccount};

use super::tree::Tree;
use crate::answers;
use crate::ask::ask;
use crate::failure::Failure;
use crate::pages::{Page, pages};
use crate::permissions::LIST_ACCOUNTS;
use crate::session::Session;
use crate::text::quote;

/// The accounts as AWS lists them.
pub(super) async fn accounts(session: &Session) -> Result<Vec<answers::OrganizationAccount>, Failure> {
    let accounts = pages(&LIST_ACCOUNTS, async |token| {
        let call = session.organizations().list_accounts().set_next_token(token);
        let answer = ask(&LIST_ACCOUNTS, call.send()).await?;
        Page::of(&LIST_ACCOUNTS, "Accounts", answer.accounts, answer.next_token)
    })
    .await?;
    Ok(accounts.into_iter().map(Into::into).collect())
}

/// The accounts in the order of their numbers, each with its place in the tree.
pub(super) fn in_tree(
    accounts: Vec<answers::OrganizationAccount>,
    tree: &Tree,
) -> Result<Vec<OrganizationAccount>, Missing> {
    let mut accounts: Vec<_> =
        accounts.into_iter().map(|answer| account(answer, |id| tree.parent(id))).collect::<Result<_, _>>()?;
    accounts.sort_by_key(|account| account.id);
    accounts.dedup_by_key(|account| account.id);
    Ok(accounts)
}

/// Reads one account; `parent` tells its place.
pub(crate) fn account(
    answer: answers::OrganizationAccount,
    parent: impl FnOnce(AccountId) -> Known<String>,
) -> Result<OrganizationAccount, Missing> {
    let id = answer.id.unwrap_or_default();
    let id: AccountId =
        id.parse().map_err(|_| Missing::invalid(format!("`{}` is no account id", quote(&id))))?;
    let status = answer.state.or(answer.status).unwrap_or_default();
    Ok(OrganizationAccount {
        id,
        name: answer.name.unwrap_or_default(),
        email: answer.email.unwrap_or_default(),
        status: status_of(&status).ok_or_else(|| {
            Missing::invalid(format!("account {id} is `{}`, which is no status", quote(&status)))
        })?,
        parent: parent(id),
    })
}

/// Source: [Account](https://docs.aws.amazon.com/organizations/latest/APIReference/API_Account.html).
fn status_of(text: &str) -> Option<AccountStatus> {
    match text {
        "ACTIVE" => Some(AccountStatus::Active),
        "SUSPENDED" | "CLOSED" | "PENDING_ACTIVATION" => Some(AccountStatus::Suspended),
        "PENDING_CLOSURE" => Some(AccountStatus::PendingClosure),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_and_older_statuses() {
        let table = [
            (r#"{"Id":"123456789012","Status":"ACTIVE"}"#, Some(AccountStatus::Active)),
            (r#"{"Id":"123456789012","Status":"ACTIVE","State":"CLOSED"}"#, Some(AccountStatus::Suspended)),
            (r#"{"Id":"123456789012","State":"PENDING_CLOSURE"}"#, Some(AccountStatus::PendingClosure)),
            (r#"{"Id":"123456789012"}"#, None),
            (r#"{"Id":"12","Status":"ACTIVE"}"#, None),
        ];
        for (json, status) in table {
            let answer = serde_json::from_str(json).unwrap();
            let read = account(answer, |_| Known::Known("r-1".to_owned()));
            assert_eq!(read.ok().map(|account| account.status), status, "{json}");
        }
    }
}
