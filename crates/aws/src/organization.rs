//! The organisation that an account is in, as far as the caller may see it.
//!
//! Source: [AWS Organizations API](https://docs.aws.amazon.com/organizations/latest/APIReference/Welcome.html).

mod delegation;
mod listing;
mod member;
mod policies;
mod selection;
mod tree;

use leastwise_iam::AccountId;
use leastwise_model::{CentralRoot, Known, Missing, Organization, Reason};

use crate::answers;
use crate::ask::ask;
use crate::failure::{Failure, Kind};
use crate::permissions::{
    DESCRIBE_ORGANIZATION, LIST_ACCOUNTS, LIST_DELEGATED_ADMINISTRATORS, LIST_ORGANIZATIONS_FEATURES,
    LIST_POLICIES, LIST_ROOTS, Operation,
};
use crate::progress::{Progress, Watch};
use crate::session::Session;

pub(crate) use listing::account as listed_account;
pub(crate) use member::assume;
pub(crate) use selection::{Choice, select};

const PART: &str = "organisation";

/// Reads the organisation; `None` for a standalone account.
pub(crate) async fn read(session: &Session, caller: AccountId, watch: &Watch) -> Known<Option<Organization>> {
    watch(Progress { account: None, part: PART, done: 0, total: Some(1) });
    let organization = describe(session).await;
    let organization = match organization {
        Ok(Some(mut organization)) => {
            fill(session, caller, &mut organization).await;
            Ok(Some(organization))
        }
        other => other,
    };
    watch(Progress { account: None, part: PART, done: 1, total: Some(1) });
    organization.into()
}

async fn describe(session: &Session) -> Result<Option<Organization>, Missing> {
    match ask(&DESCRIBE_ORGANIZATION, session.organizations().describe_organization().send()).await {
        Ok(answer) => match answer.organization {
            Some(organization) => outline(organization.into()).map(Some),
            None => Err(Missing::invalid("the answer holds no `Organization`")),
        },
        Err(failure) if failure.is(&["AWSOrganizationsNotInUseException"]) => Ok(None),
        Err(failure) => Err(failure.missing),
    }
}

/// An organisation of which nothing but its description is known.
pub(crate) fn outline(answer: answers::Organization) -> Result<Organization, Missing> {
    fn later<T>() -> Known<T> {
        Known::Unknown(Missing::not_collected("the description of an organisation does not hold it"))
    }
    let manager = answer.master_account_id.and_then(|id| id.parse().ok());
    Ok(Organization {
        id: answer.id.ok_or_else(|| Missing::invalid("the organisation has no `Id`"))?,
        management_account: manager
            .ok_or_else(|| Missing::invalid("the organisation has no sound `MasterAccountId`"))?,
        feature_set: answer.feature_set.unwrap_or_default(),
        accounts: later(),
        units: later(),
        policies: later(),
        delegated_administrators: later(),
        central_root: later(),
    })
}

/// Reads what only the management account and delegated administrators may see.
///
/// Where AWS refuses a member account the list of accounts, it refuses the rest too: it is not asked for.
async fn fill(session: &Session, caller: AccountId, organization: &mut Organization) {
    match listing::accounts(session).await {
        Err(failure) if failure.kind == Kind::Denied && caller != organization.management_account => {
            refuse(organization, failure);
        }
        accounts => fill_all(session, organization, accounts).await,
    }
}

async fn fill_all(
    session: &Session,
    organization: &mut Organization,
    accounts: Result<Vec<answers::OrganizationAccount>, Failure>,
) {
    let (tree, policies, administrators, central_root) = tokio::join!(
        Box::pin(tree::read(session)),
        Box::pin(policies::read(session)),
        Box::pin(delegation::read(session)),
        Box::pin(central_root(session)),
    );
    organization.accounts =
        accounts.map_err(Missing::from).and_then(|list| listing::in_tree(list, &tree)).into();
    organization.units = tree.units.into();
    organization.policies = policies.into();
    organization.delegated_administrators = administrators.into();
    organization.central_root = central_root.into();
}

fn refuse(organization: &mut Organization, failure: Failure) {
    organization.accounts = Known::Unknown(failure.missing);
    organization.units = Known::Unknown(for_managers(&LIST_ROOTS));
    organization.policies = Known::Unknown(for_managers(&LIST_POLICIES));
    organization.delegated_administrators = Known::Unknown(for_managers(&LIST_DELEGATED_ADMINISTRATORS));
    organization.central_root = Known::Unknown(for_managers(&LIST_ORGANIZATIONS_FEATURES));
}

fn for_managers(operation: &Operation) -> Missing {
    Missing {
        reason: Reason::AccessDenied,
        detail: format!(
            "only the management account and delegated administrators may read it, and `{}` was refused",
            LIST_ACCOUNTS.action
        ),
        permission: Some(operation.action.to_owned()),
    }
}

/// Source: [ListOrganizationsFeatures](https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListOrganizationsFeatures.html).
async fn central_root(session: &Session) -> Result<CentralRoot, Missing> {
    const NOT_IN_USE: &[&str] = &[
        "ServiceAccessNotEnabledException",
        "OrganizationNotFoundException",
        "OrganizationNotInAllFeaturesModeException",
    ];
    match ask(&LIST_ORGANIZATIONS_FEATURES, session.iam().list_organizations_features().send()).await {
        Ok(answer) => {
            let features = answer
                .enabled_features
                .ok_or_else(|| Failure::lacking(&LIST_ORGANIZATIONS_FEATURES, "EnabledFeatures"))?;
            let has = |name: &str| features.iter().any(|feature| feature.as_str() == name);
            Ok(CentralRoot {
                credentials_managed: has("RootCredentialsManagement"),
                sessions: has("RootSessions"),
            })
        }
        Err(failure) if failure.is(NOT_IN_USE) => {
            Ok(CentralRoot { credentials_managed: false, sessions: false })
        }
        Err(failure) => Err(failure.missing),
    }
}
