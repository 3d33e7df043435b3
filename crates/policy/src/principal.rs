//! Whom a statement of a resource policy is about.
//!
//! Source: [Principal](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html),
//! [NotPrincipal](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html).

use leastwise_iam::{AccountId, Arn, Effect, PrincipalKind, Principals};

use crate::caller::{Caller, CallerKind};
use crate::context::Unsaid;
use crate::key::Key;
use crate::request::{Found, View};

/// How a resource policy names the caller. The order is that of strength.
///
/// Source: [evaluation in an account](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html),
/// *Resource-based policies*.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Named {
    /// Not at all.
    No,
    /// By the account: it delegates to the account's own policies.
    Account,
    /// By the role behind the session: boundary and session policies still limit it.
    Role,
    /// In person, or with everyone: no implicit denial limits it.
    Directly,
}

/// The `Principal` or `NotPrincipal` element, prepared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Whom {
    /// The statement says nothing: it is about whoever the policy applies to.
    Unsaid,
    Only(Vec<Entry>),
    AllBut(Vec<Entry>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Entry {
    Everyone,
    Account(AccountId),
    /// The ARN of a user, role, session or federated user.
    Arn(Box<str>),
    /// `AIDA…`, `AROA…`: what is left of a principal that has been deleted, or a form that people write.
    UniqueId(Box<str>),
    Service(Box<str>),
    Federated(Box<str>),
    /// An account by its S3 canonical id, which no request tells.
    CanonicalUser,
}

impl Whom {
    pub fn new(principals: &Principals) -> Self {
        let entries = |list: &[leastwise_iam::Principal]| list.iter().map(Entry::new).collect();
        match principals {
            Principals::Unspecified => Self::Unsaid,
            Principals::Only(list) => Self::Only(entries(list)),
            Principals::AllBut(list) => Self::AllBut(entries(list)),
        }
    }

    /// True for `NotPrincipal`.
    pub const fn is_negated(&self) -> bool {
        matches!(self, Self::AllBut(_))
    }

    /// True if the statement may be about the caller, which is not known well enough to tell: it names a session of
    /// the role that asks, an id, or an identity provider.
    pub fn may_name(&self, view: &View<'_>) -> bool {
        let (Self::Only(entries) | Self::AllBut(entries)) = self else { return false };
        let caller = &view.request.caller;
        let is_unknown = |key: &str| matches!(view.find(&Key::new(key)), Found::Unknown);
        view.request.context.unsaid == Unsaid::Unknown
            && entries.iter().any(|entry| match entry {
                Entry::Arn(arn) => caller.kind() == CallerKind::Role && is_session_of(arn, caller),
                Entry::UniqueId(_) => {
                    caller.is_of_an_account() && caller.id().is_none() && is_unknown("aws:userid")
                }
                Entry::Federated(_) => {
                    caller.kind() == CallerKind::Anonymous && is_unknown("aws:FederatedProvider")
                }
                _ => false,
            })
    }

    /// How the statement is about the caller.
    pub fn names(&self, effect: Effect, view: &View<'_>, has_boundary: bool) -> Named {
        match self {
            Self::Unsaid => Named::Directly,
            Self::Only(entries) => strongest(entries, view),
            Self::AllBut(entries) => {
                let spared = match effect {
                    Effect::Allow => strongest(entries, view) > Named::No,
                    Effect::Deny => !has_boundary && spares(entries, view),
                };
                if spared { Named::No } else { Named::Directly }
            }
        }
    }
}

fn is_session_of(arn: &str, role: &Caller) -> bool {
    let session = Caller::parse(arn).ok().filter(|session| session.kind() == CallerKind::RoleSession);
    let name = |role: &str| role.rsplit_once('/').map(|(_, name)| name.to_owned());
    session.is_some_and(|session| {
        session.account() == role.account() && session.role().and_then(name) == role.role().and_then(name)
    })
}

fn strongest(entries: &[Entry], view: &View<'_>) -> Named {
    entries.iter().map(|entry| entry.names(view)).max().unwrap_or(Named::No)
}

/// `NotPrincipal` with `Deny` spares a caller only where account and caller are listed, and the role too if
/// the caller is a session. It spares nobody who has a permissions boundary.
fn spares(entries: &[Entry], view: &View<'_>) -> bool {
    let caller = &view.request.caller;
    let lists = |test: &dyn Fn(&Entry) -> bool| entries.iter().any(test);
    if lists(&|entry| *entry == Entry::Everyone) {
        return true;
    }
    let account = || lists(&|entry| caller.account().is_some_and(|id| *entry == Entry::Account(id)));
    let arn = |arn: Option<&str>| lists(&|entry| matches!(entry, Entry::Arn(a) if Some(&**a) == arn));
    match caller.kind() {
        CallerKind::Root => account(),
        // Every request of a role is one of a session.
        CallerKind::Role if view.request.context.unsaid == Unsaid::Unknown => false,
        CallerKind::User | CallerKind::Role | CallerKind::FederatedUser => {
            account() && arn(Some(caller.text()))
        }
        CallerKind::RoleSession => account() && arn(caller.role()) && arn(Some(caller.text())),
        CallerKind::Anonymous | CallerKind::Service | CallerKind::Provider => {
            strongest(entries, view) > Named::No
        }
    }
}

impl Entry {
    fn new(principal: &leastwise_iam::Principal) -> Self {
        let value = &principal.value;
        match principal.kind {
            PrincipalKind::Everyone => Self::Everyone,
            PrincipalKind::Service => Self::Service(value.clone()),
            PrincipalKind::Federated => Self::Federated(value.clone()),
            PrincipalKind::CanonicalUser => Self::CanonicalUser,
            PrincipalKind::Aws => Self::aws(value),
        }
    }

    fn aws(value: &str) -> Self {
        if value == "*" {
            return Self::Everyone;
        }
        if let Ok(account) = value.parse() {
            return Self::Account(account);
        }
        match value.parse::<Arn>() {
            Ok(arn) if arn.service() == "iam" && arn.resource() == "root" => {
                arn.account().map_or_else(|| Self::Arn(value.into()), Self::Account)
            }
            Ok(_) => Self::Arn(value.into()),
            Err(_) => Self::UniqueId(value.into()),
        }
    }

    fn names(&self, view: &View<'_>) -> Named {
        let caller = &view.request.caller;
        match self {
            Self::Everyone => Named::Directly,
            Self::Account(account) => of_account(caller, *account),
            Self::Arn(arn) => of_arn(caller, arn),
            Self::UniqueId(id) => of_unique_id(view, id),
            Self::Service(name) => {
                let is_it = caller.kind() == CallerKind::Service && name.eq_ignore_ascii_case(caller.text());
                if is_it { Named::Directly } else { Named::No }
            }
            Self::Federated(name) => of_provider(view, name),
            Self::CanonicalUser => Named::No,
        }
    }
}

fn of_account(caller: &Caller, account: AccountId) -> Named {
    match caller.kind() {
        _ if !caller.is_of_an_account() || caller.account() != Some(account) => Named::No,
        CallerKind::Root => Named::Directly,
        _ => Named::Account,
    }
}

fn of_arn(caller: &Caller, arn: &str) -> Named {
    match caller.kind() {
        CallerKind::User | CallerKind::FederatedUser | CallerKind::RoleSession if caller.text() == arn => {
            Named::Directly
        }
        CallerKind::Role | CallerKind::RoleSession if caller.role() == Some(arn) => Named::Role,
        _ => Named::No,
    }
}

/// `aws:userid` is the id of a user, or the role's id and the session's name.
fn of_unique_id(view: &View<'_>, id: &str) -> Named {
    let caller = &view.request.caller;
    if caller.id() == Some(id) {
        return if caller.kind() == CallerKind::User { Named::Directly } else { Named::Role };
    }
    let Found::One(caller_id) = view.find(&Key::new("aws:userid")) else { return Named::No };
    match caller_id.split_once(':') {
        None if caller_id == id => Named::Directly,
        Some((role, _)) if role == id => Named::Role,
        _ => Named::No,
    }
}

/// The provider vouches for the caller: it calls itself, or `aws:FederatedProvider` names it.
fn of_provider(view: &View<'_>, name: &str) -> Named {
    let caller = &view.request.caller;
    let vouches = match caller.kind() {
        CallerKind::Provider | CallerKind::Anonymous => {
            matches!(view.find(&Key::new("aws:FederatedProvider")), Found::One(p) if p == name)
        }
        _ => false,
    };
    if vouches { Named::Directly } else { Named::No }
}
