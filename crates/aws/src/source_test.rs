//! What holds for this crate's source as a whole.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::permissions::{OPERATIONS, TRAIL_OPERATIONS};

const CLIENTS: [(&str, &str); 13] = [
    (".iam()", "iam"),
    (".sts()", "sts"),
    (".organizations()", "organizations"),
    (".account()", "account"),
    (".s3()", "s3"),
    (".s3_control()", "s3 control"),
    (".kms()", "kms"),
    (".sqs()", "sqs"),
    (".sns()", "sns"),
    (".lambda()", "lambda"),
    (".secrets_manager()", "secretsmanager"),
    (".ecr()", "ecr"),
    (".cloud_trail()", "cloudtrail"),
];

/// Calls whose action has another name.
///
/// Source: [S3 API operations and permissions](https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html).
const RENAMED: [(&str, &str); 5] = [
    ("s3:headbucket", "s3:listbucket"),
    ("s3:listobjectsv2", "s3:listbucket"),
    ("s3:listbuckets", "s3:listallmybuckets"),
    ("s3:getpublicaccessblock", "s3:getbucketpublicaccessblock"),
    ("s3 control:getpublicaccessblock", "s3:getaccountpublicaccessblock"),
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.file_name().is_some_and(|name| name != "source_test.rs") {
            found.push(path);
        }
    }
}

fn source() -> String {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    files.sort();
    files.iter().map(|file| std::fs::read_to_string(file).unwrap()).collect()
}

/// `iam:listsamlproviders` for `.iam().list_saml_providers(`.
fn calls(source: &str) -> BTreeSet<String> {
    let dense: String = source.split_whitespace().collect();
    let mut calls = BTreeSet::new();
    for (client, service) in CLIENTS {
        for rest in dense.split(client).skip(1) {
            if let Some(name) =
                rest.strip_prefix('.').and_then(|rest| rest.split_once("()")).map(|(name, _)| name)
                && name.contains('_')
                && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
            {
                let call = format!("{service}:{}", name.replace('_', ""));
                let renamed = RENAMED.iter().find(|(from, _)| *from == call);
                calls.insert(renamed.map_or(call, |(_, action)| (*action).to_owned()));
            }
        }
    }
    calls
}

#[test]
fn the_calls_are_those_of_the_table() {
    let all = OPERATIONS.iter().chain(TRAIL_OPERATIONS);
    let table: BTreeSet<String> = all.map(|o| o.action.to_ascii_lowercase()).collect();
    assert_eq!(calls(&source()), table);
}

#[test]
fn each_call_goes_through_the_one_door() {
    let source = source();
    assert_eq!(
        source.matches(".send()").count(),
        source.matches("ask(").count() - source.matches("mask(").count()
    );
}

#[test]
fn nothing_is_printed() {
    let source = source();
    for word in ["println!", "eprintln!", "print!(", "dbg!"] {
        assert!(!source.contains(word), "{word}");
    }
}
