use std::collections::BTreeMap;

use leastwise_iam::AccountId;
use leastwise_model::{Known, Missing, OrganizationUnit};

use crate::account::CALLS_AT_ONCE;
use crate::ask::ask;
use crate::each::each;
use crate::pages::{Page, pages};
use crate::permissions::{LIST_ACCOUNTS_FOR_PARENT, LIST_ORGANIZATIONAL_UNITS_FOR_PARENT, LIST_ROOTS};
use crate::session::Session;

/// How deep units may be nested below the root; AWS allows five.
///
/// Source: [quotas](https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html).
const DEPTH: usize = 10;

/// The root and the units, and where the accounts are.
pub(super) struct Tree {
    pub units: Result<Vec<OrganizationUnit>, Missing>,
    parents: BTreeMap<AccountId, String>,
    /// Why some account may be without a place.
    gap: Option<Missing>,
}

impl Tree {
    /// The root or unit that holds an account.
    pub(super) fn parent(&self, account: AccountId) -> Known<String> {
        match (self.parents.get(&account), &self.gap) {
            (Some(parent), _) => Known::Known(parent.clone()),
            (None, Some(why)) => Known::Unknown(why.clone()),
            (None, None) => Known::Unknown(Missing::invalid("no unit holds the account")),
        }
    }
}

/// Walks the tree, level by level.
pub(super) async fn read(session: &Session) -> Tree {
    let mut tree = Tree { units: Ok(Vec::new()), parents: BTreeMap::new(), gap: None };
    let mut level = match roots(session).await {
        Ok(roots) => roots,
        Err(why) => return Tree { units: Err(why.clone()), gap: Some(why), ..tree },
    };
    for _ in 0..DEPTH {
        if level.is_empty() {
            break;
        }
        let below = each(CALLS_AT_ONCE, level.iter().map(|unit| below(session, &unit.id))).await;
        tree.place(&level, &below);
        tree.keep(level);
        level = tree.next(below);
    }
    if let Ok(units) = &mut tree.units {
        units.sort_by(|a, b| a.id.cmp(&b.id));
    }
    tree
}

/// What a unit holds.
struct Below {
    units: Result<Vec<OrganizationUnit>, Missing>,
    accounts: Result<Vec<AccountId>, Missing>,
}

impl Tree {
    fn keep(&mut self, level: Vec<OrganizationUnit>) {
        if let Ok(units) = &mut self.units {
            units.extend(level);
        }
    }

    fn place(&mut self, level: &[OrganizationUnit], below: &[Below]) {
        for (unit, below) in level.iter().zip(below) {
            match &below.accounts {
                Ok(accounts) => {
                    self.parents.extend(accounts.iter().map(|account| (*account, unit.id.clone())));
                }
                Err(why) => self.gap = Some(why.clone()),
            }
        }
    }

    fn next(&mut self, below: Vec<Below>) -> Vec<OrganizationUnit> {
        let mut next = Vec::new();
        for below in below {
            match below.units {
                Ok(units) => next.extend(units),
                Err(why) => {
                    self.gap = Some(why.clone());
                    self.units = Err(why);
                }
            }
        }
        next
    }
}

async fn roots(session: &Session) -> Result<Vec<OrganizationUnit>, Missing> {
    let roots = pages(&LIST_ROOTS, async |token| {
        let call = session.organizations().list_roots().set_next_token(token);
        let answer = ask(&LIST_ROOTS, call.send()).await?;
        Page::of(&LIST_ROOTS, "Roots", answer.roots, answer.next_token)
    })
    .await?;
    roots.into_iter().map(|root| unit(root.id, root.name, None)).collect()
}

async fn below(session: &Session, parent: &str) -> Below {
    let (units, accounts) = tokio::join!(units_in(session, parent), accounts_in(session, parent));
    Below { units, accounts }
}

async fn units_in(session: &Session, parent: &str) -> Result<Vec<OrganizationUnit>, Missing> {
    let operation = &LIST_ORGANIZATIONAL_UNITS_FOR_PARENT;
    let units = pages(operation, async |token| {
        let call = session.organizations().list_organizational_units_for_parent().parent_id(parent);
        let answer = ask(operation, call.set_next_token(token).send()).await?;
        Page::of(operation, "OrganizationalUnits", answer.organizational_units, answer.next_token)
    })
    .await?;
    units.into_iter().map(|found| unit(found.id, found.name, Some(parent))).collect()
}

async fn accounts_in(session: &Session, parent: &str) -> Result<Vec<AccountId>, Missing> {
    let operation = &LIST_ACCOUNTS_FOR_PARENT;
    let accounts = pages(operation, async |token| {
        let call = session.organizations().list_accounts_for_parent().parent_id(parent);
        let answer = ask(operation, call.set_next_token(token).send()).await?;
        Page::of(operation, "Accounts", answer.accounts, answer.next_token)
    })
    .await?;
    Ok(accounts.iter().filter_map(|account| account.id()?.parse().ok()).collect())
}

fn unit(id: Option<String>, name: Option<String>, parent: Option<&str>) -> Result<OrganizationUnit, Missing> {
    let id = id.ok_or_else(|| Missing::invalid("an organisational unit has no `Id`"))?;
    Ok(OrganizationUnit { id, name: name.unwrap_or_default(), parent: parent.map(ToOwned::to_owned) })
}
