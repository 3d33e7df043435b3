//! What reading costs for each event: inflating, parsing, and both with the view of events.

#![allow(clippy::unwrap_used, reason = "a benchmark may stop")]

use std::hint::black_box;
use std::io::Write;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use flate2::Compression;
use flate2::write::GzEncoder;
use leastwise_trail::json::Record;
use leastwise_trail::read::{Limits, Opened, Reader, Tally};
use leastwise_trail::{Event, Field};
use serde_json::{Value, json};

/// As many events as CloudTrail puts into a file of a busy account.
const EVENTS: u64 = 150;

/// An event of about 1.1 KB, with the fields that most have.
fn record(id: u64) -> Value {
    let role = format!("service-{}", id % 17);
    let session = format!("session-{:08x}", id.wrapping_mul(0x9e37_79b9));
    json!({
        "eventVersion": "1.09",
        "userIdentity": {
            "type": "AssumedRole",
            "principalId": format!("AROAEXAMPLEEXAMPLE{:03}:{session}", id % 17),
            "arn": format!("arn:aws:sts::111122223333:assumed-role/{role}/{session}"),
            "accountId": "111122223333",
            "accessKeyId": format!("ASIAEXAMPLE{:09}", id * 7919),
            "sessionContext": {
                "sessionIssuer": {
                    "type": "Role",
                    "principalId": format!("AROAEXAMPLEEXAMPLE{:03}", id % 17),
                    "arn": format!("arn:aws:iam::111122223333:role/{role}"),
                    "accountId": "111122223333",
                    "userName": role,
                },
                "attributes": {"creationDate": "2024-07-01T09:12:00Z", "mfaAuthenticated": "false"},
            },
        },
        "eventTime": format!("2024-07-01T10:{:02}:{:02}Z", id / 60 % 60, id % 60),
        "eventSource": "ec2.amazonaws.com",
        "eventName": "DescribeInstances",
        "awsRegion": "us-east-1",
        "sourceIPAddress": format!("203.0.113.{}", id % 256),
        "userAgent": "aws-sdk-go-v2/1.30.1 os/linux lang/go#1.22.5 md/GOOS#linux md/GOARCH#amd64 api/ec2#1.165.0",
        "requestParameters": {
            "instancesSet": {"items": [{"instanceId": format!("i-{:017x}", id * 104_729)}]},
            "filterSet": {"items": [{"name": "instance-state-name", "valueSet": {"items": [{"value": "running"}]}}]},
        },
        "responseElements": null,
        "requestID": format!("{:08x}-0000-4000-8000-{:012x}", id * 31, id * 37),
        "eventID": format!("{:08x}-0000-4000-9000-{:012x}", id * 41, id * 43),
        "readOnly": true,
        "eventType": "AwsApiCall",
        "managementEvent": true,
        "recipientAccountId": "111122223333",
        "eventCategory": "Management",
        "tlsDetails": {
            "tlsVersion": "TLSv1.3",
            "cipherSuite": "TLS_AES_128_GCM_SHA256",
            "clientProvidedHostHeader": "ec2.us-east-1.amazonaws.com",
        },
    })
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn read(criterion: &mut Criterion) {
    let records: Vec<Value> = (0..EVENTS).map(record).collect();
    let texts: Vec<String> = records.iter().map(Value::to_string).collect();
    let file = gzip(&json!({"Records": records}).to_string());
    let mut group = criterion.benchmark_group("read");
    group.throughput(Throughput::Elements(EVENTS));

    let mut reader = Reader::new(Limits::default());
    group.bench_function("inflate", |bench| {
        bench.iter(|| match reader.open(black_box(&*file), &mut Tally::default()) {
            Opened::Whole(piece) => drop(black_box(piece)),
            Opened::Pieces(_) => {}
        });
    });
    group.bench_function("parse", |bench| {
        let mut record = Record::default();
        bench.iter(|| texts.iter().filter(|text| record.refill(black_box(text.as_bytes())).is_ok()).count());
    });
    group.bench_function("file", |bench| {
        bench.iter(|| {
            let (mut named, mut tally) = (0, Tally::default());
            let mut take = |event: &Event<'_>| named += usize::from(event.str(Field::EventName).is_some());
            reader.read(black_box(&*file), &mut tally, &mut take);
            named
        });
    });
    group.finish();
}

criterion_group!(benches, read);
criterion_main!(benches);
