use super::*;

fn document(statements: &str) -> Document {
    Document::parse(&format!(r#"{{"Version":"2012-10-17","Statement":{statements}}}"#)).unwrap()
}

#[test]
fn who_is_a_full_administrator() {
    for yes in [
        r#"{"Sid":"Admin","Effect":"Allow","Action":"*","Resource":"*"}"#,
        r#"{"Effect":"Allow","Action":["s3:*","*:*"],"Resource":["arn:aws:s3:::x","arn:aws:*:*:*:*"]}"#,
        r#"[{"Effect":"Deny","Action":"iam:*","Resource":"*"},{"Effect":"Allow","Action":"**","Resource":"*"}]"#,
        r#"{"Effect":"Allow","Action":"*:?*","Resource":"*"}"#,
        r#"{"Effect":"Allow","Action":"?*:*?","Resource":"?*"}"#,
        r#"{"Effect":"Allow","Action":"?*","Resource":"arn:aws:*:*:*:?*"}"#,
        r#"{"Effect":"Allow","Action":"*","Resource":["arn:*"]}"#,
        r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{}}"#,
        r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringLike":{"aws:PrincipalArn":"*"}}}"#,
        r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringLikeIfExists":{"aws:SourceVpc":["vpc-1","*"]}}}"#,
        r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":true},"Null":{"aws:userid":"false"}}}"#,
        r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"0.0.0.0/0"}}}"#,
    ] {
        assert!(full_administrator(&document(yes)).is_some(), "{yes}");
    }
    for no in [
        r#"{"Effect":"Deny","Action":"*","Resource":"*"}"#,
        r#"{"Effect":"Allow","Action":"iam:*","Resource":"*"}"#,
        r#"{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::*"}"#,
        r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}"#,
        r#"{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}"#,
        r#"{"Effect":"Allow","Action":"s3:?*","Resource":"*"}"#,
        r#"{"Effect":"Allow","Action":"*:??*","Resource":"*"}"#,
        r#"{"Effect":"Allow","Action":"*:${aws:username}*","Resource":"*"}"#,
        r#"{"Effect":"Allow","Action":"*","Resource":"arn:aws"}"#,
        r#"{"Effect":"Allow","Action":"*","Resource":"arn:aws::::"}"#,
        r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-a"}}}"#,
        r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}}"#,
        r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringLike":{"aws:PrincipalTag/admin":"*"}}}"#,
        r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/team":"platform"}}}"#,
        r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}"#,
        r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Null":{"aws:userid":"true"}}}"#,
        r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Null":{"aws:MultiFactorAuthAge":"false"}}}"#,
        r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringLike":{"aws:PrincipalArn":"*"},"Bool":{"aws:MultiFactorAuthPresent":"true"}}}"#,
    ] {
        assert!(full_administrator(&document(no)).is_none(), "{no}");
    }
    let two = r#"[{"Effect":"Deny","Action":"x:y","Resource":"*"},{"Sid":"Admin","Effect":"Allow","Action":"*","Resource":"*"}]"#;
    assert_eq!(full_administrator(&document(two)).unwrap(), "statement 2 (`Admin`)");
}

#[test]
fn who_is_an_administrator_on_conditions() {
    let mfa = r#"[{"Effect":"Deny","Action":"x:y","Resource":"*"},{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"true","aws:MultiFactorAuthPresent":"true"},"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}}]"#;
    assert_eq!(
        conditional_administrator(&document(mfa)).unwrap(),
        "statement 2 allows everything only with a condition on `aws:MultiFactorAuthPresent` and `aws:SourceIp`"
    );
    for no in [
        r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#,
        r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"true"}}}"#,
        r#"{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"false"}}}"#,
    ] {
        assert_eq!(conditional_administrator(&document(no)), None, "{no}");
    }
}

#[test]
fn who_passes_any_role() {
    let passes = |statements: &str| {
        pass_any_role(&document(statements), Partition::Aws, "123456789012".parse().unwrap()).is_some()
    };
    for yes in [
        r#"{"Effect":"Allow","Action":"iam:PassRole","Resource":"*"}"#,
        r#"{"Effect":"Allow","Action":"IAM:pass*","Resource":"arn:aws:iam::*:role/*"}"#,
        r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#,
        r#"{"Effect":"Allow","NotAction":"s3:*","Resource":"*"}"#,
        r#"{"Effect":"Allow","Action":"iam:PassRole","NotResource":"arn:aws:s3:::x"}"#,
        r#"{"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"StringLike":{"iam:PassedToService":"*"}}}"#,
        r#"{"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"StringNotEquals":{"iam:PassedToService":"ec2.amazonaws.com"}}}"#,
        r#"{"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"true"}}}"#,
        r#"[{"Effect":"Allow","Action":"iam:*","Resource":"*"},{"Effect":"Deny","Action":"iam:PassRole","Resource":"arn:aws:iam::*:role/admin"}]"#,
        r#"{"Effect":"Allow","Action":"iam:PassRole","Resource":"arn:aws:iam::*:role/?*"}"#,
        r#"{"Effect":"Allow","Action":"iam:PassRole","Resource":"arn:aws:iam::123456789012:role/*?"}"#,
        r#"{"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"StringLike":{"iam:PassedToService":"*.amazonaws.com"}}}"#,
        r#"{"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"StringLike":{"iam:PassedToService":["ec2.amazonaws.com","*"]}}}"#,
        r#"{"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"StringLike":{"iam:PassedToService":"e*"}}}"#,
        r#"{"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"StringEquals":{"iam:PassedToService":"${iam:PassedToService}"}}}"#,
        r#"{"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"StringEquals":{"iam:PassedToService":[]}}}"#,
        r#"{"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"ForAllValues:StringEquals":{"iam:PassedToService":"ec2.amazonaws.com"}}}"#,
        r#"{"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"NumericEquals":{"iam:PassedToService":"1"}}}"#,
        r#"{"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"ArnLike":{"iam:AssociatedResourceArn":"arn:aws:*:*:*:*"}}}"#,
        r#"{"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"ArnLike":{"iam:AssociatedResourceArn":"*"}}}"#,
        r#"{"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"StringLike":{"iam:AssociatedResourceArn":"arn:*:ec2:*:*:*"}}}"#,
        r#"{"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"ArnLike":{"iam:AssociatedResourceArn":"arn:aws:${aws:x}:*:*:*"}}}"#,
        r#"{"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"ArnLikeIfExists":{"iam:AssociatedResourceArn":"arn:aws:ec2:*:*:instance/*"}}}"#,
    ] {
        assert!(passes(yes), "{yes}");
    }
    for no in [
        r#"{"Effect":"Allow","Action":"iam:PassRole","Resource":"arn:aws:iam::123456789012:role/app-*"}"#,
        r#"{"Effect":"Allow","Action":"iam:PassRole","Resource":"arn:aws:iam::999999999999:role/*"}"#,
        r#"{"Effect":"Allow","Action":"iam:PassRole","NotResource":"arn:aws:iam::*:role/admin"}"#,
        r#"{"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"StringEquals":{"iam:PassedToService":"ec2.amazonaws.com"}}}"#,
        r#"{"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"StringEqualsIfExists":{"iam:PassedToService":"ec2.amazonaws.com"}}}"#,
        r#"[{"Effect":"Allow","Action":"iam:*","Resource":"*"},{"Effect":"Deny","Action":"iam:PassRole","Resource":"*"}]"#,
        r#"{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}"#,
        r#"{"Effect":"Deny","Action":"iam:PassRole","Resource":"*"}"#,
        r#"{"Effect":"Allow","Action":"iam:PassRole","Resource":"arn:aws:iam::123456789012:role/??*"}"#,
        r#"{"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"StringLike":{"iam:PassedToService":"ec2.*"}}}"#,
        r#"{"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"StringLike":{"iam:PassedToService":["ec2.amazonaws.com","lambda.amazonaws.com"]}}}"#,
        r#"{"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"ArnLike":{"iam:AssociatedResourceArn":"arn:aws:ec2:*:123456789012:instance/*"}}}"#,
        r#"{"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"StringLike":{"iam:AssociatedResourceArn":"arn:aws:ec2:*"}}}"#,
        r#"[{"Effect":"Allow","Action":"iam:*","Resource":"*"},{"Effect":"Deny","Action":"iam:PassRole","Resource":"arn:aws:iam::*:role/?*"}]"#,
    ] {
        assert!(!passes(no), "{no}");
    }
}
