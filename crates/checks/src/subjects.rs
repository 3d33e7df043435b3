//! Which subjects an account has for each kind of check.

use leastwise_iam::Arn;
use leastwise_model::{
    AccessKey, Account, Group, InlinePolicy, Known, ManagedPolicy, Missing, Owner, PolicyText,
    PrincipalPolicies, Role, Subject, SubjectKind, User,
};

/// An active access key and the user it belongs to.
#[derive(Debug, Clone, Copy)]
pub struct KeyOf<'a> {
    /// The user.
    pub user: &'a User,
    /// The key.
    pub key: &'a AccessKey,
}

/// A user, a group or a role.
#[derive(Debug, Clone, Copy)]
pub enum PrincipalOf<'a> {
    /// A user.
    User(&'a User),
    /// A group: what it allows, its members may do.
    Group(&'a Group),
    /// A role.
    Role(&'a Role),
}

/// A policy document with the place it stands in.
#[derive(Debug, Clone, Copy)]
pub struct PolicyOf<'a> {
    /// Where it stands.
    pub place: PolicyPlace<'a>,
    /// What it says.
    pub document: &'a Known<PolicyText>,
}

/// Where a policy document stands.
#[derive(Debug, Clone, Copy)]
pub enum PolicyPlace<'a> {
    /// A customer-managed policy.
    Managed(&'a ManagedPolicy),
    /// Embedded in a principal, under this name.
    Inline(PrincipalOf<'a>, &'a InlinePolicy),
}

impl<'a> PrincipalOf<'a> {
    /// The principal as a subject.
    pub fn subject(&self) -> Subject {
        match self {
            Self::User(user) => Subject::new(SubjectKind::User, user.name.as_str()),
            Self::Group(group) => Subject::new(SubjectKind::Group, group.name.as_str()),
            Self::Role(role) => Subject::new(SubjectKind::Role, role.name.as_str()),
        }
    }

    /// The principal's ARN.
    pub(crate) const fn arn(&self) -> &'a Arn {
        match self {
            Self::User(user) => &user.arn,
            Self::Group(group) => &group.arn,
            Self::Role(role) => &role.arn,
        }
    }

    /// The principal's own policies.
    ///
    /// # Errors
    /// They could not be read.
    pub fn policies(&self) -> Result<&'a PrincipalPolicies, Missing> {
        match self {
            Self::User(user) => Ok(&user.details.get()?.policies),
            Self::Group(group) => Ok(&group.policies),
            Self::Role(role) => Ok(&role.policies),
        }
    }

    /// The role that customers cannot change, if the principal is one.
    pub(crate) fn owned_by_aws(&self) -> Option<&'a Role> {
        match self {
            Self::Role(role) if role.owner != Owner::Customer => Some(role),
            _ => None,
        }
    }
}

impl<'a> PolicyOf<'a> {
    /// The policy as a subject.
    pub fn subject(&self) -> Subject {
        match self.place {
            PolicyPlace::Managed(policy) => Subject::new(SubjectKind::Policy, policy.name.as_str()),
            PolicyPlace::Inline(principal, policy) => {
                Subject::new(SubjectKind::InlinePolicy, format!("{}/{}", principal.subject(), policy.name))
            }
        }
    }

    /// The policy's ARN, or that of the principal it is embedded in.
    pub(crate) const fn arn(&self) -> &'a Arn {
        match self.place {
            PolicyPlace::Managed(policy) => &policy.arn,
            PolicyPlace::Inline(principal, _) => principal.arn(),
        }
    }

    /// The role that customers cannot change and that the policy is embedded in, if it is.
    pub(crate) fn owned_by_aws(&self) -> Option<&'a Role> {
        match self.place {
            PolicyPlace::Inline(principal, _) => principal.owned_by_aws(),
            PolicyPlace::Managed(_) => None,
        }
    }
}

/// A subject, or a group of subjects that could not be told apart because of what is missing.
pub(crate) type Found<T> = Result<T, (Subject, Missing)>;

/// One entry for the whole population where it could not be read.
fn population<T>(kind: SubjectKind, known: &Known<Vec<T>>) -> Result<&[T], (Subject, Missing)> {
    known.get().map(Vec::as_slice).map_err(|missing| (Subject::only(kind), missing))
}

/// Turns a population into subjects; one that could not be read into a single entry that says so.
fn each<'a, T, S>(
    kind: SubjectKind,
    known: &'a Known<Vec<T>>,
    subject: impl Fn(&'a T) -> S,
) -> Vec<Found<S>> {
    match population(kind, known) {
        Ok(items) => items.iter().map(|item| Ok(subject(item))).collect(),
        Err(missing) => vec![Err(missing)],
    }
}

pub(crate) fn users(account: &Account) -> Vec<Found<&User>> {
    each(SubjectKind::User, &account.users, |user| user)
}

pub(crate) fn groups(account: &Account) -> Vec<Found<&Group>> {
    each(SubjectKind::Group, &account.groups, |group| group)
}

pub(crate) fn roles(account: &Account) -> Vec<Found<&Role>> {
    each(SubjectKind::Role, &account.roles, |role| role)
}

pub(crate) fn principals(account: &Account) -> Vec<Found<PrincipalOf<'_>>> {
    let mut all = each(SubjectKind::User, &account.users, PrincipalOf::User);
    all.extend(each(SubjectKind::Group, &account.groups, PrincipalOf::Group));
    all.extend(each(SubjectKind::Role, &account.roles, PrincipalOf::Role));
    all
}

/// The active access keys; for a user whose keys could not be read, one entry that names the user.
pub(crate) fn active_keys(account: &Account) -> Vec<Found<KeyOf<'_>>> {
    let mut all = Vec::new();
    for found in each(SubjectKind::AccessKey, &account.users, |user| user) {
        match found {
            Ok(user) => all.extend(keys_of(user)),
            Err(missing) => all.push(Err(missing)),
        }
    }
    all
}

fn keys_of(user: &User) -> Vec<Found<KeyOf<'_>>> {
    let keys = user.credentials.get().and_then(|credentials| credentials.access_keys.get());
    match keys {
        Ok(keys) => keys.iter().filter(|key| key.active).map(|key| Ok(KeyOf { user, key })).collect(),
        Err(missing) => vec![Err((Subject::new(SubjectKind::AccessKey, user.name.as_str()), missing))],
    }
}

/// The policies embedded in principals; for a principal whose policies could not be read, one entry that
/// names the principal.
pub(crate) fn inline_policies(account: &Account) -> Vec<Found<PolicyOf<'_>>> {
    let mut all = Vec::new();
    for found in principals(account) {
        match found {
            Ok(principal) => all.extend(inline_policies_of(principal)),
            Err((kind, missing)) => {
                all.push(Err((Subject::new(SubjectKind::InlinePolicy, kind.to_string()), missing)));
            }
        }
    }
    all
}

fn inline_policies_of(principal: PrincipalOf<'_>) -> Vec<Found<PolicyOf<'_>>> {
    match principal.policies() {
        Ok(policies) => policies
            .inline
            .iter()
            .map(|policy| {
                Ok(PolicyOf { place: PolicyPlace::Inline(principal, policy), document: &policy.document })
            })
            .collect(),
        Err(missing) => {
            let subject = Subject::new(SubjectKind::InlinePolicy, principal.subject().to_string());
            vec![Err((subject, missing))]
        }
    }
}

/// Customer-managed and embedded policies.
pub(crate) fn policies(account: &Account) -> Vec<Found<PolicyOf<'_>>> {
    let mut all = Vec::new();
    match population(SubjectKind::Policy, &account.policies) {
        Ok(policies) => {
            let own = policies.iter().filter(|policy| !policy.arn.is_owned_by_aws());
            all.extend(own.map(|policy| {
                Ok(PolicyOf { place: PolicyPlace::Managed(policy), document: &policy.document })
            }));
        }
        Err(missing) => all.push(Err(missing)),
    }
    all.extend(inline_policies(account));
    all
}

pub(crate) fn server_certificates(account: &Account) -> Vec<Found<&leastwise_model::ServerCertificate>> {
    each(SubjectKind::ServerCertificate, &account.server_certificates, |certificate| certificate)
}
