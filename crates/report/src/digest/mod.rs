//! What a report for people says, grouped and cut to size, before anything is printed.

mod blocks;
mod controls;
mod groups;
mod reasons;

pub(crate) use blocks::{Block, blocks};
pub(crate) use controls::{Verdict, controls, totals};
pub(crate) use groups::{Group, Item, Rest, cut, group};
pub(crate) use reasons::{Because, gaps, unknown};

use leastwise_checks::{AccountAssessment, Assessment, Counts};
use leastwise_iam::AccountId;
use leastwise_model::{Finding, Status};

use crate::View;
use crate::names::Names;

/// The findings that a part of a report is about.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'a> {
    pub(crate) assessment: &'a Assessment,
    pub(crate) view: &'a View,
    /// Only those of this account.
    pub(crate) account: Option<AccountId>,
}

impl<'a> Scope<'a> {
    pub(crate) const fn all(assessment: &'a Assessment, view: &'a View) -> Self {
        Self { assessment, view, account: None }
    }

    fn findings(self) -> impl Iterator<Item = &'a Finding> {
        let account = self.account;
        self.assessment.findings.iter().filter(move |finding| account.is_none_or(|id| finding.account == id))
    }

    /// The names of the accounts in the scope.
    pub(crate) fn names(self) -> Names<'a> {
        let accounts = self.assessment.accounts.iter();
        let own = accounts.filter(|account| self.account.is_none_or(|id| account.id == id));
        Names::new(own.map(|account| (account.id, account.name.as_deref())))
    }
}

/// The findings that the view leaves out: by status, and how many more by severity.
pub(crate) fn hidden(scope: Scope<'_>) -> (Counts, usize) {
    let mut by_status = Counts::default();
    let mut by_severity = 0;
    for finding in scope.findings() {
        if !scope.view.shows(finding.status) {
            by_status.add(finding.status);
        } else if !scope.view.is_severe_enough(finding.severity) {
            by_severity += 1;
        }
    }
    (by_status, by_severity)
}

/// How many findings with this status the view shows.
pub(crate) fn shown(scope: Scope<'_>, status: Status) -> usize {
    let severe = |finding: &&Finding| scope.view.is_severe_enough(finding.severity);
    scope.findings().filter(|finding| finding.status == status).filter(severe).count()
}

/// The accounts for the head: all of them, or the worst where there are many, and how many are left out.
pub(crate) fn accounts<'a>(assessment: &'a Assessment, view: &View) -> (Vec<&'a AccountAssessment>, usize) {
    let room = view.at_most().saturating_mul(2);
    let mut accounts: Vec<_> = assessment.accounts.iter().collect();
    let left_out = accounts.len().saturating_sub(room);
    if left_out > 0 {
        let score = |account: &AccountAssessment| account.score.unwrap_or(-1.0);
        accounts.sort_by(|a, b| score(a).total_cmp(&score(b)));
        accounts.truncate(room);
    }
    (accounts, left_out)
}
