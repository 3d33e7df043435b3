use leastwise_iam::{Condition, PrincipalKind, Principals, Statement};
use leastwise_model::{Role, Severity};

use crate::check::check;
use crate::grants::covers_action;
use crate::trust::openings;
use crate::{Context, Judge, Judged, Verdict};

check! {
    /// ## What it checks
    /// A role that a web identity may assume says which identity: by a condition on the provider's `sub` that does
    /// not match everything, and by one on its `aud` (BP-01). For GitHub the `sub` names at least an owner.
    /// Amazon and Facebook call the audience `app_id`; for Cognito `amr` stands for `sub`.
    /// ## Why it matters
    /// Providers such as GitHub serve everybody. Without `sub` any workflow in the world gets the role.
    /// ## How to fix
    /// Add to the trust policy `"StringEquals": {"PROVIDER:aud": "sts.amazonaws.com"}` and a condition on
    /// `PROVIDER:sub` that names your organisation, repository and branch.
    pub static ROLE_TRUST_OIDC = {
        id: "role-trust-oidc", title: "a web identity is named by `sub` and `aud`",
        severity: Severity::High, judge: Judge::Role(role_trust_oidc),
    }
}

const COGNITO: &str = "cognito-identity.amazonaws.com";

fn role_trust_oidc(role: &Role, _: &Context<'_>) -> Judged {
    let statements: Vec<&Statement> = openings(role.trust.get()?.document()?).collect();
    let pairs: Vec<(&Statement, &str)> = statements
        .iter()
        .flat_map(|statement| providers(statement).into_iter().map(|p| (*statement, p)))
        .collect();
    if pairs.is_empty() {
        return Verdict::not_applicable("no web identity may assume the role");
    }
    match pairs.iter().find_map(|(statement, provider)| lacking(statement, provider)) {
        Some(lack) => Verdict::fail(lack),
        None => Verdict::pass("web identities are named by `sub` and `aud`"),
    }
}

/// The web identity providers of a statement, as their claims' keys begin: the issuer without `https://`.
fn providers(statement: &Statement) -> Vec<&str> {
    let Principals::Only(principals) = &statement.principals else { return Vec::new() };
    if !covers_action(&statement.actions, "sts:AssumeRoleWithWebIdentity") {
        return Vec::new();
    }
    let federated = principals.iter().filter(|principal| principal.kind == PrincipalKind::Federated);
    federated
        .map(|principal| match principal.value.split_once(":oidc-provider/") {
            Some((_, issuer)) => issuer,
            None => &principal.value,
        })
        .filter(|issuer| !issuer.contains(":saml-provider/"))
        .collect()
}

/// What the statement does not say about the identity, if anything.
fn lacking(statement: &Statement, provider: &str) -> Option<String> {
    let subjects: &[&str] = if provider == COGNITO { &["sub", "amr"] } else { &["sub", "user_id", "id"] };
    let claim = |names: &[&str], narrow: fn(&str, &str) -> bool| {
        statement.conditions.iter().any(|condition| {
            names.iter().any(|name| condition.is_on(&format!("{provider}:{name}")))
                && demands(condition)
                && condition.values.iter().all(|value| narrow(provider, value))
        })
    };
    if !claim(subjects, names_a_subject) {
        Some(format!("no condition on `{provider}:sub` names who may assume the role"))
    } else if !claim(&["aud", "app_id", "oaud"], |_, value| names_something(value)) {
        Some(format!("no condition on `{provider}:aud`"))
    } else {
        None
    }
}

fn demands(condition: &Condition) -> bool {
    condition.operator.demands_a_match() && !condition.values.is_empty()
}

fn names_something(value: &str) -> bool {
    value.chars().any(|c| !matches!(c, '*' | '?' | ':' | '/'))
}

/// GitHub's subjects read `repo:OWNER/REPOSITORY:…`, or begin with another claim's name: what follows the
/// first colon must begin with a name.
fn names_a_subject(provider: &str, value: &str) -> bool {
    if provider != "token.actions.githubusercontent.com" {
        return names_something(value);
    }
    let Some((_, rest)) = value.split_once(':') else { return false };
    let owner = rest.split(['/', ':']).next().unwrap_or_default();
    !owner.is_empty() && !owner.contains(['*', '?'])
}

#[cfg(test)]
mod tests {
    use leastwise_model::{Known, Status};

    use super::*;
    use crate::testing::{self, role};

    fn expect(provider: &str, condition: &str, expected: Status) {
        let trust = format!(
            r#"{{"Statement":{{"Effect":"Allow","Principal":{{"Federated":"{provider}"}},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{condition}}}}}"#
        );
        let mut account = testing::account();
        account.roles = Known::Known(vec![role("arn:aws:iam::123456789012:role/ci", &trust)]);
        testing::expect(&ROLE_TRUST_OIDC, &account, &[("role/ci", expected)]);
    }

    #[test]
    fn github() {
        let provider = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com";
        let condition = |sub: &str| {
            format!(
                r#"{{"StringEquals":{{"token.actions.githubusercontent.com:aud":"sts.amazonaws.com"}},"StringLike":{{"token.actions.githubusercontent.com:sub":{sub}}}}}"#
            )
        };
        for (sub, expected) in [
            (r#""repo:acme/app:ref:refs/heads/main""#, Status::Pass),
            (r#"["repo:acme/*"]"#, Status::Pass),
            (r#""*""#, Status::Fail),
            (r#""repo:*""#, Status::Fail),
            (r#""repo:*/app:*""#, Status::Fail),
            (r#"["repo:acme/*","*"]"#, Status::Fail),
        ] {
            expect(provider, &condition(sub), expected);
        }
        expect(
            provider,
            r#"{"StringEquals":{"token.actions.githubusercontent.com:aud":"sts.amazonaws.com"}}"#,
            Status::Fail,
        );
        expect(
            provider,
            r#"{"StringEquals":{"token.actions.githubusercontent.com:sub":"repo:acme/app:x"}}"#,
            Status::Fail,
        );
        expect(provider, "{}", Status::Fail);
    }

    #[test]
    fn other_providers() {
        let cognito = r#"{"StringEquals":{"cognito-identity.amazonaws.com:aud":"pool"},"ForAnyValue:StringLike":{"cognito-identity.amazonaws.com:amr":"authenticated"}}"#;
        expect(COGNITO, cognito, Status::Pass);
        let eks = "oidc.eks.eu-west-1.amazonaws.com/id/ABC";
        expect(
            &format!("arn:aws:iam::123456789012:oidc-provider/{eks}"),
            &format!(
                r#"{{"StringEquals":{{"{eks}:sub":"system:serviceaccount:app:app","{eks}:aud":"sts.amazonaws.com"}}}}"#
            ),
            Status::Pass,
        );
        expect("arn:aws:iam::123456789012:saml-provider/okta", "{}", Status::NotApplicable);
    }
}
