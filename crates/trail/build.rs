//! Lists the rules in `rules/`, so that they come with the program.

#![allow(clippy::disallowed_methods, reason = "a build script reads and writes files")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules");
    println!("cargo::rerun-if-changed={}", root.display());
    let mut files = Vec::new();
    collect(&root, &mut files)?;
    files.sort();
    let mut list = String::from("[\n");
    for file in files {
        println!("cargo::rerun-if-changed={}", file.display());
        let name = Path::new("rules").join(file.strip_prefix(&root).unwrap_or(&file));
        let name = name.display().to_string().replace('\\', "/");
        let file = file.display().to_string();
        let _ = writeln!(list, "    Source {{ name: {name:?}, text: include_str!({file:?}) }},");
    }
    list.push(']');
    let folder =
        env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("`OUT_DIR` is not set: build with cargo"))?;
    fs::write(PathBuf::from(folder).join("rules.rs"), list)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    println!("cargo::rerun-if-changed={}", folder.display());
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "yml") {
            files.push(path);
        }
    }
    Ok(())
}
