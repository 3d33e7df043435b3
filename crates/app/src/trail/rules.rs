//! Which detection rules to use: our own, and files that the user names.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use leastwise_trail::sigma::{Placeholders, Rules, Source, ours};
use walkdir::WalkDir;

/// Rules that were chosen, as texts.
#[derive(Debug)]
pub struct Chosen {
    ours: bool,
    files: Vec<(String, String)>,
    placeholders: Placeholders,
}

impl Chosen {
    /// Reads files of rules, and all `.yml` and `.yaml` files of folders and the folders in them.
    ///
    /// # Errors
    /// A file cannot be read, or is no UTF-8; a folder has no rules.
    pub fn read(paths: &[PathBuf], ours: bool, placeholders: Placeholders) -> Result<Self> {
        let mut files = Vec::new();
        for path in paths {
            let before = files.len();
            for file in files_of(path)? {
                let text = std::fs::read_to_string(&file)
                    .with_context(|| format!("cannot read the rules in `{}`", file.display()))?;
                files.push((file.display().to_string(), text));
            }
            if files.len() == before {
                bail!("`{}` has no rules: no file in it ends with `.yml` or `.yaml`", path.display());
            }
        }
        Ok(Self { ours, files, placeholders })
    }

    /// The rules, compiled.
    pub fn load(&self) -> Rules {
        Rules::load(self.sources(), &self.placeholders)
    }

    /// The rules with their test events.
    pub fn load_with_tests(&self) -> Rules {
        Rules::load_with_tests(self.sources(), &self.placeholders)
    }

    fn sources(&self) -> impl Iterator<Item = Source<'_>> {
        let own = self.ours.then(ours).into_iter().flatten();
        own.chain(self.files.iter().map(|(name, text)| Source { name, text }))
    }
}

/// A file itself; of a folder, its rules in the order of their paths.
fn files_of(path: &Path) -> Result<Vec<PathBuf>> {
    if path.is_file() {
        return Ok(vec![path.to_path_buf()]);
    }
    let mut files = Vec::new();
    for entry in WalkDir::new(path).follow_links(true).sort_by_file_name() {
        let entry = entry.with_context(|| format!("cannot read the rules in `{}`", path.display()))?;
        let extension = entry.path().extension().and_then(|extension| extension.to_str());
        if entry.file_type().is_file() && matches!(extension, Some("yml" | "yaml")) {
            files.push(entry.into_path());
        }
    }
    Ok(files)
}
