use super::*;
use crate::{Principal, Principals};

#[test]
fn a_single_value_and_a_list_are_the_same() {
    let single =
        Document::parse(r#"{"Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}}"#)
            .unwrap();
    let list = Document::parse(
        r#"{"Version":"2008-10-17","Statement":[{"Resource":["*"],"Action":["s3:GetObject"],"Effect":"Allow"}]}"#,
    )
    .unwrap();
    assert_eq!(single, list);
}

#[test]
fn trust_policies() {
    let text = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":["123456789012","arn:aws:iam::210987654321:root"],"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":["x"]},"Bool":{"aws:MultiFactorAuthPresent":true}}}]}"#;
    let document = Document::parse(text).unwrap();
    let statement = document.statements.first().unwrap();
    let Principals::Only(principals) = &statement.principals else { panic!("Principal is set") };
    let accounts: Vec<_> = principals.iter().filter_map(Principal::account).map(|a| a.to_string()).collect();
    assert_eq!(accounts, ["123456789012", "210987654321"]);
    assert_eq!(statement.resources, Scope::Unspecified);
    assert_eq!(statement.conditions.len(), 2);
    assert!(
        statement
            .conditions
            .iter()
            .any(|c| c.is_on("aws:multifactorauthpresent") && c.values == ["true".into()])
    );
}

/// Reads the text, which must be refused.
fn refused(text: &str) -> String {
    Document::parse(text).unwrap_err().to_string().strip_prefix("not a policy document: ").unwrap().to_owned()
}

#[test]
fn errors_name_the_place() {
    let table = [
        ("", "no valid JSON: EOF while parsing a value (line 1, column 0)"),
        ("[]", "an object is expected, not a list (line 1, column 2)"),
        ("{}", "`Statement` is missing; add it (line 1, column 2)"),
        (r#"{"Statement":[],"Statement":[]}"#, "`Statement` is given twice; keep one (line 1, column 27)"),
        (
            r#"{"Version":"2020-01-01","Statement":[]}"#,
            "`2020-01-01` is neither `2012-10-17` nor `2008-10-17` at `Version` (line 1, column 23)",
        ),
        (
            "{\"Version\":20121017}",
            "a string is expected, not the number `20121017` at `Version` (line 1, column 19)",
        ),
        (
            "{\"Statement\":[],\n \"Principal\":\"*\"}",
            "`Principal` is not an element of the policy language; `Version`, `Id` and `Statement` are \
             (line 2, column 12)",
        ),
        (
            r#"{"Statement":[{"Action":"*","Resource":"*"}]}"#,
            "`Effect` is missing; add `Allow` or `Deny` at `Statement[0]` (line 1, column 43)",
        ),
        (
            r#"{"Statement":{"Effect":"Allow","Resource":"*"}}"#,
            "`Action` or `NotAction` is missing; add one at `Statement` (line 1, column 46)",
        ),
        (
            "{\"Statement\": [\n  {\"Effect\": \"allow\",\n   \"Action\": \"*\"}\n]}",
            "`allow` is neither `Allow` nor `Deny` at `Statement[0].Effect` (line 2, column 20)",
        ),
        (
            r#"{"Statement":[{"Effect":"Allow","Actions":"*"}]}"#,
            "`Actions` is not an element of the policy language; a statement has `Sid`, `Effect`, `Principal`, \
             `Action`, `Resource`, `Condition` at `Statement[0].Actions` (line 1, column 41)",
        ),
        (
            r#"{"Statement":[{"Effect":"Allow","Action":"*","NotAction":"*"}]}"#,
            "only one of the element and its `Not` form may be given at `Statement[0].NotAction` \
             (line 1, column 56)",
        ),
        (
            r#"{"Statement":[{"Effect":"Allow","Action":"*","Action":"*"}]}"#,
            "the element is given twice; keep one at `Statement[0].Action` (line 1, column 53)",
        ),
        (
            r#"{"Statement":[{"Effect":"Allow","Action":{"a":1}}]}"#,
            "a string or a list of strings is expected, not an object at `Statement[0].Action` \
             (line 1, column 42)",
        ),
        (
            r#"{"Statement":[{"Effect":"Allow","Action":["a",null]}]}"#,
            "a string is expected, not null at `Statement[0].Action[1]` (line 1, column 50)",
        ),
        (
            r#"{"Statement":[{"Effect":"Allow","Action":"*","Resource":7}]}"#,
            "a string or a list of strings is expected, not the number `7` at `Statement[0].Resource` \
             (line 1, column 57)",
        ),
        (
            r#"{"Statement":[{"Effect":"Allow","Principal":"x","Action":"*"}]}"#,
            "`x` is not a principal: only `*` may stand alone; write {\"AWS\": …} or {\"Service\": …} at \
             `Statement[0].Principal` (line 1, column 47)",
        ),
        (
            r#"{"Statement":[{"Effect":"Allow","Principal":{"aws":"*"},"Action":"*"}]}"#,
            "`aws` is not a kind of principal; `AWS`, `Service`, `Federated` and `CanonicalUser` are at \
             `Statement[0].Principal` (line 1, column 50)",
        ),
        (
            r#"{"Statement":[{"Effect":"Allow","Principal":{"AWS":"*","AWS":"*"},"Action":"*"}]}"#,
            "`AWS` is given twice; keep one at `Statement[0].Principal` (line 1, column 60)",
        ),
        (
            r#"{"Statement":[{"Effect":"Allow","Action":"*","Condition":{"Bool":{"a:b":{}}}}]}"#,
            "a value or a list of values is expected, not an object at `Statement[0].Condition.Bool.a:b` \
             (line 1, column 74)",
        ),
        (
            r#"{"Statement":[{"Effect":"Allow","Action":"*","Condition":{"Bool":{},"Bool":{}}}]}"#,
            "`Bool` is given twice; join the two blocks at `Statement[0].Condition` (line 1, column 74)",
        ),
        (
            r#"{"Statement":[{"Effect":"Allow","Action":"*","Condition":{"BoolIfExists":{"a:b":1,"A:B":1}}}]}"#,
            "`A:B` is given twice; join the values in a list at `Statement[0].Condition.BoolIfExists` \
             (line 1, column 87)",
        ),
        (
            r#"{"Statement":[{"Effect":"Allow","Action":"*","Condition":{"Bool":{"a:b":12345678901234567890123}}}]}"#,
            "the number `12345678901234568000000` is too large; put it in quotes at \
             `Statement[0].Condition.Bool.a:b` (line 1, column 95)",
        ),
        (
            "{\"Statement\":[{\"Effect\":\"Allow\",\n\"Action\":[\"*\",]}]}",
            "no valid JSON: trailing comma at `Statement[0].Action` (line 2, column 15)",
        ),
        (r#"{"Statement":[]} {}"#, "no valid JSON: trailing characters (line 1, column 18)"),
    ];
    for (text, message) in table {
        assert_eq!(refused(text), message, "{text}");
    }
}

#[test]
fn bytes_that_are_no_text() {
    let error = Document::from_slice(b"{\n \"Id\":\"\xff\"}").unwrap_err();
    assert_eq!(error.position(), Some((2, 8)));
    assert_eq!(error.why(), "the byte 0xff is not UTF-8; save the document as UTF-8");
    assert!(Document::from_slice("\u{feff}{\"Id\":\"ü\",\"Statement\":[]}".as_bytes()).is_ok());
}

#[test]
fn hostile_documents_are_refused() {
    let long = " ".repeat(Document::MAX_BYTES + 1);
    assert_eq!(refused(&long), "1048577 bytes are more than the 1048576 that are read");
    assert_eq!(Document::from_slice(long.as_bytes()).unwrap_err(), Document::parse(&long).unwrap_err());
    for deep in ["[", "{\"Statement\":", "{\"Statement\":[{\"Condition\":{\"a\":{\"b\":["] {
        assert!(Document::parse(&deep.repeat(10_000)).is_err(), "{deep}");
    }
    let keys: Vec<String> = (0..40_000).map(|i| format!("\"k{i}\":1")).collect();
    let keys = keys.join(",");
    for block in [format!("{{\"Bool\":{{{keys}}}}}"), format!("{{{}}}", keys.replace(":1", ":{\"a\":1}"))] {
        let text =
            format!("{{\"Statement\":{{\"Effect\":\"Deny\",\"Action\":\"*\",\"Condition\":{block}}}}}");
        let document = Document::parse(&text).unwrap();
        assert_eq!(document.statements[0].conditions.len(), 40_000);
        assert_eq!(Document::parse(&document.to_json().unwrap()), Ok(document));
    }
}

#[test]
fn documents_inside_other_json() {
    #[derive(serde::Deserialize)]
    struct Case {
        policy: Document,
    }
    let case: Case = serde_json::from_str(r#"{"policy":{"Statement":[]}}"#).unwrap();
    assert_eq!(case.policy, Document::parse(r#"{"Statement":[]}"#).unwrap());
    let error =
        serde_json::from_str::<Case>("{\"policy\":\n{\"Statement\":[{\"Effect\":1}]}}").err().unwrap();
    assert_eq!(
        error.to_string(),
        "not a policy document: at `Statement[0].Effect`: a string is expected, not the number `1` \
         at line 2 column 25"
    );
    let value = serde_json::json!({"Statement": {"Effect": "Deny", "Action": "*"}});
    assert_eq!(serde_json::from_value::<Document>(value).unwrap().statements.len(), 1);
}

#[test]
fn printing_has_one_order_and_single_values_alone() {
    let text = r#"{"Statement":{"Condition":{"StringLikeIfExists":{"a:b":["x"],"a:c":[]},"Bool":{"a:b":[false,1.5]}},
        "NotResource":["r"],"NotAction":["s:a","s:b"],"NotPrincipal":{"Service":["x"],"AWS":["1","2"]},
        "Effect":"Deny","Sid":"s"},"Id":"i","Version":"2012-10-17"}"#;
    let printed = r#"{"Version":"2012-10-17","Id":"i","Statement":[{"Sid":"s","Effect":"Deny","NotPrincipal":{"Service":"x","AWS":["1","2"]},"NotAction":["s:a","s:b"],"NotResource":"r","Condition":{"StringLikeIfExists":{"a:b":"x","a:c":[]},"Bool":{"a:b":["false","1.5"]}}}]}"#;
    assert_eq!(Document::parse(text).unwrap().to_json().unwrap(), printed);
}

#[test]
fn conditions_that_json_cannot_hold_are_not_printed() {
    let text = r#"{"Statement":{"Effect":"Deny","Action":"*","Condition":{"Bool":{"a:b":true}}}}"#;
    let mut document = Document::parse(text).unwrap();
    let conditions = &mut document.statements[0].conditions;
    conditions.extend(conditions.clone());
    let error = document.to_json_pretty().unwrap_err();
    assert_eq!(error.why(), "two conditions are `Bool` on `a:b`; split the statement");
}

proptest::proptest! {
    #[test]
    fn no_text_panics(text in r#"[{}\[\]":,a-zA-Z*0-9 ]{0,60}"#) {
        let _ = Document::parse(&text);
    }

    #[test]
    fn what_is_printed_reads_back(document in crate::testing::documents()) {
        let json = document.to_json().unwrap();
        proptest::prop_assert_eq!(&Document::parse(&json).unwrap(), &document);
        proptest::prop_assert_eq!(&Document::parse(&document.to_json_pretty().unwrap()).unwrap(), &document);
        proptest::prop_assert_eq!(&serde_json::from_str::<Document>(&json).unwrap(), &document);
    }

    #[test]
    fn a_damaged_document_never_panics(document in crate::testing::documents(), at in 0_usize..2000, byte: u8) {
        let mut bytes = document.to_json().unwrap().into_bytes();
        let at = at % bytes.len();
        bytes[at] = byte;
        if let Ok(damaged) = Document::from_slice(&bytes) {
            proptest::prop_assert_eq!(&Document::parse(&damaged.to_json().unwrap()).unwrap(), &damaged);
        }
    }
}
