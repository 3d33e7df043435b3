//! What usually happens in an account.

use fastrand::Rng;

use super::identity::Caller;
use super::layout::{File, START};
use super::record::{Call, Scene};
use super::rng;
use super::world::{self, BUCKETS, ROLES, account, hex, known, pick, purpose, unique_id, uuid};

/// How an event of this kind is made: who calls, and what.
type Make = fn(&mut Rng, &File) -> (Caller, Call);

/// Kinds of events, each with how many of a thousand events it is.
const KINDS: [(u16, Make); 25] = [
    (95, assumed_by_service),
    (25, assumed_by_role),
    (110, decrypt),
    (50, data_key),
    (110, get_object),
    (50, put_object),
    (180, describe_ec2),
    (50, read_iam),
    (50, read_bucket),
    (45, log_streams),
    (20, describe_alarms),
    (35, lambda_reads),
    (30, invoke),
    (50, ssm_agent),
    (25, ssm_parameter),
    (20, dynamodb_item),
    (10, secret),
    (15, registry),
    (8, console_noise),
    (3, sign_in),
    (6, service_event),
    (5, run_instances),
    (3, tag),
    (3, deploy),
    (2, caller_identity),
];

/// The event of this file at this place: its id, and its record.
pub(super) fn usual(seed: u64, file: &File, place: usize) -> (String, String) {
    let mut rng = rng(seed, file.index, place);
    let (caller, call) = kind(&mut rng)(&mut rng, file);
    let time = time(&mut rng, file);
    let call = fail(&mut rng, call);
    let id = uuid(&mut rng);
    let address = address(&mut rng, file.account, &caller);
    let scene =
        Scene { caller: &caller, account: file.account, region: file.region, time, address, id: id.clone() };
    (id, scene.record(&mut rng, &call))
}

fn kind(rng: &mut Rng) -> Make {
    let total: u16 = KINDS.iter().map(|(weight, _)| weight).sum();
    let mut at = rng.u16(..total);
    for (weight, make) in KINDS {
        if at < weight {
            return make;
        }
        at -= weight;
    }
    describe_ec2
}

/// Most events are delivered within a quarter of an hour, some later, a few a day later.
fn time(rng: &mut Rng, file: &File) -> i64 {
    let late = match rng.u16(..1_000) {
        0 => rng.i64(6 * 3_600..24 * 3_600),
        1..=10 => rng.i64(900..7_200),
        _ => rng.i64(30..900),
    };
    (file.delivered - late).max(START)
}

/// Some calls fail, a few are denied.
fn fail(rng: &mut Rng, call: Call) -> Call {
    if call.kind != "AwsApiCall" {
        return call;
    }
    match rng.u16(..1_000) {
        0..=5 if call.source.starts_with("ec2") => call.failed("Client.UnauthorizedOperation"),
        0..=5 => call.failed("AccessDenied"),
        6..=15 => call.failed("ThrottlingException"),
        16..=25 if call.source.starts_with("s3") => call.failed("NoSuchKey"),
        16..=20 => call.failed("ResourceNotFoundException"),
        _ => call,
    }
}

/// People come from offices, programs from inside.
pub(super) fn address(rng: &mut Rng, account: usize, caller: &Caller) -> String {
    if caller.is_person() {
        format!("203.0.113.{}", 10 + account * 8 + rng.usize(..8))
    } else {
        format!("10.{account}.{}.{}", rng.u8(..4), rng.u8(1..255))
    }
}

/// Roles, some people, and users; records of users are shorter, and make the usual length.
fn anyone(rng: &mut Rng, file: &File) -> Caller {
    match rng.u8(..100) {
        0..=29 => Caller::role(rng, file.account),
        30..=36 => Caller::person(rng, file.account),
        _ => Caller::user(rng, file.account),
    }
}

fn arn(file: &File, service: &str, resource: &str) -> String {
    format!("arn:aws:{service}:{}:{}:{resource}", file.region, account(file.account))
}

fn credentials(rng: &mut Rng, role: &str, index: usize, session: &str) -> String {
    let name = role.rsplit('/').next().unwrap_or(role);
    let (number, id) = (account(index), unique_id("AROA", index, role));
    let key = unique_id("ASIA", index, &hex(rng, 8));
    format!(
        r#"{{"credentials":{{"accessKeyId":"{key}","sessionToken":"{}","expiration":"Jan 12, 2026, 1:00:00 AM"}},"assumedRoleUser":{{"assumedRoleId":"{id}:{session}","arn":"arn:aws:sts::{number}:assumed-role/{name}/{session}"}}}}"#,
        hex(rng, 100)
    )
}

fn assumed_by_service(rng: &mut Rng, file: &File) -> (Caller, Call) {
    let (role, service) = ROLES.get(rng.usize(..8)).copied().unwrap_or_default();
    let role_arn = format!("arn:aws:iam::{}:role/{role}", account(file.account));
    let session = format!("session-{}", rng.u16(..200));
    let request =
        format!(r#"{{"roleArn":"{role_arn}","roleSessionName":"{session}","durationSeconds":3600}}"#);
    let answer = credentials(rng, role, file.account, &session);
    let shared = format!("\"{}\"", uuid(rng));
    let call = Call { read_only: true, ..Call::read("sts.amazonaws.com", "AssumeRole", request) };
    let call = call.answered(answer).on(file.account, &[("AWS::IAM::Role", role_arn)]);
    (Caller::Service(service), call.with("sharedEventID", &shared))
}

fn assumed_by_role(rng: &mut Rng, file: &File) -> (Caller, Call) {
    (anyone(rng, file), assume(rng, file.account, "monitoring"))
}

/// `AssumeRole` of a role in this account.
pub(super) fn assume(rng: &mut Rng, index: usize, role: &str) -> Call {
    let role_arn = format!("arn:aws:iam::{}:role/{role}", account(index));
    let session = format!("{role}-session");
    let request = format!(r#"{{"roleArn":"{role_arn}","roleSessionName":"{session}"}}"#);
    let answer = credentials(rng, role, index, &session);
    Call::read("sts.amazonaws.com", "AssumeRole", request)
        .answered(answer)
        .on(index, &[("AWS::IAM::Role", role_arn)])
}

fn key(rng: &mut Rng, file: &File) -> String {
    arn(file, "kms", &format!("key/{}", uuid(&mut Rng::with_seed(file.account as u64 * 10 + rng.u64(..6)))))
}

fn decrypt(rng: &mut Rng, file: &File) -> (Caller, Call) {
    let key = key(rng, file);
    let bucket = bucket(rng, file);
    let request = format!(
        r#"{{"encryptionContext":{{"aws:s3:arn":"arn:aws:s3:::{bucket}"}},"encryptionAlgorithm":"SYMMETRIC_DEFAULT"}}"#
    );
    let mut call =
        Call::read("kms.amazonaws.com", "Decrypt", request).on(file.account, &[("AWS::KMS::Key", key)]);
    call.via = rng.bool().then_some("s3.amazonaws.com");
    (anyone(rng, file), call)
}

fn data_key(rng: &mut Rng, file: &File) -> (Caller, Call) {
    let key = key(rng, file);
    let request = format!(
        r#"{{"keySpec":"AES_256","encryptionContext":{{"aws:s3:arn":"arn:aws:s3:::{}"}},"keyId":"{key}"}}"#,
        bucket(rng, file)
    );
    let mut call = Call::read("kms.amazonaws.com", "GenerateDataKey", request)
        .on(file.account, &[("AWS::KMS::Key", key)]);
    call.via = rng.bool().then_some("s3.amazonaws.com");
    (anyone(rng, file), call)
}

fn bucket(rng: &mut Rng, file: &File) -> String {
    format!("example-{}-{}", purpose(file.account), pick(rng, &BUCKETS))
}

/// A call on an object: a data event.
fn object(rng: &mut Rng, file: &File, name: &'static str, read_only: bool) -> Call {
    let (bucket, region) = (bucket(rng, file), file.region);
    let key = format!("year=2026/month=01/day={:02}/part-{:05}.parquet", rng.u8(1..29), rng.u16(..3_000));
    let request =
        format!(r#"{{"bucketName":"{bucket}","Host":"{bucket}.s3.{region}.amazonaws.com","key":"{key}"}}"#);
    let extra = format!(
        r#"{{"SignatureVersion":"SigV4","CipherSuite":"TLS_AES_128_GCM_SHA256","bytesTransferredIn":{},"AuthenticationMethod":"AuthHeader","x-amz-id-2":"{}","bytesTransferredOut":{}}}"#,
        rng.u32(..5_000_000),
        hex(rng, 76),
        rng.u32(..5_000_000)
    );
    let call = Call { read_only, ..Call::read("s3.amazonaws.com", name, request) };
    call.data().with("additionalEventData", &extra).on(
        file.account,
        &[
            ("AWS::S3::Object", format!("arn:aws:s3:::{bucket}/{key}")),
            ("AWS::S3::Bucket", format!("arn:aws:s3:::{bucket}")),
        ],
    )
}

fn get_object(rng: &mut Rng, file: &File) -> (Caller, Call) {
    let name = if rng.u8(..5) == 0 { "HeadObject" } else { "GetObject" };
    (anyone(rng, file), object(rng, file, name, true))
}

fn put_object(rng: &mut Rng, file: &File) -> (Caller, Call) {
    let call = object(rng, file, "PutObject", false);
    (anyone(rng, file), call.answered(r#"{"x-amz-server-side-encryption":"AES256"}"#))
}

fn describe_ec2(rng: &mut Rng, file: &File) -> (Caller, Call) {
    const LISTS: [(&str, &str, &str, &str); 8] = [
        ("DescribeInstances", "instancesSet", "instanceId", "i"),
        ("DescribeVolumes", "volumeSet", "volumeId", "vol"),
        ("DescribeNetworkInterfaces", "networkInterfaceIdSet", "networkInterfaceId", "eni"),
        ("DescribeSecurityGroups", "securityGroupSet", "groupId", "sg"),
        ("DescribeSubnets", "subnetSet", "subnetId", "subnet"),
        ("DescribeVpcs", "vpcSet", "vpcId", "vpc"),
        ("DescribeRouteTables", "routeTableIdSet", "routeTableId", "rtb"),
        ("DescribeImages", "imagesSet", "imageId", "ami"),
    ];
    let (name, list, member, kind) = LISTS.get(rng.usize(..LISTS.len())).copied().unwrap_or_default();
    let filter =
        r#""filterSet":{"items":[{"name":"tag:environment","valueSet":{"items":[{"value":"production"}]}}]}"#;
    let request = if rng.bool() {
        let ids: Vec<String> =
            (0..rng.usize(1..5)).map(|_| known(kind, file.account, rng.usize(..30))).collect();
        let items: Vec<String> = ids.iter().map(|id| format!(r#"{{"{member}":"{id}"}}"#)).collect();
        format!(r#"{{"{list}":{{"items":[{}]}},"filterSet":{{}}}}"#, items.join(","))
    } else {
        format!(r#"{{"maxResults":1000,"{list}":{{}},{filter}}}"#)
    };
    (anyone(rng, file), Call::read("ec2.amazonaws.com", name, request))
}

fn read_iam(rng: &mut Rng, file: &File) -> (Caller, Call) {
    let role =
        ROLES.get(rng.usize(..ROLES.len())).map_or("", |(name, _)| name.rsplit('/').next().unwrap_or(name));
    let role = format!(r#"{{"roleName":"{role}"}}"#);
    let call = match rng.u8(..6) {
        0 => Call::read("iam.amazonaws.com", "GetRole", role),
        1 => Call::read("iam.amazonaws.com", "ListAttachedRolePolicies", role),
        2 => Call::read("iam.amazonaws.com", "ListRolePolicies", role),
        3 => Call::read("iam.amazonaws.com", "ListUsers", r#"{"maxItems":100}"#),
        4 => Call::read("iam.amazonaws.com", "GetUser", "null"),
        _ => Call::read(
            "iam.amazonaws.com",
            "GetPolicy",
            r#"{"policyArn":"arn:aws:iam::aws:policy/ReadOnlyAccess"}"#,
        ),
    };
    (anyone(rng, file), call)
}

fn read_bucket(rng: &mut Rng, file: &File) -> (Caller, Call) {
    const NAMES: [&str; 7] = [
        "GetBucketAcl",
        "GetBucketPolicy",
        "GetBucketEncryption",
        "GetBucketVersioning",
        "GetBucketLocation",
        "GetBucketPublicAccessBlock",
        "HeadBucket",
    ];
    let (name, bucket, region) = (pick(rng, &NAMES), bucket(rng, file), file.region);
    let request = format!(r#"{{"bucketName":"{bucket}","Host":"{bucket}.s3.{region}.amazonaws.com"}}"#);
    let call = Call::read("s3.amazonaws.com", name, request)
        .on(file.account, &[("AWS::S3::Bucket", format!("arn:aws:s3:::{bucket}"))]);
    (anyone(rng, file), call)
}

fn log_streams(rng: &mut Rng, file: &File) -> (Caller, Call) {
    let group = format!("/aws/lambda/{}", pick(rng, &["api", "ingest", "resize", "report"]));
    let call = if rng.bool() {
        let stream = format!("2026/01/{:02}/[$LATEST]{}", rng.u8(5..12), hex(rng, 32));
        let request = format!(r#"{{"logGroupName":"{group}","logStreamName":"{stream}"}}"#);
        Call::write("logs.amazonaws.com", "CreateLogStream", request)
    } else {
        let request = format!(r#"{{"logGroupNamePrefix":"{group}"}}"#);
        Call::read("logs.amazonaws.com", "DescribeLogGroups", request)
    };
    (anyone(rng, file), call)
}

fn describe_alarms(rng: &mut Rng, file: &File) -> (Caller, Call) {
    let call = Call::read(
        "monitoring.amazonaws.com",
        "DescribeAlarms",
        r#"{"maxRecords":100,"stateValue":"ALARM"}"#,
    );
    (anyone(rng, file), call)
}

fn function(rng: &mut Rng) -> &'static str {
    pick(rng, &["api", "ingest", "resize", "report", "notify"])
}

fn lambda_reads(rng: &mut Rng, file: &File) -> (Caller, Call) {
    let call = match rng.u8(..3) {
        0 => Call::read("lambda.amazonaws.com", "ListFunctions20150331", r#"{"maxItems":50}"#),
        1 => {
            let request = format!(r#"{{"functionName":"{}"}}"#, function(rng));
            Call::read("lambda.amazonaws.com", "GetFunction20150331v2", request)
        }
        _ => {
            let request = format!(
                r#"{{"functionName":"{}"}}"#,
                arn(file, "lambda", &format!("function:{}", function(rng)))
            );
            Call::read("lambda.amazonaws.com", "GetPolicy20150331v2", request)
        }
    };
    (anyone(rng, file), call)
}

fn invoke(rng: &mut Rng, file: &File) -> (Caller, Call) {
    let function = arn(file, "lambda", &format!("function:{}", function(rng)));
    let request = format!(r#"{{"functionName":"{function}","invocationType":"Event"}}"#);
    let call = Call::write("lambda.amazonaws.com", "Invoke", request).data();
    (anyone(rng, file), call.on(file.account, &[("AWS::Lambda::Function", function)]))
}

fn ssm_agent(rng: &mut Rng, file: &File) -> (Caller, Call) {
    let instance = known("i", file.account, rng.usize(..30));
    let caller = Caller::Role { account: file.account, name: "app-server", session: instance.clone() };
    let request = format!(
        r#"{{"instanceId":"{instance}","agentVersion":"3.3.551.0","agentStatus":"Active","platformType":"Linux","platformName":"Amazon Linux","platformVersion":"2023","iPAddress":"10.0.0.{}","computerName":"ip-10-0-0-1.ec2.internal","agentName":"amazon-ssm-agent"}}"#,
        rng.u8(..)
    );
    (caller, Call::write("ssm.amazonaws.com", "UpdateInstanceInformation", request))
}

fn ssm_parameter(rng: &mut Rng, file: &File) -> (Caller, Call) {
    let name = format!(
        "/app/{}/{}",
        purpose(file.account),
        pick(rng, &["database/url", "api/key", "flags", "log/level"])
    );
    let resource = arn(file, "ssm", &format!("parameter{name}"));
    let request = format!(r#"{{"name":"{name}","withDecryption":true}}"#);
    let call = Call::read("ssm.amazonaws.com", "GetParameter", request);
    (anyone(rng, file), call.on(file.account, &[("AWS::SSM::Parameter", resource)]))
}

fn dynamodb_item(rng: &mut Rng, file: &File) -> (Caller, Call) {
    let table = pick(rng, &["orders", "sessions", "events"]);
    let request =
        format!(r#"{{"tableName":"{table}","key":{{"id":"{}"}},"consistentRead":false}}"#, uuid(rng));
    let resource = arn(file, "dynamodb", &format!("table/{table}"));
    let call = Call::read("dynamodb.amazonaws.com", "GetItem", request).data();
    (anyone(rng, file), call.on(file.account, &[("AWS::DynamoDB::Table", resource)]))
}

fn secret(rng: &mut Rng, file: &File) -> (Caller, Call) {
    let name = pick(rng, &["database", "signing-key", "partner-token"]);
    let request = if rng.bool() {
        format!(r#"{{"secretId":"{name}"}}"#)
    } else {
        format!(r#"{{"secretId":"{}"}}"#, arn(file, "secretsmanager", &format!("secret:{name}-AbCdEf")))
    };
    (anyone(rng, file), Call::read("secretsmanager.amazonaws.com", "GetSecretValue", request))
}

fn registry(rng: &mut Rng, file: &File) -> (Caller, Call) {
    let call = if rng.bool() {
        Call::read("ecr.amazonaws.com", "GetAuthorizationToken", "null")
    } else {
        let request = format!(
            r#"{{"repositoryName":"app/web","imageIds":[{{"imageTag":"release-{}"}}],"registryId":"{}"}}"#,
            rng.u8(..40),
            account(file.account)
        );
        let resource = arn(file, "ecr", "repository/app/web");
        Call::read("ecr.amazonaws.com", "BatchGetImage", request)
            .on(file.account, &[("AWS::ECR::Repository", resource)])
    };
    (anyone(rng, file), call)
}

fn console_noise(rng: &mut Rng, file: &File) -> (Caller, Call) {
    let call = match rng.u8(..4) {
        0 => Call::read(
            "health.amazonaws.com",
            "DescribeEventAggregates",
            r#"{"aggregateField":"eventTypeCategory"}"#,
        ),
        1 => Call::read("billingconsole.amazonaws.com", "GetBillsForBillingPeriod", "null"),
        2 => Call::read("notifications.amazonaws.com", "ListNotificationHubs", "null"),
        _ => Call::read(
            "ce.amazonaws.com",
            "GetCostAndUsage",
            r#"{"Granularity":"MONTHLY","Metrics":["UnblendedCost"]}"#,
        ),
    };
    (Caller::person(rng, file.account), call)
}

fn sign_in(rng: &mut Rng, file: &File) -> (Caller, Call) {
    let mut call = Call::write("signin.amazonaws.com", "ConsoleLogin", "null")
        .answered(r#"{"ConsoleLogin":"Success"}"#)
        .with("additionalEventData", r#"{"LoginTo":"https://console.aws.amazon.com/console/home","MobileVersion":"No","MFAUsed":"Yes"}"#);
    call.kind = "AwsConsoleSignIn";
    (Caller::User { account: file.account, name: pick(rng, &["alice", "bob"]) }, call)
}

fn service_event(rng: &mut Rng, file: &File) -> (Caller, Call) {
    let key = key(rng, file);
    let mut call = Call::write("kms.amazonaws.com", "RotateKey", "null")
        .on(file.account, &[("AWS::KMS::Key", key.clone())])
        .with("serviceEventDetails", &format!(r#"{{"keyId":"{key}"}}"#));
    call.kind = "AwsServiceEvent";
    (Caller::Service("kms.amazonaws.com"), call)
}

fn run_instances(rng: &mut Rng, file: &File) -> (Caller, Call) {
    let mut id = |kind, most| known(kind, file.account, rng.usize(..most));
    let (image, subnet, group, instance) = (id("ami", 3), id("subnet", 6), id("sg", 6), id("i", 30));
    let request = format!(
        r#"{{"instancesSet":{{"items":[{{"imageId":"{image}","minCount":1,"maxCount":1}}]}},"groupSet":{{"items":[{{"groupId":"{group}"}}]}},"instanceType":"m6i.large","subnetId":"{subnet}","iamInstanceProfile":{{"name":"app-server"}},"tagSpecificationSet":{{"items":[{{"resourceType":"instance","tags":[{{"key":"environment","value":"production"}}]}}]}}}}"#
    );
    let answer = format!(
        r#"{{"requestId":"{}","reservationId":"r-0{}","ownerId":"{}","groupSet":{{}},"instancesSet":{{"items":[{{"instanceId":"{instance}","imageId":"{image}","instanceState":{{"code":0,"name":"pending"}},"instanceType":"m6i.large","subnetId":"{subnet}","groupSet":{{"items":[{{"groupId":"{group}","groupName":"app"}}]}}}}]}}}}"#,
        uuid(rng),
        hex(rng, 16),
        account(file.account)
    );
    let name = "aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling";
    let caller = Caller::Role { account: file.account, name, session: "AutoScaling".to_owned() };
    let mut call = Call::write("ec2.amazonaws.com", "RunInstances", request).answered(answer);
    call.via = Some("autoscaling.amazonaws.com");
    (caller, call)
}

fn tag(rng: &mut Rng, file: &File) -> (Caller, Call) {
    let id = known("i", file.account, rng.usize(..30));
    let request = format!(
        r#"{{"resourcesSet":{{"items":[{{"resourceId":"{id}"}}]}},"tagSet":{{"items":[{{"key":"owner","value":"team-a"}}]}}}}"#
    );
    let call = Call::write("ec2.amazonaws.com", "CreateTags", request);
    (anyone(rng, file), call.answered(r#"{"_return":true}"#))
}

fn deploy(rng: &mut Rng, file: &File) -> (Caller, Call) {
    let function = function(rng);
    let request = format!(r#"{{"functionName":"{function}","publish":true,"dryRun":false}}"#);
    let answer = format!(
        r#"{{"functionName":"{function}","functionArn":"{}","runtime":"python3.12","codeSize":{}}}"#,
        arn(file, "lambda", &format!("function:{function}")),
        rng.u32(1_000..10_000_000)
    );
    let name = "pipeline/deployer";
    let caller = Caller::Role { account: file.account, name, session: "build".to_owned() };
    (caller, Call::write("lambda.amazonaws.com", "UpdateFunctionCode20150331v2", request).answered(answer))
}

fn caller_identity(rng: &mut Rng, file: &File) -> (Caller, Call) {
    (anyone(rng, file), Call::read("sts.amazonaws.com", "GetCallerIdentity", "null"))
}

/// The accounts that a call from this one to a role of another can go to.
pub(super) fn another(rng: &mut Rng, index: usize) -> usize {
    (index + rng.usize(1..world::ACCOUNTS.len())) % world::ACCOUNTS.len()
}
