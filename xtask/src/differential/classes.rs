//! Disagreements that were looked up in AWS's documentation: `xtask/differential/classes.json`.

use std::collections::BTreeSet;
use std::fs;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::features;
use super::reduce::Disagreement;
use crate::process::root;

/// Disagreements with one ground.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Class {
    /// The name, which is a heading of `docs/differential.md`.
    pub name: String,
    /// What we say; any, if it is not there.
    #[serde(default)]
    ours: Option<String>,
    /// What the peer says; any, if it is not there.
    #[serde(default)]
    peer: Option<String>,
    /// Words that the reduced case must have, each one of those between the bars.
    when: Vec<String>,
    /// Words that it must not have.
    #[serde(default)]
    unless: Vec<String>,
}

pub(super) fn read() -> Result<Vec<Class>> {
    let file = root().join("xtask/differential/classes.json");
    let text = fs::read(&file).with_context(|| format!("reading {}", file.display()))?;
    let classes: Vec<Class> =
        serde_json::from_slice(&text).with_context(|| format!("reading {}", file.display()))?;
    let page =
        fs::read_to_string(root().join("docs/differential.md")).context("reading docs/differential.md")?;
    for class in &classes {
        let heading = format!("### {}\n", class.name);
        anyhow::ensure!(page.contains(&heading), "docs/differential.md says nothing of `{}`", class.name);
    }
    Ok(classes)
}

impl Class {
    pub fn fits(&self, disagreement: &Disagreement) -> bool {
        let words = features::of(&disagreement.case);
        let has_one = |alternatives: &String| alternatives.split('|').any(|word| has(&words, word));
        self.ours.as_ref().is_none_or(|ours| *ours == disagreement.ours)
            && self.peer.as_ref().is_none_or(|peer| *peer == disagreement.peers)
            && self.when.iter().all(has_one)
            && !self.unless.iter().any(has_one)
    }
}

fn has(words: &BTreeSet<String>, word: &str) -> bool {
    words.contains(word)
}
