//! One account, live: independent parts at the same time, each failing alone.

mod authorization;
mod contacts;
mod identity_providers;
mod last_accessed;
mod live;
mod report;
mod resources;
mod settings;

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;

use jiff::Timestamp;
use leastwise_iam::{AccountId, Arn, Partition};
use leastwise_model::{Account, Credentials, Known, Missing, Reason};

use crate::counts::{Counts, Source};
use crate::credential_report::CredentialReport;
use crate::details::Details;
use crate::each::each;
use crate::progress::{Progress, Watch};
use crate::request::CollectRequest;
use crate::session::Session;
use crate::users::{merge, unreported};

/// How many users that the credential report does not know are read live without being asked for.
const UNREPORTED_USERS: usize = 20;

/// How many calls for single users, principals or providers run at a time.
pub(crate) const CALLS_AT_ONCE: NonZeroUsize = NonZeroUsize::MIN.saturating_add(9);

/// An account to read, and with what.
pub(crate) struct Target<'a> {
    pub id: AccountId,
    pub partition: Partition,
    pub name: Option<String>,
    pub caller: Known<Arn>,
    pub session: &'a Session,
    pub request: &'a CollectRequest,
    pub now: Timestamp,
    pub watch: &'a Watch,
}

impl Target<'_> {
    fn progress(&self, part: &str, done: usize, total: Option<usize>) {
        (self.watch)(Progress { account: Some(self.id), part, done, total });
    }
}

/// Reads an account. Nothing in it can fail as a whole.
pub(crate) async fn read(target: Target<'_>) -> Account {
    let session = target.session;
    let (details, report, settings, contacts, providers, resources) = tokio::join!(
        Box::pin(authorization::read(&target)),
        Box::pin(report::read(&target)),
        Box::pin(settings::read(session)),
        Box::pin(contacts::read(session)),
        Box::pin(identity_providers::read(session)),
        Box::pin(resources::read(&target)),
    );
    let counts = Counts { summary: settings.summary.value(), source: Source::Live };
    let details = counts.hold(details);
    let live = read_live(&target, &details, &report).await;
    let last_accessed = last_accessed::read(&target, &details).await;
    let (primary_contact, alternate_contacts) = contacts;
    let (saml_providers, oidc_providers) = providers;
    let users = merge(details.users, &report, &live, &counts);
    Account {
        id: target.id,
        partition: target.partition,
        name: target.name,
        caller: target.caller,
        alias: settings.alias,
        summary: settings.summary,
        credential_report: report.as_ref().map(|report| report.generated).map_err(Clone::clone).into(),
        root: root(&report),
        virtual_mfa_devices: settings.virtual_mfa_devices,
        password_policy: settings.password_policy,
        primary_contact,
        alternate_contacts,
        saml_providers,
        oidc_providers,
        server_certificates: settings.server_certificates,
        users,
        groups: details.groups.into(),
        roles: details.roles.into(),
        policies: details.policies.into(),
        last_accessed,
        resources,
    }
}

fn root(report: &Result<CredentialReport, Missing>) -> Known<leastwise_model::RootCredentials> {
    match report {
        Ok(report) => report.root.clone(),
        Err(why) => Known::Unknown(why.clone()),
    }
}

/// Reads the credentials of users that were asked for, and of a few that the report does not know.
async fn read_live(
    target: &Target<'_>,
    details: &Details,
    report: &Result<CredentialReport, Missing>,
) -> BTreeMap<String, Credentials> {
    let names = live_names(&target.request.recheck, details, report);
    let jobs = names.into_iter().map(|name| async move {
        let row = report.as_ref().ok().and_then(|report| report.user(&name)?.credentials.value());
        let credentials = live::read(target.session, &name, row, target.now).await;
        (name, credentials)
    });
    each(CALLS_AT_ONCE, jobs).await.into_iter().collect()
}

/// The users to read live, in the spelling of the account; names do not differ by case alone.
fn live_names(
    recheck: &[String],
    details: &Details,
    report: &Result<CredentialReport, Missing>,
) -> BTreeSet<String> {
    let users = details.users.as_deref().unwrap_or_default();
    let reported =
        report.as_ref().ok().into_iter().flat_map(|report| report.users.keys().map(String::as_str));
    let known = users.iter().map(|user| user.name.as_str());
    let known: BTreeSet<&str> = if details.users.is_ok() { known.collect() } else { reported.collect() };
    let asked =
        known.iter().copied().filter(|name| recheck.iter().any(|asked| asked.eq_ignore_ascii_case(name)));
    let new = report.as_ref().map(|report| unreported(users, report)).unwrap_or_default();
    asked.chain(new.into_iter().take(UNREPORTED_USERS)).map(ToOwned::to_owned).collect()
}

/// A part that is read only when it is asked for.
fn not_requested(detail: &str) -> Missing {
    Missing::new(Reason::NotRequested, detail)
}
