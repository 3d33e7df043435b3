//! What is planted among the usual events: attacks, and calls that two accounts log.

use fastrand::Rng;
use serde_json::{Value, json};

use super::calls::{another, assume};
use super::identity::Caller;
use super::layout::{File, Layout, SPAN, START};
use super::record::{Call, Scene};
use super::world::{account, hex, known, uuid};

/// One planted event.
pub(super) struct Planted {
    file: usize,
    record: String,
    id: String,
    group: Group,
}

/// What planted events belong together as.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Group {
    Attack { name: &'static str, technique: &'static str, account: usize, number: usize },
    Pair(String),
}

impl Planted {
    /// The record, if it is in this file.
    pub(super) fn record_in(&self, file: &File) -> Option<String> {
        (self.file == file.index).then(|| self.record.clone())
    }
}

/// One in so many events is a call into another account.
const PAIRS: usize = 150;

/// All attacks are planted this often, at least.
const TIMES: usize = 2;

pub(super) fn plan(seed: u64, layout: &Layout) -> Vec<Planted> {
    let mut planted = Vec::new();
    let mut rng = Rng::with_seed(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let events: usize = layout.files.iter().map(|file| file.events).sum();
    for _ in 0..events / PAIRS {
        pair(&mut rng, layout, &mut planted);
    }
    for number in 0..TIMES.min(1 + events / 10_000) {
        for attack in ATTACKS {
            plant(&mut rng, layout, attack, number, &mut planted);
        }
    }
    planted.sort_by_key(|planted| planted.file);
    planted
}

/// What is told of what was planted, one row for each group, in the order of their first files.
pub(super) fn truth(planted: &[Planted]) -> Vec<Value> {
    let mut groups: Vec<(&Group, Vec<&str>)> = Vec::new();
    let mut places = std::collections::HashMap::new();
    for planted in planted {
        let key = format!("{:?}", planted.group);
        let place = *places.entry(key).or_insert(groups.len());
        match groups.get_mut(place) {
            Some((_, ids)) => ids.push(&planted.id),
            None => groups.push((&planted.group, vec![&planted.id])),
        }
    }
    groups.iter().map(|(group, ids)| row(group, ids)).collect()
}

fn row(group: &Group, ids: &[&str]) -> Value {
    match group {
        Group::Attack { name, technique, account: index, .. } => {
            json!({"kind": "attack", "attack": name, "technique": technique, "account": account(*index), "events": ids})
        }
        Group::Pair(shared) => json!({"kind": "pair", "shared": shared, "events": ids}),
    }
}

/// A call to a role of another account, in both logs.
fn pair(rng: &mut Rng, layout: &Layout, planted: &mut Vec<Planted>) {
    let Some(file) = rng.choice(&layout.files) else { return };
    let (from, to) = (file.account, another(rng, file.account));
    let caller = Caller::user(rng, from);
    let time = (file.delivered - rng.i64(60..900)).max(START);
    let shared = uuid(rng);
    let call = assume(rng, to, "cross-account-audit").with("sharedEventID", &format!("\"{shared}\""));
    for (caller, index) in [(caller.clone(), from), (caller.seen_from_afar(), to)] {
        let scene = Scene {
            caller: &caller,
            account: index,
            region: file.region,
            time,
            address: format!("203.0.113.{}", 10 + from * 8),
            id: uuid(rng),
        };
        push(rng, layout, &scene, &call, Group::Pair(shared.clone()), planted);
    }
}

fn push(
    rng: &mut Rng,
    layout: &Layout,
    scene: &Scene<'_>,
    call: &Call,
    group: Group,
    planted: &mut Vec<Planted>,
) {
    let Some(file) = layout.for_event(scene.account, scene.region, scene.time) else { return };
    let record = scene.record(rng, call);
    planted.push(Planted { file: file.index, record, id: scene.id.clone(), group });
}

/// An attack: its name, the technique of MITRE ATT&CK, and its calls.
type Attack = (&'static str, &'static str, fn(&mut Rng, usize) -> Vec<Call>);

const ATTACKS: [Attack; 22] = [
    ("root-sign-in-without-mfa", "T1078.004", |_, _| vec![sign_in("Success", "No")]),
    ("sign-in-brute-force", "T1110", |_, _| vec![sign_in("Failure", "No"); 25]),
    ("stop-logging", "T1562.008", |_, _| {
        vec![named("cloudtrail", "StopLogging", "name", "organization-trail")]
    }),
    ("delete-trail", "T1562.008", |_, _| {
        vec![named("cloudtrail", "DeleteTrail", "name", "organization-trail")]
    }),
    ("delete-detector", "T1562.001", |rng, _| {
        vec![named("guardduty", "DeleteDetector", "detectorId", &hex(rng, 32))]
    }),
    ("stop-recorder", "T1562.001", |_, _| {
        vec![named("config", "StopConfigurationRecorder", "configurationRecorderName", "default")]
    }),
    ("delete-flow-logs", "T1562.008", |rng, index| {
        let id = known("fl", index, rng.usize(..5));
        vec![Call::write(
            "ec2.amazonaws.com",
            "DeleteFlowLogs",
            format!(r#"{{"DeleteFlowLogsRequest":{{"FlowLogId":{{"tag":1,"content":"{id}"}}}}}}"#),
        )]
    }),
    ("key-for-another-user", "T1098.001", |_, _| vec![named("iam", "CreateAccessKey", "userName", "backup")]),
    ("administrator-user", "T1136.003", |_, _| {
        let policy =
            r#"{"userName":"support-helper","policyArn":"arn:aws:iam::aws:policy/AdministratorAccess"}"#;
        vec![
            named("iam", "CreateUser", "userName", "support-helper"),
            Call::write("iam.amazonaws.com", "AttachUserPolicy", policy),
            named("iam", "CreateLoginProfile", "userName", "support-helper"),
        ]
    }),
    ("role-trusts-outsider", "T1098.003", |_, _| {
        let policy = r#"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::555566667777:root\"},\"Action\":\"sts:AssumeRole\"}]}"#;
        let request = format!(r#"{{"roleName":"monitoring","policyDocument":"{policy}"}}"#);
        vec![Call::write("iam.amazonaws.com", "UpdateAssumeRolePolicy", request)]
    }),
    ("mfa-removed", "T1556.006", |_, index| {
        let serial = format!("arn:aws:iam::{}:mfa/alice", account(index));
        vec![Call::write(
            "iam.amazonaws.com",
            "DeactivateMFADevice",
            format!(r#"{{"userName":"alice","serialNumber":"{serial}"}}"#),
        )]
    }),
    ("boundary-removed", "T1098", |_, _| {
        vec![named("iam", "DeleteUserPermissionsBoundary", "userName", "carol")]
    }),
    ("secrets-in-bulk", "T1555.006", |_, _| {
        (0..30)
            .map(|n| named("secretsmanager", "GetSecretValue", "secretId", &format!("secret-{n}")))
            .map(reads)
            .collect()
    }),
    ("passwords-of-instances", "T1552.005", |_, index| {
        let call = |n| named("ec2", "GetPasswordData", "instanceId", &known("i", index, n));
        (0..30).map(|n| reads(call(n)).failed("Client.UnauthorizedOperation")).collect()
    }),
    ("snapshot-shared", "T1537", |rng, index| {
        let id = known("snap", index, rng.usize(..5));
        vec![Call::write(
            "ec2.amazonaws.com",
            "ModifySnapshotAttribute",
            format!(
                r#"{{"snapshotId":"{id}","createVolumePermission":{{"add":{{"items":[{{"userId":"555566667777"}}]}}}},"attributeType":"CREATE_VOLUME_PERMISSION"}}"#
            ),
        )]
    }),
    ("port-22-to-the-world", "T1562.007", |rng, index| {
        let id = known("sg", index, rng.usize(..6));
        vec![Call::write(
            "ec2.amazonaws.com",
            "AuthorizeSecurityGroupIngress",
            format!(
                r#"{{"groupId":"{id}","ipPermissions":{{"items":[{{"ipProtocol":"tcp","fromPort":22,"toPort":22,"ipRanges":{{"items":[{{"cidrIp":"0.0.0.0/0"}}]}}}}]}}}}"#
            ),
        )]
    }),
    ("bucket-made-public", "T1530", |_, index| {
        let bucket = format!("example-{}-data-lake", super::world::purpose(index));
        vec![
            named("s3", "DeleteBucketPublicAccessBlock", "bucketName", &bucket),
            Call::write(
                "s3.amazonaws.com",
                "PutBucketPolicy",
                format!(
                    r#"{{"bucketName":"{bucket}","bucketPolicy":{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::{bucket}/*"}}]}}}}"#
                ),
            ),
        ]
    }),
    ("key-deletion", "T1485", |rng, _| {
        vec![Call::write(
            "kms.amazonaws.com",
            "ScheduleKeyDeletion",
            format!(r#"{{"keyId":"{}","pendingWindowInDays":7}}"#, uuid(rng)),
        )]
    }),
    ("many-large-instances", "T1496", |rng, index| {
        let image = known("ami", index, rng.usize(..3));
        vec![Call::write(
            "ec2.amazonaws.com",
            "RunInstances",
            format!(
                r#"{{"instancesSet":{{"items":[{{"imageId":"{image}","minCount":20,"maxCount":20}}]}},"instanceType":"p4d.24xlarge"}}"#
            ),
        )]
    }),
    ("leave-organization", "T1562", |_, _| {
        vec![Call::write("organizations.amazonaws.com", "LeaveOrganization", "null")]
    }),
    ("denied-reconnaissance", "T1580", |_, _| reconnaissance()),
    ("command-on-instances", "T1651", |_, index| {
        let ids: Vec<String> = (0..5).map(|n| format!("\"{}\"", known("i", index, n))).collect();
        let request = format!(
            r#"{{"documentName":"AWS-RunShellScript","instanceIds":[{}],"parameters":"HIDDEN_DUE_TO_SECURITY_REASONS"}}"#,
            ids.join(",")
        );
        vec![Call::write("ssm.amazonaws.com", "SendCommand", request)]
    }),
];

fn named(service: &'static str, name: &'static str, member: &str, value: &str) -> Call {
    let source = match service {
        "cloudtrail" => "cloudtrail.amazonaws.com",
        "config" => "config.amazonaws.com",
        "ec2" => "ec2.amazonaws.com",
        "guardduty" => "guardduty.amazonaws.com",
        "iam" => "iam.amazonaws.com",
        "s3" => "s3.amazonaws.com",
        _ => "secretsmanager.amazonaws.com",
    };
    Call::write(source, name, format!(r#"{{"{member}":"{value}"}}"#))
}

fn reads(call: Call) -> Call {
    Call { read_only: true, ..call }
}

fn sign_in(outcome: &str, mfa: &str) -> Call {
    let mut call = Call::write("signin.amazonaws.com", "ConsoleLogin", "null")
        .answered(format!(r#"{{"ConsoleLogin":"{outcome}"}}"#))
        .with(
            "additionalEventData",
            &format!(
                r#"{{"LoginTo":"https://console.aws.amazon.com/","MobileVersion":"No","MFAUsed":"{mfa}"}}"#
            ),
        );
    call.kind = "AwsConsoleSignIn";
    if outcome == "Failure" {
        call = call.with("errorMessage", "\"Failed authentication\"");
    }
    call
}

fn reconnaissance() -> Vec<Call> {
    const CALLS: [(&str, &str); 10] = [
        ("iam.amazonaws.com", "ListUsers"),
        ("iam.amazonaws.com", "ListRoles"),
        ("iam.amazonaws.com", "GetAccountAuthorizationDetails"),
        ("s3.amazonaws.com", "ListBuckets"),
        ("lambda.amazonaws.com", "ListFunctions20150331"),
        ("secretsmanager.amazonaws.com", "ListSecrets"),
        ("kms.amazonaws.com", "ListKeys"),
        ("rds.amazonaws.com", "DescribeDBInstances"),
        ("organizations.amazonaws.com", "ListAccounts"),
        ("dynamodb.amazonaws.com", "ListTables"),
    ];
    let calls = CALLS.iter().cycle().take(40);
    calls.map(|(source, name)| Call::read(source, name, "null").failed("AccessDenied")).collect()
}

/// Plants one attack somewhere, from one address, a few seconds between its calls.
fn plant(rng: &mut Rng, layout: &Layout, attack: Attack, number: usize, planted: &mut Vec<Planted>) {
    let (name, technique, calls) = attack;
    let Some(region) = rng.choice(&layout.files).map(|file| file.region) else { return };
    let index = rng.usize(..super::world::ACCOUNTS.len());
    let caller = match name {
        "root-sign-in-without-mfa" => Caller::Root { account: index },
        "leave-organization" | "stop-logging" => Caller::person(rng, index),
        _ => Caller::User { account: index, name: "contractors/carol" },
    };
    let region = if name.contains("root") || name.contains("sign-in") { "us-east-1" } else { region };
    let address = format!("198.51.100.{}", rng.u8(1..255));
    let mut time = START + rng.i64(3_600..SPAN - 3_600);
    for call in calls(rng, index) {
        let scene =
            Scene { caller: &caller, account: index, region, time, address: address.clone(), id: uuid(rng) };
        let group = Group::Attack { name, technique, account: index, number };
        push(rng, layout, &scene, &call, group, planted);
        time += rng.i64(1..8);
    }
}
