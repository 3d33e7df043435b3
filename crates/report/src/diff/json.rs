//! The comparison for programs.
//!
//! ```json
//! {
//!   "schema_version": 1,
//!   "before": {"as_of": "…", "score": 55.0, "counts": {}},           // score: or null
//!   "after": {"as_of": "…", "score": 61.5, "counts": {}},
//!   "accounts": [{
//!     "id": "111122223333", "name": "production",                    // name: or null
//!     "presence": "both",                                            // added, removed
//!     "score_before": 50.0, "score_after": 60.0                      // or null
//!   }],
//!   "totals": {
//!     "worse": 1, "lost_sight": 0, "regained": 0, "better": 3, "other": 0,
//!     "unchanged": 200, "not_compared": 0
//!   },
//!   "differences": [{
//!     "change": "worse",                                             // lost_sight, regained, better, other
//!     "account": "111122223333", "check": "root-mfa", "title": "…", "severity": "critical",
//!     "subject": "root",
//!     "before": {"status": "pass", "evidence": "…"},                 // null: the subject is new
//!     "after": {"status": "fail", "evidence": "…"}                   // null: the subject is gone
//!   }]
//! }
//! ```

use std::io::{self, Write};

use leastwise_iam::AccountId;
use leastwise_model::{Severity, Subject};
use serde::Serialize;

use super::{AccountChange, Change, Comparison, Difference, Presence, Said, Side};
use crate::View;
use crate::figures::rounded;
use crate::json::{Each, SCHEMA_VERSION, document};

/// Writes the comparison; the view's severity narrows `differences` and nothing else.
///
/// # Errors
/// The writer's.
pub fn write(comparison: &Comparison, view: &View, out: &mut dyn Write) -> io::Result<()> {
    let listed = |difference: &&Difference| view.is_severe_enough(difference.severity);
    let object = Object {
        schema_version: SCHEMA_VERSION,
        before: Side { score: comparison.old.score.map(rounded), ..comparison.old },
        after: Side { score: comparison.new.score.map(rounded), ..comparison.new },
        accounts: comparison.accounts.iter().map(AccountRow::new).collect(),
        totals: Totals::of(comparison),
        differences: Each(|| comparison.differences.iter().filter(listed).map(DifferenceRow::new)),
    };
    document(&object, out)
}

#[derive(Serialize)]
struct Object<'a, D: Serialize> {
    schema_version: u32,
    before: Side,
    after: Side,
    accounts: Vec<AccountRow<'a>>,
    totals: Totals,
    differences: D,
}

#[derive(Serialize)]
struct AccountRow<'a> {
    id: AccountId,
    name: Option<&'a str>,
    presence: Presence,
    score_before: Option<f64>,
    score_after: Option<f64>,
}

impl<'a> AccountRow<'a> {
    fn new(account: &'a AccountChange) -> Self {
        Self {
            id: account.id,
            name: account.name.as_deref(),
            presence: account.presence,
            score_before: account.before.map(rounded),
            score_after: account.after.map(rounded),
        }
    }
}

#[derive(Serialize)]
struct Totals {
    worse: usize,
    lost_sight: usize,
    regained: usize,
    better: usize,
    other: usize,
    unchanged: usize,
    not_compared: usize,
}

impl Totals {
    fn of(comparison: &Comparison) -> Self {
        Self {
            worse: comparison.count(Change::Worse),
            lost_sight: comparison.count(Change::LostSight),
            regained: comparison.count(Change::Regained),
            better: comparison.count(Change::Better),
            other: comparison.count(Change::Other),
            unchanged: comparison.unchanged,
            not_compared: comparison.not_compared,
        }
    }
}

#[derive(Serialize)]
struct DifferenceRow<'a> {
    change: Change,
    account: AccountId,
    check: &'a str,
    title: &'a str,
    severity: Severity,
    subject: &'a Subject,
    before: Option<&'a Said>,
    after: Option<&'a Said>,
}

impl<'a> DifferenceRow<'a> {
    fn new(difference: &'a Difference) -> Self {
        Self {
            change: difference.change,
            account: difference.account,
            check: difference.check,
            title: leastwise_checks::find(difference.check).map_or(difference.check, |check| check.title),
            severity: difference.severity,
            subject: &difference.subject,
            before: difference.before.as_ref(),
            after: difference.after.as_ref(),
        }
    }
}
