//! Reading `leastwise.toml`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use leastwise_checks::Config;

/// The file that is read where no other is named.
pub const FILE_NAME: &str = "leastwise.toml";

/// The configuration, and the file it was read from.
#[derive(Debug, Clone, Default)]
pub struct Configuration {
    /// What the file says; the defaults where there is none.
    pub config: Config,
    /// The file, if one was read.
    pub file: Option<PathBuf>,
}

/// Reads the named file, or `leastwise.toml` in `folder` if there is one.
///
/// # Errors
/// The named file cannot be read, or what it holds is no configuration; the message names file and place.
pub fn read(named: Option<&Path>, folder: &Path) -> Result<Configuration> {
    let file = match named {
        Some(path) => path.to_path_buf(),
        None => folder.join(FILE_NAME),
    };
    if named.is_none() && !file.exists() {
        return Ok(Configuration::default());
    }
    let text = fs::read_to_string(&file)
        .with_context(|| format!("cannot read the configuration `{}`", file.display()))?;
    let config =
        Config::from_toml(&text).with_context(|| format!("in the configuration `{}`", file.display()))?;
    Ok(Configuration { config, file: Some(file) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_named_file_must_be_there_and_the_usual_one_need_not() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(read(None, folder.path()).unwrap().file, None);
        assert!(read(Some(&folder.path().join("other.toml")), folder.path()).is_err());
        fs::write(folder.path().join(FILE_NAME), "[thresholds]\nroot_use_days = 7").unwrap();
        let configuration = read(None, folder.path()).unwrap();
        assert_eq!(configuration.config.thresholds.root_use_days, 7);
        fs::write(folder.path().join(FILE_NAME), "[thresholds]\nroot_use = 7").unwrap();
        let message = format!("{:#}", read(None, folder.path()).unwrap_err());
        assert!(message.contains(FILE_NAME) && message.contains("root_use"), "{message}");
    }
}
