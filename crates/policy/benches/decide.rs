//! One decision on prepared policies: an identity policy of twelve statements, two levels of service control
//! policies, a permissions boundary, and for every third request a resource policy.

#![allow(clippy::expect_used, reason = "a benchmark may stop")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use leastwise_policy::{Action, Caller, Policies, Policy, PolicyKind, Request, Resource, decide};

const SERVICES: [&str; 12] =
    ["s3", "ec2", "sqs", "sns", "kms", "logs", "iam", "sts", "rds", "lambda", "ecr", "dynamodb"];

fn policy(text: &str, kind: PolicyKind) -> Policy {
    Policy::parse(text, kind).expect("the benchmark's policies are valid")
}

/// One statement for each service, with conditions on some of them.
fn identity() -> Policy {
    let statements: Vec<String> = SERVICES
        .iter()
        .map(|service| {
            format!(
                r#"{{"Effect":"Allow","Action":["{service}:Get*","{service}:List*","{service}:Describe*","{service}:PutObject"],
                "Resource":["arn:aws:{service}:*:123456789012:team/${{aws:username}}/*","arn:aws:{service}:::team-*/*"],
                "Condition":{{"StringEquals":{{"aws:PrincipalOrgID":"o-1"}},"IpAddress":{{"aws:SourceIp":["203.0.113.0/24","198.51.100.0/24"]}}}}}}"#
            )
        })
        .collect();
    policy(
        &format!(r#"{{"Version":"2012-10-17","Statement":[{}]}}"#, statements.join(",")),
        PolicyKind::Identity,
    )
}

fn policies(with_resource: bool) -> Policies {
    let scp = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},
        {"Effect":"Deny","NotAction":["iam:*","sts:*","s3:*","support:*"],"Resource":"*",
         "Condition":{"StringNotEquals":{"aws:RequestedRegion":["eu-west-1","eu-central-1"]}}},
        {"Effect":"Deny","Action":["organizations:LeaveOrganization","cloudtrail:StopLogging"],"Resource":"*"}]}"#;
    let boundary = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:*","sqs:*","sns:*","logs:*"],"Resource":"*"}]}"#;
    let resource = r#"{"Version":"2012-10-17","Statement":[
        {"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::team-a/*","Condition":{"Bool":{"aws:SecureTransport":"false"}}},
        {"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:root"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::team-a/*"}]}"#;
    let scp = policy(scp, PolicyKind::ServiceControl);
    Policies {
        identity: vec![identity()],
        boundary: Some(vec![policy(boundary, PolicyKind::Boundary)]),
        scp: Some(vec![vec![scp.clone()], vec![scp]]),
        resource: with_resource.then(|| policy(resource, PolicyKind::Resource)),
        ..Policies::default()
    }
}

fn request(action: &str, resource: &str) -> Request {
    let caller = Caller::parse("arn:aws:iam::123456789012:user/team/alice").expect("a user");
    let action = Action::parse(action).expect("an action");
    let mut request = Request::new(caller, action, Resource::parse(resource).expect("a resource"));
    for (key, value) in [
        ("aws:PrincipalOrgID", "o-1"),
        ("aws:SourceIp", "198.51.100.7"),
        ("aws:SecureTransport", "true"),
        ("aws:RequestedRegion", "eu-west-1"),
        ("aws:PrincipalTag/team", "a"),
    ] {
        request.context.set(key, value);
    }
    request
}

fn one_decision(criterion: &mut Criterion) {
    let sets = [policies(false), policies(false), policies(true)];
    let requests = [
        request("s3:GetObject", "arn:aws:s3:::team-a/report.csv"),
        request("sqs:ListQueueTags", "arn:aws:sqs:eu-west-1:123456789012:team/alice/jobs"),
        request("s3:PutObject", "arn:aws:s3:::team-a/report.csv"),
        request("dynamodb:DeleteTable", "arn:aws:dynamodb:eu-west-1:123456789012:table/orders"),
    ];
    let mut pairs = requests.iter().cycle().zip(sets.iter().cycle());
    criterion.bench_function("one decision", |bencher| {
        bencher.iter(|| pairs.next().map(|(request, policies)| decide(black_box(request), policies)));
    });
}

criterion_group!(benches, one_decision);
criterion_main!(benches);
