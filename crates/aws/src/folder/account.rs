//! From the files of a folder to the one account of its snapshot.

use std::collections::BTreeMap;

use leastwise_iam::{AccountId, Arn, Partition};
use leastwise_model::{
    Account, AlternateContacts, Contact, Known, Missing, OidcProvider, Organization, Reason,
};

use super::content::Content;
use super::part::Part;
use super::shelf::Shelf;
use crate::counts::{Counts, Source};
use crate::credential_report::CredentialReport;
use crate::details::{Details, Page};
use crate::text::quote;
use crate::users::merge;

/// Takes the content of a part, which `part_of` has put into this variant.
macro_rules! take {
    ($shelf:expr, $part:expr, $variant:ident) => {
        match $shelf.take($part) {
            Ok(Content::$variant(content)) => Ok(content),
            Ok(_) => Err(Missing::invalid("internal: a file was read as another part")),
            Err(why) => Err(why),
        }
    };
}

/// Puts the organisation and the account together.
pub(super) fn assemble(
    shelf: &mut Shelf,
    id: AccountId,
    partition: Partition,
) -> (Known<Option<Organization>>, Account) {
    let organization = organization(shelf);
    let summary = take!(shelf, Part::Summary, Summary);
    let (details, in_pages) = details(shelf);
    let counts = Counts { summary: summary.as_ref().ok(), source: Source::Files { in_pages } };
    let details = counts.hold(details);
    let report: Result<CredentialReport, Missing> = take!(shelf, Part::CredentialReport, CredentialReport);
    let users = merge(details.users, &report, &BTreeMap::new(), &counts);
    let account = Account {
        id,
        partition,
        name: name(&organization, id),
        caller: take!(shelf, Part::Caller, Caller).into(),
        alias: take!(shelf, Part::Aliases, Alias).into(),
        summary: summary.into(),
        credential_report: report.as_ref().map(|report| report.generated).map_err(Clone::clone).into(),
        root: report.as_ref().map_or_else(|why| Known::Unknown(why.clone()), |report| report.root.clone()),
        virtual_mfa_devices: flat(take!(shelf, Part::VirtualMfaDevices, VirtualMfaDevices)),
        password_policy: flat(take!(shelf, Part::PasswordPolicy, PasswordPolicy)),
        primary_contact: contact(shelf, Part::PrimaryContact),
        alternate_contacts: AlternateContacts {
            billing: contact(shelf, Part::BillingContact),
            operations: contact(shelf, Part::OperationsContact),
            security: contact(shelf, Part::SecurityContact),
        },
        saml_providers: flat(take!(shelf, Part::SamlProviders, SamlProviders)),
        oidc_providers: oidc_providers(shelf),
        server_certificates: flat(take!(shelf, Part::ServerCertificates, ServerCertificates)),
        users,
        groups: details.groups.into(),
        roles: details.roles.into(),
        policies: details.policies.into(),
        last_accessed: Known::Unknown(Missing::new(
            Reason::NotRequested,
            "files do not hold service last-accessed data; audit the account itself",
        )),
        resources: Known::Unknown(Missing::new(
            Reason::NotRequested,
            "files do not hold resource policies; audit the account itself with `--resources`",
        )),
    };
    (organization, account)
}

fn flat<T>(content: Result<Result<T, Missing>, Missing>) -> Known<T> {
    content.and_then(|content| content).into()
}

fn contact(shelf: &mut Shelf, part: Part) -> Known<Option<Contact>> {
    take!(shelf, part, Contact).into()
}

fn organization(shelf: &mut Shelf) -> Known<Option<Organization>> {
    let accounts = take!(shelf, Part::OrganizationAccounts, OrganizationAccounts);
    let organization = flat(take!(shelf, Part::Organization, Organization));
    if organization.value().is_none_or(Option::is_none) && accounts.is_ok() {
        let absent = Part::Organization.absent().detail;
        shelf.notice(format!("the list of accounts was not used: {absent}"));
    }
    organization.map(|organization| {
        organization.map(|organization| Organization { accounts: flat(accounts), ..organization })
    })
}

fn name(organization: &Known<Option<Organization>>, id: AccountId) -> Option<String> {
    let accounts = organization.value()?.as_ref()?.accounts.value()?;
    accounts.iter().find(|account| account.id == id).map(|account| account.name.clone())
}

fn oidc_providers(shelf: &mut Shelf) -> Known<Vec<OidcProvider>> {
    let mut audiences = BTreeMap::new();
    for (file, content) in shelf.take_all(Part::OidcProvider) {
        match content {
            Ok(Content::OidcProvider(url, client_ids)) => drop(audiences.insert(url, client_ids)),
            Ok(_) => shelf.notice(format!("file `{}` was not used", quote(&file))),
            Err(why) => shelf.notice(why.detail),
        }
    }
    let arns = flat(take!(shelf, Part::OidcProviders, OidcProviders));
    arns.map(|arns| arns.into_iter().map(|arn| oidc_provider(arn, &audiences)).collect())
}

fn oidc_provider(arn: Arn, audiences: &BTreeMap<String, Vec<String>>) -> OidcProvider {
    let url = arn.resource().trim_start_matches("oidc-provider/");
    let client_ids = match audiences.get(url) {
        Some(client_ids) => Known::Known(client_ids.clone()),
        None => Known::Unknown(Part::OidcProvider.absent()),
    };
    OidcProvider { arn, client_ids }
}

/// The pages of authorization details, if none of them is broken and the last one is there; true if they
/// are several pages of one list.
fn details(shelf: &mut Shelf) -> (Details, bool) {
    let found = shelf.take_all(Part::Details);
    if found.is_empty() {
        return (Details::missing(&Part::Details.absent()), false);
    }
    let mut pages: Vec<Page> = Vec::new();
    let (mut complete, mut in_pages) = (false, false);
    for (_, content) in found {
        match content {
            Ok(Content::Details(page, follows)) => {
                complete |= !follows;
                in_pages |= follows;
                pages.push(page);
            }
            Ok(_) => {
                let why = Missing::invalid("internal: a file was read as another part");
                return (Details::missing(&why), false);
            }
            Err(why) => return (Details::missing(&why), false),
        }
    }
    if complete { (Details::of(pages), in_pages) } else { (Details::missing(&cut_off()), in_pages) }
}

fn cut_off() -> Missing {
    Missing::invalid(
        "the authorization details are cut off: the last page is not in the folder; run `aws iam get-account-authorization-details` without `--max-items`",
    )
}
