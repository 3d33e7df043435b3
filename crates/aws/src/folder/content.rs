//! What a file holds, told by its content.

use std::collections::{BTreeMap, BTreeSet};

use aws_smithy_types::base64;
use jiff::Timestamp;
use leastwise_iam::{Arn, Partition};
use leastwise_model::{
    AccountSummary, Contact, Missing, Organization, OrganizationAccount, PasswordPolicy, SamlProvider,
    ServerCertificate, VirtualMfaDevice, in_words,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::part::Part;
use crate::answers;
use crate::credential_report::CredentialReport;
use crate::details::Page;
use crate::instant::Instant;
use crate::organization::{listed_account, outline};
use crate::parts;

/// The content of a file.
#[derive(Debug)]
pub(super) enum Content {
    /// A page of authorization details; true if another one follows.
    Details(Page, bool),
    Summary(AccountSummary),
    CredentialReport(CredentialReport),
    PasswordPolicy(Result<Option<PasswordPolicy>, Missing>),
    VirtualMfaDevices(Result<Vec<VirtualMfaDevice>, Missing>),
    ServerCertificates(Result<Vec<ServerCertificate>, Missing>),
    SamlProviders(Result<Vec<SamlProvider>, Missing>),
    OidcProviders(Result<Vec<Arn>, Missing>),
    /// A provider's address, without `https://`, and its audiences.
    OidcProvider(String, Vec<String>),
    Alias(Option<String>),
    Contact(Option<Contact>),
    Caller(Arn),
    Organization(Result<Option<Organization>, Missing>),
    OrganizationAccounts(Result<Vec<OrganizationAccount>, Missing>),
}

/// A JSON file, taken apart at the top.
type Top<'a> = BTreeMap<String, &'a RawValue>;

/// Why a file's content is of no use.
pub(super) enum Useless {
    /// It is none of the files that are known.
    Foreign,
    /// It is a known one, but broken.
    Broken(Part, String),
}

/// Reads a JSON file; `name` decides only which alternate contact a file without a type holds.
pub(super) fn read(text: &str, name: &str) -> Result<(Part, Content), Useless> {
    let top: Top<'_> = serde_json::from_str(text).map_err(|_| Useless::Foreign)?;
    let part = part_of(&top, name).ok_or(Useless::Foreign)?;
    let content = parse(part, &top, text).map_err(|why| Useless::Broken(part, why))?;
    Ok((part, content))
}

fn part_of(top: &Top<'_>, name: &str) -> Option<Part> {
    let has = |key: &str| top.contains_key(key);
    if has("UserDetailList") || has("RoleDetailList") || has("GroupDetailList") {
        Some(Part::Details)
    } else if has("ReportFormat") && has("Content") {
        Some(Part::CredentialReport)
    } else if has("AlternateContact") {
        let contact: answers::AlternateContact = value(top, "AlternateContact").ok()?;
        contact
            .alternate_contact_type
            .and_then(|kind| Part::of_contact(&kind))
            .or_else(|| Part::of_name(name))
    } else if has("Account") && has("Arn") && has("UserId") {
        Some(Part::Caller)
    } else if has("Url") && has("ClientIDList") {
        Some(Part::OidcProvider)
    } else {
        BY_KEY.iter().find(|(key, _)| has(key)).map(|(_, part)| *part)
    }
}

const BY_KEY: &[(&str, Part)] = &[
    ("SummaryMap", Part::Summary),
    ("PasswordPolicy", Part::PasswordPolicy),
    ("VirtualMFADevices", Part::VirtualMfaDevices),
    ("ServerCertificateMetadataList", Part::ServerCertificates),
    ("SAMLProviderList", Part::SamlProviders),
    ("OpenIDConnectProviderList", Part::OidcProviders),
    ("AccountAliases", Part::Aliases),
    ("ContactInformation", Part::PrimaryContact),
    ("Organization", Part::Organization),
    ("Accounts", Part::OrganizationAccounts),
];

fn parse(part: Part, top: &Top<'_>, text: &str) -> Result<Content, String> {
    if part != Part::Details && (top.contains_key("NextToken") || is_true(top, "IsTruncated")) {
        return Err(
            "the list is cut off: run the command without `--max-items` and `--no-paginate`".to_owned()
        );
    }
    Ok(match part {
        Part::Details => details(text)?,
        Part::Summary => Content::Summary(parts::summary(value(top, "SummaryMap")?)),
        Part::CredentialReport => Content::CredentialReport(encoded_report(text)?),
        Part::PasswordPolicy => {
            Content::PasswordPolicy(parts::password_policy(&value(top, "PasswordPolicy")?).map(Some))
        }
        Part::VirtualMfaDevices => Content::VirtualMfaDevices(devices(value(top, "VirtualMFADevices")?)),
        Part::ServerCertificates => {
            Content::ServerCertificates(parts::certificates(value(top, "ServerCertificateMetadataList")?))
        }
        Part::SamlProviders => Content::SamlProviders(parts::saml_providers(value(top, "SAMLProviderList")?)),
        Part::OidcProviders => {
            Content::OidcProviders(oidc_arns(&value::<Vec<_>>(top, "OpenIDConnectProviderList")?))
        }
        Part::OidcProvider => oidc_provider(&value::<String>(top, "Url")?, value(top, "ClientIDList")?),
        Part::Aliases => Content::Alias(value::<Vec<String>>(top, "AccountAliases")?.into_iter().min()),
        Part::PrimaryContact => contact(parts::primary_contact(value(top, "ContactInformation")?))?,
        Part::BillingContact | Part::OperationsContact | Part::SecurityContact => {
            contact(parts::alternate_contact(value(top, "AlternateContact")?))?
        }
        Part::Caller => Content::Caller(value::<String>(top, "Arn")?.parse().map_err(|e| format!("{e}"))?),
        Part::Organization => Content::Organization(outline(value(top, "Organization")?).map(Some)),
        Part::OrganizationAccounts => Content::OrganizationAccounts(accounts(value(top, "Accounts")?)),
    })
}

fn value<T: DeserializeOwned>(top: &Top<'_>, key: &str) -> Result<T, String> {
    let raw = top.get(key).ok_or_else(|| format!("`{key}` is missing"))?;
    serde_json::from_str(raw.get()).map_err(|error| format!("`{key}`: {}", words(&error)))
}

fn words(error: &serde_json::Error) -> String {
    in_words(&error.to_string(), "an object")
}

fn is_true(top: &Top<'_>, key: &str) -> bool {
    top.get(key).is_some_and(|raw| raw.get() == "true")
}

fn details(text: &str) -> Result<Content, String> {
    let mut answer: answers::AuthorizationDetails =
        serde_json::from_str(text).map_err(|error| words(&error))?;
    let follows = answer.is_truncated || answer.next_token.take().is_some();
    Ok(Content::Details(Page::read(answer), follows))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct EncodedReport {
    content: String,
    generated_time: Option<Instant>,
}

fn encoded_report(text: &str) -> Result<CredentialReport, String> {
    let answer: EncodedReport = serde_json::from_str(text).map_err(|error| words(&error))?;
    let packed: String = answer.content.split_whitespace().collect();
    let csv = base64::decode(packed).map_err(|_| "`Content` is not base64".to_owned())?;
    let generated = answer.generated_time.and_then(|time| time.0.ok());
    CredentialReport::parse(&csv, generated).map_err(|missing| missing.detail)
}

/// The plain CSV, as `base64 --decode` leaves it; it does not tell when it was made.
pub(super) fn plain_report(text: &str) -> Result<CredentialReport, Missing> {
    const UNDATED: Option<Timestamp> = None;
    CredentialReport::parse(text.as_bytes(), UNDATED)
}

fn contact(contact: Result<Contact, Missing>) -> Result<Content, String> {
    contact.map(|contact| Content::Contact(Some(contact))).map_err(|missing| missing.detail)
}

/// The AWS CLI lists devices that nobody has too, unless told otherwise; a list of only these may be the
/// list of those that are not assigned.
fn devices(answers: Vec<answers::VirtualMfaDevice>) -> Result<Vec<VirtualMfaDevice>, Missing> {
    let (owned, ownerless): (Vec<_>, Vec<_>) = answers.into_iter().partition(|device| device.user.is_some());
    if owned.is_empty() && !ownerless.is_empty() {
        return Err(Missing::invalid(
            "the list of virtual MFA devices was written with another `--assignment-status`; run `aws iam list-virtual-mfa-devices --assignment-status Assigned`",
        ));
    }
    parts::devices(owned)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct OidcEntry {
    arn: String,
}

fn oidc_arns(entries: &[OidcEntry]) -> Result<Vec<Arn>, Missing> {
    let arns: BTreeSet<Arn> = entries
        .iter()
        .map(|entry| parts::named_arn("OpenID Connect provider", &entry.arn))
        .collect::<Result<_, _>>()?;
    Ok(arns.into_iter().collect())
}

fn oidc_provider(url: &str, mut client_ids: Vec<String>) -> Content {
    client_ids.sort();
    Content::OidcProvider(url.trim_start_matches("https://").to_owned(), client_ids)
}

fn accounts(answers: Vec<answers::OrganizationAccount>) -> Result<Vec<OrganizationAccount>, Missing> {
    let place =
        || leastwise_model::Known::Unknown(Missing::not_collected("a list of accounts does not hold it"));
    let mut accounts: Vec<_> =
        answers.into_iter().map(|answer| listed_account(answer, |_| place())).collect::<Result<_, _>>()?;
    accounts.sort_by_key(|account| account.id);
    Ok(accounts)
}

impl Content {
    /// The accounts and partitions that the content is about.
    pub(super) fn owners(&self) -> BTreeSet<(leastwise_iam::AccountId, Partition)> {
        let owner = |arn: &Arn| arn.account().map(|id| (id, arn.partition()));
        match self {
            Self::Details(page, _) => page.arns().filter_map(owner).collect(),
            Self::CredentialReport(report) => {
                let users = report.users.values().filter_map(|user| user.arn.as_ref().ok());
                users.chain(&report.root_arn).filter_map(owner).collect()
            }
            Self::VirtualMfaDevices(Ok(devices)) => {
                devices.iter().filter_map(|device| device.user.as_ref()).filter_map(owner).collect()
            }
            Self::ServerCertificates(Ok(list)) => {
                list.iter().map(|entry| &entry.arn).filter_map(owner).collect()
            }
            Self::SamlProviders(Ok(list)) => list.iter().map(|entry| &entry.arn).filter_map(owner).collect(),
            Self::OidcProviders(Ok(arns)) => arns.iter().filter_map(owner).collect(),
            Self::Caller(arn) => owner(arn).into_iter().collect(),
            _ => BTreeSet::new(),
        }
    }
}
