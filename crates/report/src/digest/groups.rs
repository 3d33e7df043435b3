use std::collections::{BTreeMap, BTreeSet};

use leastwise_iam::AccountId;
use leastwise_model::Subject;

use crate::names::Names;

/// One subject and what is said of it.
#[derive(Clone, Copy)]
pub(crate) struct Item<'a> {
    pub(crate) account: AccountId,
    pub(crate) subject: &'a Subject,
    pub(crate) says: &'a str,
}

/// Subjects under one heading.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Group<'a> {
    /// The account; `None` where the entries name accounts themselves, or there is only one.
    pub(crate) account: Option<String>,
    pub(crate) entries: Vec<Entry<'a>>,
}

/// Subjects of which the same is said.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Entry<'a> {
    pub(crate) who: Vec<String>,
    pub(crate) says: &'a str,
}

/// What did not fit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Rest {
    pub(crate) subjects: usize,
    pub(crate) accounts: usize,
}

/// The first items, as many as there is room for, and what did not fit.
pub(crate) fn cut(mut items: Vec<Item<'_>>, room: usize) -> (Vec<Item<'_>>, Rest) {
    let left_out = items.get(room..).unwrap_or_default();
    let accounts: BTreeSet<AccountId> = left_out.iter().map(|item| item.account).collect();
    let rest = Rest { subjects: left_out.len(), accounts: accounts.len() };
    items.truncate(room);
    (items, rest)
}

/// Groups items by account; what an account has only one of is listed by account instead.
pub(crate) fn group<'a>(items: &[Item<'a>], names: &Names<'_>) -> Vec<Group<'a>> {
    let by_account = !names.is_alone() && items.iter().all(|item| item.subject.name.is_empty());
    let mut groups = Groups::default();
    for item in items {
        if by_account {
            groups.add(None, names.label(item.account), item.says);
        } else {
            let account = (!names.is_alone()).then(|| names.label(item.account));
            groups.add(account, item.subject.to_string(), item.says);
        }
    }
    groups.all
}

#[derive(Default)]
struct Groups<'a> {
    all: Vec<Group<'a>>,
    /// Where in the last group something is said.
    said: BTreeMap<&'a str, usize>,
}

impl<'a> Groups<'a> {
    fn add(&mut self, account: Option<String>, who: String, says: &'a str) {
        match self.all.last_mut() {
            Some(group) if group.account == account => {
                let next = group.entries.len();
                match group.entries.get_mut(*self.said.entry(says).or_insert(next)) {
                    Some(entry) => entry.who.push(who),
                    None => group.entries.push(Entry { who: vec![who], says }),
                }
            }
            _ => {
                self.said = BTreeMap::from([(says, 0)]);
                self.all.push(Group { account, entries: vec![Entry { who: vec![who], says }] });
            }
        }
    }
}
