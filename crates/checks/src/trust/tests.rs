use super::*;

const ANYONE: &str = r#""Effect":"Allow","Principal":"*","Action":"sts:AssumeRole""#;

fn callers_of(statements: &str) -> Vec<Caller> {
    let document = Document::parse(&format!(r#"{{"Statement":[{statements}]}}"#)).unwrap();
    openings(&document).flat_map(|opening| opening.callers()).collect()
}

fn account(id: &str) -> Caller {
    Caller::Account(id.parse().unwrap())
}

fn organization(id: &str) -> Caller {
    Caller::Organization(id.to_owned())
}

#[test]
fn which_statements_let_somebody_in() {
    let table = [
        (format!("{{{ANYONE}}}"), vec![Caller::Anyone]),
        (r#"{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"*"}"#.to_owned(), vec![Caller::Anyone]),
        (
            r#"{"Effect":"Allow","NotPrincipal":{"AWS":"123456789012"},"Action":"sts:AssumeRole"}"#
                .to_owned(),
            vec![Caller::Anyone],
        ),
        (r#"{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole"}"#.to_owned(), vec![]),
        (r#"{"Effect":"Allow","Principal":"*","Action":"sts:TagSession"}"#.to_owned(), vec![]),
    ];
    for (statement, expected) in table {
        assert_eq!(callers_of(&statement), expected, "{statement}");
    }
}

#[test]
fn whom_principals_name() {
    let of = |principal: &str| {
        callers_of(&format!(r#"{{"Effect":"Allow","Principal":{principal},"Action":"sts:*"}}"#))
    };
    let table = [
        (r#"{"AWS":["arn:aws:iam::210987654321:root"]}"#, vec![account("210987654321")]),
        (r#"{"AWS":"210987654321"}"#, vec![account("210987654321")]),
        (r#"{"AWS":"arn:aws:iam::*:root"}"#, vec![Caller::Anyone]),
        (r#"{"AWS":"arn:aws:iam::99999999999?:root"}"#, vec![Caller::Anyone]),
        (r#"{"Service":"*"}"#, vec![Caller::Anyone]),
        (r#"{"Federated":"*"}"#, vec![Caller::Anyone]),
        (r#"{"Federated":"arn:aws:iam::*:saml-provider/x"}"#, vec![Caller::Anyone]),
        (r#"{"Federated":"arn:aws:iam::210987654321:saml-provider/x"}"#, vec![account("210987654321")]),
        (r#"{"Federated":"arn:aws:iam::210987654321:oidc-provider/x.io/y"}"#, vec![account("210987654321")]),
        (r#"{"Federated":"accounts.google.com"}"#, vec![]),
        (r#"{"Service":["ec2.amazonaws.com","states.eu-west-1.amazonaws.com"]}"#, vec![]),
        (r#"{"AWS":"AROAEXAMPLEEXAMPLE12"}"#, vec![]),
    ];
    for (principal, expected) in table {
        assert_eq!(of(principal), expected, "{principal}");
    }
    for unrecognised in [
        r#"{"AWS":"arn:aws-new:iam::999999999999:root"}"#,
        r#"{"AWS":"arn:*"}"#,
        r#"{"AWS":"AIDAEXAMPLE"}"#,
        r#"{"AWS":"aidaexampleexample12"}"#,
        r#"{"AWS":"alice"}"#,
        r#"{"AWS":[]}"#,
        "{}",
        r#"{"CanonicalUser":"79a59df900b949e5"}"#,
        r#"{"Service":"*.amazonaws.com"}"#,
        r#"{"Service":"ec2"}"#,
        r#"{"Federated":"arn:aws-new:iam::999999999999:saml-provider/x"}"#,
        r#"{"Federated":"arn:aws:iam::123456789012:role/x"}"#,
        r#"{"Federated":"*.google.com"}"#,
    ] {
        assert!(matches!(of(unrecognised).as_slice(), [Caller::Unrecognised(_)]), "{unrecognised}");
    }
    let without = callers_of(r#"{"Effect":"Allow","Action":"sts:AssumeRole"}"#);
    assert!(matches!(without.as_slice(), [Caller::Unrecognised(_)]));
}

#[test]
fn conditions_that_say_who_calls() {
    let own = || vec![account("123456789012")];
    let table = [
        (r#"{"StringEquals":{"aws:PrincipalOrgID":"o-a"}}"#, vec![organization("o-a")]),
        (r#"{"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-a/*"}}"#, vec![organization("o-a")]),
        (r#"{"StringLike":{"AWS:principalaccount":"123456789012"}}"#, own()),
        (r#"{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::123456789012:role/*"}}"#, own()),
        (r#"{"ArnEquals":{"aws:SourceArn":"arn:aws:sns:eu-west-1:123456789012:x"}}"#, own()),
        (r#"{"StringLike":{"aws:PrincipalArn":"arn:aws:iam::123456789012:role/?*"}}"#, own()),
        (
            r#"{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"},"StringEquals":{"aws:SourceAccount":"123456789012"}}"#,
            own(),
        ),
    ];
    let of = |condition: &str| callers_of(&format!(r#"{{{ANYONE},"Condition":{condition}}}"#));
    for (condition, expected) in table {
        assert_eq!(of(condition), expected, "{condition}");
    }
    for no_pin in [
        r#"{"StringLike":{"aws:PrincipalOrgID":"o-*"}}"#,
        r#"{"StringLike":{"aws:PrincipalOrgPaths":"o-*/*"}}"#,
        r#"{"StringEqualsIfExists":{"aws:PrincipalOrgID":"o-a"}}"#,
        r#"{"ForAllValues:StringEquals":{"aws:PrincipalOrgID":"o-a"}}"#,
        r#"{"StringEquals":{"aws:PrincipalOrgID":"${aws:PrincipalOrgID}"}}"#,
        r#"{"StringEquals":{"aws:PrincipalOrgID":[]}}"#,
        r#"{"StringEquals":{"aws:PrincipalOrgID":["o-a","*"]}}"#,
        r#"{"ArnLike":{"aws:PrincipalOrgID":"o-a"}}"#,
        r#"{"NumericGreaterThanEquals":{"aws:PrincipalAccount":"123456789012"}}"#,
        r#"{"Bool":{"aws:PrincipalAccount":"123456789012"}}"#,
        r#"{"IpAddress":{"aws:PrincipalAccount":"123456789012"}}"#,
        r#"{"StringEquals":{"aws:PrincipalAccount":"${aws:PrincipalAccount}"}}"#,
        r#"{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/x"}}"#,
        r#"{"ArnLike":{"aws:PrincipalArn":"arn:*:iam::123456789012:role/x"}}"#,
        r#"{"StringLike":{"aws:PrincipalArn":"arn:aws:*::123456789012:role/x"}}"#,
        r#"{"StringLike":{"aws:PrincipalArn":"arn:aws:iam:*:123456789012:role/x"}}"#,
        r#"{"StringLike":{"aws:PrincipalArn":"*:123456789012:role/x"}}"#,
        r#"{"StringLike":{"aws:PrincipalArn":"arn:aws:iam::123456789012:role/${aws:PrincipalTag/x}"}}"#,
        r#"{"NumericEquals":{"aws:PrincipalArn":"arn:aws:iam::123456789012:role/x"}}"#,
        r#"{"StringEquals":{"sts:ExternalId":"abcdef"}}"#,
        r#"{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}"#,
    ] {
        assert_eq!(of(no_pin), [Caller::Anyone], "{no_pin}");
    }
}

#[test]
fn guards_that_deny_everyone_else() {
    let of = |allowed: &str, guard: &str| {
        callers_of(&format!(
            r#"{{"Effect":"Allow","Principal":"*","Action":"{allowed}"}},{{"Effect":"Deny",{guard}}}"#
        ))
    };
    let assume = "sts:AssumeRole";
    let to = r#""Principal":"*","Action":"sts:AssumeRole","#;
    let table = [
        (r#"{"StringNotEquals":{"aws:PrincipalOrgID":"o-a"}}"#, vec![organization("o-a")]),
        (r#"{"StringNotEqualsIfExists":{"aws:PrincipalOrgID":"o-a"}}"#, vec![organization("o-a")]),
        (r#"{"ForAllValues:StringNotLike":{"aws:PrincipalOrgPaths":"o-a/*"}}"#, vec![organization("o-a")]),
        (
            r#"{"StringNotEquals":{"aws:PrincipalAccount":["123456789012","210987654321"]}}"#,
            vec![account("123456789012"), account("210987654321")],
        ),
        (
            r#"{"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::123456789012:role/*"}}"#,
            vec![account("123456789012")],
        ),
    ];
    for (condition, expected) in table {
        assert_eq!(of(assume, &format!(r#"{to}"Condition":{condition}"#)), expected, "{condition}");
    }
    for condition in [
        r#"{"StringEquals":{"aws:PrincipalOrgID":"o-a"}}"#,
        r#"{"StringNotLike":{"aws:PrincipalOrgID":"*"}}"#,
        r#"{"StringNotEquals":{"aws:PrincipalOrgID":[]}}"#,
        r#"{"ArnNotLike":{"aws:PrincipalOrgID":"o-a"}}"#,
        r#"{"ForAnyValue:StringNotEquals":{"aws:PrincipalOrgPaths":"o-a/*"}}"#,
        r#"{"StringNotEquals":{"aws:SourceOrgID":"o-a"}}"#,
        r#"{"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/x"}}"#,
        r#"{"StringNotEquals":{"aws:PrincipalOrgID":"o-a"},"Bool":{"aws:SecureTransport":"false"}}"#,
        r#"{"StringNotEquals":{"aws:PrincipalOrgID":"o-a","aws:PrincipalAccount":"123456789012"}}"#,
    ] {
        let callers = of(assume, &format!(r#"{to}"Condition":{condition}"#));
        assert_eq!(callers, [Caller::Anyone], "{condition}");
    }
    let condition = r#""Condition":{"StringNotEquals":{"aws:PrincipalOrgID":"o-a"}}"#;
    let some = format!(r#""Principal":{{"AWS":"123456789012"}},"Action":"sts:AssumeRole",{condition}"#);
    assert_eq!(of(assume, &some), [Caller::Anyone], "the guard is not for everyone");
    assert_eq!(
        of("sts:*", &format!("{to}{condition}")),
        [Caller::Anyone],
        "the guard is not for every action"
    );
    let every = format!(r#""Principal":{{"AWS":"*"}},"Action":"sts:*",{condition}"#);
    assert_eq!(of("*", &every), [organization("o-a")]);
}

#[test]
fn external_ids() {
    let demands = |condition: &str| {
        let text = format!(
            r#"{{"Statement":[{{"Effect":"Allow","Principal":{{"AWS":"123456789012"}},"Action":"sts:AssumeRole","Condition":{condition}}}]}}"#
        );
        let document = Document::parse(&text).unwrap();
        openings(&document).all(|opening| opening.demands_external_id())
    };
    for yes in [
        r#"{"StringEquals":{"sts:ExternalId":"abc"}}"#,
        r#"{"StringLike":{"sts:externalid":["ab*","x-*-yz"]}}"#,
        r#"{"StringEqualsIgnoreCase":{"sts:ExternalId":"ab"}}"#,
    ] {
        assert!(demands(yes), "{yes}");
    }
    for no in [
        r#"{"StringLike":{"sts:ExternalId":"*"}}"#,
        r#"{"StringLike":{"sts:ExternalId":"a*"}}"#,
        r#"{"StringLike":{"sts:ExternalId":"a?b*c"}}"#,
        r#"{"StringLike":{"sts:ExternalId":["abc","*"]}}"#,
        r#"{"StringEquals":{"sts:ExternalId":"${sts:ExternalId}"}}"#,
        r#"{"StringEquals":{"sts:ExternalId":"abc${sts:ExternalId}"}}"#,
        r#"{"StringEquals":{"sts:ExternalId":""}}"#,
        r#"{"StringEquals":{"sts:ExternalId":[]}}"#,
        r#"{"StringEqualsIfExists":{"sts:ExternalId":"abc"}}"#,
        r#"{"StringNotEquals":{"sts:ExternalId":"abc"}}"#,
        r#"{"NumericGreaterThan":{"sts:ExternalId":"12"}}"#,
        r#"{"Null":{"sts:ExternalId":"false"}}"#,
    ] {
        assert!(!demands(no), "{no}");
    }
}
