//! Which accounts of an organisation to read.

use std::collections::BTreeSet;

use leastwise_iam::AccountId;
use leastwise_model::{AccountStatus, Organization, OrganizationAccount, OrganizationUnit, Skipped};

use crate::collect::CollectError;
use crate::request::OrganizationRequest;

/// Accounts to read, and accounts that are left out on purpose; both in the order of their numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Choice {
    pub read: Vec<(AccountId, Option<String>)>,
    pub skipped: Vec<Skipped>,
}

/// Chooses accounts by the request.
///
/// # Errors
/// A name matches nothing, nothing is left to read, or the choice needs a part of the organisation that could not be read.
pub(crate) fn select(
    organization: &Organization,
    request: &OrganizationRequest,
) -> Result<Choice, CollectError> {
    let accounts = organization.accounts.get().map_err(CollectError::Unlisted)?;
    let wanted = wanted(organization, accounts, request)?;
    let excluded = excluded(organization, accounts, request)?;
    let mut choice = Choice { read: Vec::new(), skipped: Vec::new() };
    for account in accounts {
        match reason_to_skip(account, wanted.as_ref(), &excluded) {
            Some(why) => choice.skipped.push(Skipped {
                id: account.id,
                name: Some(account.name.clone()),
                why: why.to_owned(),
            }),
            None => choice.read.push((account.id, Some(account.name.clone()))),
        }
    }
    if choice.read.is_empty() { Err(nothing_chosen(&choice)) } else { Ok(choice) }
}

fn nothing_chosen(choice: &Choice) -> CollectError {
    let reasons: BTreeSet<&str> = choice.skipped.iter().map(|skipped| skipped.why.as_str()).collect();
    CollectError::NothingChosen(reasons.into_iter().collect::<Vec<_>>().join(" or "))
}

fn reason_to_skip(
    account: &OrganizationAccount,
    wanted: Option<&BTreeSet<AccountId>>,
    excluded: &BTreeSet<AccountId>,
) -> Option<&'static str> {
    match account.status {
        _ if excluded.contains(&account.id) => Some("left out by `--exclude`"),
        _ if wanted.is_some_and(|wanted| !wanted.contains(&account.id)) => {
            Some("not among `--ou` and `--account`")
        }
        AccountStatus::Suspended => Some("suspended"),
        AccountStatus::PendingClosure => Some("being closed"),
        AccountStatus::Active => None,
    }
}

/// The accounts that are asked for by name; `None` for all.
fn wanted(
    organization: &Organization,
    accounts: &[OrganizationAccount],
    request: &OrganizationRequest,
) -> Result<Option<BTreeSet<AccountId>>, CollectError> {
    if request.units.is_empty() && request.accounts.is_empty() {
        return Ok(None);
    }
    let mut wanted = BTreeSet::new();
    for name in &request.accounts {
        wanted.extend(non_empty("--account", name, named(accounts, name))?);
    }
    for name in &request.units {
        let below = below_units(organization, accounts, name)?;
        wanted.extend(below.ok_or_else(|| no_match("--ou", name))?);
    }
    Ok(Some(wanted))
}

fn excluded(
    organization: &Organization,
    accounts: &[OrganizationAccount],
    request: &OrganizationRequest,
) -> Result<BTreeSet<AccountId>, CollectError> {
    let mut excluded = BTreeSet::new();
    for name in &request.excludes {
        let mut found = named(accounts, name);
        if found.is_empty() {
            found = below_units(organization, accounts, name)?.ok_or_else(|| no_match("--exclude", name))?;
        }
        excluded.extend(found);
    }
    Ok(excluded)
}

fn no_match(flag: &'static str, name: &str) -> CollectError {
    CollectError::NoMatch { flag, name: name.to_owned() }
}

fn non_empty(
    flag: &'static str,
    name: &str,
    found: BTreeSet<AccountId>,
) -> Result<BTreeSet<AccountId>, CollectError> {
    if found.is_empty() { Err(no_match(flag, name)) } else { Ok(found) }
}

fn named(accounts: &[OrganizationAccount], name: &str) -> BTreeSet<AccountId> {
    let is_named = |account: &&OrganizationAccount| account.name == name || account.id.to_string() == name;
    accounts.iter().filter(is_named).map(|account| account.id).collect()
}

/// The accounts below the units of this id or name, at any depth; `None` if there is no such unit.
fn below_units(
    organization: &Organization,
    accounts: &[OrganizationAccount],
    name: &str,
) -> Result<Option<BTreeSet<AccountId>>, CollectError> {
    let units = organization.units.get().map_err(CollectError::Unlisted)?;
    let tops = units.iter().filter(|unit| unit.id == name || unit.name == name);
    let mut inside: BTreeSet<&str> = tops.map(|unit| unit.id.as_str()).collect();
    if inside.is_empty() {
        return Ok(None);
    }
    while let Some(next) = child_outside(units, &inside) {
        inside.insert(next);
    }
    let mut found = BTreeSet::new();
    for account in accounts {
        let parent = account.parent.get().map_err(CollectError::Unlisted)?;
        if inside.contains(parent.as_str()) {
            found.insert(account.id);
        }
    }
    Ok(Some(found))
}

fn child_outside<'a>(units: &'a [OrganizationUnit], inside: &BTreeSet<&str>) -> Option<&'a str> {
    let is_child = |unit: &&OrganizationUnit| {
        !inside.contains(unit.id.as_str())
            && unit.parent.as_deref().is_some_and(|parent| inside.contains(parent))
    };
    units.iter().find(is_child).map(|unit| unit.id.as_str())
}

#[cfg(test)]
mod tests {
    use leastwise_model::{Known, Missing};

    use super::*;

    fn account(id: u64, name: &str, parent: &str, status: AccountStatus) -> OrganizationAccount {
        OrganizationAccount {
            id: format!("{id:012}").parse().unwrap(),
            name: name.to_owned(),
            email: String::new(),
            status,
            parent: Known::Known(parent.to_owned()),
        }
    }

    fn unit(id: &str, name: &str, parent: Option<&str>) -> OrganizationUnit {
        OrganizationUnit { id: id.to_owned(), name: name.to_owned(), parent: parent.map(ToOwned::to_owned) }
    }

    fn organization() -> Organization {
        let why = || Missing::invalid("not needed");
        Organization {
            id: "o-1".to_owned(),
            management_account: "000000000001".parse().unwrap(),
            feature_set: "ALL".to_owned(),
            accounts: Known::Known(vec![
                account(1, "root", "r-1", AccountStatus::Active),
                account(2, "dev", "ou-dev", AccountStatus::Active),
                account(3, "dev-old", "ou-old", AccountStatus::Suspended),
                account(4, "prod", "ou-prod", AccountStatus::Active),
                account(5, "bye", "ou-prod", AccountStatus::PendingClosure),
            ]),
            units: Known::Known(vec![
                unit("ou-old", "Old", Some("ou-dev")),
                unit("ou-dev", "Dev", Some("r-1")),
                unit("ou-prod", "Prod", Some("r-1")),
                unit("r-1", "Root", None),
            ]),
            policies: Known::Unknown(why()),
            delegated_administrators: Known::Unknown(why()),
            central_root: Known::Unknown(why()),
        }
    }

    fn request(units: &[&str], accounts: &[&str], excludes: &[&str]) -> OrganizationRequest {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        OrganizationRequest {
            units: owned(units),
            accounts: owned(accounts),
            excludes: owned(excludes),
            ..OrganizationRequest::default()
        }
    }

    #[test]
    fn what_is_read() {
        let table: [[&[&str]; 4]; 6] = [
            [&[], &[], &[], &["root", "dev", "prod"]],
            [&["Dev"], &[], &[], &["dev"]],
            [&["r-1"], &[], &["prod"], &["root", "dev"]],
            [&[], &["000000000004"], &[], &["prod"]],
            [&["ou-dev"], &["root"], &[], &["root", "dev"]],
            [&[], &[], &["Prod"], &["root", "dev"]],
        ];
        for [units, accounts, excludes, expected] in table {
            let choice = select(&organization(), &request(units, accounts, excludes)).unwrap();
            let names: Vec<String> = choice.read.iter().filter_map(|(_, name)| name.clone()).collect();
            assert_eq!(names, expected, "{units:?} {accounts:?} {excludes:?}");
            assert_eq!(choice.read.len() + choice.skipped.len(), 5);
        }
        let all = select(&organization(), &request(&[], &[], &[])).unwrap();
        assert_eq!(
            all.skipped.iter().map(|s| s.why.as_str()).collect::<Vec<_>>(),
            ["suspended", "being closed"]
        );
    }

    #[test]
    fn a_choice_of_nothing_is_an_error() {
        for (request, words) in [
            (request(&[], &["dev-old"], &[]), "suspended"),
            (request(&[], &["dev"], &["ou-dev"]), "`--exclude`"),
        ] {
            let error = select(&organization(), &request).unwrap_err().to_string();
            assert!(error.contains("no account to read") && error.contains(words), "{error}");
        }
    }

    #[test]
    fn what_matches_nothing_is_named() {
        for (request, words) in [
            (request(&["nope"], &[], &[]), "--ou nope"),
            (request(&[], &["nope"], &[]), "--account nope"),
            (request(&[], &[], &["nope"]), "--exclude nope"),
        ] {
            let error = select(&organization(), &request).unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        }
    }

    #[test]
    fn units_that_could_not_be_read_select_nothing() {
        let mut organization = organization();
        organization.units = Known::Unknown(Missing::invalid("gone"));
        assert!(select(&organization, &request(&["Dev"], &[], &[])).is_err());
        assert!(select(&organization, &request(&[], &["dev"], &[])).is_ok());
    }
}
