use leastwise_iam::Document;

use super::*;
use crate::{Action, Caller, Request, Resource};

/// A statement with one condition.
fn document(operator: &str, key: &str, values: &str) -> Document {
    let text = format!(
        r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Action":"*","Resource":"*","Condition":{{"{operator}":{{"{key}":{values}}}}}}}}}"#
    );
    Document::parse(&text).unwrap()
}

fn test(operator: &str, key: &str, values: &str) -> Test {
    let document = document(operator, key, values);
    Test::new(&document.statements[0].conditions[0], document.version)
}

fn request(values: &[&str]) -> Request {
    let caller = Caller::parse("arn:aws:iam::123456789012:user/bob").unwrap();
    let mut request = Request::new(caller, Action::parse("s3:GetObject").unwrap(), Resource::any());
    match values {
        [] => {}
        [one] => request.context.set("K", *one),
        several => request.context.set_all("k", several.iter().map(|v| (*v).into()).collect()),
    }
    request
}

fn holds(operator: &str, values: &str, found: &[&str]) -> Tri {
    let request = request(found);
    test(operator, "k", values).holds(&View { request: &request, resource: &request.resources[0] })
}

#[test]
fn comparisons() {
    let table: &[(&str, &str, &str, bool)] = &[
        ("StringEquals", r#"["a","b"]"#, "b", true),
        ("StringEquals", r#""a*""#, "ab", false),
        ("stringequals", r#""A""#, "a", false),
        ("StringNotEquals", r#"["a","b"]"#, "b", false),
        ("StringEqualsIgnoreCase", r#""ÄB""#, "äb", true),
        ("StringNotEqualsIgnoreCase", r#""AB""#, "ab", false),
        ("StringLike", r#""a?c*""#, "abcd", true),
        ("StringNotLike", r#""a*""#, "b", true),
        ("StringLike", r#""${aws:username}/*""#, "bob/x", true),
        ("StringEquals", r#""${aws:userid}""#, "", false),
        ("StringNotEquals", r#""${aws:userid}""#, "x", true),
        ("StringEquals", r#""${aws:userid, 'x'}""#, "x", true),
        ("StringLike", r#""a${*}""#, "ab", false),
        ("Bool", r#""true""#, "True", true),
        ("Bool", "false", "true", false),
        ("NumericEquals", "10", "10.0", true),
        ("NumericNotEquals", "10", "11", true),
        ("NumericLessThan", r#""10""#, "9", true),
        ("NumericLessThanEquals", r#""10""#, "10", true),
        ("NumericGreaterThan", r#""10""#, "10", false),
        ("DateLessThan", r#""2026-01-01T00:00:00Z""#, "2025-12-31", true),
        ("DateGreaterThan", r#""0""#, "2026-01-01T00:00Z", true),
        ("DateEquals", r#""2026-01-01""#, "1767225600", true),
        ("DateNotEquals", r#""2026-01-01""#, "1767225601", true),
        ("DateLessThanEquals", r#""2026-01-01""#, "never", false),
        ("DateGreaterThanEquals", r#""2026-01-01""#, "2026-01-01T00:00:00+00:00", true),
        ("IpAddress", r#"["203.0.113.0/24","2001:db8::/32"]"#, "203.0.113.9", true),
        ("IpAddress", r#""2001:db8::/32""#, "2001:db8::1", true),
        ("IpAddress", r#""203.0.113.9""#, "203.0.113.9", true),
        ("NotIpAddress", r#""203.0.113.0/24""#, "198.51.100.1", true),
        ("ArnEquals", r#""arn:aws:sns:*:123456789012:t*""#, "arn:aws:sns:eu-west-1:123456789012:topic", true),
        ("ArnNotLike", r#""arn:aws:sns:*:*:*""#, "arn:aws:sqs:eu-west-1:123456789012:q", true),
        ("BinaryEquals", r#""QmluYXJ5""#, "QmluYXJ5", true),
        ("Null", r#""true""#, "x", false),
        ("Null", "false", "x", true),
    ];
    for (operator, values, found, expected) in table {
        assert_eq!(holds(operator, values, &[found]), Tri::from(*expected), "{operator} {values} {found}");
    }
}

/// Where a policy's value cannot be read, nothing is allowed, and a denial applies.
#[test]
fn values_that_cannot_be_read() {
    for (operator, value, found) in [
        ("NumericGreaterThanEquals", "ten", "10"),
        ("DateGreaterThan", "2020-13-01", "2026-01-01"),
        ("IpAddress", "10.0.0.0/33", "10.0.0.1"),
        ("BinaryEquals", "?", "QQ=="),
    ] {
        assert_eq!(holds(operator, &format!("\"{value}\""), &[found]), Tri::Maybe, "{operator} {value}");
    }
    assert_eq!(holds("NumericEquals", r#"["ten", "10"]"#, &["10"]), Tri::Yes);
    assert_eq!(holds("NumericEquals", r#""10""#, &["ten"]), Tri::No);
}

#[test]
fn a_missing_key() {
    let table = [
        ("StringEquals", false),
        ("StringNotEquals", true),
        ("StringEqualsIfExists", true),
        ("StringNotEqualsIfExists", true),
        ("ForAllValues:StringEquals", true),
        ("ForAllValues:StringNotEquals", true),
        ("ForAnyValue:StringEquals", false),
        ("ForAnyValue:StringNotEquals", false),
        ("ForAnyValue:StringEqualsIfExists", true),
        ("NumericLessThan", false),
        ("NumericNotEquals", true),
        ("Bool", false),
        ("BoolIfExists", true),
        ("NotIpAddress", true),
        ("ArnLike", false),
        ("ArnNotEquals", true),
        ("DateNotEquals", true),
    ];
    for (operator, expected) in table {
        assert_eq!(holds(operator, r#""1""#, &[]), Tri::from(expected), "{operator}");
    }
    assert_eq!(holds("Null", r#""true""#, &[]), Tri::Yes);
    assert_eq!(holds("Null", r#"["true","false"]"#, &[]), Tri::Yes);
}

#[test]
fn several_values() {
    let table: &[(&str, &[&str], bool)] = &[
        ("ForAllValues:StringEquals", &["a", "b"], true),
        ("ForAllValues:StringEquals", &["a", "c"], false),
        ("ForAllValues:StringEquals", &["", ""], true),
        ("ForAnyValue:StringEquals", &["a", "c"], true),
        ("ForAnyValue:StringEquals", &["c", "d"], false),
        ("ForAllValues:StringNotEquals", &["c", "d"], true),
        ("ForAllValues:StringNotEquals", &["a", "d"], false),
        ("ForAnyValue:StringNotEquals", &["a", "d"], true),
        ("ForAnyValue:StringNotEquals", &["a", "b"], false),
        ("StringEquals", &["a", "c"], true),
        ("StringNotEquals", &["a", "c"], false),
        ("StringNotEquals", &["c", "d"], true),
    ];
    for (operator, found, expected) in table {
        assert_eq!(holds(operator, r#"["a","b"]"#, found), Tri::from(*expected), "{operator} {found:?}");
    }
}

#[test]
fn what_nobody_knows_is_not_decided() {
    for operator in ["StringMatches", "NullIfExists", "ForAllValues:Null", "ForSomeValues:StringEquals"] {
        assert_eq!(holds(operator, r#""a""#, &["a"]), Tri::Maybe, "{operator}");
        assert!(is_unheard(&document(operator, "k", r#""a""#).statements[0].conditions[0].operator));
    }
    let mut request = request(&[]);
    request.context.unsaid = crate::Unsaid::Unknown;
    let view = View { request: &request, resource: &request.resources[0] };
    assert_eq!(test("StringEquals", "k", r#""a""#).holds(&view), Tri::Maybe);
    assert_eq!(test("StringEquals", "aws:username", r#""bob""#).holds(&view), Tri::Yes);
    assert_eq!(test("StringEquals", "aws:PrincipalServiceName", r#""x""#).holds(&view), Tri::No);
}
