use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use leastwise_checks::Assessment;
use leastwise_iam::AccountId;
use leastwise_model::{Missing, Reason, Status};

use super::Scope;
use crate::figures::{count, number};
use crate::names::Names;

/// How many different things one line names.
const NAMED: usize = 6;

/// What one reason keeps from being known.
pub(crate) struct Because {
    pub(crate) reason: Reason,
    /// The permission that would mend it.
    pub(crate) permission: Option<String>,
    /// How many parts or verdicts.
    pub(crate) total: usize,
    what: BTreeMap<What, BTreeSet<Told>>,
    /// How many verdicts of each.
    verdicts: BTreeMap<What, usize>,
    accounts: BTreeSet<AccountId>,
    details: BTreeSet<String>,
}

impl Because {
    /// The reason, and what mends it, without a mark at the end.
    pub(crate) fn title(&self) -> String {
        match &self.permission {
            Some(permission) => format!("{}, allow `{permission}`", self.reason.as_str()),
            None => self.reason.as_str().to_owned(),
        }
    }

    /// What is concerned: `credential report, groups, and credentials of 36 users`. What is one of a kind comes
    /// first, and none of it is left out; what many have is summed up, unless everything is asked for.
    pub(crate) fn what(&self, everything: bool) -> String {
        let (shares, others): (Vec<_>, Vec<_>) = self.what.iter().partition(|(what, _)| what.kind.is_some());
        let verdicts = |what: &What| self.verdicts.get(what).copied().unwrap_or_default();
        let room = if everything || self.verdicts.is_empty() { usize::MAX } else { NAMED };
        let named = others.iter().take(room).map(|(what, _)| match verdicts(what) {
            0 | 1 => what.text.clone(),
            times => format!("{} ({})", what.text, number(times)),
        });
        let mut text = listed(&named.collect::<Vec<_>>(), others.len());
        for share in shares.into_iter().flat_map(|(what, told)| summed(what, told, everything)) {
            text = if text.is_empty() { share } else { format!("{text}, and {share}") };
        }
        text
    }

    /// Where: the accounts, or how many of them; nothing for the organisation.
    pub(crate) fn whose(&self, names: &Names<'_>) -> Option<String> {
        match self.accounts.len() {
            0 => None,
            _ if names.is_alone() => None,
            1..=3 => {
                let labels: Vec<_> = self.accounts.iter().map(|id| names.label(*id)).collect();
                Some(labels.join(", "))
            }
            many => Some(count(many, "account")),
        }
    }

    /// What happened in words: the first message, and how many others there are.
    pub(crate) fn detail(&self, everything: bool) -> Option<String> {
        let room = if everything { usize::MAX } else { 1 };
        let shown: Vec<&str> = self.details.iter().take(room).map(String::as_str).collect();
        let more = self.details.len().saturating_sub(shown.len());
        let text = shown.join(" | ");
        match (text.is_empty(), more) {
            (true, _) => None,
            (false, 0) => Some(text),
            (false, more) => Some(format!("{text} (and {})", count(more, "similar message"))),
        }
    }
}

/// Something of which a reason keeps us from knowing. Sorted, what is one of a kind comes first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct What {
    /// What the things are that have it, where there are many.
    kind: Option<&'static str>,
    text: String,
}

/// An account and one of its things, and the words for the part.
type Told = (Option<AccountId>, String, String);

/// `credentials of user alice`, or `credentials of 36 users`.
fn summed(what: &What, told: &BTreeSet<Told>, everything: bool) -> Vec<String> {
    let owners: BTreeSet<_> = told.iter().map(|(account, name, _)| (account, name)).collect();
    let parts: BTreeSet<&String> = told.iter().map(|(_, _, part)| part).collect();
    match what.kind {
        Some(kind) if owners.len() > 1 && !everything => {
            vec![format!("{} of {}", what.text, count(owners.len(), kind))]
        }
        Some(_) if parts.len() > 1 && !everything => {
            vec![format!("{} and {} more", parts.first().map_or("", |part| part), number(parts.len() - 1))]
        }
        _ => parts.into_iter().cloned().collect(),
    }
}

/// `a, b and 3 more`.
fn listed(names: &[String], total: usize) -> String {
    let more = total.saturating_sub(names.len());
    let text = names.join(", ");
    if more == 0 { text } else { format!("{text} and {} more", number(more)) }
}

/// What could not be read.
pub(crate) fn gaps(assessment: &Assessment) -> Vec<Because> {
    let mut heap = Heap::default();
    for gap in &assessment.gaps {
        let because = heap.because(&gap.why, gap.account);
        let what = match &gap.share {
            Some(share) => What { kind: Some(share.kind), text: share.what.clone() },
            None => What { kind: None, text: gap.part.clone() },
        };
        let name = gap.share.as_ref().map(|share| share.name.clone()).unwrap_or_default();
        because.what.entry(what).or_default().insert((gap.account, name, gap.part.clone()));
    }
    heap.sorted()
}

/// What could not be judged.
pub(crate) fn unknown(scope: Scope<'_>) -> Vec<Because> {
    let mut heap = Heap::default();
    let other = Missing::new(Reason::Failed, "");
    for finding in scope.findings().filter(|finding| finding.status == Status::Unknown) {
        if scope.view.is_severe_enough(finding.severity) {
            let why = finding.missing.as_ref().unwrap_or(&other);
            let because = heap.because(why, Some(finding.account));
            let what = What { kind: None, text: finding.check.to_owned() };
            *because.verdicts.entry(what.clone()).or_default() += 1;
            because.what.entry(what).or_default();
        }
    }
    heap.sorted()
}

type Key = (Reason, Option<String>, Option<String>);

#[derive(Default)]
struct Heap(BTreeMap<Key, Because>);

impl Heap {
    /// The reason, with one more part or verdict that is unknown because of it.
    fn because(&mut self, why: &Missing, account: Option<AccountId>) -> &mut Because {
        let distinct = why.permission.is_none().then(|| why.detail.clone());
        let because =
            self.0.entry((why.reason, why.permission.clone(), distinct)).or_insert_with(|| Because {
                reason: why.reason,
                permission: why.permission.clone(),
                total: 0,
                what: BTreeMap::new(),
                verdicts: BTreeMap::new(),
                accounts: BTreeSet::new(),
                details: BTreeSet::new(),
            });
        because.total += 1;
        because.accounts.extend(account);
        because.details.insert(why.detail.clone());
        because
    }

    fn sorted(self) -> Vec<Because> {
        let mut all: Vec<Because> = self.0.into_values().collect();
        all.sort_by_key(|because| Reverse(because.total));
        all
    }
}

#[cfg(test)]
mod tests {
    use leastwise_checks::Gap;
    use leastwise_model::Share;

    use super::*;
    use crate::testing;

    const DENIED: &str = "iam:GetAccountAuthorizationDetails";

    fn gap(part: &str, share: Option<(&'static str, &str)>) -> Gap {
        let account = testing::PRODUCTION.parse().ok();
        let share = share.map(|(kind, name)| Share { what: part.to_owned(), kind, name: name.to_owned() });
        let owner = share.as_ref().map(|share| format!(" of {} {}", share.kind, share.name));
        let part = format!("{part}{}", owner.unwrap_or_default());
        let why = Missing { permission: Some(DENIED.to_owned()), ..testing::denied() };
        Gap { account, part, share, why }
    }

    fn what(gaps: Vec<Gap>, everything: bool) -> String {
        let mut assessment = testing::of(Vec::new());
        assessment.gaps = gaps;
        let reasons = super::gaps(&assessment);
        assert_eq!(reasons.len(), 1);
        reasons[0].what(everything)
    }

    #[test]
    fn what_the_account_lacks_comes_before_what_many_users_lack() {
        let names: Vec<String> = (1..=36).map(|n| format!("a{n}")).collect();
        let all = |what: &'static str| names.iter().map(move |name| gap(what, Some(("user", name))));
        let whole = || ["roles", "policies", "groups"].map(|part| gap(part, None));
        let details: Vec<Gap> = all("groups and policies").chain(whole()).collect();
        assert_eq!(
            what(details.clone(), false),
            "groups, policies, roles, and groups and policies of 36 users"
        );
        assert!(what(details, true).contains("roles, and groups and policies of user a1, and groups"));
        let both = all("credentials").chain(all("MFA")).collect();
        assert_eq!(what(both, false), "MFA of 36 users, and credentials of 36 users");
        let one = gap("document", Some(("policy", "p")));
        assert_eq!(what(vec![one.clone()], false), "document of policy p");
        assert_eq!(what(vec![one, gap("document", Some(("policy", "q")))], false), "document of 2 policies");
        let many = (1..=9).map(|n| gap(&format!("part {n}"), None)).collect();
        assert!(what(many, false).ends_with("part 8, part 9"), "none of it is left out");
    }
}
