//! Writing files whole or not at all.

use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};

/// How many links may lead to one another, as with Linux.
const LINKS: usize = 40;

/// Fails if writing to `output`, which `flag` names, would replace one of `inputs`, or a file of a folder among
/// them: what was read would be lost.
///
/// # Errors
/// It would; the message names both.
pub fn keep_apart(flag: &str, output: &Path, inputs: &[&Path]) -> Result<()> {
    let Some(place) = place(output) else { return Ok(()) };
    for input in inputs {
        let Ok(read) = input.canonicalize() else { continue };
        let in_folder = place.exists() && place.parent() == Some(&read);
        if place == read || in_folder {
            let (output, input) = (output.display(), input.display());
            bail!("`{flag} {output}` would replace what is read from `{input}`; name another file");
        }
    }
    Ok(())
}

/// True if both name one file, whether it is there or not.
pub fn is_same_file(one: &Path, other: &Path) -> bool {
    one == other || place(one).is_some_and(|one| place(other) == Some(one))
}

/// Where a file is, or would be, with all links resolved.
fn place(path: &Path) -> Option<PathBuf> {
    let file = follow(path).ok()?;
    Some(folder_of(&file).canonicalize().ok()?.join(file.file_name()?))
}

/// What a symbolic link stands for, whether that is there or not; any other path as it is.
fn follow(path: &Path) -> std::io::Result<PathBuf> {
    let mut path = path.to_path_buf();
    for _ in 0..LINKS {
        if !path.is_symlink() {
            return Ok(path);
        }
        path = folder_of(&path).join(path.read_link()?);
    }
    Err(std::io::Error::other("its symbolic links lead in a circle; name the file itself"))
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Writes a file whole or not at all: into a temporary file beside it, which then takes its place. Of a symbolic
/// link it is the file that is replaced, not the link.
///
/// # Errors
/// The folder does not exist or cannot be written to; the message names the file.
pub fn write(path: &Path, contents: &[u8], readers: Readers) -> Result<()> {
    if path.is_dir() {
        return Err(anyhow!("cannot write `{}`: it is a folder; name a file in it", path.display()));
    }
    if is_special(path) {
        return std::fs::write(path, contents).with_context(|| format!("cannot write `{}`", path.display()));
    }
    let attempt = || -> std::io::Result<()> {
        let path = follow(path)?;
        let mut builder = tempfile::Builder::new();
        let mut file = with_readers(builder.prefix(".leastwise-"), readers).tempfile_in(folder_of(&path))?;
        file.write_all(contents)?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        Ok(())
    };
    attempt().map_err(|error| match error.kind() {
        ErrorKind::NotFound => {
            anyhow!("cannot write `{}`: the folder does not exist; make it first", path.display())
        }
        _ => anyhow!("cannot write `{}`: {error}", path.display()),
    })
}

/// True for what is there and is no plain file, such as `/dev/stdout`: it can only be written to.
fn is_special(path: &Path) -> bool {
    path.metadata().is_ok_and(|metadata| !metadata.is_file())
}

/// Who may read a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readers {
    /// Whoever may read the user's other new files.
    AsUsual,
    /// The user only: the file tells a lot about an organisation.
    Owner,
}

#[cfg(unix)]
fn with_readers<'a, 'b>(
    builder: &'b mut tempfile::Builder<'a, 'b>,
    readers: Readers,
) -> &'b mut tempfile::Builder<'a, 'b> {
    use std::os::unix::fs::PermissionsExt;
    // The operating system takes the user's mask off.
    let mode = match readers {
        Readers::AsUsual => 0o666,
        Readers::Owner => 0o600,
    };
    builder.permissions(std::fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn with_readers<'a, 'b>(
    builder: &'b mut tempfile::Builder<'a, 'b>,
    _: Readers,
) -> &'b mut tempfile::Builder<'a, 'b> {
    builder
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.json");
        write(&path, b"old and long", Readers::AsUsual).unwrap();
        write(&path, b"new", Readers::AsUsual).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"new");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_cannot_be_written_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let missing =
            write(&folder.path().join("no/such.json"), b"x", Readers::AsUsual).unwrap_err().to_string();
        assert!(missing.contains("such.json") && missing.contains("folder does not exist"), "{missing}");
        assert!(
            write(folder.path(), b"x", Readers::AsUsual).unwrap_err().to_string().contains("is a folder")
        );
    }

    #[test]
    #[cfg(unix)]
    fn a_link_stays_and_its_file_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::create_dir(at("below")).unwrap();
        for (link, target) in [("direct", "below/file"), ("again", "direct"), ("dangling", "below/new")] {
            std::os::unix::fs::symlink(target, at(link)).unwrap();
        }
        std::fs::write(at("below/file"), "old").unwrap();
        for (link, file) in [("direct", "below/file"), ("again", "below/file"), ("dangling", "below/new")] {
            write(&at(link), link.as_bytes(), Readers::AsUsual).unwrap();
            assert!(at(link).is_symlink(), "{link}");
            assert_eq!(std::fs::read_to_string(at(file)).unwrap(), link);
        }
        std::os::unix::fs::symlink("circle", at("circle")).unwrap();
        let message = write(&at("circle"), b"x", Readers::AsUsual).unwrap_err().to_string();
        assert!(message.contains("circle"), "{message}");
    }

    #[test]
    #[cfg(unix)]
    fn what_is_read_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::create_dir(at("export")).unwrap();
        std::fs::write(at("read.json"), "{}").unwrap();
        std::fs::write(at("export/users.json"), "{}").unwrap();
        std::os::unix::fs::symlink("read.json", at("link.json")).unwrap();
        let inputs = [at("read.json"), at("export")];
        let inputs = inputs.each_ref().map(PathBuf::as_path);
        for (output, apart) in [
            ("read.json", false),
            ("export/../read.json", false),
            ("link.json", false),
            ("export/users.json", false),
            ("export/new.json", true),
            ("other.json", true),
            ("no/such/folder.json", true),
        ] {
            let result = keep_apart("--output", &at(output), &inputs);
            assert_eq!(result.is_ok(), apart, "{output}: {result:?}");
        }
        assert!(is_same_file(&at("new.json"), &at("export/../new.json")));
        assert!(is_same_file(&at("link.json"), &at("read.json")));
        assert!(!is_same_file(&at("new.json"), &at("read.json")));
    }
}
