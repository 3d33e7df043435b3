//! Checks every rule file of folders against its own test events.
//!
//! ```text
//! cargo run -p leastwise-trail --example check_rules -- rules/
//! ```
//!
//! All files are loaded together, so that correlation rules find the rules they refer to. Printed is, for each rule,
//! whether its tests came out as they say, rules without tests of both kinds, and every rule that cannot be used.
//! `--list` prints each rule's id, level and title instead. The exit code is 1 if anything is wrong.

#![expect(clippy::disallowed_methods, reason = "a program for people who write rules reads their files")]

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use leastwise_trail::sigma::{Placeholders, Rules, Source, check};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (flags, folders): (Vec<_>, Vec<_>) =
        arguments.into_iter().partition(|argument| argument.starts_with("--"));
    if folders.is_empty() {
        eprintln!("usage: check_rules [--list] FOLDER…");
        return ExitCode::from(2);
    }
    let mut files = Vec::new();
    for folder in &folders {
        if let Err(error) = find(Path::new(folder), &mut files) {
            eprintln!("`{folder}` cannot be read: {error}");
            return ExitCode::from(2);
        }
    }
    files.sort();
    let mut texts = Vec::new();
    for path in files {
        match std::fs::read_to_string(&path) {
            Ok(text) => texts.push((path.display().to_string(), text)),
            Err(error) => {
                eprintln!("`{}` cannot be read: {error}", path.display());
                return ExitCode::from(2);
            }
        }
    }
    let sources = texts.iter().map(|(name, text)| Source { name, text });
    let rules = Rules::load_with_tests(sources, &Placeholders::new());
    if flags.iter().any(|flag| flag == "--list") {
        for (meta, kind) in rules.iter() {
            println!("{}\t{}\t{}\t{}\t{}", meta.id, meta.level, kind.name(), meta.title, meta.tags.join(" "));
        }
    }
    report(&rules)
}

fn find(path: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    if path.is_file() {
        files.push(path.to_owned());
        return Ok(());
    }
    for entry in std::fs::read_dir(path)? {
        let path = entry?.path();
        if path.is_dir() {
            find(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "yml" || extension == "yaml") {
            files.push(path);
        }
    }
    Ok(())
}

fn report(rules: &Rules) -> ExitCode {
    let mut wrong = 0;
    for outcome in check(rules) {
        let tests = format!("{} match, {} do not", outcome.matching, outcome.not_matching);
        let missing = outcome.matching == 0 || outcome.not_matching == 0;
        let verdict = match (outcome.failures.is_empty(), missing) {
            (false, _) => "FAILED",
            (true, true) => "no tests",
            (true, false) => "ok",
        };
        println!("{verdict:8} {} ({}: {tests})", outcome.title, outcome.file);
        for failure in &outcome.failures {
            println!("         {failure}");
        }
        wrong += usize::from(!outcome.failures.is_empty());
    }
    for problem in rules.problems() {
        println!("UNUSABLE {problem}");
        wrong += usize::from(problem.kind.is_loss());
    }
    println!("{} rules can be used, {wrong} things are wrong", rules.len());
    if wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
