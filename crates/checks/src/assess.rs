//! Runs checks over a snapshot: finds the subjects, collects the verdicts, sums up the frameworks.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use leastwise_iam::{AccountId, Arn};
use leastwise_model::{
    Coverage, Finding, Missing, Owner, Role, Severity, Share, Skipped, Snapshot, Status, Subject,
    SubjectKind, Unread, Usage,
};

use crate::check::{Check, Judge, Judged, Verdict};
use crate::framework::{Control, Framework};
use crate::score::{Counts, score};
use crate::subjects::{self, Found, KeyOf, PolicyOf, PrincipalOf};
use crate::{Config, Context, frameworks};

/// Which checks and which frameworks an audit is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// Ids of checks; empty means all.
    pub checks: BTreeSet<String>,
    /// Ids of frameworks; empty means all.
    pub frameworks: BTreeSet<String>,
}

/// What an audit found.
#[derive(Debug, Clone, PartialEq)]
pub struct Assessment {
    /// The instant that verdicts are as of.
    pub as_of: Timestamp,
    /// The organisation's id, if the accounts are known to belong to one.
    pub organization: Option<String>,
    /// The accounts, in the order of their numbers.
    pub accounts: Vec<AccountAssessment>,
    /// What CloudTrail's logs cover, where they were given.
    pub logs: Option<Coverage>,
    /// What else was lost on the way, such as files that were not recognised.
    pub notices: Vec<String>,
    /// Accounts that were left out on purpose.
    pub skipped: Vec<Skipped>,
    /// What could not be read.
    pub gaps: Vec<Gap>,
    /// One verdict for each subject of each check, in the order of accounts, checks and subjects.
    pub findings: Vec<Finding>,
    /// The selected frameworks, with a result for every control.
    pub frameworks: Vec<FrameworkResult>,
}

/// How one account did.
#[derive(Debug, Clone, PartialEq)]
pub struct AccountAssessment {
    /// The account.
    pub id: AccountId,
    /// Its name, where one is known.
    pub name: Option<String>,
    /// 0 to 100, or `None` where nothing could be judged; see [`score()`].
    pub score: Option<f64>,
    /// How many verdicts of each kind.
    pub counts: Counts,
    /// When the credential report behind the verdicts was made.
    pub credential_report: Option<Timestamp>,
}

/// A part of the snapshot that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gap {
    /// The account, or `None` for the organisation.
    pub account: Option<AccountId>,
    /// Which part.
    pub part: String,
    /// Whose it is, where many of the account's things have such a part.
    pub share: Option<Share>,
    /// Why, and what would mend it.
    pub why: Missing,
}

/// How a framework is met.
#[derive(Debug, Clone, PartialEq)]
pub struct FrameworkResult {
    /// The framework.
    pub framework: &'static Framework,
    /// One result for each of its controls, in its order.
    pub controls: Vec<ControlResult>,
}

/// How one control of a framework is met.
#[derive(Debug, Clone, PartialEq)]
pub struct ControlResult {
    /// The control.
    pub control: &'static Control,
    /// Over all accounts.
    pub status: Status,
    /// The verdicts behind it.
    pub counts: Counts,
    /// For each account.
    pub accounts: BTreeMap<AccountId, Status>,
}

impl Assessment {
    /// True if some verdict could not be reached, something was lost on the way, or there was nothing to judge.
    /// A manual row is not incompleteness.
    ///
    /// With `frameworks_count`, a control of a selected framework that nothing decides counts as well.
    pub fn is_incomplete(&self, frameworks_count: bool) -> bool {
        let undecided =
            |result: &FrameworkResult| result.controls.iter().any(|c| c.status == Status::Unknown);
        self.findings.is_empty()
            || !self.notices.is_empty()
            || self.findings.iter().any(|finding| finding.status == Status::Unknown)
            || (frameworks_count && self.frameworks.iter().any(undecided))
    }

    /// The score over all accounts; see [`score()`].
    pub fn score(&self) -> Option<f64> {
        score(&self.findings)
    }

    /// How many verdicts of each kind over all accounts.
    pub fn counts(&self) -> Counts {
        self.findings.iter().collect()
    }
}

/// Judges a snapshot as of `now`, together with what CloudTrail's logs come to where they were given.
pub fn assess(
    snapshot: &Snapshot,
    usage: Option<&Usage>,
    config: &Config,
    selection: &Selection,
    now: Timestamp,
) -> Assessment {
    let frameworks = selected_frameworks(selection);
    let checks = selected_checks(selection, &frameworks);
    let mut findings = Vec::new();
    let mut accounts = Vec::new();
    for account in &snapshot.accounts {
        let context = Context::new(snapshot, account, usage, config, selection, now);
        let first = findings.len();
        for check in &checks {
            judge(check, &context, &mut findings);
        }
        let own = findings.get(first..).unwrap_or_default();
        accounts.push(AccountAssessment {
            id: account.id,
            name: config.account_names.get(&account.id).or(account.name.as_ref()).cloned(),
            score: score(own),
            counts: own.iter().collect(),
            credential_report: account.credential_report.value().copied().flatten(),
        });
    }
    let ids: Vec<AccountId> = accounts.iter().map(|account| account.id).collect();
    let tally = Tally { all_listed: snapshot.unlisted.is_none(), ..Tally::of(&findings, &checks) };
    Assessment {
        as_of: now,
        organization: snapshot.organization.value().and_then(Option::as_ref).map(|o| o.id.clone()),
        accounts,
        notices: notices(snapshot, usage),
        logs: usage.map(|usage| usage.coverage.clone()),
        skipped: snapshot.skipped.clone(),
        gaps: gaps(snapshot),
        frameworks: frameworks.into_iter().map(|framework| tally.framework(framework, &ids)).collect(),
        findings,
    }
}

fn selected_frameworks(selection: &Selection) -> Vec<&'static Framework> {
    let wanted = |framework: &&Framework| {
        selection.frameworks.is_empty() || selection.frameworks.contains(&framework.id)
    };
    frameworks().iter().filter(wanted).collect()
}

/// The checks that are named, or cited by a named framework; all where nothing is named.
fn selected_checks(selection: &Selection, frameworks: &[&'static Framework]) -> Vec<&'static Check> {
    let cited: BTreeSet<&str> = frameworks
        .iter()
        .flat_map(|framework| &framework.controls)
        .flat_map(|control| control.checks.iter().map(String::as_str))
        .collect();
    let wanted = |check: &&&Check| {
        (selection.checks.is_empty() || selection.checks.contains(check.id))
            && (selection.frameworks.is_empty() || cited.contains(check.id))
    };
    crate::all().iter().filter(wanted).copied().collect()
}

/// What was lost in collecting and in reading logs.
fn notices(snapshot: &Snapshot, usage: Option<&Usage>) -> Vec<String> {
    let mut notices = snapshot.notices.clone();
    if let Some(usage) = usage {
        let lost = &usage.coverage.lost;
        notices.extend(lost.iter().map(|(what, count)| format!("of the logs: {count} {what}")));
        if !lost.is_complete() {
            notices.push(format!("of the logs: {} of other kinds", lost.other()));
        }
    }
    notices
}

fn gaps(snapshot: &Snapshot) -> Vec<Gap> {
    let gap = |unread: Unread<'_>| {
        let Unread { account, part, share, why } = unread;
        Gap { account, part, share, why: why.clone() }
    };
    snapshot.unread().into_iter().map(gap).collect()
}

/// Judges every subject of one check in one account.
fn judge(check: &'static Check, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let account = context.account;
    let mut rows = Rows { check, context, findings, found: 0 };
    match check.judge {
        Judge::Account(judge) => rows.add(Subject::only(SubjectKind::Account), None, judge(account, context)),
        Judge::Root(judge) => {
            rows.add(Subject::only(SubjectKind::Root), Some(account.root_arn()), judge(account, context));
        }
        Judge::PasswordPolicy(judge) => {
            let judged = account.password_policy.get().and_then(|policy| judge(policy.as_ref(), context));
            rows.add(Subject::only(SubjectKind::PasswordPolicy), None, judged);
        }
        Judge::User(judge) => rows.each(SubjectKind::User, subjects::users(account), |user| {
            (Subject::new(SubjectKind::User, user.name.as_str()), &user.arn, judge(user, context))
        }),
        Judge::AccessKey(judge) => {
            rows.each(SubjectKind::AccessKey, subjects::active_keys(account), |of: KeyOf<'_>| {
                let name = format!("{}/{}", of.user.name, of.key.slot);
                (Subject::new(SubjectKind::AccessKey, name), &of.user.arn, judge(&of, context))
            });
        }
        Judge::Group(judge) => rows.each(SubjectKind::Group, subjects::groups(account), |group| {
            (Subject::new(SubjectKind::Group, group.name.as_str()), &group.arn, judge(group, context))
        }),
        Judge::Role(judge) => rows.each(SubjectKind::Role, subjects::roles(account), |role| {
            let judged = unless(role.is_reserved().then_some(role), context, || judge(role, context));
            (Subject::new(SubjectKind::Role, role.name.as_str()), &role.arn, judged)
        }),
        Judge::Principal(judge) => {
            rows.each(SubjectKind::User, subjects::principals(account), |of: PrincipalOf<'_>| {
                (of.subject(), of.arn(), unless(of.owned_by_aws(), context, || judge(&of, context)))
            });
        }
        Judge::Policy(judge) => {
            rows.each(SubjectKind::Policy, subjects::policies(account), |of: PolicyOf<'_>| {
                (of.subject(), of.arn(), unless(of.owned_by_aws(), context, || judge(&of, context)))
            });
        }
        Judge::InlinePolicy(judge) => {
            rows.each(SubjectKind::InlinePolicy, subjects::inline_policies(account), |of: PolicyOf<'_>| {
                (of.subject(), of.arn(), unless(of.owned_by_aws(), context, || judge(&of, context)))
            });
        }
        Judge::ServerCertificate(judge) => {
            rows.each(
                SubjectKind::ServerCertificate,
                subjects::server_certificates(account),
                |certificate| {
                    let subject = Subject::new(SubjectKind::ServerCertificate, certificate.name.as_str());
                    (subject, &certificate.arn, judge(certificate, context))
                },
            );
        }
    }
}

/// The judgement, unless the subject belongs to a role that customers cannot change: there is nothing to fix.
/// Control Tower's roles are known by name only, and the names are free where there is no organisation.
fn unless(role: Option<&Role>, context: &Context<'_>, judge: impl FnOnce() -> Judged) -> Judged {
    let Some(role) = role else { return judge() };
    if role.owner == Owner::ControlTower && context.snapshot.organization.get()?.is_none() {
        return judge();
    }
    Verdict::not_applicable(format!("the role belongs to {}", role.owner.as_str()))
}

/// The rows of one check in one account.
struct Rows<'a, 'c> {
    check: &'static Check,
    context: &'a Context<'c>,
    findings: &'a mut Vec<Finding>,
    found: usize,
}

impl Rows<'_, '_> {
    /// A row for each subject; one row that says so where there is none.
    fn each<'s, S>(
        &mut self,
        kind: SubjectKind,
        subjects: Vec<Found<S>>,
        judge: impl Fn(S) -> (Subject, &'s Arn, Judged),
    ) {
        for found in subjects {
            match found {
                Ok(subject) => {
                    let (subject, arn, judged) = judge(subject);
                    self.add(subject, Some(arn.clone()), judged);
                }
                Err((subject, missing)) => self.add(subject, None, Err(missing)),
            }
        }
        if self.found == 0 {
            self.add(Subject::only(kind), None, Verdict::not_applicable("the account has none"));
        }
    }

    fn add(&mut self, subject: Subject, arn: Option<Arn>, judged: Judged) {
        let (status, evidence, missing) = match judged {
            Ok(Verdict::Pass(evidence)) => (Status::Pass, evidence, None),
            Ok(Verdict::Fail(evidence)) => (Status::Fail, evidence, None),
            Ok(Verdict::Manual(evidence)) => (Status::Manual, evidence, None),
            Ok(Verdict::NotApplicable(evidence)) => (Status::NotApplicable, evidence, None),
            Err(missing) => (Status::Unknown, missing.to_string().into(), Some(missing)),
        };
        self.found += 1;
        self.findings.push(Finding {
            account: self.context.account.id,
            check: self.check.id,
            subject,
            arn,
            status,
            severity: severity(self.check, self.context.config),
            evidence,
            missing,
        });
    }
}

fn severity(check: &Check, config: &Config) -> Severity {
    config.severities.get(check.id).copied().unwrap_or(check.severity)
}

/// The verdicts of each check in each account, counted once for all frameworks.
struct Tally<'a> {
    counts: BTreeMap<(&'a str, AccountId), Counts>,
    /// The checks that ran.
    ran: BTreeSet<&'a str>,
    /// False if there may be more accounts than those that were read.
    all_listed: bool,
}

impl<'a> Tally<'a> {
    /// Counts verdicts; what fails for information only does not break a control.
    fn of(findings: &'a [Finding], checks: &[&'static Check]) -> Self {
        let mut counts: BTreeMap<(&str, AccountId), Counts> = BTreeMap::new();
        let informing: BTreeSet<&str> =
            checks.iter().filter(|check| check.informs()).map(|check| check.id).collect();
        let informational = |f: &&Finding| f.status == Status::Fail && informing.contains(f.check);
        for finding in findings.iter().filter(|finding| !informational(finding)) {
            counts.entry((finding.check, finding.account)).or_default().add(finding.status);
        }
        Self { counts, ran: checks.iter().map(|check| check.id).collect(), all_listed: true }
    }

    fn framework(&self, framework: &'static Framework, accounts: &[AccountId]) -> FrameworkResult {
        let controls = framework.controls.iter().map(|control| self.control(control, accounts)).collect();
        FrameworkResult { framework, controls }
    }

    fn control(&self, control: &'static Control, accounts: &[AccountId]) -> ControlResult {
        let mut total = Counts::default();
        let mut by_account = BTreeMap::new();
        for &account in accounts {
            let mut counts = Counts::default();
            for check in &control.checks {
                counts.extend(self.counts.get(&(check.as_str(), account)).copied().unwrap_or_default());
            }
            by_account.insert(account, self.status(control, counts));
            total.extend(counts);
        }
        if !self.all_listed && !control.checks.is_empty() {
            // For the accounts that nobody listed.
            total.add(Status::Unknown);
        }
        ControlResult { control, status: self.status(control, total), counts: total, accounts: by_account }
    }

    /// The worst verdict counts; a control that is not decided, or of which only a part was judged, never
    /// passes.
    fn status(&self, control: &Control, counts: Counts) -> Status {
        let whole = control.undecided.is_none()
            && control.checks.iter().all(|check| self.ran.contains(check.as_str()));
        match counts.worst() {
            Some(Status::Fail) => Status::Fail,
            Some(status) if whole => status,
            None if whole && !control.checks.is_empty() => Status::NotApplicable,
            _ => Status::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use leastwise_model::{Account, Reason};

    use super::*;
    use crate::testing;

    #[test]
    fn every_control_has_a_row_and_what_nothing_decides_never_passes() {
        let snapshot = testing::snapshot(testing::account());
        let assessment = assess(&snapshot, None, &Config::default(), &Selection::default(), testing::now());
        for result in &assessment.frameworks {
            assert_eq!(result.controls.len(), result.framework.controls.len());
            for row in &result.controls {
                if row.control.undecided.is_some() || row.control.checks.is_empty() {
                    assert!(matches!(row.status, Status::Unknown | Status::Fail), "{}", row.control.id);
                }
            }
        }
    }

    #[test]
    fn an_account_of_which_nothing_was_read_passes_nothing() {
        let why = Missing::new(Reason::AccessDenied, "no");
        let id = testing::account().id;
        let snapshot = testing::snapshot(Account::unread(id, leastwise_iam::Partition::Aws, &why));
        let assessment = assess(&snapshot, None, &Config::default(), &Selection::default(), testing::now());
        let passes: Vec<_> = assessment.findings.iter().filter(|f| f.status == Status::Pass).collect();
        assert!(passes.is_empty(), "{passes:?}");
        assert!(assessment.is_incomplete(false));
        assert_eq!(assessment.score(), None);
    }

    #[test]
    fn a_control_of_which_a_part_was_judged_does_not_pass() {
        let snapshot = testing::snapshot(testing::account());
        let status = |checks: &[&str], control: &str| {
            let selection =
                Selection { checks: checks.iter().map(|&c| c.to_owned()).collect(), ..Selection::default() };
            let assessment = assess(&snapshot, None, &Config::default(), &selection, testing::now());
            let mut controls = assessment.frameworks.iter().flat_map(|f| &f.controls);
            controls.find(|row| row.control.id == control).unwrap().status
        };
        assert_eq!(status(&[], "BP-05"), Status::Pass);
        assert_eq!(status(&["password-policy-length"], "BP-05"), Status::Unknown);
        assert_eq!(status(&["password-policy-length"], "1.8"), Status::Pass);
    }

    #[test]
    fn what_is_for_information_does_not_break_a_control() {
        let mut account = testing::account();
        testing::password_policy(&mut account).max_age_days = None;
        let snapshot = testing::snapshot(account);
        let assessment = assess(&snapshot, None, &Config::default(), &Selection::default(), testing::now());
        assert!(
            assessment
                .findings
                .iter()
                .any(|f| f.check == "password-policy-max-age" && f.status == Status::Fail)
        );
        let mut controls = assessment.frameworks.iter().flat_map(|f| &f.controls);
        assert_eq!(controls.find(|row| row.control.id == "BP-08").unwrap().status, Status::Pass);
    }

    #[test]
    fn a_configured_severity_does_not_change_whether_a_control_holds() {
        let mut account = testing::account();
        let policy = testing::password_policy(&mut account);
        (policy.minimum_length, policy.max_age_days) = (8, None);
        let snapshot = testing::snapshot(account);
        for (length, age) in [("info", "info"), ("medium", "info"), ("critical", "critical")] {
            let text = format!(
                "[severities]\npassword-policy-length = '{length}'\npassword-policy-max-age = '{age}'"
            );
            let config = Config::from_toml(&text).unwrap();
            let assessment = assess(&snapshot, None, &config, &Selection::default(), testing::now());
            let controls = || assessment.frameworks.iter().flat_map(|f| &f.controls);
            let status = |id: &str| controls().find(|row| row.control.id == id).unwrap().status;
            assert_eq!((status("BP-05"), status("1.8")), (Status::Fail, Status::Fail), "{text}");
            assert_eq!(status("BP-08"), Status::Pass, "{text}");
        }
    }

    #[test]
    fn a_control_does_not_pass_over_accounts_that_were_not_listed() {
        let mut snapshot = testing::snapshot(testing::account());
        for (unlisted, expected) in [(None, Status::Pass), (Some(testing::missing()), Status::Unknown)] {
            snapshot.unlisted = unlisted;
            let assessment =
                assess(&snapshot, None, &Config::default(), &Selection::default(), testing::now());
            let row =
                assessment.frameworks.iter().flat_map(|f| &f.controls).find(|c| c.control.id == "BP-05");
            let row = row.unwrap();
            assert_eq!(row.status, expected);
            assert_eq!(row.accounts.values().collect::<Vec<_>>(), [&Status::Pass], "the one that was read");
        }
    }

    #[test]
    fn nothing_to_judge_is_no_clean_answer() {
        let mut snapshot = testing::snapshot(testing::account());
        snapshot.accounts.clear();
        assert!(
            assess(&snapshot, None, &Config::default(), &Selection::default(), testing::now())
                .is_incomplete(false)
        );
        let mut snapshot = testing::snapshot(testing::account());
        snapshot.notices.push("a file was not recognised".to_owned());
        let selection = Selection { checks: ["root-mfa".to_owned()].into(), ..Selection::default() };
        assert!(assess(&snapshot, None, &Config::default(), &selection, testing::now()).is_incomplete(false));
    }

    #[test]
    fn a_selection_by_framework_runs_what_it_cites() {
        let snapshot = testing::snapshot(testing::account());
        let selection = Selection { frameworks: ["cis_aws_1_4".to_owned()].into(), ..Selection::default() };
        let assessment = assess(&snapshot, None, &Config::default(), &selection, testing::now());
        assert_eq!(assessment.frameworks.len(), 1);
        assert!(assessment.findings.iter().any(|f| f.check == "root-mfa"));
        assert!(!assessment.findings.iter().any(|f| f.check == "iam-inline-policy"));
    }
}
