//! Who makes a call, as `userIdentity` says it.

use fastrand::Rng;
use jiff::Timestamp;

use super::world::{PEOPLE, ROLES, USERS, account, pick, unique_id};

/// Whoever makes a call.
#[derive(Debug, Clone)]
pub(super) enum Caller {
    User {
        account: usize,
        name: &'static str,
    },
    Role {
        account: usize,
        name: &'static str,
        session: String,
    },
    Root {
        account: usize,
    },
    Service(&'static str),
    /// What the log of another account says of a caller.
    Account {
        account: usize,
        principal: String,
    },
}

impl Caller {
    /// A user of the account.
    pub(super) fn user(rng: &mut Rng, account: usize) -> Self {
        Self::User { account, name: pick(rng, &USERS) }
    }

    /// A role of the account, in one of the sessions that it usually has.
    pub(super) fn role(rng: &mut Rng, account: usize) -> Self {
        let (name, service) = pick(rng, &ROLES);
        Self::Role { account, name, session: session(rng, name, service) }
    }

    /// A person with a role of IAM Identity Center.
    pub(super) fn person(rng: &mut Rng, account: usize) -> Self {
        let (name, _) = ROLES.get(rng.usize(8..10)).copied().unwrap_or_default();
        Self::Role { account, name, session: format!("{}@example.com", pick(rng, &PEOPLE)) }
    }

    /// What another account sees of it.
    pub(super) fn seen_from_afar(&self) -> Self {
        match self {
            Self::User { account, name } => {
                Self::Account { account: *account, principal: unique_id("AIDA", *account, name) }
            }
            Self::Role { account, name, session } => {
                let principal = format!("{}:{session}", unique_id("AROA", *account, name));
                Self::Account { account: *account, principal }
            }
            other => other.clone(),
        }
    }

    /// True if people, not programs, use it.
    pub(super) fn is_person(&self) -> bool {
        match self {
            Self::Role { session, .. } => session.contains('@'),
            Self::User { name, .. } => !name.starts_with("ops/"),
            Self::Root { .. } => true,
            Self::Service(_) | Self::Account { .. } => false,
        }
    }

    /// `userIdentity`, for a call at this time that a service may have made in its name.
    pub(super) fn json(&self, rng: &mut Rng, time: i64, via: Option<&str>) -> String {
        let via = via.map_or_else(String::new, |service| format!(r#","invokedBy":"{service}""#));
        match self {
            Self::User { account: index, name } => user(*index, name, &via),
            Self::Role { account: index, name, session } => role(rng, *index, name, session, time, &via),
            Self::Root { account: index } => {
                let number = account(*index);
                format!(
                    r#"{{"type":"Root","principalId":"{number}","arn":"arn:aws:iam::{number}:root","accountId":"{number}","accessKeyId":""}}"#
                )
            }
            Self::Service(service) => format!(r#"{{"type":"AWSService","invokedBy":"{service}"}}"#),
            Self::Account { account: index, principal } => format!(
                r#"{{"type":"AWSAccount","principalId":"{principal}","accountId":"{}"}}"#,
                account(*index)
            ),
        }
    }
}

fn session(rng: &mut Rng, name: &str, service: &str) -> String {
    match service {
        "ec2.amazonaws.com" => super::world::known("i", 0, rng.usize(..20)),
        "" if name.contains("SSO") => format!("{}@example.com", pick(rng, &PEOPLE)),
        "" => format!("{name}-session"),
        "ecs-tasks.amazonaws.com" => super::world::hex(rng, 32),
        _ => name.rsplit('/').next().unwrap_or(name).to_owned(),
    }
}

fn user(index: usize, path_and_name: &str, via: &str) -> String {
    let (number, id) = (account(index), unique_id("AIDA", index, path_and_name));
    let name = path_and_name.rsplit('/').next().unwrap_or(path_and_name);
    let key = unique_id("AKIA", index, name);
    format!(
        r#"{{"type":"IAMUser","principalId":"{id}","arn":"arn:aws:iam::{number}:user/{path_and_name}","accountId":"{number}","accessKeyId":"{key}","userName":"{name}"{via}}}"#
    )
}

fn role(rng: &mut Rng, index: usize, path_and_name: &str, session: &str, time: i64, via: &str) -> String {
    let (number, id) = (account(index), unique_id("AROA", index, path_and_name));
    let name = path_and_name.rsplit('/').next().unwrap_or(path_and_name);
    let created = Timestamp::from_second(time - time.rem_euclid(3_600)).unwrap_or_default();
    let key = unique_id("ASIA", index, &format!("{name}{}", rng.u8(..)));
    format!(
        r#"{{"type":"AssumedRole","principalId":"{id}:{session}","arn":"arn:aws:sts::{number}:assumed-role/{name}/{session}","accountId":"{number}","accessKeyId":"{key}","sessionContext":{{"sessionIssuer":{{"type":"Role","principalId":"{id}","arn":"arn:aws:iam::{number}:role/{path_and_name}","accountId":"{number}","userName":"{name}"}},"attributes":{{"creationDate":"{created}","mfaAuthenticated":"false"}}}}{via}}}"#
    )
}
