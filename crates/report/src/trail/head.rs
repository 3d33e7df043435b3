use crate::paper::{Paper, plain, strong};

/// What stands above every report on logs: what was read, and what could not be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Head {
    /// What was read, a sentence each.
    pub facts: Vec<String>,
    /// What could not be read or used, a sentence each: whatever may be missing from the answer.
    pub losses: Vec<String>,
}

impl Head {
    pub(crate) fn write(&self, paper: &mut Paper) {
        for fact in &self.facts {
            paper.put(0, 2, &[plain(fact.as_str())]);
        }
        if self.losses.is_empty() {
            return;
        }
        paper.blank();
        paper.put(0, 2, &[strong("Incomplete:"), plain(" something may be missing here")]);
        for loss in &self.losses {
            paper.put(2, 4, &[plain(loss.as_str())]);
        }
    }
}
