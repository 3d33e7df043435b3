//! The generated documentation: one page for each check, their index, the permissions, the rules of the linter.

mod lint;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process::{output, release_binary, root};

/// Writes the pages; with `check`, fails where a file differs or should not be there.
pub(crate) fn run(check: bool) -> Result<()> {
    let pages = pages(&release_binary()?)?;
    let differing = differing(&pages)?;
    if check {
        if differing.is_empty() {
            return Ok(());
        }
        bail!(
            "generated documentation is not current; run `cargo xtask docs`:\n  {}",
            differing.join("\n  ")
        );
    }
    for (path, text) in &pages {
        fs::create_dir_all(path.parent().unwrap_or(path))?;
        fs::write(path, text).with_context(|| format!("writing {}", path.display()))?;
    }
    for path in orphans(&pages)? {
        fs::remove_file(&path).with_context(|| format!("removing {}", path.display()))?;
    }
    println!("==> {} pages, {} of them changed", pages.len(), differing.len());
    Ok(())
}

fn pages(leastwise: &Path) -> Result<BTreeMap<PathBuf, String>> {
    let ask = |arguments: &[&str]| output(Command::new(leastwise).args(arguments));
    let docs = root().join("docs");
    let mut pages = BTreeMap::new();
    pages.insert(docs.join("checks/README.md"), ask(&["checks", "list", "--format", "md"])?);
    pages.insert(docs.join("lint.md"), lint::page());
    pages.insert(docs.join("permissions.md"), ask(&["permissions", "--format", "md"])?);
    for id in ask(&["checks", "list", "--format", "ids"])?.lines() {
        let page = ask(&["checks", "show", id, "--format", "md"])?;
        pages.insert(docs.join(format!("checks/{id}.md")), page);
    }
    Ok(pages)
}

fn differing(pages: &BTreeMap<PathBuf, String>) -> Result<Vec<String>> {
    let stale = pages.iter().filter(|(path, text)| fs::read_to_string(path).ok().as_ref() != Some(text));
    let stale = stale.map(|(path, _)| path.clone());
    let mut all: Vec<String> = stale.chain(orphans(pages)?).map(|path| path.display().to_string()).collect();
    all.sort();
    Ok(all)
}

/// Pages of checks that are no more.
fn orphans(pages: &BTreeMap<PathBuf, String>) -> Result<Vec<PathBuf>> {
    let folder = root().join("docs/checks");
    let mut orphans = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry?.path();
        if !pages.contains_key(&path) {
            orphans.push(path);
        }
    }
    Ok(orphans)
}
