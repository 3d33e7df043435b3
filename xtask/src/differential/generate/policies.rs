//! Policies about a request, or nearly so.

use serde_json::{Map, Value, json};

use super::super::random::Random;
use super::conditions;
use super::requests::{OTHER, OWN, Target};

/// Kinds of policies that differ in what they may say.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Identity policies, boundaries and session policies.
    Identity,
    /// Of a resource, key or role.
    Resource,
    /// Its principal is everyone.
    Endpoint,
    Scp,
    /// They only deny, and everyone.
    Rcp,
}

/// The policy that allows everything.
pub(super) fn everything(kind: Kind) -> Value {
    let statement = match kind {
        Kind::Rcp => json!({"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}),
        _ => json!({"Effect": "Allow", "Action": "*", "Resource": "*"}),
    };
    json!({"Version": "2012-10-17", "Statement": [statement]})
}

pub(super) fn document(random: &mut Random, target: &Target, kind: Kind) -> Value {
    let count = random.between(1, if kind == Kind::Identity { 3 } else { 2 });
    let statements: Vec<Value> = (0..count).map(|_| statement(random, target, kind)).collect();
    let is_old = random.percent(6) && !matches!(kind, Kind::Rcp | Kind::Scp);
    json!({"Version": if is_old { "2008-10-17" } else { "2012-10-17" }, "Statement": statements})
}

fn statement(random: &mut Random, target: &Target, kind: Kind) -> Value {
    let mut statement = Map::new();
    let mut set = |name: &str, value: Value| drop(statement.insert(name.to_owned(), value));
    let denies = kind == Kind::Rcp || random.percent(if kind == Kind::Scp { 60 } else { 20 });
    set("Effect", if denies { "Deny" } else { "Allow" }.into());
    match kind {
        Kind::Resource => {
            let name = if random.percent(6) { "NotPrincipal" } else { "Principal" };
            set(name, principal(random, target));
        }
        Kind::Endpoint | Kind::Rcp => set("Principal", "*".into()),
        Kind::Identity | Kind::Scp => {}
    }
    let is_trust = kind == Kind::Resource && target.service() == "sts";
    let inverts = random.percent(7) && kind != Kind::Rcp && !is_trust;
    set(if inverts { "NotAction" } else { "Action" }, actions(random, target, kind));
    if !is_trust {
        let inverts = random.percent(7);
        set(if inverts { "NotResource" } else { "Resource" }, resources(random, target, kind));
    }
    if random.percent(45) {
        set("Condition", conditions::block(random));
    }
    Value::Object(statement)
}

/// One value as itself or as a list; more as a list.
fn listed(random: &mut Random, mut values: Vec<String>) -> Value {
    values.dedup();
    match values.as_slice() {
        [one] if random.percent(50) => json!(one),
        _ => json!(values),
    }
}

fn actions(random: &mut Random, target: &Target, kind: Kind) -> Value {
    let (service, name) = target.action.split_once(':').unwrap_or_default();
    let start: String = name.chars().take(3).collect();
    let rest: String = name.chars().skip(1).collect();
    let own = kind == Kind::Resource || kind == Kind::Rcp;
    let one = |random: &mut Random| match random.between(0, 9) {
        0..=2 => target.action.to_owned(),
        3 | 4 => format!("{service}:*"),
        5 => format!("{service}:{start}*"),
        6 => format!("{service}:?{}", rest.to_ascii_lowercase()),
        7 => format!("{}:{}", service.to_ascii_uppercase(), name.to_ascii_uppercase()),
        8 if own => format!("{service}:*{rest}"),
        8 => random.pick(&["s3:Put*", "iam:*", "kms:Encrypt", "sqs:Receive*"]).to_owned(),
        _ if own => target.action.to_owned(),
        _ => "*".to_owned(),
    };
    let values = (0..random.between(1, 2)).map(|_| one(random)).collect();
    listed(random, values)
}

fn resources(random: &mut Random, target: &Target, kind: Kind) -> Value {
    let resource = target.resource;
    // What a resource's policy speaks of is that resource.
    let own = kind == Kind::Resource || resource == "*";
    let one = |random: &mut Random| {
        let (before, last) = resource.rsplit_once(['/', ':']).unwrap_or(("", resource));
        let joint = resource.chars().nth(before.chars().count()).unwrap_or('*');
        match random.between(0, 11) {
            2 | 3 if target.service() != "s3" || kind != Kind::Resource => "*".to_owned(),
            4 if resource != "*" => format!("{before}{joint}*"),
            5 if resource != "*" => format!("{before}{joint}{}?", last.chars().skip(1).collect::<String>()),
            6 if !own && resource != "*" => format!("{before}{joint}${{aws:username}}"),
            7 if target.service() == "s3" => random
                .pick(&[
                    "arn:aws:s3:::box/${aws:username}/*",
                    "arn:aws:s3:::box/${aws:PrincipalTag/team}/*",
                    "arn:aws:s3:::box/${aws:PrincipalTag/team, 'core'}/*",
                    "arn:aws:s3:::box/x${*}y",
                    "arn:aws:s3:::box/*/a",
                    "arn:aws:s3:::box*",
                ])
                .to_owned(),
            8 if !own => random
                .pick(&[
                    "arn:aws:s3:::other/*",
                    "arn:aws:sqs:*:111111111111:*",
                    "arn:aws:*:*:*:*",
                    "arn:aws:iam::*:role/*",
                ])
                .to_owned(),
            _ => resource.to_owned(),
        }
    };
    let values = (0..random.between(1, 2)).map(|_| one(random)).collect();
    listed(random, values)
}

fn principal(random: &mut Random, target: &Target) -> Value {
    if !target.is_of_an_account() && random.percent(60) {
        return match target.principal.strip_prefix("service:") {
            Some(service) => json!({"Service": service}),
            None => "*".into(),
        };
    }
    let root = |account: &str| format!("arn:aws:iam::{account}:root");
    let account = if target.account().is_empty() { OWN } else { target.account() };
    let one = |random: &mut Random| match random.between(0, 9) {
        0..=2 if target.is_of_an_account() => target.principal.to_owned(),
        3 | 4 => root(account),
        5 => account.to_owned(),
        6 | 7 if target.is_of_an_account() => target.principal_arn(),
        8 => root(if account == OWN { OTHER } else { OWN }),
        _ => "arn:aws:iam::111111111111:user/alice".to_owned(),
    };
    match random.between(0, 9) {
        0 => "*".into(),
        1 => json!({"AWS": "*"}),
        2 => json!({"AWS": one(random), "Service": "sns.amazonaws.com"}),
        _ => {
            let values = (0..random.between(1, 2)).map(|_| one(random)).collect();
            json!({"AWS": listed(random, values)})
        }
    }
}
