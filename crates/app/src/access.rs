//! Questions of access to a snapshot.

use anyhow::Result;
use jiff::Timestamp;
use leastwise_access::{Answer, Estate, Overview, Question, Reasons, Row};
use leastwise_aws::Watch;
use leastwise_model::{Missing, Snapshot};

use crate::source::{self, Source};

/// The answers of several principals.
#[derive(Debug, Clone)]
pub struct Answers {
    /// One row for each principal.
    pub rows: Vec<Row>,
    /// Why principals may be missing.
    pub unread: Vec<Missing>,
}

impl Answers {
    /// True if something could not be read that may change an answer.
    pub fn is_incomplete(&self) -> bool {
        let unknown = |row: &Row| match &row.answer {
            Answer::Unknown(_) => true,
            Answer::Conditionally(requirements) => requirements
                .iter()
                .any(|requirement| matches!(requirement, leastwise_access::Requirement::Unread(_))),
            Answer::Always | Answer::Never => false,
        };
        !self.unread.is_empty() || self.rows.iter().any(unknown)
    }
}

/// Reads what is to be asked.
///
/// # Errors
/// The source cannot be read.
pub async fn load(source: &Source, now: Timestamp, watch: &Watch) -> Result<Snapshot> {
    source::load(source, now, watch).await
}

/// Who can do what is asked.
pub fn who_can(snapshot: &Snapshot, question: &Question) -> Answers {
    let estate = Estate::new(snapshot);
    let unread = estate.unread().iter().cloned().chain(leastwise_access::unread(&estate, question));
    Answers { rows: leastwise_access::who_can(&estate, question), unread: unread.collect() }
}

/// Whether one principal can do what is asked.
///
/// # Errors
/// The snapshot has no such principal, or several.
pub fn can_do(snapshot: &Snapshot, principal: &str, question: &Question) -> Result<Answers> {
    let estate = Estate::new(snapshot);
    let row = leastwise_access::can_do(&estate, estate.find(principal)?, question);
    Ok(Answers { rows: vec![row], unread: Vec::new() })
}

/// All that one principal can do, and its ARN.
///
/// # Errors
/// The snapshot has no such principal, or several.
pub fn can(
    snapshot: &Snapshot,
    principal: &str,
    context: &[(String, Vec<String>)],
    exact: bool,
) -> Result<(String, Overview)> {
    let estate = Estate::new(snapshot);
    let principal = estate.find(principal)?;
    Ok((principal.arn.to_string(), leastwise_access::can(principal, context, exact)))
}

/// Why a principal can or cannot do what is asked.
///
/// # Errors
/// The snapshot has no such principal, or several.
pub fn why(snapshot: &Snapshot, principal: &str, question: &Question) -> Result<Reasons> {
    let estate = Estate::new(snapshot);
    Ok(leastwise_access::why(&estate, estate.find(principal)?, question))
}

/// How much each principal can do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matrix {
    /// Each principal's ARN and how many of all actions it may carry out on `*`.
    pub rows: Vec<(String, usize)>,
    /// True if something could not be read that may change an answer.
    pub is_incomplete: bool,
}

/// How many actions each principal may carry out on `*`, in a context of which everything is said.
pub fn matrix(snapshot: &Snapshot, context: &[(String, Vec<String>)]) -> Matrix {
    let estate = Estate::new(snapshot);
    let unread = estate.principals().iter().any(|principal| principal.unread().next().is_some());
    let is_incomplete = unread || !estate.unread().is_empty();
    let permissions = leastwise_access::matrix(&estate, context);
    let rows = permissions.into_iter().map(|(p, permissions)| (p.arn.to_string(), permissions.always.len()));
    Matrix { rows: rows.collect(), is_incomplete }
}
