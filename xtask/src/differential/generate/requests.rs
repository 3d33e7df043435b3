//! Who asks for what. Keys that AWS sets in every request are always given, so that it makes no difference which
//! engine derives them.

use serde_json::{Map, Value, json};

use super::super::random::Random;
use super::conditions;

pub(super) const OWN: &str = "111111111111";
pub(super) const OTHER: &str = "222222222222";

/// Actions with the resources that they are for, and whether those have policies. The peer takes a `*` in a
/// resource for a question about many.
const ACTIONS: [(&str, &[&str], bool); 14] = [
    ("s3:GetObject", &["arn:aws:s3:::box/team/a", "arn:aws:s3:::box/alice/a", "arn:aws:s3:::box/xzy"], true),
    ("s3:PutObject", &["arn:aws:s3:::box/core/a", "arn:aws:s3:::box/a:b/c"], true),
    ("s3:ListBucket", &["arn:aws:s3:::box"], true),
    ("s3:GetBucketPolicy", &["arn:aws:s3:::box"], true),
    (
        "kms:Decrypt",
        &["arn:aws:kms:eu-west-1:111111111111:key/1", "arn:aws:kms:eu-west-1:222222222222:key/1"],
        true,
    ),
    (
        "sts:AssumeRole",
        &["arn:aws:iam::111111111111:role/app", "arn:aws:iam::222222222222:role/ops/app"],
        true,
    ),
    (
        "sqs:SendMessage",
        &["arn:aws:sqs:eu-west-1:111111111111:jobs", "arn:aws:sqs:eu-west-1:222222222222:jobs"],
        true,
    ),
    (
        "sns:Publish",
        &["arn:aws:sns:eu-west-1:111111111111:news", "arn:aws:sns:us-east-1:222222222222:news"],
        true,
    ),
    ("lambda:InvokeFunction", &["arn:aws:lambda:eu-west-1:111111111111:function:f"], true),
    (
        "secretsmanager:GetSecretValue",
        &["arn:aws:secretsmanager:eu-west-1:111111111111:secret:team/db-AbCdEf"],
        true,
    ),
    ("dynamodb:GetItem", &["arn:aws:dynamodb:eu-west-1:111111111111:table/alice"], false),
    ("iam:PassRole", &["arn:aws:iam::111111111111:role/app"], false),
    ("ec2:TerminateInstances", &["arn:aws:ec2:eu-west-1:111111111111:instance/i-1"], false),
    ("ec2:DescribeInstances", &["*"], false),
];

const PRINCIPALS: [(usize, &str); 11] = [
    (25, "arn:aws:iam::111111111111:user/alice"),
    (10, "arn:aws:iam::111111111111:user/team/alice"),
    (10, "arn:aws:iam::222222222222:user/bob"),
    (20, "arn:aws:sts::111111111111:assumed-role/app/alice"),
    (10, "arn:aws:sts::222222222222:assumed-role/app/s"),
    (4, "arn:aws:sts::111111111111:federated-user/carol"),
    (4, "arn:aws:iam::111111111111:root"),
    (2, "arn:aws:iam::222222222222:root"),
    (5, "arn:aws:iam::111111111111:role/app"),
    (4, "service:sns.amazonaws.com"),
    (6, "anonymous"),
];

/// Who asks for what.
pub(super) struct Target {
    pub principal: &'static str,
    pub action: &'static str,
    pub resource: &'static str,
    pub owner: &'static str,
    pub has_resource_policy: bool,
}

impl Target {
    pub fn is_of_an_account(&self) -> bool {
        self.principal.starts_with("arn:")
    }

    pub fn service(&self) -> &'static str {
        self.action.split(':').next().unwrap_or_default()
    }

    /// Keys and roles always have a policy.
    pub fn needs_resource_policy(&self) -> bool {
        matches!(self.service(), "kms" | "sts")
    }

    /// The account of whoever asks.
    pub fn account(&self) -> &'static str {
        self.principal.split(':').nth(4).unwrap_or_default()
    }

    /// `aws:PrincipalArn`: of a session, the role's.
    pub fn principal_arn(&self) -> String {
        match self.principal.split_once(":assumed-role/") {
            Some((_, name)) => {
                let role = name.split('/').next().unwrap_or_default();
                format!("arn:aws:iam::{}:role/{role}", self.account())
            }
            None => self.principal.to_owned(),
        }
    }
}

pub(super) fn target(random: &mut Random) -> Target {
    let at = random.between(0, ACTIONS.len() - 1);
    let (action, resources, has_resource_policy) = ACTIONS.get(at).copied().unwrap_or(("", &[], false));
    let resource = random.pick(resources);
    let principal = random.weighted(&PRINCIPALS);
    let named = resource.split(':').nth(4).filter(|account| !account.is_empty());
    let own = principal.split(':').nth(4).filter(|account| !account.is_empty()).unwrap_or(OWN);
    // Actions for no single resource concern the caller's account.
    let stranger = if own == OWN { OTHER } else { OWN };
    let owner = match named {
        Some(account) => account,
        None if resource != "*" && random.percent(25) => stranger,
        None => own,
    };
    Target { principal, action, resource, owner, has_resource_policy }
}

pub(super) fn request(random: &mut Random, target: &Target) -> Value {
    let mut context = always_set(target);
    conditions::fill(random, &mut context);
    let blocks = target.service() == "s3" && random.percent(15);
    json!({
        "principal": target.principal,
        "action": target.action,
        "resource": target.resource,
        "resource_account": target.owner,
        "context": context,
        "s3_public_access_block": if blocks { json!({"RestrictPublicBuckets": true}) } else { Value::Null },
    })
}

/// Source: [global condition keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html).
fn always_set(target: &Target) -> Map<String, Value> {
    let mut context = Map::new();
    let mut set = |key: &str, value: &str| drop(context.insert(key.to_owned(), value.into()));
    let (principal, account) = (target.principal, target.account());
    set("aws:ResourceAccount", target.owner);
    set("aws:PrincipalIsAWSService", if principal.starts_with("service:") { "true" } else { "false" });
    if let Some(service) = principal.strip_prefix("service:") {
        set("aws:PrincipalServiceName", service);
    }
    if principal == "anonymous" {
        set("aws:PrincipalType", "Anonymous");
    }
    if !target.is_of_an_account() {
        return context;
    }
    set("aws:PrincipalArn", &target.principal_arn());
    set("aws:PrincipalAccount", account);
    let name = principal.rsplit('/').next().unwrap_or_default();
    let (kind, id) = match () {
        () if principal.contains(":user/") => ("User", "AIDAEXAMPLE".to_owned()),
        () if principal.contains(":federated-user/") => ("FederatedUser", format!("{account}:{name}")),
        () if principal.ends_with(":root") => ("Account", account.to_owned()),
        () => ("AssumedRole", format!("AROAEXAMPLE:{name}")),
    };
    set("aws:PrincipalType", kind);
    set("aws:userid", &id);
    if kind == "User" {
        set("aws:username", name);
    }
    context
}
