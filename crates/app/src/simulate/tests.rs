use leastwise_policy::{Layer, Verdict};

use super::*;

const USER: &str = "arn:aws:iam::123456789012:user/bob";
const ALLOW: &str = r#"{"Statement":{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}}"#;

fn run(request: &str, policies: &str, rest: &str) -> Outcome {
    let line = format!(r#"{{"name":"n","request":{{{request}}},"policies":{{{policies}}}{rest}}}"#);
    Simulator::default().run(line.as_bytes())
}

fn request(more: &str) -> String {
    format!(r#""principal":"{USER}","action":"s3:GetObject","resource":"arn:aws:s3:::b/k"{more}"#)
}

#[test]
fn a_decision_and_its_ground() {
    let outcome =
        run(&request(""), &format!(r#""identity":[{ALLOW}]"#), r#","expect":"allowed","why":"note""#);
    assert_eq!(outcome.result, Ok((Verdict::Allowed, Layer::Identity)));
    assert!(!outcome.differs());
    let outcome = run(&request(""), r#""identity":[],"scp":null"#, r#","expect":"allowed""#);
    assert_eq!(outcome.result, Ok((Verdict::ImplicitDeny, Layer::Identity)));
    assert!(outcome.differs());
}

#[test]
fn an_empty_restriction_allows_nothing() {
    for (kind, empty) in [
        ("boundary", "[]"),
        ("session", "[]"),
        ("scp", "[]"),
        ("scp", "[[]]"),
        ("rcp", "[]"),
        ("endpoint", "[]"),
    ] {
        let policies = |value: &str| format!(r#""identity":[{ALLOW}],"{kind}":{value}"#);
        assert_eq!(
            run(&request(""), &policies(empty), "").result.unwrap().0,
            Verdict::ImplicitDeny,
            "{kind}"
        );
        assert_eq!(run(&request(""), &policies("null"), "").result.unwrap().0, Verdict::Allowed, "{kind}");
    }
}

#[test]
fn errors_name_the_place() {
    let table = [
        (request(r#","contxt":{}"#), String::new(), "unknown field `contxt`"),
        (request(r#","context":{"k":1,"K":2}"#), String::new(), "`K` is given twice"),
        (request(""), r#""identity":[{"Statement":{}}]"#.to_owned(), "`policies.identity[0]`: "),
        (request(""), format!(r#""scp":[[{ALLOW}],[{{}}]]"#), "`policies.scp[1][0]`: "),
        (r#""principal":"bob","action":"s3:GetObject""#.to_owned(), String::new(), "`bob` is no principal"),
        (
            format!(r#""principal":"{USER}","action":"s3:GetObject""#),
            String::new(),
            "`request.resource` is missing",
        ),
        (
            format!(r#""principal":"{USER}","action":"s3","resource":"*""#),
            String::new(),
            "`s3` is not an action",
        ),
    ];
    for (request, policies, words) in table {
        let error = run(&request, &policies, "").result.unwrap_err();
        assert!(error.contains(words), "{error}");
    }
}

#[test]
fn a_line_that_is_no_case_keeps_its_name() {
    let mut simulator = Simulator::default();
    for (line, name) in [
        (&br#"{"name":"x"}"#[..], Some("x")),
        (br#"{"name":7,"request":1}"#, Some("7")),
        (b"{", None),
        (b"\xff", None),
    ] {
        let outcome = simulator.run(line);
        assert_eq!(outcome.name.as_deref(), name);
        assert!(outcome.result.is_err());
    }
    assert_eq!(simulator.summary(), Summary { errors: 4, ..Summary::default() });
}

#[test]
fn what_is_no_case_is_said_in_words() {
    let request = request(r#","management_account":7"#);
    let wrong_kind = format!(r#"{{"request":{{{request}}}}}"#);
    let wrong_id = wrong_kind.replace(":7}", r#":"7"}"#);
    for (line, words) in [
        ("[]", "a case is a JSON object"),
        ("not json", "a case is a JSON object"),
        (r#"{"request": 1}"#, "expected an object at column 13"),
        (wrong_kind.as_str(), "expected for `management_account` an account id, or `true`"),
        (wrong_id.as_str(), "`management_account`: `7` is not an AWS account id"),
    ] {
        let error = Simulator::default().run(line.as_bytes()).result.unwrap_err();
        assert!(error.contains(words), "{error}");
        assert!(!error.contains("struct") && !error.contains("enum") && !error.contains("ident"), "{error}");
    }
}

#[test]
fn only_one_case_is_explained() {
    let case = format!("{{\n\"request\":{{{}}},\n\"policies\":{{\"identity\":[{ALLOW}]}}}}\n", request(""));
    let explained = Simulator::default().explain(case.as_bytes()).unwrap();
    assert_eq!((explained.principal.as_str(), explained.action.as_str()), (USER, "s3:GetObject"));
    assert_eq!(explained.resources, ["arn:aws:s3:::b/k"]);
    for (text, words) in [(case.repeat(2), "several cases"), (" \n".to_owned(), "no case")] {
        assert!(Simulator::default().explain(text.as_bytes()).unwrap_err().contains(words), "{text}");
    }
}

#[test]
fn an_unknown_operator_is_remarked() {
    let deny = r#"{"Statement":{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringIs":{"aws:SourceIp":"v"}}}}"#;
    let outcome = run(&request(""), &format!(r#""identity":[{ALLOW},{deny}]"#), "");
    assert_eq!(outcome.result, Ok((Verdict::ExplicitDeny, Layer::Identity)));
    assert_eq!(outcome.remarks, ["`policies.identity`: AWS has no operator `StringIs`"]);
}

#[test]
fn names_that_aws_does_not_have_are_remarked() {
    let policy = |action: &str, condition: &str| {
        format!(
            r#""identity":[{{"Statement":{{"Effect":"Allow","Action":"{action}","Resource":"*","Condition":{condition}}}}}]"#
        )
    };
    let fine = policy("s3:GetObject", r#"{"Bool":{"aws:SecureTransport":"true"}}"#);
    let table = [
        (request(""), fine.clone(), vec![]),
        (request(r#","context":{"aws:PrincipalTag/any":"x","saml:aud":"y"}"#), fine.clone(), vec![]),
        (request(""), policy("s3:List?bjects*", r#"{"StringLike":{"S3:PREFIX":"x"}}"#), vec![]),
        (
            request(r#","context":{"aws:NoSuchKey":"x"}"#),
            fine.clone(),
            vec!["`request.context`: AWS has no context key `aws:NoSuchKey`"],
        ),
        (
            request("").replace("GetObject", "HeadObject"),
            fine,
            vec!["`request.action`: AWS has no action `s3:HeadObject`"],
        ),
        (
            request(""),
            policy("s3:ListObjects", r#"{"StringIs":{"s3:prefixes":"x"},"Bool":{"s3:prefixes":"x"}}"#),
            vec![
                "`policies.identity`: AWS has no action `s3:ListObjects`",
                "`policies.identity`: AWS has no context key `s3:prefixes`",
                "`policies.identity`: AWS has no operator `StringIs`",
            ],
        ),
    ];
    for (request, policies, expected) in table {
        assert_eq!(run(&request, &policies, "").remarks, expected, "{request} {policies}");
    }
}

#[test]
fn a_policy_that_occurs_again_is_remarked_again() {
    let mut simulator = Simulator::default();
    let line = format!(
        r#"{{"request":{{{}}},"policies":{{"identity":[{{"Statement":{{"Effect":"Allow","Action":"s3:No","Resource":"*"}}}}]}}}}"#,
        request("")
    );
    let outcomes = std::array::from_fn::<_, 4, _>(|_| simulator.run(line.as_bytes()));
    assert_eq!(outcomes[0].remarks, ["`policies.identity`: AWS has no action `s3:No`"]);
    assert!(outcomes.iter().all(|outcome| *outcome == outcomes[0]));
}
