//! Deciding written-down requests: one case a line, with its policies and what is expected.
//!
//! The format is a contract that others build on; `docs/simulate.md` describes it.

mod cache;
mod case;
mod context;
mod remarks;

use leastwise_policy::{Explanation, Layer, Policies, PolicyKind, Request, Verdict, decide, explain};

use cache::Cache;
use case::Case;
use remarks::Remarks;

/// Decides cases, and remembers the policies that occur again.
#[derive(Debug, Default)]
pub struct Simulator {
    cache: Cache,
    remarks: Remarks,
    summary: Summary,
}

/// How many cases came out how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Summary {
    /// Cases that could be decided.
    pub decided: usize,
    /// Of these, how many had an expectation.
    pub expected: usize,
    /// Of these, how many came out otherwise.
    pub differing: usize,
    /// Cases that could not be decided.
    pub errors: usize,
}

/// One request with its decision and the reasons.
#[derive(Debug, Clone, PartialEq)]
pub struct Explained {
    /// Who asks, as written.
    pub principal: String,
    /// The action.
    pub action: String,
    /// The ARNs, or `*`.
    pub resources: Vec<String>,
    /// The decision and its reasons.
    pub explanation: Explanation,
    /// What is strange about the policies, though they can be judged.
    pub remarks: Vec<String>,
}

/// What became of one case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The case's name, as far as it could be read.
    pub name: Option<String>,
    /// What the case expects.
    pub expected: Option<Verdict>,
    /// The decision and its ground, or why there is none.
    pub result: Result<(Verdict, Layer), String>,
    /// What is strange about the case, though it can be decided.
    pub remarks: Vec<String>,
}

impl Outcome {
    /// True if the decision is another than the expected one.
    pub fn differs(&self) -> bool {
        match (&self.result, self.expected) {
            (Ok((verdict, _)), Some(expected)) => *verdict != expected,
            _ => false,
        }
    }
}

impl Simulator {
    /// Decides the case on a line.
    pub fn run(&mut self, line: &[u8]) -> Outcome {
        let outcome = self.decide(line);
        self.count(&outcome);
        outcome
    }

    /// Decides a single case, which may stand on several lines, and says why.
    ///
    /// # Errors
    /// The text is no case, or several, or one of its policies is none.
    pub fn explain(&mut self, text: &[u8]) -> Result<Explained, String> {
        let case = Case::parse_only(text)?;
        let Prepared { request, policies, remarks } = self.prepare(&case)?;
        Ok(Explained {
            principal: case.principal().to_owned(),
            action: case.action().to_owned(),
            resources: request.resources.iter().map(|resource| resource.as_str().to_owned()).collect(),
            explanation: explain(&request, &policies),
            remarks,
        })
    }

    /// What has been decided so far.
    pub const fn summary(&self) -> Summary {
        self.summary
    }

    fn decide(&mut self, line: &[u8]) -> Outcome {
        let case = match Case::parse(line) {
            Ok(case) => case,
            Err(error) => return failed(case::name(line), None, error),
        };
        let (name, expected) = (case.name(), case.expect.map(Into::into));
        match self.prepare(&case) {
            Err(error) => failed(name, expected, error),
            Ok(Prepared { request, policies, remarks }) => {
                let decision = decide(&request, &policies);
                Outcome { name, expected, result: Ok((decision.verdict, decision.by)), remarks }
            }
        }
    }

    fn prepare(&mut self, case: &Case<'_>) -> Result<Prepared, String> {
        let request = case.request()?;
        let mut remarks = self.remarks.on_request(&request);
        let policies = case.policies(|text, kind| {
            let read = self.cache.get(text, kind, |policy| self.remarks.on_policy(policy))?;
            remarks.extend(read.remarks.iter().map(|r| format!("`policies.{}`: {r}", name_of(kind))));
            Ok(read.policy)
        })?;
        Ok(Prepared { request, policies, remarks })
    }

    fn count(&mut self, outcome: &Outcome) {
        let summary = &mut self.summary;
        if outcome.result.is_err() {
            summary.errors += 1;
            return;
        }
        summary.decided += 1;
        summary.expected += usize::from(outcome.expected.is_some());
        summary.differing += usize::from(outcome.differs());
    }
}

/// A case that can be decided.
struct Prepared {
    request: Request,
    policies: Policies,
    remarks: Vec<String>,
}

fn failed(name: Option<String>, expected: Option<Verdict>, error: String) -> Outcome {
    Outcome { name, expected, result: Err(error), remarks: Vec::new() }
}

/// The kinds of policies by the names that they have in a case.
const KINDS: [(&str, PolicyKind); 7] = [
    ("identity", PolicyKind::Identity),
    ("resource", PolicyKind::Resource),
    ("boundary", PolicyKind::Boundary),
    ("session", PolicyKind::Session),
    ("scp", PolicyKind::ServiceControl),
    ("rcp", PolicyKind::ResourceControl),
    ("endpoint", PolicyKind::Endpoint),
];

fn name_of(kind: PolicyKind) -> &'static str {
    KINDS.iter().find(|(_, k)| *k == kind).map_or("policy", |(name, _)| name)
}

#[cfg(test)]
mod tests;
