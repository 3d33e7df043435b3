//! What a single policy document grants on its face: what a reader sees in it, before boundaries,
//! organisation policies and other documents have their say.

use leastwise_iam::{AccountId, Condition, Document, Effect, Partition, Pattern, Scope, Statement};

/// The first statement that allows every action on every resource without a condition.
pub(crate) fn full_administrator(document: &Document) -> Option<String> {
    first(document, |statement| {
        statement.effect == Effect::Allow
            && statement.conditions.is_empty()
            && has_pattern(&statement.actions, is_every_action)
            && has_pattern(&statement.resources, is_every_resource)
    })
}

/// The first statement that allows all but some actions.
pub(crate) fn allow_not_action(document: &Document) -> Option<String> {
    first(document, |statement| {
        statement.effect == Effect::Allow && matches!(statement.actions, Scope::AllBut(_))
    })
}

/// The first statement that allows something on all but some resources.
pub(crate) fn allow_not_resource(document: &Document) -> Option<String> {
    first(document, |statement| {
        statement.effect == Effect::Allow && matches!(statement.resources, Scope::AllBut(_))
    })
}

/// The first statement that allows `iam:PassRole` on every role of the account, to whatever service.
pub(crate) fn pass_any_role(document: &Document, partition: Partition, account: AccountId) -> Option<String> {
    let every_role = format!("arn:{partition}:iam::{account}:role/");
    let passes = |statement: &Statement| {
        covers_action(&statement.actions, "iam:PassRole") && covers_prefix(&statement.resources, &every_role)
    };
    let denied = document.statements.iter().any(|statement| {
        statement.effect == Effect::Deny && statement.conditions.is_empty() && passes(statement)
    });
    if denied {
        return None;
    }
    first(document, |statement| {
        statement.effect == Effect::Allow
            && passes(statement)
            && !statement.conditions.iter().any(limits_pass_role)
    })
}

/// How evidence names the first statement that fulfils a condition: `statement 2 (Sid "Admin")`.
fn first(document: &Document, fulfils: impl Fn(&Statement) -> bool) -> Option<String> {
    let (index, statement) =
        document.statements.iter().enumerate().find(|(_, statement)| fulfils(statement))?;
    let number = index + 1;
    Some(match &statement.sid {
        Some(sid) if !sid.is_empty() => format!("statement {number} (`{sid}`)"),
        _ => format!("statement {number}"),
    })
}

fn has_pattern(scope: &Scope, fulfils: impl Fn(&Pattern) -> bool) -> bool {
    matches!(scope, Scope::Only(patterns) if patterns.iter().any(fulfils))
}

/// `*`, or a service and an action that are both `*`.
fn is_every_action(pattern: &Pattern) -> bool {
    let (service, action) = pattern.as_str().split_once(':').unwrap_or(("*", pattern.as_str()));
    Pattern::new(service).is_everything() && Pattern::new(action).is_everything()
}

/// `*`, or an ARN of which every part after the partition is `*`.
fn is_every_resource(pattern: &Pattern) -> bool {
    let mut parts = pattern.as_str().splitn(6, ':');
    let everything = |part: &str| Pattern::new(part).is_everything();
    pattern.is_everything()
        || (parts.next() == Some("arn")
            && parts.next().is_some()
            && parts.all(|part| part.is_empty() || everything(part)))
}

pub(crate) fn covers_action(scope: &Scope, action: &str) -> bool {
    match scope {
        Scope::Unspecified => false,
        Scope::Only(patterns) => patterns.iter().any(|pattern| pattern.matches_action(action)),
        Scope::AllBut(patterns) => !patterns.iter().any(|pattern| pattern.matches_action(action)),
    }
}

/// True if the scope holds every resource whose ARN starts with `prefix`.
fn covers_prefix(scope: &Scope, prefix: &str) -> bool {
    match scope {
        Scope::Unspecified => false,
        Scope::Only(patterns) => patterns.iter().any(|pattern| pattern.covers_prefix(prefix)),
        Scope::AllBut(patterns) => patterns.iter().all(|pattern| is_of_another_service(pattern, prefix)),
    }
}

/// True if the pattern surely matches no ARN that starts with `prefix`, because they differ before the
/// pattern's first wildcard.
fn is_of_another_service(pattern: &Pattern, prefix: &str) -> bool {
    let literal = pattern.as_str().split(['*', '?', '$']).next().unwrap_or_default();
    !literal.starts_with(prefix) && !prefix.starts_with(literal)
}

/// A condition that limits to which service, or for which resource, a role may be passed.
fn limits_pass_role(condition: &Condition) -> bool {
    let service = condition.is_on("iam:PassedToService");
    // The key is there in every request that passes a role, so `IfExists` changes nothing.
    let demands = condition.operator.demands_a_match()
        || (service && condition.operator.if_exists && positive(condition));
    (service || condition.is_on("iam:AssociatedResourceArn"))
        && demands
        && !condition.values.iter().any(|value| Pattern::new(value.clone()).is_everything())
}

fn positive(condition: &Condition) -> bool {
    !condition.operator.comparison.to_ascii_lowercase().contains("not")
        && !condition.operator.comparison.eq_ignore_ascii_case("Null")
}

#[cfg(test)]
mod tests {
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
        ] {
            assert!(full_administrator(&document(yes)).is_some(), "{yes}");
        }
        for no in [
            r#"{"Effect":"Deny","Action":"*","Resource":"*"}"#,
            r#"{"Effect":"Allow","Action":"iam:*","Resource":"*"}"#,
            r#"{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::*"}"#,
            r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}"#,
            r#"{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}"#,
        ] {
            assert!(full_administrator(&document(no)).is_none(), "{no}");
        }
        let two = r#"[{"Effect":"Deny","Action":"x:y","Resource":"*"},{"Sid":"Admin","Effect":"Allow","Action":"*","Resource":"*"}]"#;
        assert_eq!(full_administrator(&document(two)).unwrap(), "statement 2 (`Admin`)");
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
        ] {
            assert!(!passes(no), "{no}");
        }
    }
}
