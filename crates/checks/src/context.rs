use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use leastwise_iam::{AccountId, Arn};
use leastwise_model::{Account, Group, ManagedPolicy, Missing, Snapshot, Usage, User};

use crate::evidence::Assumed;
use crate::{Config, Selection};

/// What a check may look at besides its subject: the account around it, the snapshot, what the logs come to, the
/// configuration, what was asked for, and the instant of judgement.
#[derive(Debug)]
pub struct Context<'a> {
    /// The whole snapshot.
    pub snapshot: &'a Snapshot,
    /// The account of the subject.
    pub account: &'a Account,
    /// Who used what, by CloudTrail's logs, where they were given.
    pub usage: Option<&'a Usage>,
    /// What the audit was told.
    pub config: &'a Config,
    /// Which checks and frameworks the audit is about.
    pub selection: &'a Selection,
    /// The instant of judgement.
    pub now: Timestamp,
    policies: OnceCell<Result<BTreeMap<&'a Arn, &'a ManagedPolicy>, Missing>>,
    groups: OnceCell<Result<BTreeMap<&'a str, &'a Group>, Missing>>,
    members: OnceCell<Result<BTreeSet<&'a str>, Missing>>,
    pub(crate) alike: OnceCell<Result<BTreeMap<&'a str, &'a str>, Missing>>,
    pub(crate) assumed: OnceCell<Assumed<'a>>,
}

impl<'a> Context<'a> {
    /// The context of one account.
    pub fn new(
        snapshot: &'a Snapshot,
        account: &'a Account,
        usage: Option<&'a Usage>,
        config: &'a Config,
        selection: &'a Selection,
        now: Timestamp,
    ) -> Self {
        Self {
            snapshot,
            account,
            usage,
            config,
            selection,
            now,
            policies: OnceCell::new(),
            groups: OnceCell::new(),
            members: OnceCell::new(),
            alike: OnceCell::new(),
            assumed: OnceCell::new(),
        }
    }

    /// The managed policy with this ARN; `None` for AWS-managed ones that the source does not hold.
    ///
    /// # Errors
    /// The account's policies could not be read.
    pub fn policy(&self, arn: &Arn) -> Result<Option<&'a ManagedPolicy>, Missing> {
        let index = self.policies.get_or_init(|| {
            Ok(self.account.policies.get()?.iter().map(|policy| (&policy.arn, policy)).collect())
        });
        index.as_ref().map(|policies| policies.get(arn).copied()).map_err(Clone::clone)
    }

    /// The group with this name.
    ///
    /// # Errors
    /// The account's groups could not be read, or lack this one.
    pub fn group(&self, name: &str) -> Result<&'a Group, Missing> {
        let index = self.groups.get_or_init(|| {
            Ok(self.account.groups.get()?.iter().map(|group| (group.name.as_str(), group)).collect())
        });
        let group = index.as_ref().map_err(Clone::clone)?.get(name).copied();
        group.ok_or_else(|| Missing::not_collected(format!("the group `{name}` is not in the snapshot")))
    }

    /// True if some user is in the group.
    ///
    /// # Errors
    /// The account's users or the groups of one of them could not be read, and no other user is known to
    /// be in the group.
    pub fn has_members(&self, group: &str) -> Result<bool, Missing> {
        let known = self.account.users.get()?.iter().filter_map(|user| user.details.value());
        let members = self.members.get_or_init(|| {
            Ok(known.flat_map(|details| details.groups.iter().map(String::as_str)).collect())
        });
        if members.as_ref().map_err(Clone::clone)?.contains(group) {
            return Ok(true);
        }
        let unread = self.account.users.get()?.iter().find_map(|user| user.details.missing());
        unread.map_or(Ok(false), |missing| Err(missing.clone()))
    }

    /// True if the user is for emergencies only.
    pub fn is_break_glass(&self, user: &User) -> bool {
        self.config.is_break_glass(self.account.id, &user.name)
    }

    /// True if roles of this account may trust `other`: the account itself, one that the configuration
    /// trusts, or one of the same organisation.
    ///
    /// # Errors
    /// It could not be read which accounts the organisation has.
    pub fn trusts_account(&self, other: AccountId) -> Result<bool, Missing> {
        let own = other == self.account.id
            || self.config.trust.accounts.contains(&other)
            || self.snapshot.accounts.iter().any(|account| account.id == other);
        if own {
            return Ok(true);
        }
        let Some(organization) = self.snapshot.organization.get()? else { return Ok(false) };
        if organization.management_account == other {
            return Ok(true);
        }
        Ok(organization.accounts.get()?.iter().any(|account| account.id == other))
    }

    /// True if roles of this account may trust the organisation: its own, or one that the configuration
    /// trusts.
    ///
    /// # Errors
    /// It could not be read which organisation the account belongs to.
    pub fn trusts_organization(&self, id: &str) -> Result<bool, Missing> {
        if self.config.trust.organizations.contains(id) {
            return Ok(true);
        }
        let own = self.snapshot.organization.get()?.as_ref();
        Ok(own.is_some_and(|organization| organization.id == id))
    }
}
