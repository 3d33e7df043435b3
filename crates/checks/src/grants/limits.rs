//! Which conditions limit what a statement grants.

use leastwise_iam::{Condition, Quantifier};

use crate::condition::{compares_patterns, compares_text, demands_arn, is_one_of};
use crate::pattern::{has_variable, is_literal, literal_start};

/// Keys that every signed request has.
///
/// Source: [global condition keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html),
/// where their availability is said to be "always" or "all signed requests".
const ALWAYS_THERE: [&str; 7] = [
    "aws:CurrentTime",
    "aws:EpochTime",
    "aws:PrincipalAccount",
    "aws:PrincipalArn",
    "aws:PrincipalType",
    "aws:SecureTransport",
    "aws:userid",
];

/// True for conditions that look like a limit and are none:
///
/// * `StringLike` or `ArnLike` with `*`, on whatever key but a tag: whether a tag is there does limit
/// * `Bool` that wants `aws:SecureTransport`: AWS's endpoints are called by TLS
/// * `Null` that wants a key which every request has
/// * `IpAddress` with all addresses on `aws:SourceIp`
pub(super) fn constrains_nothing(condition: &Condition) -> bool {
    let operator = &condition.operator;
    let has = |wanted: &str| condition.values.iter().any(|value| value.eq_ignore_ascii_case(wanted));
    let is = |name: &str| is_one_of(operator, &[name]);
    (compares_patterns(operator) && has("*") && !is_about_tags(&condition.key))
        || (is("Bool") && condition.is_on("aws:SecureTransport") && has("true"))
        || (is("Null") && has("false") && ALWAYS_THERE.iter().any(|key| condition.is_on(key)))
        || (is("IpAddress") && condition.is_on("aws:SourceIp") && has("0.0.0.0/0"))
}

fn is_about_tags(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    key.contains("tag/") || key.ends_with("tagkeys")
}

/// A condition that limits to which service, or for which resource, a role may be passed.
///
/// Source: [granting permissions to pass a role to a service](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html),
/// [keys for IAM](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#available-keys-for-iam).
pub(super) fn limits_pass_role(condition: &Condition) -> bool {
    let all = |limits: fn(&str) -> bool| condition.values.iter().all(|value| limits(value));
    if condition.is_on("iam:PassedToService") {
        demands_a_service(condition) && all(names_a_service)
    } else {
        condition.is_on("iam:AssociatedResourceArn")
            && demands_arn(condition)
            && all(names_the_service_of_an_arn)
    }
}

/// The key is there in every request that passes a role, so `IfExists` changes nothing.
fn demands_a_service(condition: &Condition) -> bool {
    let operator = &condition.operator;
    compares_text(operator)
        && operator.quantifier != Some(Quantifier::AllValues)
        && !condition.values.is_empty()
}

/// True for `ec2.amazonaws.com` and `ec2.*`, not for `*.amazonaws.com`.
fn names_a_service(value: &str) -> bool {
    let (literal, whole) = literal_start(value);
    let service = literal.split('.').next().unwrap_or_default();
    !has_variable(value) && !service.is_empty() && (whole || service.len() < literal.len())
}

/// True if partition and service are literal: under `StringLike` a `*` in the one hides the other.
fn names_the_service_of_an_arn(value: &str) -> bool {
    let mut fields = value.split(':');
    fields.next() == Some("arn") && fields.by_ref().take(2).filter(|field| is_literal(field)).count() == 2
}
