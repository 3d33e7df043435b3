use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use leastwise_iam::Document;
use leastwise_iam::lint::{PolicyKind, lint};

use super::POLICIES;
use crate::process::root;

/// The rules that say that a text is no action.
const RULES: [&str; 4] =
    ["invalid-action", "unknown-service", "unknown-action", "action-pattern-without-match"];

const LIST: &str = "docs/errors-in-aws-policies.tsv";

/// A policy, and what in it is no action.
type Error = (String, String);

/// Compares what the linter calls no action in the latest versions with the list, which gives a reason for each.
/// Whatever is not listed is a fault of the catalogue or a new error of AWS's, and whatever is only listed is mended.
pub(super) fn compare(policies: &[(&str, &Document)]) -> Result<()> {
    ensure!(policies.len() == POLICIES, "{} policies have a latest version, not {POLICIES}", policies.len());
    let start = Instant::now();
    let found = found(policies)?;
    let seconds = start.elapsed().as_secs_f32();
    let listed = listed()?;
    let describe = |errors: Vec<&Error>| {
        errors.iter().map(|(policy, action)| format!("{policy}\t{action}")).collect::<Vec<_>>().join("\n")
    };
    let new = describe(found.iter().filter(|error| !listed.contains_key(*error)).collect());
    let gone = describe(listed.keys().filter(|error| !found.contains(*error)).collect());
    println!(
        "{POLICIES} latest versions: {} actions unknown, {} listed ({seconds:.1} s)",
        found.len(),
        listed.len()
    );
    ensure!(
        new.is_empty(),
        "unknown actions that {LIST} does not list; mend the catalogue or say why:\n{new}"
    );
    ensure!(gone.is_empty(), "{LIST} lists what is no error any more; remove these lines:\n{gone}");
    Ok(())
}

fn found(policies: &[(&str, &Document)]) -> Result<BTreeSet<Error>> {
    let mut found = BTreeSet::new();
    for (name, document) in policies {
        for finding in lint(document, PolicyKind::Managed).iter().filter(|f| RULES.contains(&f.rule)) {
            let action = finding.message.split('`').nth(1).context("a message without the action's name")?;
            found.insert(((*name).to_owned(), action.to_owned()));
        }
    }
    Ok(found)
}

/// The list: policy, action and reason, separated by tabs; lines that begin with `#` are for people.
fn listed() -> Result<BTreeMap<Error, String>> {
    let text = fs::read_to_string(root().join(LIST)).with_context(|| format!("reading {LIST}"))?;
    let mut listed = BTreeMap::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<&str> = line.split('\t').collect();
        let [policy, action, reason] = fields.as_slice() else {
            anyhow::bail!("{LIST}: `{line}` has not the form POLICY, ACTION, REASON");
        };
        let honest = reason.contains("https://docs.aws.amazon.com/")
            || reason.contains("not in the Service Authorization Reference as of 20");
        ensure!(honest, "{LIST}: `{line}` gives neither AWS's page nor a date as the reason");
        let twice = listed.insert(((*policy).to_owned(), (*action).to_owned()), (*reason).to_owned());
        ensure!(twice.is_none(), "{LIST} lists `{action}` of {policy} twice");
    }
    Ok(listed)
}
