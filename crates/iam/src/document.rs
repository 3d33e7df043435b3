use std::collections::BTreeSet;
use std::fmt;

use crate::{Condition, Json, Operator, Pattern, Principal, PrincipalKind, Principals};

/// A policy document: identity, resource, trust, boundary or organisation policy.
///
/// Source: [IAM JSON policy language grammar](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The language version; absent means [`Version::V2008`].
    pub version: Version,
    /// The optional `Id`.
    pub id: Option<Box<str>>,
    /// The statements in the order written.
    pub statements: Vec<Statement>,
}

/// A version of the policy language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// `2008-10-17`: no policy variables.
    V2008,
    /// `2012-10-17`: the current version.
    V2012,
}

/// One statement of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The optional `Sid`.
    pub sid: Option<Box<str>>,
    /// What a match does.
    pub effect: Effect,
    /// Whom the statement is about; unspecified in identity policies.
    pub principals: Principals,
    /// Which actions.
    pub actions: Scope,
    /// Which resources; unspecified in trust policies.
    pub resources: Scope,
    /// Every one of them must hold.
    pub conditions: Vec<Condition>,
}

/// What a matching statement does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Allows the request, unless something denies it.
    Allow,
    /// Denies the request.
    Deny,
}

/// The actions or resources of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// The element is not there.
    Unspecified,
    /// `Action`, `Resource`: whatever one of the patterns matches.
    Only(Vec<Pattern>),
    /// `NotAction`, `NotResource`: whatever none of the patterns matches.
    AllBut(Vec<Pattern>),
}

/// The text is not a policy document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentError {
    place: String,
    why: String,
}

impl DocumentError {
    fn at(place: impl Into<String>, why: impl Into<String>) -> Self {
        Self { place: place.into(), why: why.into() }
    }
}

impl fmt::Display for DocumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.place.is_empty() {
            write!(f, "not a policy document: {}", self.why)
        } else {
            write!(f, "not a policy document: {} at `{}`", self.why, self.place)
        }
    }
}

impl std::error::Error for DocumentError {}

type Parsed<T> = Result<T, DocumentError>;

impl Document {
    /// Reads a document from JSON text.
    ///
    /// # Errors
    /// The text is no JSON, an element is missing, unknown, given twice or of the wrong kind. The
    /// message names the place, such as `Statement[1].Effect`.
    pub fn parse(text: &str) -> Parsed<Self> {
        let json: Json = serde_json::from_str(text).map_err(|e| DocumentError::at("", e.to_string()))?;
        Self::from_json(&json)
    }

    fn from_json(json: &Json) -> Parsed<Self> {
        let mut version = Version::V2008;
        let mut id = None;
        let mut statements = None;
        for (key, value) in members(json, "")? {
            match key.as_str() {
                "Version" => version = parse_version(value)?,
                "Id" => id = Some(string(value, "Id")?.into()),
                "Statement" => statements = Some(parse_statements(value)?),
                _ => return Err(unknown("", key)),
            }
        }
        let statements = statements.ok_or_else(|| DocumentError::at("", "`Statement` is missing"))?;
        Ok(Self { version, id, statements })
    }
}

fn parse_version(value: &Json) -> Parsed<Version> {
    match string(value, "Version")? {
        "2012-10-17" => Ok(Version::V2012),
        "2008-10-17" => Ok(Version::V2008),
        other => {
            Err(DocumentError::at("Version", format!("`{other}` is neither `2012-10-17` nor `2008-10-17`")))
        }
    }
}

fn parse_statements(value: &Json) -> Parsed<Vec<Statement>> {
    match value {
        Json::Array(items) => items
            .iter()
            .enumerate()
            .map(|(i, item)| parse_statement(item, &format!("Statement[{i}]")))
            .collect(),
        single => Ok(vec![parse_statement(single, "Statement")?]),
    }
}

fn parse_statement(value: &Json, place: &str) -> Parsed<Statement> {
    let mut statement = Statement {
        sid: None,
        effect: Effect::Deny,
        principals: Principals::Unspecified,
        actions: Scope::Unspecified,
        resources: Scope::Unspecified,
        conditions: Vec::new(),
    };
    let mut effect = None;
    for (key, value) in members(value, place)? {
        let place = format!("{place}.{key}");
        match key.as_str() {
            "Sid" => statement.sid = Some(string(value, &place)?.into()),
            "Effect" => effect = Some(parse_effect(value, &place)?),
            "Principal" | "NotPrincipal" => set_principals(&mut statement, key, value, &place)?,
            "Action" | "NotAction" => set_scope(&mut statement.actions, key, value, &place)?,
            "Resource" | "NotResource" => set_scope(&mut statement.resources, key, value, &place)?,
            "Condition" => statement.conditions = parse_conditions(value, &place)?,
            _ => return Err(unknown(place.trim_end_matches(key).trim_end_matches('.'), key)),
        }
    }
    statement.effect = effect.ok_or_else(|| DocumentError::at(place, "`Effect` is missing"))?;
    if statement.actions == Scope::Unspecified {
        return Err(DocumentError::at(place, "`Action` or `NotAction` is missing"));
    }
    Ok(statement)
}

fn parse_effect(value: &Json, place: &str) -> Parsed<Effect> {
    match string(value, place)? {
        "Allow" => Ok(Effect::Allow),
        "Deny" => Ok(Effect::Deny),
        other => Err(DocumentError::at(place, format!("`{other}` is neither `Allow` nor `Deny`"))),
    }
}

fn set_scope(scope: &mut Scope, key: &str, value: &Json, place: &str) -> Parsed<()> {
    if *scope != Scope::Unspecified {
        return Err(DocumentError::at(place, "only one of the element and its `Not` form may be given"));
    }
    let patterns = strings(value, place)?.into_iter().map(Pattern::new).collect();
    *scope = if key.starts_with("Not") { Scope::AllBut(patterns) } else { Scope::Only(patterns) };
    Ok(())
}

fn set_principals(statement: &mut Statement, key: &str, value: &Json, place: &str) -> Parsed<()> {
    if statement.principals != Principals::Unspecified {
        return Err(DocumentError::at(place, "only one of the element and its `Not` form may be given"));
    }
    let principals = parse_principals(value, place)?;
    statement.principals = match key {
        "NotPrincipal" => Principals::AllBut(principals),
        _ => Principals::Only(principals),
    };
    Ok(())
}

fn parse_principals(value: &Json, place: &str) -> Parsed<Vec<Principal>> {
    if let Json::String(text) = value {
        return match text.as_str() {
            "*" => Ok(vec![Principal { kind: PrincipalKind::Everyone, value: "*".into() }]),
            other => Err(DocumentError::at(
                place,
                format!("`{other}` is not a principal: only `*` may stand alone"),
            )),
        };
    }
    let mut principals = Vec::new();
    for (key, value) in members(value, place)? {
        let kind = PrincipalKind::parse(key).ok_or_else(|| unknown(place, key))?;
        let entries = strings(value, &format!("{place}.{key}"))?;
        principals.extend(entries.into_iter().map(|value| Principal { kind, value }));
    }
    Ok(principals)
}

fn parse_conditions(value: &Json, place: &str) -> Parsed<Vec<Condition>> {
    let mut conditions = Vec::new();
    for (operator, keys) in members(value, place)? {
        let place = format!("{place}.{operator}");
        for (key, values) in members(keys, &place)? {
            conditions.push(Condition {
                operator: Operator::parse(operator),
                key: key.as_str().into(),
                values: strings(values, &format!("{place}.{key}"))?,
            });
        }
    }
    Ok(conditions)
}

/// The members of an object, none of them given twice.
fn members<'a>(value: &'a Json, place: &str) -> Parsed<&'a [(String, Json)]> {
    let Json::Object(members) = value else {
        return Err(DocumentError::at(place, format!("an object is expected, not {}", value.kind())));
    };
    let mut seen = BTreeSet::new();
    for (key, _) in members {
        if !seen.insert(key) {
            return Err(DocumentError::at(place, format!("`{key}` is given twice")));
        }
    }
    Ok(members)
}

fn string<'a>(value: &'a Json, place: &str) -> Parsed<&'a str> {
    match value {
        Json::String(text) => Ok(text),
        other => Err(DocumentError::at(place, format!("a string is expected, not {}", other.kind()))),
    }
}

/// One value or a list; numbers and booleans as text, as AWS takes them in conditions.
fn strings(value: &Json, place: &str) -> Parsed<Vec<Box<str>>> {
    let one = |value: &Json| match value {
        Json::String(text) => Ok(text.as_str().into()),
        Json::Number(number) => Ok(number.to_string().into()),
        Json::Bool(flag) => Ok(flag.to_string().into()),
        other => Err(DocumentError::at(
            place,
            format!("a string or a list of strings is expected, not {}", other.kind()),
        )),
    };
    match value {
        Json::Array(items) => items.iter().map(one).collect(),
        single => Ok(vec![one(single)?]),
    }
}

fn unknown(place: &str, key: &str) -> DocumentError {
    DocumentError::at(place, format!("`{key}` is not an element of the policy language"))
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let accounts: Vec<_> =
            principals.iter().filter_map(Principal::account).map(|a| a.to_string()).collect();
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

    #[test]
    fn errors_name_the_place() {
        let table = [
            ("", "not a policy document: EOF while parsing a value at line 1 column 0"),
            ("[]", "not a policy document: an object is expected, not a list"),
            ("{}", "not a policy document: `Statement` is missing"),
            (r#"{"Statement":[],"Statement":[]}"#, "not a policy document: `Statement` is given twice"),
            (
                r#"{"Version":"2020-01-01","Statement":[]}"#,
                "not a policy document: `2020-01-01` is neither `2012-10-17` nor `2008-10-17` at `Version`",
            ),
            (
                r#"{"Statement":[{"Action":"*","Resource":"*"}]}"#,
                "not a policy document: `Effect` is missing at `Statement[0]`",
            ),
            (
                r#"{"Statement":[{"Effect":"allow","Action":"*"}]}"#,
                "not a policy document: `allow` is neither `Allow` nor `Deny` at `Statement[0].Effect`",
            ),
            (
                r#"{"Statement":[{"Effect":"Allow","Actions":"*"}]}"#,
                "not a policy document: `Actions` is not an element of the policy language at `Statement[0]`",
            ),
            (
                r#"{"Statement":[{"Effect":"Allow","Action":"*","NotAction":"*"}]}"#,
                "not a policy document: only one of the element and its `Not` form may be given at `Statement[0].NotAction`",
            ),
            (
                r#"{"Statement":[{"Effect":"Allow","Action":{"a":1}}]}"#,
                "not a policy document: a string or a list of strings is expected, not an object at `Statement[0].Action`",
            ),
            (
                r#"{"Statement":[{"Effect":"Allow","Principal":"x","Action":"*"}]}"#,
                "not a policy document: `x` is not a principal: only `*` may stand alone at `Statement[0].Principal`",
            ),
        ];
        for (text, message) in table {
            assert_eq!(Document::parse(text).unwrap_err().to_string(), message, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in r#"[{}\[\]":,a-zA-Z*0-9 ]{0,60}"#) {
            let _ = Document::parse(&text);
        }
    }
}
