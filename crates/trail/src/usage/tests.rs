use leastwise_model::{ActionUse, Calls, Usage};
use proptest::prelude::*;

use super::*;
use crate::json::Record;

/// The usage that records come to, in parts that end after these numbers of records.
fn usage_in(records: &[String], ends: &[usize]) -> Usage {
    static ANALYSIS: std::sync::LazyLock<UsageAnalysis> = std::sync::LazyLock::new(UsageAnalysis::new);
    let analysis = &*ANALYSIS;
    let (mut whole, mut part) = (UsageWhole::default(), analysis.part());
    for (index, json) in records.iter().enumerate() {
        if ends.contains(&index) {
            analysis.join(&mut whole, std::mem::take(&mut part));
        }
        let record = Record::parse(json.as_bytes()).unwrap();
        analysis.event(&mut part, &Event::new(record.root()).unwrap());
    }
    analysis.join(&mut whole, part);
    whole.finish()
}

fn usage(records: &[String]) -> Usage {
    usage_in(records, &[])
}

/// A record of alice's with more members.
fn record(source: &str, name: &str, more: &str) -> String {
    let identity = r#"{"type":"IAMUser","arn":"arn:aws:iam::111111111111:user/alice","accountId":"111111111111","userName":"alice"}"#;
    format!(
        r#"{{"eventSource":"{source}.amazonaws.com","eventName":"{name}","eventTime":"2026-01-02T03:04:05Z","awsRegion":"eu-west-1","recipientAccountId":"111111111111","userIdentity":{identity}{more}}}"#
    )
}

/// `ACTION used|denied COUNT RESOURCE… [n unknown]`, one for each action.
fn lines(usage: &Usage) -> Vec<String> {
    let line = |name: &str, word: &str, calls: &Calls| {
        let mut line = format!("{name} {word} {}", calls.tally.count);
        for (arn, _) in calls.resources.iter() {
            line.extend([" ", arn]);
        }
        if calls.unknown_resource > 0 {
            line.extend([" [", &calls.unknown_resource.to_string(), " unknown]"]);
        }
        line
    };
    let both = |(name, ActionUse { used, denied }): (&String, &ActionUse)| {
        let both = [("used", used), ("denied", denied)].into_iter().filter(|(_, calls)| !calls.is_empty());
        both.map(|(word, calls)| line(name, word, calls)).collect::<Vec<_>>()
    };
    usage.callers.values().flat_map(|caller| caller.actions.iter().flat_map(both)).collect()
}

/// Service, event, more members of the record, and the lines of its usage.
const EVENTS: [(&str, &str, &str, &[&str]); 22] = [
    (
        "kms",
        "Decrypt",
        r#","resources":[{"ARN":"arn:aws:kms:eu-west-1:111111111111:key/k"}]"#,
        &["kms:Decrypt used 1 arn:aws:kms:eu-west-1:111111111111:key/k"],
    ),
    (
        "s3",
        "GetObject",
        r#","resources":[{"ARN":"arn:aws:s3:::b/k"},{"ARN":"arn:aws:s3:::b"}]"#,
        &["s3:GetObject used 1 arn:aws:s3:::b/k"],
    ),
    (
        "s3",
        "GetObject",
        r#","requestParameters":{"bucketName":"b","key":"k/l","versionId":"3"}"#,
        &["s3:GetObjectVersion used 1 arn:aws:s3:::b/k/l"],
    ),
    (
        "s3",
        "CopyObject",
        r#","requestParameters":{"bucketName":"b","key":"k","x-amz-copy-source":"/from/a%20b"}"#,
        &["s3:GetObject used 1 [1 unknown]", "s3:PutObject used 1 arn:aws:s3:::b/k"],
    ),
    (
        "s3",
        "CopyObject",
        r#","requestParameters":{"bucketName":"b","key":"k","x-amz-copy-source":"from/x/y?versionId=3"}"#,
        &["s3:GetObject used 1 arn:aws:s3:::from/x/y", "s3:PutObject used 1 arn:aws:s3:::b/k"],
    ),
    ("s3", "ListBuckets", "", &["s3:ListAllMyBuckets used 1"]),
    (
        "s3",
        "DeleteObjects",
        r#","requestParameters":{"bucketName":"b"},"resources":[{"ARNPrefix":"arn:aws:s3:::b/"},{"ARN":"arn:aws:s3:::b"}]"#,
        &["s3:DeleteObject used 1 [1 unknown]"],
    ),
    ("iam", "GetUser", "", &["iam:GetUser used 1 arn:aws:iam::111111111111:user/alice"]),
    (
        "iam",
        "DeleteUser",
        r#","requestParameters":{"userName":"bob"}"#,
        &["iam:DeleteUser used 1 arn:aws:iam::111111111111:user/{path}bob"],
    ),
    (
        "iam",
        "CreateUser",
        r#","requestParameters":{"userName":"bob"},"responseElements":{"user":{"arn":"arn:aws:iam::111111111111:user/x/bob"}}"#,
        &["iam:CreateUser used 1 arn:aws:iam::111111111111:user/x/bob"],
    ),
    (
        "iam",
        "AttachRolePolicy",
        r#","requestParameters":{"roleName":"r","policyArn":"arn:aws:iam::aws:policy/ReadOnlyAccess"}"#,
        &["iam:AttachRolePolicy used 1 arn:aws:iam::111111111111:role/{path}r"],
    ),
    (
        "secretsmanager",
        "GetSecretValue",
        r#","requestParameters":{"secretId":"s"}"#,
        &[
            "secretsmanager:GetSecretValue used 1 arn:aws:secretsmanager:eu-west-1:111111111111:secret:s-??????",
        ],
    ),
    (
        "ssm",
        "GetParameter",
        r#","requestParameters":{"name":"/a/b"}"#,
        &["ssm:GetParameter used 1 arn:aws:ssm:eu-west-1:111111111111:parameter/a/b"],
    ),
    (
        "ssm",
        "SendCommand",
        r#","requestParameters":{"documentName":"AWS-RunShellScript","instanceIds":["i-1","mi-2"]}"#,
        &[
            "ssm:SendCommand used 1 arn:aws:ec2:eu-west-1:111111111111:instance/i-1 arn:aws:ssm:eu-west-1:111111111111:managed-instance/mi-2 arn:aws:ssm:eu-west-1::document/AWS-RunShellScript",
        ],
    ),
    (
        "ssm",
        "ListTagsForResource",
        r#","requestParameters":{"resourceId":"/a/b","resourceType":"Parameter"}"#,
        &["ssm:ListTagsForResource used 1 [1 unknown]"],
    ),
    (
        "sqs",
        "CreateQueue",
        r#","requestParameters":{"queueName":"q"},"responseElements":{"queueUrl":"https://sqs.eu-west-1.amazonaws.com/111111111111/q"}"#,
        &["sqs:CreateQueue used 1 arn:aws:sqs:eu-west-1:111111111111:q"],
    ),
    (
        "lambda",
        "CreateFunction20150331",
        r#","requestParameters":{"functionName":"f","role":"arn:aws:iam::111111111111:role/r"}"#,
        &[
            "iam:PassRole used 1 arn:aws:iam::111111111111:role/r",
            "lambda:CreateFunction used 1 arn:aws:lambda:eu-west-1:111111111111:function:f",
        ],
    ),
    (
        "ec2",
        "RunInstances",
        r#","requestParameters":{"instancesSet":{"items":[{"imageId":"ami-1"}]},"iamInstanceProfile":{"name":"p"}},"responseElements":{"instancesSet":{"items":[{"instanceId":"i-1"}]}}"#,
        &[
            "ec2:RunInstances used 1 arn:aws:ec2:eu-west-1:111111111111:instance/i-1 arn:aws:ec2:eu-west-1::image/ami-1",
            "iam:PassRole used 1 [1 unknown]",
        ],
    ),
    (
        "ec2",
        "TerminateInstances",
        r#","errorCode":"Client.UnauthorizedOperation","requestParameters":{"instancesSet":{"items":[{"instanceId":"i-1"}]}}"#,
        &["ec2:TerminateInstances denied 1 arn:aws:ec2:eu-west-1:111111111111:instance/i-1"],
    ),
    (
        "glue",
        "CreateJob",
        r#","errorCode":"AccessDeniedException","requestParameters":{"role":"arn:aws:iam::111111111111:role/r","name":"j"}"#,
        &["glue:CreateJob denied 1 arn:aws:glue:eu-west-1:111111111111:job/j"],
    ),
    ("sts", "GetCallerIdentity", "", &[]),
    ("billingconsole", "GetBillsForBillingPeriod", "", &[]),
];

#[test]
fn actions_and_resources() {
    for (source, name, more, expected) in EVENTS {
        assert_eq!(lines(&usage(&[record(source, name, more)])), expected, "{source} {name}");
    }
}

#[test]
fn everything_is_counted_somewhere() {
    let records = [
        record("sts", "GetCallerIdentity", ""),
        record("billingconsole", "GetBillsForBillingPeriod", ""),
        record("dynamodb", "TransactWriteItems", ""),
        record("dynamodb", "ExecuteStatement", r#","requestParameters":{"statement":"SELECT * FROM \"T\""}"#),
        record("secretsmanager", "StartSecretVersionDelete", r#","eventType":"AwsServiceEvent""#),
        record("ec2", "RunInstances", r#","eventCategory":"Insight","eventType":"AwsCloudTrailInsight""#),
        record(
            "signin",
            "ConsoleLogin",
            r#","eventType":"AwsConsoleSignIn","responseElements":{"ConsoleLogin":"Success"}"#,
        ),
        record(
            "signin",
            "ConsoleLogin",
            r#","eventType":"AwsConsoleSignIn","responseElements":{"ConsoleLogin":"Failure"}"#,
        ),
        "{}".to_owned(),
    ];
    let usage = usage(&records);
    let (_, alice) = usage.callers.iter().next().unwrap();
    assert_eq!((alice.sign_ins.count, alice.failed_sign_ins.count), (1, 1));
    assert_eq!(usage.no_calls.total(), 4);
    assert_eq!(
        usage.ambiguous.get("dynamodb.amazonaws.com TransactWriteItems").map(|tally| tally.count),
        Some(1)
    );
    assert_eq!(
        usage.unmapped.iter().map(|(name, _)| name).collect::<Vec<_>>(),
        ["billingconsole.amazonaws.com GetBillsForBillingPeriod", "unknown unknown"]
    );
    assert_eq!(lines(&usage), ["dynamodb:PartiQLSelect used 1 [1 unknown]"]);
    assert_eq!((usage.coverage.events.count, usage.coverage.undated), (9, 1));
    assert!(usage.coverage.accounts["unknown"].get("unknown").is_some());
}

#[test]
fn keys_sessions_and_services_in_between() {
    let json = r#"{"eventSource":"kms.amazonaws.com","eventName":"Decrypt","sourceIPAddress":"198.51.100.7","userIdentity":{"type":"AssumedRole","arn":"arn:aws:sts::111111111111:assumed-role/r/s","invokedBy":"s3.amazonaws.com","sessionContext":{"sessionIssuer":{"arn":"arn:aws:iam::111111111111:role/p/r"}}}}"#;
    let key = r#"{"eventSource":"kms.amazonaws.com","eventName":"Decrypt","sourceIPAddress":"198.51.100.7","userIdentity":{"type":"Root","arn":"arn:aws:iam::111111111111:root","accessKeyId":"AKIAEXAMPLE"}}"#;
    let usage = usage(&[json.to_owned(), key.to_owned()]);
    let (root, role) = (usage.callers.values().next().unwrap(), usage.callers.values().nth(1).unwrap());
    assert_eq!(root.keys.get("AKIAEXAMPLE").unwrap().addresses.get("198.51.100.7"), Some(&1));
    assert_eq!(role.sessions.get("s"), Some(&1));
    assert_eq!(role.actions["kms:Decrypt"].used.via.get("s3.amazonaws.com"), Some(&1));
}

const ID: &str = r#","sharedEventID":"6a1f3f2e-0000-4000-8000-0123456789ab""#;

/// The record of a call from account 2 in the log of account 1.
fn of_owner(shared: &str) -> String {
    format!(
        r#"{{"eventSource":"sts.amazonaws.com","eventName":"AssumeRole","recipientAccountId":"111111111111","userIdentity":{{"type":"AWSAccount","accountId":"222222222222","principalId":"AIDA"}}{shared}}}"#
    )
}

/// The record of the same call in the caller's log.
fn of_caller(shared: &str) -> String {
    format!(
        r#"{{"eventSource":"sts.amazonaws.com","eventName":"AssumeRole","recipientAccountId":"222222222222","userIdentity":{{"type":"IAMUser","arn":"arn:aws:iam::222222222222:user/u","accountId":"222222222222"}}{shared}}}"#
    )
}

#[test]
fn a_call_that_two_accounts_log_counts_once() {
    for records in [[of_owner(ID), of_caller(ID)], [of_caller(ID), of_owner(ID)]] {
        for ends in [&[][..], &[1]] {
            let usage = usage_in(&records, ends);
            let (caller, what) = usage.callers.iter().next().unwrap();
            assert_eq!((usage.callers.len(), &*caller.id), (1, "arn:aws:iam::222222222222:user/u"));
            assert_eq!((what.actions["sts:AssumeRole"].used.tally.count, usage.shared_twice), (1, 1));
        }
    }
    let alone = usage(&[of_owner(ID)]);
    assert_eq!(alone.callers.keys().next().unwrap().id, "222222222222");
    assert_eq!((lines(&alone).len(), alone.shared_twice), (1, 0));
    let odd = r#","sharedEventID":"x""#;
    assert_eq!(usage(&[of_owner(odd), of_caller(odd)]).shared_unsearched, 2);
}

proptest! {
    /// Parts are joined to what one part would have been, in any order.
    #[test]
    fn parts_and_order_do_not_matter(
        picks in proptest::collection::vec(0usize..8, 0..20),
        ends in proptest::collection::vec(0usize..20, 0..4),
    ) {
        let all = [
            record("kms", "Decrypt", r#","resources":[{"ARN":"arn:aws:kms:eu-west-1:111111111111:key/k"}]"#),
            record("iam", "DeleteUser", r#","requestParameters":{"userName":"bob"}"#),
            record("iam", "DeleteUser", r#","errorCode":"AccessDenied""#),
            record("x", "Y", ""),
            of_owner(ID),
            of_caller(ID),
            record("signin", "ConsoleLogin", r#","eventType":"AwsConsoleSignIn""#),
            record("lambda", "CreateFunction20150331", r#","requestParameters":{"functionName":"f","role":"arn:aws:iam::111111111111:role/r"}"#),
        ];
        let mut records: Vec<String> = picks.iter().map(|pick| all[*pick].clone()).collect();
        let whole = usage(&records);
        prop_assert_eq!(&usage_in(&records, &ends), &whole);
        records.reverse();
        prop_assert_eq!(&usage_in(&records, &ends), &whole);
    }
}
