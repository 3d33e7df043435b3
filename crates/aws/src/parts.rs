//! The small parts of an account, from the answers that hold them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use leastwise_iam::Arn;
use leastwise_model::{
    AccountSummary, Contact, Known, Missing, PasswordPolicy, SamlProvider, ServerCertificate,
    VirtualMfaDevice,
};

use crate::answers;
use crate::instant::Instant;
use crate::text::quote;

/// Takes the root user's flags out of the account summary.
pub(crate) fn summary(mut counts: BTreeMap<String, i64>) -> AccountSummary {
    let mut flag = |key: &str| match counts.remove(key) {
        Some(number) => Known::Known(number != 0),
        None => Known::Unknown(Missing::invalid(format!("the account summary has no `{key}`"))),
    };
    AccountSummary {
        root_mfa_enabled: flag("AccountMFAEnabled"),
        root_access_keys_present: flag("AccountAccessKeysPresent"),
        root_password_present: flag("AccountPasswordPresent"),
        counts,
    }
}

/// Reads a password policy; its numbers must make sense.
///
/// Source: [PasswordPolicy](https://docs.aws.amazon.com/IAM/latest/APIReference/API_PasswordPolicy.html).
pub(crate) fn password_policy(answer: &answers::PasswordPolicy) -> Result<PasswordPolicy, Missing> {
    let minimum = answer.minimum_password_length;
    let minimum_length = minimum.and_then(|length| u32::try_from(length).ok());
    Ok(PasswordPolicy {
        minimum_length: minimum_length
            .ok_or_else(|| Missing::invalid("the password policy has no sound `MinimumPasswordLength`"))?,
        require_uppercase: answer.require_uppercase_characters,
        require_lowercase: answer.require_lowercase_characters,
        require_numbers: answer.require_numbers,
        require_symbols: answer.require_symbols,
        allow_users_to_change: answer.allow_users_to_change_password,
        max_age_days: positive("MaxPasswordAge", answer.max_password_age)?
            .filter(|_| answer.expire_passwords),
        reuse_prevention: positive("PasswordReusePrevention", answer.password_reuse_prevention)?,
        hard_expiry: answer.hard_expiry.unwrap_or(false),
    })
}

fn positive(field: &str, number: Option<i64>) -> Result<Option<u32>, Missing> {
    match number {
        None | Some(0) => Ok(None),
        Some(number) => u32::try_from(number)
            .map(Some)
            .map_err(|_| Missing::invalid(format!("the password policy has no sound `{field}`"))),
    }
}

/// The assigned virtual MFA devices, in the order of their serials. One without an owner may be root's.
pub(crate) fn devices(answers: Vec<answers::VirtualMfaDevice>) -> Result<Vec<VirtualMfaDevice>, Missing> {
    let mut devices: Vec<_> = answers.into_iter().map(device).collect::<Result<_, _>>()?;
    devices.sort_by(|a, b| a.serial.cmp(&b.serial));
    devices.dedup();
    Ok(devices)
}

fn device(answer: answers::VirtualMfaDevice) -> Result<VirtualMfaDevice, Missing> {
    let Some(owner) = answer.user.and_then(|user| user.arn) else {
        let serial = quote(&answer.serial_number);
        return Err(Missing::invalid(format!("nothing tells whose virtual MFA device `{serial}` is")));
    };
    let user = Some(named_arn("virtual MFA device", &owner)?);
    Ok(VirtualMfaDevice { serial: answer.serial_number, user, enabled: instant(answer.enable_date) })
}

/// The server certificates, in the order of their names.
pub(crate) fn certificates(answers: Vec<answers::Certificate>) -> Result<Vec<ServerCertificate>, Missing> {
    let mut certificates: Vec<_> = answers.into_iter().map(certificate).collect::<Result<_, _>>()?;
    certificates.sort_by(|a, b| a.name.cmp(&b.name));
    certificates.dedup();
    Ok(certificates)
}

fn certificate(answer: answers::Certificate) -> Result<ServerCertificate, Missing> {
    let expires = match answer.expiration {
        Some(Instant(Ok(at))) => Known::Known(at),
        Some(Instant(Err(text))) => Known::Unknown(Missing::invalid(format!("`{text}` is no instant"))),
        None => Known::Unknown(Missing::invalid("the answer holds no `Expiration`")),
    };
    let arn = named_arn("server certificate", &answer.arn)?;
    Ok(ServerCertificate { name: answer.server_certificate_name, arn, expires })
}

/// The SAML providers, in the order of their ARNs.
pub(crate) fn saml_providers(answers: Vec<answers::SamlProvider>) -> Result<Vec<SamlProvider>, Missing> {
    let mut providers: Vec<_> = answers
        .into_iter()
        .map(|answer| {
            let arn = named_arn("SAML provider", &answer.arn)?;
            Ok(SamlProvider { arn, valid_until: instant(answer.valid_until) })
        })
        .collect::<Result<_, Missing>>()?;
    providers.sort_by(|a, b| a.arn.cmp(&b.arn));
    providers.dedup();
    Ok(providers)
}

/// Reads the ARN of a thing.
pub(crate) fn named_arn(kind: &str, text: &str) -> Result<Arn, Missing> {
    text.parse().map_err(|error| Missing::invalid(format!("a {kind}: {}", quote(&format!("{error}")))))
}

/// The primary contact, without address and telephone.
pub(crate) fn primary_contact(answer: answers::ContactInformation) -> Result<Contact, Missing> {
    let name = filled(Some(answer.full_name));
    let name = name.ok_or_else(|| Missing::invalid("the primary contact has no `FullName`"))?;
    Ok(Contact { name, role: filled(answer.company_name), email: None })
}

/// An alternate contact, without telephone.
pub(crate) fn alternate_contact(answer: answers::AlternateContact) -> Result<Contact, Missing> {
    let (name, email) = (filled(answer.name), filled(answer.email_address));
    if name.is_none() && email.is_none() {
        return Err(Missing::invalid("the contact has neither `Name` nor `EmailAddress`"));
    }
    Ok(Contact { name: name.unwrap_or_default(), role: filled(answer.title), email })
}

fn filled(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

fn instant(instant: Option<Instant>) -> Option<Timestamp> {
    instant.and_then(|instant| instant.0.ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_is_flags_and_counts() {
        let counts = [("AccountMFAEnabled", 1), ("AccountAccessKeysPresent", 0), ("Users", 3)];
        let summary = summary(counts.into_iter().map(|(key, n)| (key.to_owned(), n)).collect());
        assert_eq!(summary.root_mfa_enabled, Known::Known(true));
        assert_eq!(summary.root_access_keys_present, Known::Known(false));
        assert!(summary.root_password_present.missing().unwrap().detail.contains("AccountPasswordPresent"));
        assert_eq!(summary.counts.into_iter().collect::<Vec<_>>(), [("Users".to_owned(), 3)]);
    }

    #[test]
    fn password_policies() {
        let read = |json| password_policy(&serde_json::from_str(json).unwrap());
        let policy = read(
            r#"{"MinimumPasswordLength":14,"ExpirePasswords":true,"MaxPasswordAge":90,"PasswordReusePrevention":24}"#,
        )
        .unwrap();
        assert_eq!((policy.max_age_days, policy.reuse_prevention), (Some(90), Some(24)));
        let lax = read(r#"{"MinimumPasswordLength":6,"ExpirePasswords":false,"MaxPasswordAge":0}"#).unwrap();
        assert_eq!((lax.max_age_days, lax.reuse_prevention), (None, None));
        for bad in
            ["{}", r#"{"MinimumPasswordLength":-1}"#, r#"{"MinimumPasswordLength":8,"MaxPasswordAge":-2}"#]
        {
            assert!(read(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_expiry_that_is_none_is_unknown_alone() {
        let json = r#"[{"ServerCertificateName":"b","Arn":"arn:aws:iam::123456789012:server-certificate/b"},
            {"ServerCertificateName":"a","Arn":"arn:aws:iam::123456789012:server-certificate/a","Expiration":"2030-01-01T00:00:00Z"}]"#;
        let list = certificates(serde_json::from_str(json).unwrap()).unwrap();
        assert!(list[0].expires.value().is_some() && list[1].expires.missing().is_some());
    }
}
