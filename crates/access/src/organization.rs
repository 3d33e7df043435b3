//! The organisation policies that bind an account, level by level.

use std::collections::HashMap;

use leastwise_iam::AccountId;
use leastwise_model::{Known, Missing, Organization, OrganizationPolicy, OrganizationPolicyKind, Snapshot};
use leastwise_policy::{Policy, PolicyKind};

/// The policies of each level, from the organisation's root to an account.
pub(crate) type Levels = Vec<Vec<Policy>>;

/// What the organisation does to its accounts.
#[derive(Debug)]
pub(crate) struct Bounds<'s> {
    organization: Result<Option<&'s Organization>, Missing>,
    /// Prepared policies by id.
    policies: HashMap<&'s str, Result<Policy, Missing>>,
}

impl<'s> Bounds<'s> {
    pub fn new(snapshot: &'s Snapshot) -> Self {
        let organization = snapshot.organization.get().map(Option::as_ref);
        let known = organization.clone().ok().flatten();
        let policies = known.and_then(|organization| organization.policies.value()).into_iter().flatten();
        let policies = policies.map(|policy| (policy.id.as_str(), prepare(policy))).collect();
        Self { organization, policies }
    }

    pub fn organization(&self) -> Option<&'s Organization> {
        self.organization.as_ref().ok().copied().flatten()
    }

    pub fn management_account(&self) -> Option<AccountId> {
        self.organization().map(|organization| organization.management_account)
    }

    /// The policies of a kind that bind an account; `None` where there are none of the kind.
    ///
    /// # Errors
    /// They were not read.
    pub fn levels(
        &self,
        account: AccountId,
        kind: OrganizationPolicyKind,
    ) -> Result<Option<Levels>, Missing> {
        let Some(organization) = self.organization.clone()? else { return Ok(None) };
        if organization.management_account == account {
            return Ok(None);
        }
        let policies = organization.policies.get()?;
        if !policies.iter().any(|policy| policy.kind == kind) {
            return Ok(None);
        }
        let mut levels = Levels::new();
        for target in path(organization, account)? {
            levels.push(self.attached(policies, kind, &target)?);
        }
        Ok(Some(levels))
    }

    fn attached(
        &self,
        policies: &[OrganizationPolicy],
        kind: OrganizationPolicyKind,
        target: &str,
    ) -> Result<Vec<Policy>, Missing> {
        let mut attached = Vec::new();
        for policy in policies.iter().filter(|policy| policy.kind == kind) {
            if policy.targets.get()?.iter().any(|t| t == target) {
                match self.policies.get(policy.id.as_str()) {
                    Some(prepared) => attached.push(prepared.clone()?),
                    None => return Err(Missing::invalid(format!("policy `{}` is not there", policy.id))),
                }
            }
        }
        Ok(attached)
    }

    /// `aws:PrincipalOrgPaths` of an account: organisation, root and units.
    pub fn org_path(&self, account: AccountId) -> Option<String> {
        let organization = self.organization()?;
        let path = path(organization, account).ok()?;
        let units: Vec<&str> =
            path.iter().map(String::as_str).filter(|id| *id != account.to_string()).collect();
        Some(format!("{}/{}/", organization.id, units.join("/")))
    }
}

/// The root, the units and the account itself.
fn path(organization: &Organization, account: AccountId) -> Result<Vec<String>, Missing> {
    let accounts = organization.accounts.get()?;
    let member = accounts.iter().find(|member| member.id == account).ok_or_else(|| {
        Missing::invalid(format!("account {account} is not among the organisation's accounts"))
    })?;
    let units = organization.units.get()?;
    let mut path = vec![account.to_string()];
    let mut next = Some(member.parent.get()?.clone());
    while let Some(id) = next.take() {
        let unit = units.iter().find(|unit| unit.id == id);
        let unit = unit.ok_or_else(|| Missing::invalid(format!("unit `{id}` is not there")))?;
        if path.contains(&id) {
            return Err(Missing::invalid(format!("unit `{id}` is above itself")));
        }
        path.push(id);
        next.clone_from(&unit.parent);
    }
    path.reverse();
    Ok(path)
}

fn prepare(policy: &OrganizationPolicy) -> Result<Policy, Missing> {
    let kind = match policy.kind {
        OrganizationPolicyKind::ServiceControl => PolicyKind::ServiceControl,
        OrganizationPolicyKind::ResourceControl => PolicyKind::ResourceControl,
    };
    prepared(&policy.document, kind, &format!("organisation policy `{}`", policy.name))
}

/// A policy that is ready to be asked.
///
/// # Errors
/// It was not read, or is no policy of the kind.
pub(crate) fn prepared(
    text: &Known<leastwise_model::PolicyText>,
    kind: PolicyKind,
    what: &str,
) -> Result<Policy, Missing> {
    let document = text.get()?.document()?;
    Policy::new(document.clone(), kind).map_err(|error| Missing::invalid(format!("{what}: {error}")))
}
