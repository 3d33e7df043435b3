use crate::catalogue::{Catalogue, ConditionKey, Service, global_condition_keys};

/// What a context key's name is.
#[derive(Clone, Copy)]
pub(crate) enum KeyForm {
    /// A key of the catalogue.
    Known(&'static ConditionKey),
    /// A claim of a web identity or SAML provider, which AWS lists nowhere, or a key with a tag's name in it, of
    /// which AWS's data do not say that this part is to choose.
    Free,
    /// No global key, though it begins with `aws:`.
    UnknownGlobal,
    /// The prefix is a service's, but the service has no such key.
    UnknownOfService(&'static Service),
    /// The prefix is of no service.
    UnknownPrefix,
    /// No `prefix:name`.
    Malformed,
}

/// Looks a context key up.
///
/// Source: [Available keys for AWS OIDC and SAML federation](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html).
pub(crate) fn look_up(catalogue: &'static Catalogue, key: &str) -> KeyForm {
    let Some((prefix, name)) =
        key.split_once(':').filter(|(prefix, name)| !prefix.is_empty() && !name.is_empty())
    else {
        return KeyForm::Malformed;
    };
    if let Some(known) = catalogue.condition_key(key) {
        return KeyForm::Known(known);
    }
    if prefix.eq_ignore_ascii_case("aws") {
        return KeyForm::UnknownGlobal;
    }
    // The names of web identity providers are host names, with a path where they need one.
    if prefix.contains(['.', '/']) || name.contains(".com:") || prefix.eq_ignore_ascii_case("saml") {
        return KeyForm::Free;
    }
    match catalogue.service(prefix) {
        Some(service) if has_tag_key(service, key) => KeyForm::Free,
        Some(service) => KeyForm::UnknownOfService(service),
        None => KeyForm::UnknownPrefix,
    }
}

/// True if a request can have a context key of that name, as far as AWS says: a global key, one of a service, a claim
/// of an identity provider.
pub fn is_context_key(key: &str) -> bool {
    matches!(look_up(Catalogue::get(), key), KeyForm::Known(_) | KeyForm::Free)
}

/// True if the service has a key that is written like `secretsmanager:ResourceTag/tag-key`, and this is one of them.
fn has_tag_key(service: &Service, key: &str) -> bool {
    let start = key.split_once('/').map_or("", |(start, _)| start);
    let named =
        |name: &str| name.strip_suffix("/tag-key").is_some_and(|name| name.eq_ignore_ascii_case(start));
    service.condition_keys().iter().any(|known| named(known.name()))
}

/// The names of the global keys, and of those of the service, if one is given.
pub(crate) fn names(service: Option<&Service>) -> impl Iterator<Item = &'static str> {
    let own = service.map(Service::condition_keys).unwrap_or_default();
    global_condition_keys().iter().map(ConditionKey::name).chain(own.iter().map(|key| key.name()))
}

/// Keys that every request has, so that their absence need not be thought of.
///
/// Source: [Global condition context keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html),
/// "Availability" of each.
pub(crate) fn is_always_there(key: &str) -> bool {
    const ALWAYS: [&str; 8] = [
        "aws:CurrentTime",
        "aws:EpochTime",
        "aws:PrincipalAccount",
        "aws:PrincipalArn",
        "aws:PrincipalType",
        "aws:SecureTransport",
        "aws:userid",
        "aws:ViaAWSService",
    ];
    ALWAYS.iter().any(|always| always.eq_ignore_ascii_case(key))
}
