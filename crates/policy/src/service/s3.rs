//! S3 Block Public Access.
//!
//! Source: [blocking public access](https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html),
//! in particular *The meaning of "public"*.

use ipnet::IpNet;
use leastwise_iam::{Condition, Document, Effect, PrincipalKind, Principals, Quantifier, Statement};

use crate::caller::CallerKind;
use crate::request::View;

/// What a bucket, or its account, does against public access. Only one of the four settings changes what an
/// existing bucket policy comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PublicAccessBlock {
    /// `RestrictPublicBuckets`: a bucket whose policy is public can be used by AWS services and the owner's
    /// account only.
    pub restrict_public_buckets: bool,
}

/// Keys that make an access not public, if their values are fixed.
const LIMITS: [&str; 12] = [
    "aws:sourcearn",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:sourceowner",
    "aws:sourceaccount",
    "aws:userid",
    "aws:principalorgid",
    "aws:principalaccount",
    "aws:principalarn",
    "s3:dataaccesspointarn",
    "s3:dataaccesspointaccount",
    "aws:principalorgpaths",
];

/// True if the setting keeps the caller out, whatever the bucket policy allows.
pub(crate) fn keeps_out(view: &View<'_>, policy_is_public: bool) -> bool {
    let caller = &view.request.caller;
    view.request.action.service() == "s3"
        && view.request.public_access_block.restrict_public_buckets
        && policy_is_public
        && caller.kind() != CallerKind::Service
        && (caller.account().is_none() || caller.account() != view.owner())
}

/// What the root user of a bucket's account may always do.
pub(crate) const MENDING: [&str; 3] = ["s3:getbucketpolicy", "s3:putbucketpolicy", "s3:deletebucketpolicy"];

/// True if the root user of the bucket's account reads, replaces or deletes the bucket policy: no denial in the
/// bucket policy itself keeps it from doing so.
///
/// Source: [PutBucketPolicy](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html).
pub(crate) fn is_owner_mending_a_policy(view: &View<'_>) -> bool {
    let caller = &view.request.caller;
    caller.kind() == CallerKind::Root
        && caller.account() == view.owner()
        && MENDING.contains(&view.request.action.lower())
}

/// True if a bucket policy allows anything to more than fixed principals.
pub(crate) fn is_public(document: &Document) -> bool {
    document.statements.iter().any(|s| s.effect == Effect::Allow && is_for_anyone(s) && !is_limited(s))
}

fn is_for_anyone(statement: &Statement) -> bool {
    match &statement.principals {
        Principals::Only(list) => list.iter().any(|principal| {
            principal.is_anyone()
                || (principal.kind == PrincipalKind::Service || principal.kind == PrincipalKind::Federated)
                    && principal.value.contains('*')
        }),
        Principals::AllBut(_) | Principals::Unspecified => true,
    }
}

fn is_limited(statement: &Statement) -> bool {
    statement.conditions.iter().any(limits)
}

/// A positive comparison of one of the keys with fixed values.
fn limits(condition: &Condition) -> bool {
    let operator = &condition.operator;
    let is = |names: &[&str]| names.iter().any(|name| operator.comparison.eq_ignore_ascii_case(name));
    if operator.if_exists || operator.quantifier == Some(Quantifier::AllValues) || condition.values.is_empty()
    {
        return false;
    }
    let key = condition.key.to_ascii_lowercase();
    if is(&["IpAddress"]) {
        return key == "aws:sourceip" && condition.values.iter().all(|range| !is_broad(range));
    }
    let compares = is(&["StringEquals", "StringEqualsIgnoreCase", "StringLike", "ArnEquals", "ArnLike"]);
    compares && LIMITS.contains(&&*key) && condition.values.iter().all(|value| is_fixed(&key, value))
}

/// The name of an access point may be open, as long as its account is not.
fn is_fixed(key: &str, value: &str) -> bool {
    if key == "s3:dataaccesspointarn" {
        return value
            .split(':')
            .nth(4)
            .is_some_and(|account| account.parse::<leastwise_iam::AccountId>().is_ok());
    }
    !value.contains(['*', '?']) && !value.contains("${")
}

/// Ranges broader than /8, or /32 for IPv6, count as everywhere.
fn is_broad(range: &str) -> bool {
    range.parse::<IpNet>().is_ok_and(|net| net.prefix_len() < if net.addr().is_ipv4() { 8 } else { 32 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn public(principal: &str, condition: &str) -> bool {
        let text = format!(
            r#"{{"Statement":{{"Effect":"Allow","Principal":{principal},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{{{condition}}}}}}}"#
        );
        is_public(&Document::parse(&text).unwrap())
    }

    #[test]
    fn what_is_public() {
        let table = [
            (r#""*""#, "", true),
            (r#"{"AWS":"*"}"#, "", true),
            (r#"{"AWS":"123456789012"}"#, "", false),
            (r#""*""#, r#""StringEquals":{"aws:SourceVpc":"vpc-1"}"#, false),
            (r#""*""#, r#""StringLike":{"aws:SourceVpc":"vpc-*"}"#, true),
            (r#""*""#, r#""StringNotEquals":{"aws:SourceVpc":"vpc-1"}"#, true),
            (r#""*""#, r#""StringEqualsIfExists":{"aws:SourceVpc":"vpc-1"}"#, true),
            (r#""*""#, r#""IpAddress":{"aws:SourceIp":"203.0.113.0/24"}"#, false),
            (r#""*""#, r#""IpAddress":{"aws:SourceIp":"0.0.0.0/0"}"#, true),
            (r#""*""#, r#""IpAddress":{"aws:SourceIp":"2001:db8::/31"}"#, true),
            (r#""*""#, r#""StringEquals":{"aws:PrincipalOrgID":"o-1"}"#, false),
            (r#""*""#, r#""StringEquals":{"s3:x-amz-acl":"private"}"#, true),
            (
                r#""*""#,
                r#""StringLike":{"s3:DataAccessPointArn":"arn:aws:s3:eu-west-1:123456789012:accesspoint/*"}"#,
                false,
            ),
        ];
        for (principal, condition, expected) in table {
            assert_eq!(public(principal, condition), expected, "{principal} {condition}");
        }
    }
}
