use leastwise_iam::{Principal, PrincipalKind, Principals};
use leastwise_model::{Role, Severity};

use crate::check::check;
use crate::grants::covers_action;
use crate::trust::{Issuer, Opening, WEB_IDENTITY, openings};
use crate::{Context, Judge, Judged, Verdict};

check! {
    /// ## What it checks
    /// A role that a web identity may assume says which identity: by a condition on the provider's `sub` that does
    /// not match everything, and by one on its `aud` (BP-01). Where the provider serves everybody, as GitHub,
    /// GitLab.com, Terraform Cloud, Buildkite and `CircleCI` do, the `sub` gives the owner's whole name: such as
    /// `repo:OWNER/`, `project_path:GROUP/`, `organization:NAME:`. A policy variable says nothing. Amazon and
    /// Facebook call the audience `app_id`; for Cognito `amr` stands for `sub`, unless it is `unauthenticated`.
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

fn role_trust_oidc(role: &Role, _: &Context<'_>) -> Judged {
    let document = role.trust.get()?.document()?;
    let mut concerned = false;
    let mut unread = None;
    for opening in
        openings(document).filter(|opening| covers_action(&opening.statement.actions, WEB_IDENTITY))
    {
        for principal in federated(&opening) {
            let Some(issuer) = Issuer::of_principal(&principal.value) else { continue };
            if let Some(lack) = lacking(&opening, &issuer) {
                return Verdict::fail(lack);
            }
            concerned = true;
        }
        unread = unread.or_else(|| opening.unrecognised());
    }
    match unread {
        Some(missing) => Err(missing),
        None if concerned => Verdict::pass("web identities are named by `sub` and `aud`"),
        None => Verdict::not_applicable("no web identity may assume the role"),
    }
}

fn federated<'a>(opening: &Opening<'a>) -> impl Iterator<Item = &'a Principal> {
    let principals = match &opening.statement.principals {
        Principals::Only(principals) => principals.as_slice(),
        Principals::Unspecified | Principals::AllBut(_) => &[],
    };
    principals.iter().filter(|principal| principal.kind == PrincipalKind::Federated)
}
/// What the statement does not say about the identity, if anything.
fn lacking(opening: &Opening<'_>, issuer: &Issuer) -> Option<String> {
    let conditions = &opening.statement.conditions;
    if !conditions.iter().any(|condition| issuer.names_a_subject(condition)) {
        Some(format!("no condition on `{issuer}:sub` names who may assume the role"))
    } else if !conditions.iter().any(|condition| issuer.names_an_audience(condition)) {
        Some(format!("no condition on `{issuer}:aud` names for whom the token is"))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use leastwise_model::{Known, Status};

    use super::*;
    use crate::testing::{self, role};

    const GITHUB: &str = "token.actions.githubusercontent.com";

    fn expect_trust(statement: &str, expected: Status) {
        let mut account = testing::account();
        let trust = format!(r#"{{"Statement":{statement}}}"#);
        account.roles = Known::Known(vec![role("arn:aws:iam::123456789012:role/ci", &trust)]);
        testing::expect(&ROLE_TRUST_OIDC, &account, &[("role/ci", expected)]);
    }

    fn expect(provider: &str, condition: &str, expected: Status) {
        let statement = format!(
            r#"{{"Effect":"Allow","Principal":{{"Federated":"{provider}"}},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{condition}}}"#
        );
        expect_trust(&statement, expected);
    }

    /// The issuer's subjects match this, and the audience is as it should be.
    fn expect_subject(issuer: &str, sub: &str, expected: Status) {
        expect(
            &format!("arn:aws:iam::123456789012:oidc-provider/{issuer}"),
            &format!(
                r#"{{"StringEquals":{{"{issuer}:aud":"sts.amazonaws.com"}},"StringLike":{{"{issuer}:sub":{sub}}}}}"#
            ),
            expected,
        );
    }

    #[test]
    fn subjects_name_their_owner() {
        let table = [
            (GITHUB, r#""repo:acme/app:ref:refs/heads/main""#),
            (GITHUB, r#"["repo:acme/*"]"#),
            (GITHUB, r#""repo:acme@123/app@456:*""#),
            (GITHUB, r#""repo:acme@*""#),
            (GITHUB, r#""repository_owner:acme:*""#),
            (GITHUB, r#""repository_owner_id:123""#),
            (GITHUB, r#""environment:production:repository_owner_id:123""#),
            ("Token.Actions.GithubUserContent.com", r#""repo:acme/*""#),
            ("token.actions.githubusercontent.com/acme", r#""repo:*:environment:production""#),
            ("gitlab.com", r#""project_path:acme/*:ref_type:branch:ref:main""#),
            ("gitlab.com", r#""namespace_path:acme:*""#),
            ("app.terraform.io", r#""organization:acme:project:*:workspace:*:run_phase:*""#),
            ("agent.buildkite.com", r#""organization:acme:pipeline:*""#),
            ("oidc.circleci.com/org/1a2b", r#""org/1a2b/project/*""#),
            ("api.bitbucket.org/2.0/workspaces/acme/pipelines-config/identity/oidc", r#""{1a2b}:*""#),
            ("accounts.google.com", r#""110248495921238986420""#),
            ("oidc.eks.eu-west-1.amazonaws.com/id/ABC", r#""system:serviceaccount:app:*""#),
            ("gitlab.acme.example", r#""project_path:*:ref:main""#),
        ];
        for (issuer, sub) in table {
            expect_subject(issuer, sub, Status::Pass);
        }
    }

    #[test]
    fn subjects_that_admit_anyone() {
        let table = [
            (GITHUB, r#""*""#),
            (GITHUB, r#""repo:*""#),
            (GITHUB, r#""repo:*/app:*""#),
            (GITHUB, r#""repo:acme*""#),
            (GITHUB, r#""repo:acme?/app""#),
            (GITHUB, r#""repo:/""#),
            (GITHUB, r#"["repo:acme/*","*"]"#),
            (GITHUB, "[]"),
            (GITHUB, r#""environment:production""#),
            (GITHUB, r#""*:octo-org/*""#),
            (GITHUB, r#""*:repository_owner:octo-org""#),
            (GITHUB, r#""repository_owner:acme*""#),
            (GITHUB, r#""job_workflow_ref:octo-org/automation/*""#),
            (GITHUB, r#""${token.actions.githubusercontent.com:sub}""#),
            (GITHUB, r#""repo:${aws:PrincipalTag/owner}/*""#),
            ("Token.Actions.githubusercontent.com", r#""repo:*""#),
            ("gitlab.com", r#""project_path:*""#),
            ("gitlab.com", r#""project_path:acme*:ref:main""#),
            ("GitLab.com", r#""*:ref_type:branch:ref:main""#),
            ("app.terraform.io", r#""organization:*:project:*:workspace:prod:run_phase:*""#),
            ("agent.buildkite.com", r#""organization:*:pipeline:deploy""#),
            ("oidc.circleci.com/org/1a2b", r#""org/*""#),
            ("accounts.google.com", r#""1*""#),
            ("oidc.eks.eu-west-1.amazonaws.com/id/ABC", r#""*:*""#),
            ("oidc.eks.eu-west-1.amazonaws.com/id/ABC", r#""${aws:userid}""#),
        ];
        for (issuer, sub) in table {
            expect_subject(issuer, sub, Status::Fail);
        }
    }

    #[test]
    fn operators_and_audiences() {
        let provider = format!("arn:aws:iam::123456789012:oidc-provider/{GITHUB}");
        let sub = r#""token.actions.githubusercontent.com:sub":"repo:acme/app:x""#;
        let aud = r#""token.actions.githubusercontent.com:aud":"sts.amazonaws.com""#;
        let table = [
            (format!(r#"{{"StringEquals":{{{sub},{aud}}}}}"#), Status::Pass),
            (
                format!(r#"{{"StringEqualsIgnoreCase":{{{sub}}},"ForAnyValue:StringLike":{{{aud}}}}}"#),
                Status::Pass,
            ),
            ("{}".to_owned(), Status::Fail),
            (format!(r#"{{"StringEquals":{{{aud}}}}}"#), Status::Fail),
            (format!(r#"{{"StringEquals":{{{sub}}}}}"#), Status::Fail),
            (format!(r#"{{"ArnLike":{{{sub}}},"StringEquals":{{{aud}}}}}"#), Status::Fail),
            (format!(r#"{{"StringNotEquals":{{{sub}}},"StringEquals":{{{aud}}}}}"#), Status::Fail),
            (format!(r#"{{"StringEqualsIfExists":{{{sub}}},"StringEquals":{{{aud}}}}}"#), Status::Fail),
            (format!(r#"{{"ForAllValues:StringEquals":{{{sub}}},"StringEquals":{{{aud}}}}}"#), Status::Fail),
            (format!(r#"{{"StringEquals":{{{sub},"{GITHUB}:aud":"${{{GITHUB}:aud}}"}}}}"#), Status::Fail),
            (format!(r#"{{"StringEquals":{{{sub},"{GITHUB}:aud":[]}}}}"#), Status::Fail),
            (format!(r#"{{"StringLike":{{{sub},"{GITHUB}:aud":"*"}}}}"#), Status::Fail),
        ];
        for (condition, expected) in table {
            expect(&provider, &condition, expected);
        }
    }

    #[test]
    fn cognito() {
        let table = [
            ("eu-west-1:1a2b", r#""authenticated""#, Status::Pass),
            ("eu-west-1:1a2b", r#"["graph.facebook.com","accounts.google.com"]"#, Status::Pass),
            ("eu-west-1:1a2b", r#""unauthenticated""#, Status::Fail),
            ("eu-west-1:1a2b", r#"["authenticated","unauthenticated"]"#, Status::Fail),
            ("eu-west-1:1a2b", r#""*authenticated""#, Status::Fail),
            ("eu-west-1:1a2b", r#""*""#, Status::Fail),
            ("eu-west-1:*", r#""authenticated""#, Status::Fail),
        ];
        let provider = "cognito-identity.amazonaws.com";
        for (aud, amr, expected) in table {
            let condition = format!(
                r#"{{"StringLike":{{"{provider}:aud":"{aud}"}},"ForAnyValue:StringLike":{{"{provider}:amr":{amr}}}}}"#
            );
            expect(provider, &condition, expected);
        }
        let sub = |sub: &str| {
            format!(r#"{{"StringLike":{{"{provider}:aud":"eu-west-1:1a2b","{provider}:sub":"{sub}"}}}}"#)
        };
        expect(provider, &sub("eu-west-1:9f8e"), Status::Pass);
        expect(provider, &sub("eu-west-1:*"), Status::Fail);
    }

    #[test]
    fn other_principals() {
        expect("arn:aws:iam::123456789012:saml-provider/okta", "{}", Status::NotApplicable);
        expect("arn:aws-new:iam::123456789012:saml-provider/okta", "{}", Status::Unknown);
        expect("arn:aws:iam::123456789012:role/x", "{}", Status::Unknown);
        expect("*", "{}", Status::Fail);
        let allow = r#""Effect":"Allow","Action":"sts:AssumeRoleWithWebIdentity""#;
        expect_trust(&format!("{{{allow}}}"), Status::Unknown);
        let open = format!(r#"{{{allow},"Principal":{{"Federated":"accounts.google.com"}}}}"#);
        expect_trust(&format!("[{{{allow}}},{open}]"), Status::Fail);
        let strange = r#""Principal":{"AWS":"alice"},"Effect":"Allow","Action":"sts:AssumeRole""#;
        expect_trust(&format!("{{{strange}}}"), Status::NotApplicable);
    }
}
