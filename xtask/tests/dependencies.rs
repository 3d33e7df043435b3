//! Holds the direction of dependencies that ARCHITECTURE.md draws.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test may stop")]

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// Each crate, and the crates of this workspace that it may depend on.
const MAY_DEPEND_ON: [(&str, &[&str]); 11] = [
    ("leastwise-iam", &[]),
    ("leastwise-policy", &["iam"]),
    ("leastwise-access", &["iam", "policy", "model"]),
    ("leastwise-model", &["iam"]),
    ("leastwise-checks", &["iam", "model"]),
    ("leastwise-report", &["iam", "policy", "model", "access", "checks", "trail"]),
    ("leastwise-trail", &["iam", "model"]),
    ("leastwise-aws", &["iam", "model"]),
    ("leastwise-app", &["iam", "policy", "model", "access", "checks", "trail", "aws"]),
    ("leastwise-cli", &["iam", "policy", "model", "access", "checks", "trail", "aws", "report", "app"]),
    ("xtask", &["iam", "model"]),
];

/// The crates that reach nothing outside themselves.
const PURE: [&str; 7] = [
    "leastwise-iam",
    "leastwise-policy",
    "leastwise-access",
    "leastwise-model",
    "leastwise-checks",
    "leastwise-report",
    "leastwise-trail",
];

fn packages() -> Vec<Value> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let output = Command::new(cargo)
        .args(["metadata", "--no-deps", "--format-version", "1", "--locked"])
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")))
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

fn dependencies(package: &Value) -> BTreeSet<String> {
    let all = package["dependencies"].as_array().unwrap().iter();
    all.map(|dependency| dependency["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn crates_depend_downwards_only() {
    let packages = packages();
    assert_eq!(packages.len(), MAY_DEPEND_ON.len());
    for package in &packages {
        let name = package["name"].as_str().unwrap();
        let (_, allowed) = MAY_DEPEND_ON.iter().find(|(crate_name, _)| *crate_name == name).expect(name);
        for dependency in dependencies(package) {
            if let Some(own) = dependency.strip_prefix("leastwise-") {
                assert!(allowed.contains(&own), "{name} must not depend on {dependency}");
            }
        }
    }
}

#[test]
fn only_one_crate_names_the_sdk_and_the_pure_ones_no_runtime() {
    for package in packages() {
        let name = package["name"].as_str().unwrap();
        for dependency in dependencies(&package) {
            let sdk = dependency.starts_with("aws-");
            assert!(!sdk || name == "leastwise-aws", "{name} must not depend on {dependency}");
            let pure = PURE.contains(&name);
            assert!(
                !pure || !["tokio", "reqwest", "hyper"].contains(&dependency.as_str()),
                "{name}: {dependency}"
            );
        }
    }
}
