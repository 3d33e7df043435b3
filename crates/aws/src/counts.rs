//! Lists held against what AWS counts: a list that lost something must not look like the whole.

use leastwise_iam::Arn;
use leastwise_model::{AccountSummary, Missing};

use crate::details::Details;

/// The lists that the account summary counts.
///
/// Source: [GetAccountSummary](https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountSummary.html).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Counted {
    Users,
    Groups,
    Roles,
    /// Only the customer's.
    Policies,
}

impl Counted {
    const fn key(self) -> &'static str {
        match self {
            Self::Users => "Users",
            Self::Groups => "Groups",
            Self::Roles => "Roles",
            Self::Policies => "Policies",
        }
    }

    const fn in_words(self) -> &'static str {
        match self {
            Self::Users => "users",
            Self::Groups => "groups",
            Self::Roles => "roles",
            Self::Policies => "customer-managed policies",
        }
    }
}

/// Where the lists come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// From AWS, a moment ago: what it does not count is taken as it came.
    Live,
    /// From files; `in_pages` where one of them says that another follows.
    Files {
        /// A page in the middle may be missing.
        in_pages: bool,
    },
}

/// What AWS counts, and how far the lists are trusted without.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Counts<'a> {
    /// The account summary, where it could be read.
    pub summary: Option<&'a AccountSummary>,
    /// Where the lists come from.
    pub source: Source,
}

impl Counts<'_> {
    /// Holds groups, roles and policies; users are held where all that names them is put together.
    pub(crate) fn hold(&self, details: Details) -> Details {
        Details {
            users: details.users,
            groups: details.groups.and_then(|list| self.hold_list(Counted::Groups, list, |_| true)),
            roles: details.roles.and_then(|list| self.hold_list(Counted::Roles, list, |_| true)),
            policies: details.policies.and_then(|list| {
                self.hold_list(Counted::Policies, list, |policy| !Arn::is_owned_by_aws(&policy.arn))
            }),
        }
    }

    fn hold_list<T>(&self, kind: Counted, list: Vec<T>, counts: fn(&T) -> bool) -> Result<Vec<T>, Missing> {
        let held = list.iter().filter(|entry| counts(entry)).count();
        self.check(kind, held)?;
        self.confirm(kind, held)?;
        Ok(list)
    }

    /// Fails if AWS counts more than the list holds. A longer list has lost nothing: the count is older.
    pub(crate) fn check(&self, kind: Counted, held: usize) -> Result<(), Missing> {
        match self.count(kind) {
            Some(count) if held < count => Err(self.shorter(kind, count, held)),
            _ => Ok(()),
        }
    }

    /// Fails if nothing tells that a list of a file is whole: it may be filtered, or a page may be missing.
    pub(crate) fn confirm(&self, kind: Counted, held: usize) -> Result<(), Missing> {
        match self.source {
            Source::Files { in_pages } if self.count(kind).is_none() && (in_pages || held == 0) => {
                Err(unconfirmed(kind, in_pages))
            }
            _ => Ok(()),
        }
    }

    fn count(&self, kind: Counted) -> Option<usize> {
        self.summary?.counts.get(kind.key()).and_then(|count| usize::try_from(*count).ok())
    }

    fn shorter(&self, kind: Counted, count: usize, held: usize) -> Missing {
        let kind = kind.in_words();
        Missing::invalid(match self.source {
            Source::Live => format!("AWS counts {count} {kind}, the answer holds {held}; run again"),
            Source::Files { .. } => format!(
                "AWS counts {count} {kind}, the files hold {held}; write all files again, the authorization details without `--filter` and `--max-items`"
            ),
        })
    }
}

fn unconfirmed(kind: Counted, in_pages: bool) -> Missing {
    let kind = kind.in_words();
    let doubt = if in_pages {
        format!("the authorization details are in pages, and nothing tells that they hold all {kind}")
    } else {
        format!("the authorization details hold no {kind}, as with `--filter`")
    };
    Missing::invalid(format!(
        "{doubt}; run `aws iam get-account-authorization-details` without `--filter` and `--max-items`, and add `aws iam get-account-summary > account-summary.json`, which counts them"
    ))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    const LIVE: Source = Source::Live;
    const WHOLE: Source = Source::Files { in_pages: false };
    const PAGES: Source = Source::Files { in_pages: true };

    fn answer(source: Source, count: Option<i64>, held: usize) -> Result<(), Missing> {
        let counts: BTreeMap<String, i64> =
            count.map(|count| ("Roles".to_owned(), count)).into_iter().collect();
        let summary = crate::parts::summary(counts);
        let counts = Counts { summary: Some(&summary), source };
        counts.hold_list(Counted::Roles, vec![(); held], |()| true).map(drop)
    }

    #[test]
    fn a_list_that_lost_something_is_unknown() {
        let table = [
            (LIVE, Some(3), 2, Some("AWS counts 3 roles, the answer holds 2")),
            (LIVE, Some(2), 3, None),
            (LIVE, Some(1), 0, Some("counts 1")),
            (LIVE, None, 0, None),
            (LIVE, Some(-1), 0, None),
            (WHOLE, Some(3), 2, Some("the files hold 2")),
            (WHOLE, Some(2), 3, None),
            (WHOLE, Some(0), 0, None),
            (WHOLE, None, 0, Some("--filter")),
            (WHOLE, Some(-1), 0, Some("--filter")),
            (WHOLE, None, 1, None),
            (PAGES, None, 5, Some("in pages")),
            (PAGES, Some(5), 5, None),
            (PAGES, Some(6), 5, Some("counts 6")),
        ];
        for (source, count, held, words) in table {
            match (answer(source, count, held), words) {
                (Ok(()), None) => {}
                (Err(why), Some(words)) => assert!(why.detail.contains(words), "{}", why.detail),
                (other, _) => panic!("{source:?} {count:?} {held}: {other:?}"),
            }
        }
    }
}
