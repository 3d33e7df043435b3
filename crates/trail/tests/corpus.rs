//! The conformance corpus for Sigma on cloud records: `corpus/sigma/`.

#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests read the corpus from files, and may stop"
)]

use std::path::{Path, PathBuf};

use leastwise_trail::sigma::{Placeholders, Rules, Source, check};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus/sigma")
}

fn files() -> Vec<(String, String)> {
    let paths = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = paths
        .filter(|path| path.extension().is_some_and(|extension| extension == "yml"))
        .map(|path| {
            (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(path).unwrap())
        })
        .filter(|(name, _)| name != "refused.yml")
        .collect();
    files.sort();
    files
}

#[test]
fn rules_match_what_they_must() {
    let files = files();
    assert!(files.len() >= 7, "{} files", files.len());
    let mut tests = 0;
    for (name, text) in &files {
        let rules = Rules::load_with_tests([Source { name, text }], &Placeholders::new());
        assert_eq!(rules.problems(), [], "{name}");
        for outcome in check(&rules) {
            assert_eq!(outcome.failures, [] as [String; 0], "{name}: {}", outcome.title);
            tests += outcome.matching + outcome.not_matching;
        }
    }
    assert!(tests >= 400, "{tests} tests");
}

/// All files together: what an index finds must not depend on which other rules there are.
#[test]
fn rules_match_the_same_beside_others() {
    let files = files();
    let sources =
        files.iter().filter(|(name, _)| name != "filters.yml").map(|(name, text)| Source { name, text });
    let rules = Rules::load_with_tests(sources, &Placeholders::new());
    for outcome in check(&rules) {
        assert_eq!(outcome.failures, [] as [String; 0], "{}", outcome.title);
    }
}

#[test]
fn broken_rules_are_refused_with_a_reason() {
    let text = std::fs::read_to_string(folder().join("refused.yml")).unwrap();
    for (index, document) in text.split("\n---\n").enumerate() {
        let line = document.lines().find_map(|line| line.strip_prefix("refused: ")).unwrap();
        let words = line.trim_matches('\'');
        let rules = Rules::load([Source { name: "refused.yml", text: document }], &Placeholders::new());
        let [problem] = rules.problems() else {
            panic!("document {index} ({words}): {:?}", rules.problems());
        };
        assert!(problem.reason.contains(words), "document {index}: `{}` lacks `{words}`", problem.reason);
        assert!(rules.is_empty() && problem.rule.is_some() && problem.line > 0, "{problem:?}");
    }
}
