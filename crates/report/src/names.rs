use std::collections::BTreeMap;

use leastwise_checks::AccountAssessment;
use leastwise_iam::AccountId;

/// The names of accounts.
pub(crate) struct Names<'a>(BTreeMap<AccountId, Option<&'a str>>);

impl<'a> Names<'a> {
    pub(crate) fn of(accounts: &'a [AccountAssessment]) -> Self {
        Self(accounts.iter().map(|account| (account.id, account.name.as_deref())).collect())
    }

    pub(crate) fn new(names: impl IntoIterator<Item = (AccountId, Option<&'a str>)>) -> Self {
        Self(names.into_iter().collect())
    }

    /// The name, or nothing where none is known.
    pub(crate) fn name(&self, id: AccountId) -> &'a str {
        self.0.get(&id).copied().flatten().unwrap_or_default()
    }

    /// `111122223333 production`.
    pub(crate) fn label(&self, id: AccountId) -> String {
        label(id, Some(self.name(id)))
    }

    /// True if an account need not be named, as it is the only one.
    pub(crate) fn is_alone(&self) -> bool {
        self.0.len() < 2
    }
}

pub(crate) fn label(id: AccountId, name: Option<&str>) -> String {
    match name {
        Some(name) if !name.is_empty() => format!("{id} {name}"),
        _ => id.to_string(),
    }
}
