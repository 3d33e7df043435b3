//! What is known of the root user, from the account summary and the credential report.

use jiff::SignedDuration;
use leastwise_model::{Account, Missing};

use crate::Context;
use crate::time::day;

/// AWS repeats a credential report for four hours; a little more is still the same report.
const REPEATED: SignedDuration = SignedDuration::from_hours(5);

/// The state of the root user's MFA.
pub(crate) enum Mfa {
    /// There is nothing to protect: neither password nor access key.
    NoCredentials,
    /// No MFA device.
    Off,
    /// At least one MFA device.
    On,
}

/// True if the root user has an access key, active or not.
pub(crate) fn has_access_keys(context: &Context<'_>) -> Result<bool, Missing> {
    let account = context.account;
    let summary = account.summary.get().and_then(|summary| summary.root_access_keys_present.get().copied());
    let report = account.root.get().and_then(|root| Ok(!root.access_keys.get()?.is_empty()));
    either("whether root has an access key", summary, report, context)
}

/// The state of the root user's MFA.
pub(crate) fn mfa(context: &Context<'_>) -> Result<Mfa, Missing> {
    let account = context.account;
    let summary = account.summary.get().and_then(|summary| summary.root_mfa_enabled.get().copied());
    let report = account.root.get().and_then(|root| root.mfa_active.get().copied());
    match either("whether root has MFA", summary, report, context) {
        Ok(true) => Ok(Mfa::On),
        _ if !has_password(account) && !has_access_keys(context)? => Ok(Mfa::NoCredentials),
        Ok(false) => Ok(Mfa::Off),
        Err(missing) => Err(missing),
    }
}

/// False only where AWS says that root has no password: root credentials are managed centrally.
fn has_password(account: &Account) -> bool {
    let summary = account.summary.value();
    summary.and_then(|summary| summary.root_password_present.value()).copied().unwrap_or(true)
}

/// True if a virtual MFA device is assigned to the root user, which is CIS 1.6's own procedure.
pub(crate) fn virtual_device(account: &Account) -> Result<bool, Missing> {
    let root = account.root_arn();
    let serial = format!("arn:{}:iam::{}:mfa/root-account-mfa-device", account.partition, account.id);
    let devices = account.virtual_mfa_devices.get()?;
    Ok(devices.iter().any(|device| device.user.as_ref() == Some(&root) || device.serial == serial))
}

/// The summary is live, the report up to four hours old, so the summary wins; but where they contradict each
/// other and the report is no such recent one, nobody knows which of them is the older.
fn either(
    what: &str,
    summary: Result<bool, Missing>,
    report: Result<bool, Missing>,
    context: &Context<'_>,
) -> Result<bool, Missing> {
    match (summary, report) {
        (Ok(live), Ok(reported)) if live != reported && !is_recent(context) => Err(Missing::invalid(
            format!("account summary and credential report contradict each other on {what}; read both again"),
        )),
        (Ok(live), _) => Ok(live),
        (Err(_), Ok(reported)) => Ok(reported),
        (Err(missing), Err(_)) => Err(missing),
    }
}

fn is_recent(context: &Context<'_>) -> bool {
    let made = context.account.credential_report.value().copied().flatten();
    made.is_some_and(|made| context.now.duration_since(made) <= REPEATED)
}

/// That the credential report tells what happened up to now.
///
/// # Errors
/// It is older than AWS's repetition explains, or of unknown age.
pub(crate) fn report_reaches_now(context: &Context<'_>) -> Result<(), Missing> {
    if is_recent(context) {
        return Ok(());
    }
    Err(Missing::invalid(match context.account.credential_report.get()? {
        Some(made) => {
            format!("the credential report is of {}; it tells nothing of the time since", day(*made))
        }
        None => "the credential report is of unknown age; save it with its date: `aws iam \
                 get-credential-report > credential-report.json`"
            .to_owned(),
    }))
}
