//! Whom a trust policy lets in, read off its statements.
//!
//! Source: [role trust policies](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-trust-policy.html),
//! [principals](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html).

use leastwise_iam::{AccountId, Arn, Condition, Document, Effect, Principals, Statement};

use crate::grants::covers_action;

const ASSUME: [&str; 3] = ["sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"];

/// Somebody whom a statement lets assume the role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Caller {
    /// Anyone in the world.
    Anyone,
    /// Principals of an account.
    Account(AccountId),
    /// Principals of an organisation.
    Organization(String),
}

/// The statements that let somebody assume the role.
pub(crate) fn openings(document: &Document) -> impl Iterator<Item = &Statement> {
    document.statements.iter().filter(|statement| {
        statement.effect == Effect::Allow
            && ASSUME.iter().any(|action| covers_action(&statement.actions, action))
    })
}

/// The accounts and organisations that a statement lets in. AWS services and identity providers are not
/// among them.
pub(crate) fn callers(statement: &Statement) -> Vec<Caller> {
    let principals = match &statement.principals {
        Principals::Unspecified => return Vec::new(),
        Principals::AllBut(_) => return narrowed(statement),
        Principals::Only(principals) => principals,
    };
    let mut callers: Vec<Caller> =
        principals.iter().filter_map(|p| p.account().map(Caller::Account)).collect();
    if principals.iter().any(leastwise_iam::Principal::is_anyone) {
        callers.extend(narrowed(statement));
    }
    callers
}

/// Whom conditions leave of "anyone".
fn narrowed(statement: &Statement) -> Vec<Caller> {
    let pinned: Vec<Caller> = statement.conditions.iter().filter_map(pinned_callers).flatten().collect();
    if pinned.is_empty() { vec![Caller::Anyone] } else { pinned }
}

/// The callers that a condition limits to; none if it does not say who calls. `sts:ExternalId` and
/// addresses do not: AWS does not treat the one as a secret, and the others are not identities.
fn pinned_callers(condition: &Condition) -> Option<Vec<Caller>> {
    if !condition.operator.demands_a_match() {
        return None;
    }
    condition.values.iter().map(|value| pinned_caller(&condition.key, value)).collect()
}

fn pinned_caller(key: &str, value: &str) -> Option<Caller> {
    let exact = |text: &str| !text.is_empty() && !text.contains(['*', '?', '$']);
    let account = |text: &str| text.parse().ok().map(Caller::Account);
    match key.to_ascii_lowercase().as_str() {
        "aws:principalorgid" | "aws:sourceorgid" => {
            exact(value).then(|| Caller::Organization(value.to_owned()))
        }
        "aws:principalorgpaths" | "aws:sourceorgpaths" => {
            let organization = value.split('/').next().unwrap_or_default();
            exact(organization).then(|| Caller::Organization(organization.to_owned()))
        }
        "aws:principalaccount" | "aws:sourceaccount" => account(value),
        "aws:principalarn" | "aws:sourcearn" => value.parse::<Arn>().ok()?.account().map(Caller::Account),
        _ => None,
    }
}

/// True if callers have to send the external id that was agreed on.
///
/// Source: [the confused deputy problem](https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html).
pub(crate) fn demands_external_id(statement: &Statement) -> bool {
    statement.conditions.iter().any(|condition| {
        condition.is_on("sts:ExternalId")
            && condition.operator.demands_a_match()
            && condition.values.iter().all(|value| value.chars().any(|c| c != '*' && c != '?'))
    })
}

/// The organisations to which conditions limit the caller, whoever the principal is.
pub(crate) fn demanded_organizations(statement: &Statement) -> Vec<String> {
    let pinned = statement.conditions.iter().filter_map(pinned_callers).flatten();
    pinned
        .filter_map(|caller| match caller {
            Caller::Organization(id) => Some(id),
            Caller::Anyone | Caller::Account(_) => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn callers_of(statement: &str) -> Vec<Caller> {
        let document = Document::parse(&format!(r#"{{"Statement":[{statement}]}}"#)).unwrap();
        openings(&document).flat_map(callers).collect()
    }

    #[test]
    fn whom_statements_let_in() {
        let account = |id: &str| Caller::Account(id.parse().unwrap());
        let anyone = r#""Effect":"Allow","Principal":"*","Action":"sts:AssumeRole""#;
        let table = [
            (format!("{{{anyone}}}"), vec![Caller::Anyone]),
            (r#"{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"*"}"#.to_owned(), vec![Caller::Anyone]),
            (
                r#"{"Effect":"Allow","NotPrincipal":{"AWS":"123456789012"},"Action":"sts:AssumeRole"}"#.to_owned(),
                vec![Caller::Anyone],
            ),
            (
                format!(r#"{{{anyone},"Condition":{{"StringEquals":{{"aws:PrincipalOrgID":"o-a"}}}}}}"#),
                vec![Caller::Organization("o-a".to_owned())],
            ),
            (
                format!(r#"{{{anyone},"Condition":{{"StringLike":{{"aws:PrincipalOrgID":"o-*"}}}}}}"#),
                vec![Caller::Anyone],
            ),
            (
                format!(r#"{{{anyone},"Condition":{{"StringEqualsIfExists":{{"aws:PrincipalOrgID":"o-a"}}}}}}"#),
                vec![Caller::Anyone],
            ),
            (
                format!(r#"{{{anyone},"Condition":{{"ArnLike":{{"aws:PrincipalArn":"arn:aws:iam::*:role/x"}}}}}}"#),
                vec![Caller::Anyone],
            ),
            (
                format!(r#"{{{anyone},"Condition":{{"ArnLike":{{"aws:PrincipalArn":"arn:aws:iam::123456789012:role/*"}}}}}}"#),
                vec![account("123456789012")],
            ),
            (
                format!(r#"{{{anyone},"Condition":{{"StringEquals":{{"sts:ExternalId":"x"}}}}}}"#),
                vec![Caller::Anyone],
            ),
            (
                r#"{"Effect":"Allow","Principal":{"AWS":["arn:aws:iam::210987654321:root","AIDAEXAMPLE"],"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}"#.to_owned(),
                vec![account("210987654321")],
            ),
            (r#"{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole"}"#.to_owned(), vec![]),
            (r#"{"Effect":"Allow","Principal":"*","Action":"sts:TagSession"}"#.to_owned(), vec![]),
        ];
        for (statement, expected) in table {
            assert_eq!(callers_of(&statement), expected, "{statement}");
        }
    }

    #[test]
    fn external_ids() {
        let demands = |condition: &str| {
            let text = format!(
                r#"{{"Statement":[{{"Effect":"Allow","Principal":{{"AWS":"123456789012"}},"Action":"sts:AssumeRole","Condition":{condition}}}]}}"#
            );
            Document::parse(&text).unwrap().statements.iter().all(demands_external_id)
        };
        assert!(demands(r#"{"StringEquals":{"sts:ExternalId":"abc"}}"#));
        assert!(!demands(r#"{"StringLike":{"sts:ExternalId":"*"}}"#));
        assert!(!demands(r#"{"StringEqualsIfExists":{"sts:ExternalId":"abc"}}"#));
        assert!(!demands(r#"{"StringNotEquals":{"sts:ExternalId":"abc"}}"#));
    }
}
