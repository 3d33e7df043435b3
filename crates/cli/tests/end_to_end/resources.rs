//! Resource policies: what is planted is collected, on request only, and each refusal costs just its own part.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::{Lab, audit, leastwise, run};
use serde_json::{Value, json};

const BOTH: [&str; 3] = ["--resources", "--resource-region", "us-east-1,eu-west-1"];

/// The resources of the one account.
fn collect(lab: &Lab, arguments: &[&str]) -> Value {
    lab.snapshot(arguments)["accounts"][0]["resources"].clone()
}

/// Every resource by its ARN, with the region it stands under.
fn by_arn(resources: &Value) -> BTreeMap<String, (Value, String)> {
    let resources = &resources["known"];
    let mut found = BTreeMap::new();
    let mut add = |list: &Value, region: Option<&str>| {
        for resource in list["known"].as_array().unwrap() {
            let region = region.or(resource["region"].as_str()).unwrap().to_owned();
            let arn = resource["arn"].as_str().unwrap().to_owned();
            assert!(found.insert(arn, (resource.clone(), region)).is_none(), "{resource}");
        }
    };
    add(&resources["buckets"], None);
    for (region, kinds) in resources["regions"].as_object().unwrap() {
        kinds.as_object().unwrap().values().for_each(|list| add(list, Some(region)));
    }
    found
}

/// AWS's names in the form of a snapshot.
fn block(planted: &Value) -> Value {
    let Some(block) = planted.as_object() else { return Value::Null };
    json!({
        "block_public_acls": block["BlockPublicAcls"],
        "ignore_public_acls": block["IgnorePublicAcls"],
        "block_public_policy": block["BlockPublicPolicy"],
        "restrict_public_buckets": block["RestrictPublicBuckets"],
    })
}

fn grants(planted: &Value) -> Value {
    let mut grants = planted.as_array().unwrap().clone();
    for grant in &mut grants {
        let mut constraints = json!({});
        for (theirs, ours) in [
            ("EncryptionContextEquals", "encryption_context_equals"),
            ("EncryptionContextSubset", "encryption_context_subset"),
        ] {
            if let Some(pairs) = grant["constraints"].get(theirs) {
                constraints[ours] = pairs.clone();
            }
        }
        grant["constraints"] = constraints;
    }
    grants.sort_by_key(|grant| grant["id"].as_str().unwrap().to_owned());
    grants.into()
}

fn sids(policy: &Value) -> Value {
    policy["Statement"].as_array().unwrap().iter().map(|statement| statement["Sid"].clone()).collect()
}

#[test]
fn what_is_planted_is_collected_and_nothing_else() {
    let lab = Lab::with("resources");
    let truth = lab.truth();
    let resources = collect(&lab, &BOTH);
    let account = &resources["known"]["public_access_block"]["known"];
    assert_eq!(*account, block(&truth["account_public_access_block"]));
    let (found, planted) = (by_arn(&resources), truth["resources"].as_object().unwrap());
    let names = |keys: Vec<&String>| keys.into_iter().cloned().collect::<BTreeSet<_>>();
    assert_eq!(names(found.keys().collect()), names(planted.keys().collect()));
    for (arn, planted) in planted {
        let (resource, region) = &found[arn];
        assert_eq!(region, planted["region"].as_str().unwrap(), "{arn}");
        let policy = &resource["policy"]["known"];
        match planted.get("sids") {
            Some(expected) => assert_eq!(sids(policy), *expected, "{arn}"),
            None => assert_eq!(*policy, planted["policy"], "{arn}"),
        }
        match planted["kind"].as_str().unwrap() {
            "bucket" => {
                let expected = block(&planted["public_access_block"]);
                assert_eq!(resource["public_access_block"]["known"], expected, "{arn}");
            }
            "key" => {
                let metadata = &resource["metadata"]["known"];
                assert_eq!(*metadata, json!({"manager": "customer", "state": planted["state"]}), "{arn}");
                assert_eq!(resource["grants"]["known"], grants(&planted["grants"]), "{arn}");
            }
            _ => {}
        }
    }
    assert!(!resources.to_string().contains("not-to-be-read"), "a secret is in the snapshot");
}

#[test]
fn only_the_own_region_where_none_is_named_and_the_same_on_every_run() {
    let lab = Lab::with("resources");
    let resources = collect(&lab, &["--resources"]);
    let regions: Vec<&String> = resources["known"]["regions"].as_object().unwrap().keys().collect();
    assert_eq!(regions, ["us-east-1"]);
    assert!(by_arn(&resources).contains_key("arn:aws:s3:::eu-archive"), "buckets are read in all regions");
    lab.control("POST", "page", r#"{"max_items": 1}"#);
    assert_eq!(resources, collect(&lab, &["--resources"]), "with pages of 1");
}

#[test]
fn nothing_is_read_where_nobody_asks() {
    let lab = Lab::with("resources");
    lab.control("DELETE", "calls", "");
    let snapshot = lab.snapshot(&[]);
    assert_eq!(snapshot["accounts"][0]["resources"]["unknown"]["reason"], "not_requested");
    let core = ["sts:", "iam:", "account:", "organizations:"];
    let calls = lab.calls();
    assert!(calls.iter().all(|call| core.iter().any(|service| call.starts_with(service))), "{calls:?}");
    let report = audit(&mut lab.audit());
    assert_eq!(report["unread"], json!([]));
}

/// Where two parts of a snapshot differ, down to the values that became unknown.
fn differences(before: &Value, after: &Value, place: &str, found: &mut Vec<(String, Value)>) {
    match (before, after) {
        _ if before == after => {}
        (Value::Object(old), Value::Object(new)) if new.get("unknown").is_none() => {
            let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
            for key in keys {
                let member = |object: &serde_json::Map<String, Value>| object.get(key).cloned();
                let (old, new) = (member(old).unwrap_or_default(), member(new).unwrap_or_default());
                differences(&old, &new, &format!("{place}/{key}"), found);
            }
        }
        (Value::Array(old), Value::Array(new)) if old.len() == new.len() => {
            for (index, (old, new)) in old.iter().zip(new).enumerate() {
                differences(old, new, &format!("{place}/{index}"), found);
            }
        }
        _ => found.push((place.to_owned(), after.clone())),
    }
}

#[test]
fn each_call_refused_in_turn_costs_just_what_it_answers() {
    let lab = Lab::with("resources");
    lab.control("DELETE", "calls", "");
    let before = collect(&lab, &BOTH);
    let core = ["sts", "iam", "account", "organizations"];
    let is_core = |action: &String| core.iter().any(|service| action.starts_with(&format!("{service}:")));
    let actions: BTreeSet<String> = lab.calls().into_iter().filter(|action| !is_core(action)).collect();
    assert_eq!(actions.len(), 18, "{actions:?}");
    for action in &actions {
        lab.control("POST", "deny", &format!(r#"{{"actions": ["{action}"]}}"#));
        let report = audit(lab.audit().args(BOTH));
        let after = collect(&lab, &BOTH);
        lab.control("DELETE", "deny", "");
        let mut changed = Vec::new();
        differences(&before, &after, "", &mut changed);
        assert!(!changed.is_empty(), "{action}");
        for (place, value) in &changed {
            assert_eq!(value["unknown"]["permission"], **action, "{action}: {place} is {value}");
            assert_eq!(value["unknown"]["reason"], "access_denied", "{action}: {place}");
        }
        let unread = report["unread"].as_array().unwrap();
        assert_eq!(unread.len(), changed.len(), "{action}: {unread:#?}");
        assert!(unread.iter().all(|part| part["permission"] == **action), "{action}: {unread:#?}");
    }
}

#[test]
fn calls_that_go_wrong_cost_just_what_they_answer() {
    let lab = Lab::with("resources");
    let before = collect(&lab, &["--resources"]);
    for kind in ["html", "malformed_xml", "hang", "throttle", "unsupported"] {
        for action in ["s3:GetBucketPolicy", "kms:ListKeys", "sns:GetTopicAttributes", "lambda:GetPolicy"] {
            let fault = format!(r#"{{"kind": "{kind}", "operations": ["{action}"], "seconds": 20}}"#);
            lab.control("POST", "fault", &fault);
            let mut command = lab.leastwise("snapshot");
            let ran = run(command.args(["--resources", "--timeout", "1"]).env("AWS_MAX_ATTEMPTS", "1"));
            lab.control("DELETE", "fault", "");
            assert_eq!(ran.code, 3, "{kind} {action}: {}", ran.stderr);
            let after: Value = serde_json::from_str(&ran.stdout).unwrap();
            let mut changed = Vec::new();
            differences(&before, &after["accounts"][0]["resources"], "", &mut changed);
            assert!(!changed.is_empty(), "{kind} {action}");
            for (place, value) in &changed {
                // S3's answer is the policy itself: what is none is kept, and counts as unread.
                let raw = action == "s3:GetBucketPolicy" && kind == "malformed_xml";
                let detail = value["unknown"]["detail"].as_str().unwrap_or_default();
                assert!(
                    raw && place.ends_with("/policy/known") && value.is_string() || detail.contains(action),
                    "{kind} {action}: {place}: {detail}"
                );
            }
        }
    }
}

#[test]
fn an_endpoint_without_names_for_accounts_costs_the_account_s_block_only() {
    let lab = Lab::with("resources");
    let before = collect(&lab, &["--resources"]);
    let named = lab.endpoint.replace("127.0.0.1", "localhost");
    let mut command = leastwise();
    command.args(["snapshot", "--resources", "--timeout", "5", "--endpoint-url", &named]);
    command.env("AWS_ACCESS_KEY_ID", "x").env("AWS_SECRET_ACCESS_KEY", "y").env("AWS_REGION", "us-east-1");
    let ran = run(command.env("AWS_MAX_ATTEMPTS", "1"));
    let after: Value = serde_json::from_str(&ran.stdout).unwrap();
    let mut changed = Vec::new();
    differences(&before, &after["accounts"][0]["resources"], "", &mut changed);
    // Some systems resolve every name below `localhost`; there, nothing is lost.
    assert!(changed.iter().all(|(place, _)| place == "/known/public_access_block"), "{changed:#?}");
}

#[test]
fn a_snapshot_of_before_there_were_resources_still_loads() {
    let lab = Lab::with("resources");
    let mut older = lab.snapshot(&[]);
    older["accounts"][0].as_object_mut().unwrap().remove("resources").unwrap();
    let file = lab.folder().join("older.json");
    std::fs::write(&file, older.to_string()).unwrap();
    let report = audit(leastwise().arg("audit").arg(&file).arg("--config").arg(lab.configuration()));
    assert_eq!(report["unread"], json!([]));
    assert_eq!(crate::support::rows(&report, &["fail"]), lab.planted());
}

#[test]
fn flags_that_make_no_sense() {
    for (arguments, expected) in [
        (vec!["snapshot", "--resource-region", "eu-west-1"], "--resources"),
        (vec!["snapshot", "--resources", "--resource-region", "Ireland"], "eu-west-1"),
        (vec!["snapshot", "--resources", "--resource-region", "eu-west-1.example.com"], "eu-west-1"),
        (vec!["audit", "x.json", "--resources"], "--resources"),
    ] {
        let ran = run(leastwise().args(&arguments));
        assert_eq!(ran.code, 2, "{arguments:?}");
        assert!(ran.stderr.contains(expected), "{arguments:?}: {}", ran.stderr);
    }
}
