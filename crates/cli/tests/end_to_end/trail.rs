//! CloudTrail in AWS, against the lab: a bucket with log files, the keys of digests, the event history.
//!
//! Settings of AWS come from the environment, and no test may change its own. So each of these runs this program again
//! with an environment that leads to the lab, where [`inside`] does what is asked.

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use leastwise_app::trail::verify::{self, Request, Source};
use leastwise_aws::trail::{Bucket, LookupRequest, lookup_events};
use leastwise_aws::{Access, connect};
use leastwise_report::trail::verify::{Report, json};
use serde_json::{Value, json};

use crate::support::{Lab, Ran, leastwise, root, run};

const BUCKET: &str = "trail-logs";
const REGION: &str = "eu-west-1";

/// What to do, and where to write what it came to; set by [`Tree::ask`].
const TASK: &str = "LEASTWISE_TEST_TASK";

/// A bucket in the lab with a digest, the log file that it names, and a file that is neither.
struct Tree {
    lab: Lab,
    digest: Value,
}

fn signed(name: &str) -> String {
    std::fs::read_to_string(root().join("crates/trail/src/digest/signed").join(name)).unwrap()
}

impl Tree {
    fn new() -> Self {
        let text = signed("digest.json");
        let tree = Self { lab: Lab::start(), digest: serde_json::from_str(&text).unwrap() };
        let place = format!(
            "<CreateBucketConfiguration><LocationConstraint>{REGION}</LocationConstraint></CreateBucketConfiguration>"
        );
        tree.put("", "", &place);
        let signature = format!("x-amz-meta-signature: {}\r\n", signed("signature.txt").trim());
        tree.put(tree.digest["digestS3Object"].as_str().unwrap(), &signature, &text);
        tree.put(tree.log(), "", "{\"Records\":[]}");
        tree.put("AWSLogs/README.txt", "", "read me");
        tree
    }

    fn log(&self) -> &str {
        self.digest["logFiles"][0]["s3Object"].as_str().unwrap()
    }

    fn give_keys(&self) {
        let keys: Value = serde_json::from_str(&signed("keys.json")).unwrap();
        let mut key = keys["PublicKeyList"][0].clone();
        (key["ValidityStartTime"], key["ValidityEndTime"]) = (json!(1_766_188_800), json!(1_768_780_800));
        self.lab.control("POST", "trail", &json!({"region": REGION, "keys": [key]}).to_string());
    }

    fn put(&self, key: &str, headers: &str, body: &str) {
        let host = self.lab.endpoint.trim_start_matches("http://");
        let mut request = format!("PUT /{BUCKET}/{key} HTTP/1.0\r\nHost: {host}\r\n{headers}");
        let scope = format!("Credential=test/20260101/{REGION}/s3/aws4_request");
        write!(
            request,
            "Authorization: AWS4-HMAC-SHA256 {scope}\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        let mut stream = TcpStream::connect(host).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.contains(" 200 "), "{answer}");
    }

    /// Does a task in an environment that leads to the lab.
    fn ask(&self, task: &str) -> Value {
        let out = self.lab.folder().join("out.json");
        let mut command = Command::new(std::env::current_exe().unwrap());
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("AWS_") {
                command.env_remove(name);
            }
        }
        let ran = command
            .args(["--exact", "trail::inside"])
            .env("AWS_ACCESS_KEY_ID", "test")
            .env("AWS_SECRET_ACCESS_KEY", "test")
            .env("AWS_CONFIG_FILE", "/dev/null")
            .env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
            .env("AWS_MAX_ATTEMPTS", "2")
            .env(TASK, json!([task, self.lab.endpoint, out]).to_string())
            .output()
            .unwrap();
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stdout));
        serde_json::from_str(&std::fs::read_to_string(out).unwrap()).unwrap()
    }

    /// Runs a command on logs, with settings that lead to the lab.
    fn trail(&self, arguments: &[&str]) -> Ran {
        let mut command = leastwise();
        command
            .env("AWS_ACCESS_KEY_ID", "test")
            .env("AWS_SECRET_ACCESS_KEY", "test")
            .env("AWS_REGION", REGION)
            .env("AWS_MAX_ATTEMPTS", "2")
            .env("AWS_ENDPOINT_URL", &self.lab.endpoint);
        run(command.arg("trail").args(arguments))
    }

    fn verify(&self) -> Value {
        self.ask("verify")
    }

    fn deny(&self, action: &str) {
        self.lab.control("DELETE", "deny", "");
        self.lab.control("POST", "deny", &json!({"actions": [action]}).to_string());
    }
}

#[test]
fn inside() {
    let Some(task) = std::env::var_os(TASK) else { return };
    let (task, endpoint, out): (String, String, PathBuf) =
        serde_json::from_str(task.to_str().unwrap()).unwrap();
    let access =
        Access { endpoint_url: Some(endpoint), region: Some("us-east-1".to_owned()), ..Access::default() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let answer = runtime.block_on(async {
        match task.as_str() {
            "verify" => verify(access).await,
            "list" => list(access).await,
            "open" => open(access).await,
            "lookup" => lookup(access).await,
            other => panic!("{other}"),
        }
    });
    std::fs::write(out, answer.to_string()).unwrap();
}

async fn verify(access: Access) -> Value {
    let source = format!("s3://{BUCKET}/AWSLogs/");
    let request = Request {
        source: Source::Bucket(source.parse().unwrap()),
        public_keys: Vec::new(),
        access: Some(access),
        at_a_time: NonZeroUsize::new(4).unwrap(),
    };
    match verify::run(&request, &|_| {}).await {
        Ok(outcome) => {
            let report = Report {
                source: &source,
                validation: &outcome.validation,
                unlisted: &outcome.unlisted,
                without_keys: &outcome.without_keys,
            };
            serde_json::from_str(&json(&report).unwrap()).unwrap()
        }
        Err(error) => json!({"error": format!("{error:#}")}),
    }
}

async fn list(access: Access) -> Value {
    let connection = connect(&access).await.unwrap();
    let bucket = Bucket::open(&connection, &format!("s3://{BUCKET}").parse().unwrap()).await.unwrap();
    let listing = bucket.list("AWSLogs/", &|_| {}).await;
    let keys: Vec<&str> = listing.objects.iter().map(|object| object.key.as_str()).collect();
    json!({"region": bucket.region, "keys": keys, "missing": listing.missing.map(|missing| missing.to_string())})
}

/// Opens objects from a thread that waits, as the reading of logs does.
async fn open(access: Access) -> Value {
    let connection = connect(&access).await.unwrap();
    let bucket = Bucket::open(&connection, &format!("s3://{BUCKET}").parse().unwrap()).await.unwrap();
    let open = bucket.opener(tokio::runtime::Handle::current());
    let opened = tokio::task::spawn_blocking(move || {
        let mut text = String::new();
        open("AWSLogs/README.txt").unwrap().read_to_string(&mut text).unwrap();
        json!([text, open("AWSLogs/nowhere").err().unwrap().to_string()])
    });
    opened.await.unwrap()
}

async fn lookup(access: Access) -> Value {
    let connection = connect(&access).await.unwrap();
    let request = LookupRequest {
        regions: vec!["us-east-1".to_owned(), REGION.to_owned()],
        from: Some("2026-01-01T00:00:00Z".parse().unwrap()),
        to: None,
        account: None,
    };
    let records = Mutex::new(Vec::new());
    let take = |region: &str, record: String| records.lock().unwrap().push((region.to_owned(), record));
    let lookups = lookup_events(&connection, &request, &take, &|_| {}).await;
    let regions: Vec<Value> = lookups
        .iter()
        .map(|lookup| json!({"region": lookup.region, "events": lookup.events, "missing": lookup.missing.as_ref().map(ToString::to_string)}))
        .collect();
    json!({"regions": regions, "records": records.into_inner().unwrap()})
}

#[test]
fn a_bucket_is_verified_with_the_keys_that_aws_gives() {
    let tree = Tree::new();
    let verdict = |report: &Value, of: &str| report[of]["files"][0]["verdict"].clone();

    let report = tree.verify();
    assert_eq!(
        (verdict(&report, "digests"), verdict(&report, "log_files")),
        (json!("unknown"), json!("unknown"))
    );
    let why = report["digests"]["files"][0]["why"].as_str().unwrap();
    assert!(why.contains("list-public-keys --region eu-west-1"), "{why}");

    tree.give_keys();
    let report = tree.verify();
    assert_eq!(report["conclusion"], "valid", "{report}");
    assert_eq!(report["others"], json!([format!("s3://{BUCKET}/AWSLogs/README.txt")]));

    tree.deny("cloudtrail:ListPublicKeys");
    let report = tree.verify();
    assert_eq!(verdict(&report, "digests"), "unknown");
    assert!(report["without_keys"][0].as_str().unwrap().contains("cloudtrail:ListPublicKeys"), "{report}");

    tree.deny("s3:GetObject");
    let report = tree.verify();
    assert_eq!(
        (verdict(&report, "digests"), verdict(&report, "log_files")),
        (json!("unknown"), json!("unknown"))
    );
    assert!(report["log_files"]["files"][0]["why"].as_str().unwrap().contains("s3:GetObject"), "{report}");

    tree.deny("s3:ListBucket");
    let error = tree.verify()["error"].as_str().unwrap().to_owned();
    assert!(error.contains("s3://trail-logs/"), "{error}");

    tree.lab.control("DELETE", "deny", "");
    tree.put(tree.log(), "", "{\"Records\":[1]}");
    let report = tree.verify();
    assert_eq!(
        (verdict(&report, "digests"), verdict(&report, "log_files")),
        (json!("valid"), json!("invalid"))
    );
}

#[test]
fn objects_are_opened_from_threads_that_wait() {
    let tree = Tree::new();
    let opened = tree.ask("open");
    assert_eq!(opened[0], "read me");
    assert!(opened[1].as_str().unwrap().contains("s3:GetObject"), "{opened}");
}

#[test]
fn a_bucket_is_listed_page_by_page() {
    let tree = Tree::new();
    let all = tree.ask("list");
    assert_eq!((&all["region"], all["keys"].as_array().unwrap().len()), (&json!(REGION), 3));
    tree.lab.control("POST", "page", &json!({"max_items": 1}).to_string());
    assert_eq!(tree.ask("list"), all);
    let fault = |times: u32| {
        let fault = json!({"kind": "throttle", "operations": ["ListObjectsV2"], "times": times});
        tree.lab.control("POST", "fault", &fault.to_string());
    };
    fault(1);
    assert_eq!(tree.ask("list"), all, "a call that is throttled is tried again");
    fault(100);
    let lost = tree.ask("list");
    assert!(lost["missing"].as_str().unwrap().contains("throttled"), "{lost}");
}

#[test]
fn the_event_history_is_read_no_quicker_than_aws_allows() {
    let tree = Tree::new();
    let event = |n: u32| json!({"eventID": n.to_string(), "eventName": "x", "eventTime": format!("2026-01-01T00:00:{n:02}Z")});
    let early = json!({"eventID": "early", "eventName": "x", "eventTime": "2025-12-31T00:00:00Z"});
    let events: Vec<Value> = (0..5).map(event).chain([early]).collect();
    tree.lab.control("POST", "trail", &json!({"region": REGION, "events": events}).to_string());
    tree.lab.control("POST", "page", &json!({"max_items": 2}).to_string());
    let start = Instant::now();
    let found = tree.ask("lookup");
    assert!(start.elapsed() >= Duration::from_secs(1), "three pages take two pauses");
    let expected = json!([{"region": "us-east-1", "events": 0, "missing": null}, {"region": REGION, "events": 5, "missing": null}]);
    assert_eq!(found["regions"], expected);
    let records = found["records"].as_array().unwrap().iter();
    let ids = records
        .map(|record| serde_json::from_str::<Value>(record[1].as_str().unwrap()).unwrap()["eventID"].clone());
    assert_eq!(ids.collect::<Vec<_>>(), ["4", "3", "2", "1", "0"]);

    tree.deny("cloudtrail:LookupEvents");
    let refused = tree.ask("lookup");
    for region in refused["regions"].as_array().unwrap() {
        assert!(region["missing"].as_str().unwrap().contains("cloudtrail:LookupEvents"), "{region}");
    }
}

#[test]
fn commands_read_buckets_and_the_event_history() {
    let tree = Tree::new();
    let signed_in = json!({
        "eventVersion": "1.11", "eventTime": "2026-01-01T00:00:00Z", "eventSource": "signin.amazonaws.com",
        "eventName": "ConsoleLogin", "awsRegion": "us-east-1", "eventType": "AwsConsoleSignIn",
        "userIdentity": {"type": "Root", "arn": "arn:aws:iam::111122223333:root", "accountId": "111122223333"},
        "responseElements": {"ConsoleLogin": "Success"}, "additionalEventData": {"MFAUsed": "Yes"},
        "eventID": "11111111-1111-4111-8111-111111111111", "recipientAccountId": "111122223333",
    });
    tree.put("AWSLogs//root.json", "", &json!({"Records": [signed_in]}).to_string());
    tree.lab.control("POST", "trail", &json!({"region": REGION, "events": [signed_in]}).to_string());
    let place = format!("s3://{BUCKET}/AWSLogs/");
    for source in [&["hunt", &place, "--format", "jsonl"][..], &["hunt", "--lookup", "--format", "jsonl"]] {
        let ran = tree.trail(source);
        assert_eq!(ran.code, 1, "{source:?}: {}", ran.stderr);
        assert!(ran.stdout.contains("Root user signed in to the console"), "{source:?}: {}", ran.stdout);
    }
    let state = tree.lab.folder().join("usage.state");
    let usage = |code: i32| {
        let ran = tree.trail(&["usage", &place, "--state", state.to_str().unwrap(), "--format", "json"]);
        assert_eq!(ran.code, code, "{}", ran.stderr);
        let usage: Value = serde_json::from_str(&ran.stdout).unwrap();
        usage["callers"][0]["sign_ins"]["count"].clone()
    };
    tree.deny("s3:GetObject");
    assert_eq!(usage(3), Value::Null);
    tree.lab.control("DELETE", "deny", "");
    assert_eq!(usage(0), json!(1), "an object that was refused is read when it is given");
    assert_eq!(usage(0), json!(1), "an object that was read is not read again");
    tree.give_keys();
    let verified = tree.trail(&["verify", &place]);
    assert!(verified.stdout.contains("valid"), "{}{}", verified.stdout, verified.stderr);
    tree.deny("s3:GetObject");
    let lost = tree.trail(&["hunt", &place, "--fail-on", "never"]);
    assert_eq!(lost.code, 3, "{}", lost.stdout);
    assert!(lost.stdout.contains("s3:GetObject"), "{}", lost.stdout);
    tree.deny("s3:ListBucket");
    let refused = tree.trail(&["hunt", &place]);
    assert_eq!(refused.code, 2, "{}", refused.stdout);
    assert!(refused.stderr.contains(&place), "{}", refused.stderr);
}
