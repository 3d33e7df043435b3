//! What rules cost per event, beside parsing: `cargo bench -p leastwise-trail --bench hunt`.
//!
//! Events are those of an ordinary account, mostly reads by roles and services. Rules are ours, and sets that are
//! made here in their likeness: most are about few event names, some about a text anywhere in a field, some about
//! every event of a service or of a user.

use std::fmt::Write;
use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use leastwise_trail::json::Record;
use leastwise_trail::sigma::{Placeholders, Rules, Source, ours};
use leastwise_trail::{Analysis, Event, Hunt};

const CALLS: [(&str, &str); 16] = [
    ("sts", "AssumeRole"),
    ("s3", "GetBucketAcl"),
    ("ec2", "DescribeInstances"),
    ("kms", "Decrypt"),
    ("logs", "DescribeLogGroups"),
    ("iam", "ListRoles"),
    ("ec2", "DescribeVolumes"),
    ("ssm", "UpdateInstanceInformation"),
    ("cloudtrail", "LookupEvents"),
    ("s3", "ListBuckets"),
    ("lambda", "ListFunctions20150331"),
    ("rds", "DescribeDBInstances"),
    ("ecr", "GetAuthorizationToken"),
    ("monitoring", "DescribeAlarms"),
    ("kms", "GenerateDataKey"),
    ("config", "PutEvaluations"),
];

fn events(count: usize) -> Vec<String> {
    (0..count)
        .map(|number| {
            let (service, call) = CALLS.iter().copied().cycle().nth(number * 7 % CALLS.len()).unwrap_or_default();
            let (user, account) = (number * 13 % 40, 111_122_223_333_u64 + (number % 3) as u64);
            let error = if number % 50 == 0 { r#""errorCode":"AccessDenied","errorMessage":"not authorized","# } else { "" };
            format!(
                r#"{{"eventVersion":"1.09","userIdentity":{{"type":"AssumedRole","principalId":"AROAEXAMPLE{user}:session-{user}","arn":"arn:aws:sts::{account}:assumed-role/app-{user}/session-{user}","accountId":"{account}","accessKeyId":"ASIAEXAMPLE","sessionContext":{{"sessionIssuer":{{"type":"Role","principalId":"AROAEXAMPLE{user}","arn":"arn:aws:iam::{account}:role/app-{user}","accountId":"{account}","userName":"app-{user}"}},"attributes":{{"creationDate":"2025-01-01T00:00:00Z","mfaAuthenticated":"false"}}}}}},"eventTime":"2025-01-01T{:02}:{:02}:{:02}Z","eventSource":"{service}.amazonaws.com","eventName":"{call}","awsRegion":"us-east-1","sourceIPAddress":"10.0.{}.{}","userAgent":"aws-sdk-java/2.20.{} Linux/5.10 OpenJDK_64-Bit_Server_VM/17.0.8 vendor/Amazon.com_Inc. io/sync",{error}"requestParameters":{{"bucketName":"data-{user}","filterSet":{{}},"maxResults":100}},"responseElements":null,"requestID":"{number:032x}","eventID":"{number:08x}-0000-4000-8000-000000000000","readOnly":true,"eventType":"AwsApiCall","managementEvent":true,"recipientAccountId":"{account}","eventCategory":"Management","tlsDetails":{{"tlsVersion":"TLSv1.3","cipherSuite":"TLS_AES_128_GCM_SHA256","clientProvidedHostHeader":"{service}.us-east-1.amazonaws.com"}}}}"#,
                number / 3600 % 24, number / 60 % 60, number % 60, user, number % 250, number % 90
            )
        })
        .collect()
}

/// Rules in the likeness of ours.
fn likeness(count: usize) -> String {
    let mut text = String::new();
    for number in 0..count {
        let detection = match number % 15 {
            0 => format!(
                "{{userAgent|contains: ['tool-{number}', 'kit{number}/'], eventSource: iam.amazonaws.com}}"
            ),
            1 => format!("{{userIdentity.type: Root, eventName|startswith: 'Put{number}'}}"),
            2 => format!(
                "{{errorCode: [AccessDenied, Client.UnauthorizedOperation], userIdentity.userName: 'u{number}'}}"
            ),
            3 => format!("{{eventSource: ec2.amazonaws.com, requestParameters.x{number}: true}}"),
            4 => format!("{{requestParameters.policyArn|endswith: ':policy/Admin{number}'}}"),
            5 => format!(
                "{{sourceIPAddress|cidr: '198.51.{}.0/24', eventName: [ConsoleLogin, GetUser{number}]}}",
                number % 256
            ),
            6 => format!("{{eventName|contains: 'Access{number}Key', errorCode: null}}"),
            _ => format!(
                "{{eventSource: s{}.amazonaws.com, eventName: [Delete{number}, Put{number}, Update{number}]}}",
                number % 40
            ),
        };
        let _ = write!(
            text,
            "---\ntitle: rule {number}\nid: rule-{number}\nlogsource: {{product: aws, service: cloudtrail}}\n\
             detection:\n    selection: {detection}\n    filter: {{errorCode|exists: true, userAgent: x{number}}}\n    \
             condition: selection and not filter\nlevel: high\ntags: [attack.t1078]\n"
        );
    }
    text
}

/// Rules that note many events.
const NOTING: &str = "
title: reads
id: reads
logsource: {product: aws, service: cloudtrail}
detection: {selection: {eventName|startswith: [Get, List, Describe]}, condition: selection}
---
title: burst
correlation: {type: value_count, rules: [reads], group-by: [leastwise.principal], timespan: 10m, condition: {field: eventName, gte: 30}}
---
title: new service
detection: {selection: {userIdentity.type: [IAMUser, AssumedRole]}, condition: selection}
first_seen: {by: [leastwise.principal], value: [eventSource], within: 30d, learn: 7d}
";

fn hunting(bench: &mut Criterion) {
    let texts = events(2000);
    let records: Vec<_> =
        texts.iter().map(|text| Record::parse(text.as_bytes()).unwrap_or_default()).collect();
    let events: Vec<_> = records.iter().filter_map(|record| Event::new(record.root())).collect();
    assert_eq!(events.len(), texts.len(), "all events are objects");
    let mut group = bench.benchmark_group("hunt");
    group.throughput(Throughput::Elements(events.len() as u64));
    let few = likeness(150);
    let many = likeness(1500);
    let noting = format!("{few}---{NOTING}");
    let ours: Vec<_> = ours();
    let sets: [(&str, Vec<Source<'_>>); 5] = [
        ("ours", ours),
        ("150 rules", vec![Source { name: "few", text: &few }]),
        ("1500 rules", vec![Source { name: "many", text: &many }]),
        ("150 rules, noting", vec![Source { name: "noting", text: &noting }]),
        ("noting alone", vec![Source { name: "noting", text: NOTING }]),
    ];
    for (name, sources) in &sets {
        let rules = Rules::load(sources.iter().copied(), &Placeholders::new());
        assert_eq!(rules.problems(), [], "{name}");
        let hunt = Hunt::new(&rules);
        group.bench_function(*name, |bench| {
            bench.iter(|| {
                let mut part = hunt.part();
                for event in &events {
                    hunt.event(&mut part, event);
                }
                black_box(part)
            });
        });
    }
    group.bench_function("view of the event", |bench| {
        bench.iter(|| records.iter().filter_map(|record| Event::new(black_box(record.root()))).count());
    });
    let rules = Rules::load([Source { name: "noting", text: NOTING }], &Placeholders::new());
    let hunt = Hunt::new(&rules);
    group.bench_function("noting, with join and finish", |bench| {
        bench.iter(|| {
            let (mut whole, mut part) = (hunt.whole(), hunt.part());
            for event in &events {
                hunt.event(&mut part, event);
            }
            hunt.join(&mut whole, part);
            black_box(hunt.finish(whole))
        });
    });
    group.finish();
}

fn loading(bench: &mut Criterion) {
    let many = likeness(1500);
    let ours: Vec<_> = ours();
    bench.bench_function("load ours", |bench| {
        bench.iter(|| Rules::load(black_box(&ours).iter().copied(), &Placeholders::new()));
    });
    bench.bench_function("load 1500 rules", |bench| {
        bench.iter(|| Rules::load([Source { name: "many", text: black_box(&many) }], &Placeholders::new()));
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20);
    targets = hunting, loading
}
criterion_main!(benches);
