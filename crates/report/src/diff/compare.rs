use std::collections::{BTreeMap, BTreeSet};

use leastwise_checks::{AccountAssessment, Assessment};
use leastwise_iam::AccountId;
use leastwise_model::{Finding, Status, Subject};

use super::{AccountChange, Change, Comparison, Difference, Presence, Said, Side};

/// Compares two audits.
pub fn compare(old: &Assessment, new: &Assessment) -> Comparison {
    let (before, after) = (Verdicts::of(old), Verdicts::of(new));
    let keys: BTreeSet<Key<'_>> = before.all.keys().chain(after.all.keys()).copied().collect();
    let mut comparison = Comparison {
        old: side(old),
        new: side(new),
        accounts: accounts(old, new),
        differences: Vec::new(),
        unchanged: 0,
        not_compared: 0,
    };
    for key in keys {
        let (was, is) = (before.all.get(&key).copied(), after.all.get(&key).copied());
        if !(before.ran(key) && after.ran(key)) {
            comparison.not_compared += 1;
        } else if was.map(|finding| finding.status) == is.map(|finding| finding.status) {
            comparison.unchanged += 1;
        } else if let Some(finding) = is.or(was) {
            let change = judge(key, was, is, &before, &after);
            comparison.differences.push(difference(change, finding, was, is));
        }
    }
    comparison
}

type Key<'a> = (AccountId, &'static str, &'a Subject);

struct Verdicts<'a> {
    all: BTreeMap<Key<'a>, &'a Finding>,
    ran: BTreeSet<(AccountId, &'static str)>,
}

impl<'a> Verdicts<'a> {
    fn of(assessment: &'a Assessment) -> Self {
        let findings = assessment.findings.iter();
        Self {
            ran: findings.clone().map(|finding| (finding.account, finding.check)).collect(),
            all: findings
                .map(|finding| ((finding.account, finding.check, &finding.subject), finding))
                .collect(),
        }
    }

    fn ran(&self, (account, check, _): Key<'_>) -> bool {
        self.ran.contains(&(account, check))
    }

    /// True if an unknown verdict stands for a population that the subject may belong to: `user` for
    /// `user/alice`, `access-key/alice` for `access-key/alice/1`.
    fn hides(&self, (account, check, subject): Key<'_>) -> bool {
        let mut name: &str = &subject.name;
        while !name.is_empty() {
            name = name.rsplit_once('/').map_or("", |(parent, _)| parent);
            let parent = Subject::new(subject.kind, name);
            if self.all.get(&(account, check, &parent)).is_some_and(|f| f.status == Status::Unknown) {
                return true;
            }
        }
        false
    }

    /// True if parts of the population that the subject stands for are known here.
    fn has_part_of(&self, (account, check, subject): Key<'_>) -> bool {
        let below = format!("{}/", subject.name);
        let first = Subject::new(subject.kind, below.as_str());
        let next = self.all.range((account, check, &first)..).next();
        next.is_some_and(|(key, _)| {
            (key.0, key.1, key.2.kind) == (account, check, subject.kind) && key.2.name.starts_with(&below)
        })
    }
}

fn judge(
    key: Key<'_>,
    was: Option<&Finding>,
    is: Option<&Finding>,
    before: &Verdicts<'_>,
    after: &Verdicts<'_>,
) -> Change {
    use Status::{Fail, NotApplicable, Pass, Unknown};
    match (was.map(|finding| finding.status), is.map(|finding| finding.status)) {
        (None, Some(_)) if before.hides(key) => Change::Regained,
        (Some(Unknown), None) if key.2.name.is_empty() || after.has_part_of(key) => Change::Regained,
        (Some(Unknown), None) => Change::Other,
        (Some(Unknown), Some(_)) => Change::Regained,
        (_, Some(Unknown)) => Change::LostSight,
        (Some(_), None) if after.hides(key) => Change::LostSight,
        (_, Some(Fail)) => Change::Worse,
        (Some(Fail), Some(Pass | NotApplicable) | None) => Change::Better,
        _ => Change::Other,
    }
}

fn difference(change: Change, finding: &Finding, was: Option<&Finding>, is: Option<&Finding>) -> Difference {
    let said = |finding: &Finding| Said { status: finding.status, evidence: finding.evidence.to_string() };
    Difference {
        change,
        account: finding.account,
        check: finding.check,
        subject: finding.subject.clone(),
        severity: finding.severity,
        before: was.map(said),
        after: is.map(said),
    }
}

fn side(assessment: &Assessment) -> Side {
    Side { as_of: assessment.as_of, score: assessment.score(), counts: assessment.counts() }
}

fn accounts(old: &Assessment, new: &Assessment) -> Vec<AccountChange> {
    let (before, after) = (by_id(old), by_id(new));
    let ids: BTreeSet<AccountId> = before.keys().chain(after.keys()).copied().collect();
    let change = |id: AccountId| account(id, before.get(&id).copied(), after.get(&id).copied());
    ids.into_iter().map(change).collect()
}

fn by_id(assessment: &Assessment) -> BTreeMap<AccountId, &AccountAssessment> {
    assessment.accounts.iter().map(|account| (account.id, account)).collect()
}

fn account(id: AccountId, was: Option<&AccountAssessment>, is: Option<&AccountAssessment>) -> AccountChange {
    AccountChange {
        id,
        name: is.and_then(|account| account.name.clone()).or_else(|| was?.name.clone()),
        presence: match (was, is) {
            (None, _) => Presence::Added,
            (_, None) => Presence::Removed,
            _ => Presence::Both,
        },
        before: was.and_then(|account| account.score),
        after: is.and_then(|account| account.score),
    }
}
