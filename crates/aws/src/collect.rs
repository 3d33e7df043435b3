use std::collections::BTreeSet;
use std::num::NonZeroUsize;

use jiff::Timestamp;
use leastwise_iam::AccountId;
use leastwise_model::{Account, Known, Missing, Organization, SCHEMA_VERSION, Skipped, Snapshot};

use crate::access::Connection;
use crate::account::{self, Target};
use crate::caller::{Caller, identify};
use crate::each::each;
use crate::organization::{self, Choice, assume, select};
use crate::progress::{Progress, Watch};
use crate::request::{CollectRequest, OrganizationRequest};
use crate::session::Session;
use crate::text::quote;

/// Nothing can be said about the account, or the request makes no sense.
#[derive(Debug, thiserror::Error)]
pub enum CollectError {
    /// The session has ended.
    #[error("the AWS credentials have expired; sign in again, for instance with {remedy}, or renew the keys")]
    Expired {
        /// The command to sign in with.
        remedy: String,
    },
    /// AWS does not accept the credentials.
    #[error(
        "AWS does not accept the credentials: {detail}; check the access key, its secret and the profile{hint}"
    )]
    Rejected {
        /// What AWS said.
        detail: String,
        /// What else may be wrong.
        hint: &'static str,
    },
    /// There is no answer.
    #[error("AWS cannot be reached at {endpoint}: {detail}; check network, proxy, region and endpoint")]
    Unreachable {
        /// Where it was looked for.
        endpoint: String,
        /// What went wrong.
        detail: String,
    },
    /// The settings make no request.
    #[error(
        "AWS was not asked: {detail}; correct the region, the endpoint, or what the profile and `AWS_…` variables \
         say of them"
    )]
    Unsent {
        /// What is wrong with them.
        detail: String,
    },
    /// Something answers, but it is not AWS.
    #[error("{endpoint} is not AWS: {detail}; check `--endpoint-url`, `AWS_ENDPOINT_URL` and the proxy")]
    NotAws {
        /// What was asked.
        endpoint: String,
        /// What it answered.
        detail: String,
    },
    /// Nothing tells which account this is.
    #[error("nothing tells which account this is; permit `{permission}` to the caller")]
    Unidentified {
        /// The action to permit.
        permission: &'static str,
    },
    /// An organisation was asked for, but there is none.
    #[error("account {0} is in no organisation; leave out `--org`")]
    NoOrganization(AccountId),
    /// Accounts cannot be chosen, since a list is missing.
    #[error(
        "cannot choose accounts of the organisation: {0}; leave out `--org`, or run from the management account"
    )]
    Unlisted(Missing),
    /// A name in the request matches nothing.
    #[error(
        "`{flag} {name}` matches nothing in the organisation; give an id or a name as AWS Organizations shows it"
    )]
    NoMatch {
        /// The flag.
        flag: &'static str,
        /// The name.
        name: String,
    },
    /// The choice leaves nothing to read.
    #[error("`--ou`, `--account` and `--exclude` leave no account to read: each one is {0}; choose others")]
    NothingChosen(String),
    /// A user to read live does not exist.
    #[error("`--recheck {0}` names no user of any account that was read; check the spelling")]
    NoSuchUser(String),
}

/// Reads the caller's account, or the organisation's accounts, into a snapshot dated `now`.
///
/// Whatever cannot be read is `Unknown` in the snapshot; nothing is left out.
///
/// # Errors
/// Only where nothing at all can be said: AWS cannot be reached or does not accept the caller; or the
/// request names what does not exist.
pub async fn collect(
    connection: &Connection,
    request: &CollectRequest,
    now: Timestamp,
    watch: &Watch,
) -> Result<Snapshot, CollectError> {
    let session = Session::new(&connection.config);
    let caller = Box::pin(identify(connection, &session)).await?;
    let run = Run { connection, session, caller, request, now, watch };
    let (organization, accounts, skipped) = match &request.organization {
        None => run.single().await,
        Some(scope) => run.all(scope).await?,
    };
    let mut notices = Vec::new();
    check_rechecks(&request.recheck, &accounts, &mut notices)?;
    let unlisted = unlisted(&organization).filter(|_| request.organization.is_some()).cloned();
    if let Some(why) = &unlisted {
        notices.push(format!(
            "only account {} was read: the organisation's accounts are unknown, {why}",
            run.caller.account
        ));
    }
    Ok(Snapshot {
        schema_version: SCHEMA_VERSION,
        collected_at: now,
        organization,
        unlisted,
        skipped,
        notices,
        accounts,
    })
}

type Parts = (Known<Option<Organization>>, Vec<Account>, Vec<Skipped>);

struct Run<'a> {
    connection: &'a Connection,
    session: Session,
    caller: Caller,
    request: &'a CollectRequest,
    now: Timestamp,
    watch: &'a Watch,
}

impl Run<'_> {
    async fn single(&self) -> Parts {
        let (organization, mut account) = tokio::join!(
            Box::pin(organization::read(&self.session, self.caller.account, self.watch)),
            Box::pin(self.own(None)),
        );
        account.name = self.name(account.id, name_in(&organization, account.id));
        (organization, vec![account], Vec::new())
    }

    async fn all(&self, scope: &OrganizationRequest) -> Result<Parts, CollectError> {
        let organization = Box::pin(organization::read(&self.session, self.caller.account, self.watch)).await;
        let choice = self.choose(&organization, scope)?;
        let accounts = self.read_all(choice.read, scope).await;
        Ok((organization, accounts, choice.skipped))
    }

    /// Without a list of accounts there is only the caller's own, unless others were asked for by name.
    fn choose(
        &self,
        organization: &Known<Option<Organization>>,
        scope: &OrganizationRequest,
    ) -> Result<Choice, CollectError> {
        let by_name = !(scope.units.is_empty() && scope.accounts.is_empty() && scope.excludes.is_empty());
        let own = || Choice { read: vec![(self.caller.account, None)], skipped: Vec::new() };
        match organization {
            Known::Known(None) => Err(CollectError::NoOrganization(self.caller.account)),
            Known::Unknown(why) if by_name => Err(CollectError::Unlisted(why.clone())),
            Known::Unknown(_) => Ok(own()),
            Known::Known(Some(organization)) if organization.accounts.value().is_none() && !by_name => {
                Ok(own())
            }
            Known::Known(Some(organization)) => select(organization, scope),
        }
    }

    async fn read_all(
        &self,
        chosen: Vec<(AccountId, Option<String>)>,
        scope: &OrganizationRequest,
    ) -> Vec<Account> {
        let total = chosen.len();
        let done = std::sync::atomic::AtomicUsize::new(0);
        let jobs = chosen.into_iter().map(|(id, name)| {
            let done = &done;
            async move {
                let account = Box::pin(self.account(id, name, scope)).await;
                let done = done.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1;
                (self.watch)(Progress { account: None, part: "accounts", done, total: Some(total) });
                account
            }
        });
        let limit = NonZeroUsize::new(scope.concurrency).unwrap_or(NonZeroUsize::MIN);
        let mut accounts = each(limit, jobs).await;
        accounts.sort_by_key(|account| account.id);
        accounts
    }

    async fn account(&self, id: AccountId, name: Option<String>, scope: &OrganizationRequest) -> Account {
        let name = self.name(id, name);
        if id == self.caller.account {
            return self.own(name).await;
        }
        let partition = self.caller.partition;
        match assume(&self.connection.config, &self.session, id, partition, scope).await {
            Ok((session, caller)) => {
                let target = self.target(id, name, caller, &session);
                Box::pin(account::read(target)).await
            }
            Err(why) => Account { name, ..Account::unread(id, partition, &why) },
        }
    }

    async fn own(&self, name: Option<String>) -> Account {
        let target = self.target(self.caller.account, name, self.caller.arn.clone(), &self.session);
        Box::pin(account::read(target)).await
    }

    fn target<'a>(
        &'a self,
        id: AccountId,
        name: Option<String>,
        caller: Known<leastwise_iam::Arn>,
        session: &'a Session,
    ) -> Target<'a> {
        Target {
            id,
            partition: self.caller.partition,
            name,
            caller,
            session,
            request: self.request,
            now: self.now,
            watch: self.watch,
        }
    }

    /// The configuration's name for an account wins over the organisation's.
    fn name(&self, id: AccountId, listed: Option<String>) -> Option<String> {
        self.request.account_names.get(&id).cloned().or(listed).filter(|name| !name.is_empty())
    }
}

fn name_in(organization: &Known<Option<Organization>>, id: AccountId) -> Option<String> {
    let accounts = organization.value()?.as_ref()?.accounts.value()?;
    accounts.iter().find(|account| account.id == id).map(|account| account.name.clone())
}

/// Why the organisation's accounts are not known, if they are not.
fn unlisted(organization: &Known<Option<Organization>>) -> Option<&Missing> {
    match organization {
        Known::Known(organization) => organization.as_ref()?.accounts.missing(),
        Known::Unknown(why) => Some(why),
    }
}

/// A user to read live must exist somewhere; where users could not be read, nobody can tell.
fn check_rechecks(
    names: &[String],
    accounts: &[Account],
    notices: &mut Vec<String>,
) -> Result<(), CollectError> {
    let users = accounts.iter().filter_map(|account| account.users.value()).flatten();
    let known: BTreeSet<String> = users.map(|user| user.name.to_ascii_lowercase()).collect();
    let complete = accounts.iter().all(|account| account.users.value().is_some());
    for name in names.iter().filter(|name| !known.contains(&name.to_ascii_lowercase())) {
        if complete {
            return Err(CollectError::NoSuchUser(quote(name)));
        }
        notices.push(format!(
            "`--recheck {}` was not done: not every account's users could be read",
            quote(name)
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_to_recheck_must_exist_where_that_can_be_told() {
        let unread = Account::unread(
            "123456789012".parse().unwrap(),
            leastwise_iam::Partition::Aws,
            &Missing::invalid("no"),
        );
        let empty = Account { users: Known::Known(Vec::new()), ..unread.clone() };
        let names = ["alice".to_owned()];
        let mut notices = Vec::new();
        assert!(check_rechecks(&names, std::slice::from_ref(&empty), &mut notices).is_err());
        assert!(check_rechecks(&names, &[empty, unread], &mut notices).is_ok());
        assert!(notices.concat().contains("--recheck alice"));
    }
}
