use std::collections::HashMap;

use leastwise_iam::Arn;
use leastwise_model::{
    Account, Group, Known, ManagedPolicy, Missing, OrganizationPolicyKind, Owner, PrincipalPolicies, Role,
    Snapshot, User,
};
use leastwise_policy::{Caller, Context, Policies, Policy, PolicyKind, Unsaid};

use crate::organization::{Bounds, prepared};
use crate::principal::{Principal, PrincipalError, PrincipalKind};
use crate::resource::Shelf;

/// A snapshot whose policies are ready to be asked.
#[derive(Debug)]
pub struct Estate<'s> {
    pub(crate) bounds: Bounds<'s>,
    pub(crate) shelf: Shelf<'s>,
    principals: Vec<Principal>,
    /// What is missing of whole accounts: their users, roles, groups or policies.
    unread: Vec<Missing>,
}

impl<'s> Estate<'s> {
    /// Prepares all policies of a snapshot.
    pub fn new(snapshot: &'s Snapshot) -> Self {
        let bounds = Bounds::new(snapshot);
        let mut principals = Vec::new();
        let mut unread = Vec::new();
        for account in &snapshot.accounts {
            let reader = Reader::new(account, &bounds);
            principals.push(reader.root());
            match account.users.get() {
                Ok(users) => principals.extend(users.iter().map(|user| reader.user(user))),
                Err(missing) => unread.push(missing),
            }
            match account.roles.get() {
                Ok(roles) => principals.extend(roles.iter().map(|role| reader.role(role))),
                Err(missing) => unread.push(missing),
            }
        }
        Self { bounds, shelf: Shelf::new(snapshot), principals, unread }
    }

    /// Every principal of every account.
    pub fn principals(&self) -> &[Principal] {
        &self.principals
    }

    /// Why principals may be missing.
    pub fn unread(&self) -> &[Missing] {
        &self.unread
    }

    /// The principal with this ARN or name.
    ///
    /// # Errors
    /// There is none, or more than one.
    pub fn find(&self, name: &str) -> Result<&Principal, PrincipalError> {
        let found: Vec<&Principal> = self.principals.iter().filter(|p| p.is_called(name)).collect();
        match found.as_slice() {
            [one] => Ok(one),
            [] => Err(PrincipalError::Unknown(name.to_owned())),
            several => {
                let candidates: Vec<String> =
                    several.iter().take(5).map(|p| format!("`{}`", p.arn)).collect();
                Err(PrincipalError::Ambiguous { name: name.to_owned(), candidates: candidates.join(", ") })
            }
        }
    }
}

/// What is common to the principals of one account.
struct Reader<'a> {
    account: &'a Account,
    managed: HashMap<&'a Arn, Result<(Policy, Policy), Missing>>,
    groups: HashMap<&'a str, (&'a Group, Vec<Policy>, Vec<Missing>)>,
    scp: Result<Option<Vec<Vec<Policy>>>, Missing>,
    /// Context keys that all of the account's principals have.
    context: Context,
}

/// Policies, and those that could not be read.
type Read = (Vec<Policy>, Vec<Missing>);

impl<'a> Reader<'a> {
    fn new(account: &'a Account, bounds: &Bounds<'_>) -> Self {
        let managed = account.policies.value().into_iter().flatten();
        let managed = managed.map(|policy| (&policy.arn, prepare_managed(policy))).collect();
        let scp = bounds.levels(account.id, OrganizationPolicyKind::ServiceControl);
        let context = common_context(account, bounds);
        let mut reader = Self { account, managed, groups: HashMap::new(), scp, context };
        let groups = account.groups.value().into_iter().flatten();
        reader.groups = groups
            .map(|group| {
                let (policies, missing) = reader.identity(&group.policies);
                (group.name.as_str(), (group, policies, missing))
            })
            .collect();
        reader
    }

    fn root(&self) -> Principal {
        let arn = self.account.root_arn();
        self.principal(arn, PrincipalKind::Root, (Vec::new(), Vec::new()), None, self.context.clone())
    }

    fn user(&self, user: &User) -> Principal {
        let mut context = self.context.clone();
        let details = match user.details.get() {
            Ok(details) => details,
            Err(missing) => {
                let nothing = (Vec::new(), vec![missing.clone()]);
                let mut principal =
                    self.principal(user.arn.clone(), PrincipalKind::User, nothing, None, context);
                principal.unread_limits.push(missing);
                return principal;
            }
        };
        context.set("aws:userid", details.id.as_str());
        // A user has no tags but its own; a session of a role may bring more.
        context.complete("aws:PrincipalTag/");
        set_tags(&mut context, &details.tags);
        let (mut policies, mut missing) = self.identity(&details.policies);
        for name in &details.groups {
            match self.groups.get(name.as_str()) {
                Some((_, of_group, unread)) => {
                    policies.extend(of_group.iter().cloned());
                    missing.extend(unread.iter().cloned());
                }
                None => missing.push(self.absent(&self.account.groups, &format!("group `{name}`"))),
            }
        }
        let boundary = details.boundary.as_ref();
        self.principal(user.arn.clone(), PrincipalKind::User, (policies, missing), boundary, context)
    }

    fn role(&self, role: &Role) -> Principal {
        let mut context = self.context.clone();
        if !may_bring_tags(role) {
            set_tags(&mut context, &role.tags);
        }
        let kind = match role.owner {
            Owner::Customer => PrincipalKind::Role,
            Owner::ServiceLinked | Owner::IdentityCenter | Owner::ControlTower => PrincipalKind::AwsRole,
        };
        let read = self.identity(&role.policies);
        let mut principal = self.principal(role.arn.clone(), kind, read, role.boundary.as_ref(), context);
        principal.caller = principal.caller.with_id(&role.id);
        principal
    }

    fn principal(
        &self,
        arn: Arn,
        kind: PrincipalKind,
        (identity, unread_grants): Read,
        boundary: Option<&Arn>,
        context: Context,
    ) -> Principal {
        let mut unread_limits = Vec::new();
        let scp = self.scp.clone().unwrap_or_else(|missing| {
            unread_limits.push(missing);
            None
        });
        let boundary = boundary.and_then(|arn| match self.managed(arn) {
            Ok((_, boundary)) => Some(vec![boundary]),
            Err(missing) => {
                unread_limits.push(missing);
                None
            }
        });
        let caller = Caller::parse(arn.as_str()).unwrap_or_else(|_| Caller::anonymous());
        let policies = Policies { identity, boundary, scp, ..Policies::default() };
        Principal { arn, kind, caller, policies, context, unread_grants, unread_limits }
    }

    fn identity(&self, policies: &PrincipalPolicies) -> Read {
        let attached = policies.attached.iter().map(|attachment| self.managed(&attachment.arn).map(|p| p.0));
        let inline = policies.inline.iter().map(|inline| {
            prepared(&inline.document, PolicyKind::Identity, &format!("inline policy `{}`", inline.name))
        });
        let mut read = (Vec::new(), Vec::new());
        for policy in attached.chain(inline) {
            match policy {
                Ok(policy) => read.0.push(policy),
                Err(missing) => read.1.push(missing),
            }
        }
        read
    }

    /// A managed policy as an identity policy and as a boundary.
    fn managed(&self, arn: &Arn) -> Result<(Policy, Policy), Missing> {
        match self.managed.get(arn) {
            Some(policy) => policy.clone(),
            None => Err(self.absent(&self.account.policies, &format!("policy `{arn}`"))),
        }
    }

    /// Why something that is referred to is not there.
    fn absent<T>(&self, list: &Known<T>, what: &str) -> Missing {
        let account = self.account.id;
        list.missing().cloned().unwrap_or_else(|| {
            Missing::invalid(format!("{what} of account {account} is not in the snapshot"))
        })
    }
}

fn prepare_managed(policy: &ManagedPolicy) -> Result<(Policy, Policy), Missing> {
    let what = format!("policy `{}`", policy.name);
    let identity = prepared(&policy.document, PolicyKind::Identity, &what)?;
    let boundary = prepared(&policy.document, PolicyKind::Boundary, &what)?;
    Ok((identity, boundary))
}

/// What is known of every request of an account's principals.
fn common_context(account: &Account, bounds: &Bounds<'_>) -> Context {
    let mut context = Context::new();
    context.unsaid = Unsaid::Unknown;
    if let Some(organization) = bounds.organization() {
        context.set("aws:PrincipalOrgID", organization.id.as_str());
        if let Some(path) = bounds.org_path(account.id) {
            context.set_all("aws:PrincipalOrgPaths", vec![path.into()]);
        }
    }
    context
}

/// True unless the role's trust policy keeps sessions from bringing tags, which take the place of the role's.
///
/// Source: [session tags](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html).
fn may_bring_tags(role: &Role) -> bool {
    let trust = prepared(&role.trust, PolicyKind::Resource, &format!("trust policy of `{}`", role.name));
    let Ok(tag) = leastwise_policy::Action::parse("sts:TagSession") else { return true };
    trust.is_ok_and(|trust| trust.allowed_resources(&tag).next().is_some())
}

fn set_tags(context: &mut Context, tags: &std::collections::BTreeMap<String, String>) {
    for (key, value) in tags {
        context.set(&format!("aws:PrincipalTag/{key}"), value.as_str());
    }
}
