use std::collections::BTreeMap;

use aws_sdk_iam::types::AssignmentStatusType;
use leastwise_model::{AccountSummary, Known, Missing, PasswordPolicy, ServerCertificate, VirtualMfaDevice};

use crate::ask::ask;
use crate::failure::Failure;
use crate::pages::{Page, iam_marker, pages};
use crate::parts;
use crate::permissions::{
    GET_ACCOUNT_PASSWORD_POLICY, GET_ACCOUNT_SUMMARY, LIST_ACCOUNT_ALIASES, LIST_SERVER_CERTIFICATES,
    LIST_VIRTUAL_MFA_DEVICES,
};
use crate::sent::Sent;
use crate::session::Session;

/// What IAM keeps for an account as a whole.
pub(super) struct Settings {
    pub alias: Known<Option<String>>,
    pub summary: Known<AccountSummary>,
    pub virtual_mfa_devices: Known<Vec<VirtualMfaDevice>>,
    pub password_policy: Known<Option<PasswordPolicy>>,
    pub server_certificates: Known<Vec<ServerCertificate>>,
}

/// Reads them all at the same time.
pub(super) async fn read(session: &Session) -> Settings {
    let (alias, summary, devices, policy, certificates) = tokio::join!(
        alias(session),
        summary(session),
        devices(session),
        password_policy(session),
        certificates(session),
    );
    Settings {
        alias: alias.into(),
        summary: summary.into(),
        virtual_mfa_devices: devices.into(),
        password_policy: policy.into(),
        server_certificates: certificates.into(),
    }
}

/// An account has one alias at most.
async fn alias(session: &Session) -> Result<Option<String>, Missing> {
    let sent = Sent::new("AccountAliases");
    let call = session.iam().list_account_aliases().customize().interceptor(sent.clone());
    let answer = ask(&LIST_ACCOUNT_ALIASES, call.send()).await?;
    sent.check(&LIST_ACCOUNT_ALIASES)?;
    Ok(answer.account_aliases.into_iter().min())
}

async fn summary(session: &Session) -> Result<AccountSummary, Missing> {
    let answer = ask(&GET_ACCOUNT_SUMMARY, session.iam().get_account_summary().send()).await?;
    let map = answer.summary_map().ok_or_else(|| Failure::lacking(&GET_ACCOUNT_SUMMARY, "SummaryMap"))?;
    let counts: BTreeMap<String, i64> =
        map.iter().map(|(key, count)| (key.as_str().to_owned(), i64::from(*count))).collect();
    Ok(parts::summary(counts))
}

async fn devices(session: &Session) -> Result<Vec<VirtualMfaDevice>, Missing> {
    let operation = &LIST_VIRTUAL_MFA_DEVICES;
    let devices = pages(operation, async |marker| {
        let call = session.iam().list_virtual_mfa_devices().assignment_status(AssignmentStatusType::Assigned);
        let sent = Sent::new("VirtualMFADevices");
        let call = call.max_items(1000).set_marker(marker).customize().interceptor(sent.clone());
        let answer = ask(operation, call.send()).await?;
        sent.check(operation)?;
        let next = iam_marker(operation, answer.is_truncated, answer.marker)?;
        Ok(Page { items: answer.virtual_mfa_devices, next })
    })
    .await?;
    parts::devices(devices.into_iter().map(Into::into).collect())
}

/// No policy is an answer too: AWS's default is in force.
async fn password_policy(session: &Session) -> Result<Option<PasswordPolicy>, Missing> {
    let call = session.iam().get_account_password_policy();
    match ask(&GET_ACCOUNT_PASSWORD_POLICY, call.send()).await {
        Ok(answer) => match answer.password_policy {
            Some(policy) => parts::password_policy(&policy.into()).map(Some),
            None => Err(Missing::invalid("the answer holds no `PasswordPolicy`")),
        },
        Err(failure) if failure.is(&["NoSuchEntity", "NoSuchEntityException"]) => Ok(None),
        Err(failure) => Err(failure.missing),
    }
}

async fn certificates(session: &Session) -> Result<Vec<ServerCertificate>, Missing> {
    let operation = &LIST_SERVER_CERTIFICATES;
    let certificates = pages(operation, async |marker| {
        let call = session.iam().list_server_certificates();
        let sent = Sent::new("ServerCertificateMetadataList");
        let call = call.max_items(1000).set_marker(marker).customize().interceptor(sent.clone());
        let answer = ask(operation, call.send()).await?;
        sent.check(operation)?;
        let next = iam_marker(operation, answer.is_truncated, answer.marker)?;
        Ok(Page { items: answer.server_certificate_metadata_list, next })
    })
    .await?;
    parts::certificates(certificates.into_iter().map(Into::into).collect())
}
