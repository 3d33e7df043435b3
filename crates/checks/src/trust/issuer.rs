//! What has to be said of a web identity, by who issues it.
//!
//! Source: [keys for web identity federation](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif),
//! [controls for shared OIDC providers](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html).

use std::fmt;

use leastwise_iam::{Condition, Pattern};

use crate::condition::demands_text;
use crate::pattern::{has_variable, literal_start, matches};

const COGNITO: &str = "cognito-identity.amazonaws.com";

/// An issuer that serves everybody, and what in a subject says whose it is.
struct Shared {
    /// The issuer in lower case; with a `/` at the end, every issuer that begins like this.
    issuer: &'static str,
    owners: &'static [Owner],
}

/// The place of an owner's name in a subject.
struct Owner {
    /// What stands before the name, at the beginning of the subject or after a colon.
    claim: &'static str,
    /// What ends the name; before it there may be no wildcard.
    ends: &'static [char],
}

const fn owner(claim: &'static str, ends: &'static [char]) -> Owner {
    Owner { claim, ends }
}

/// A subject that is one opaque id.
const OPAQUE: &[Owner] = &[owner("", &[])];

/// Bitbucket is not among them, because every workspace has an issuer of its own, nor is an enterprise's own
/// issuer at GitHub.
const SHARED: [Shared; 9] = [
    // <https://docs.github.com/en/actions/reference/security/oidc#example-subject-claims>; `@` begins the id
    // of an immutable subject, and a colon within a value is written `%3A`. A `job_workflow_ref` names whose
    // workflow runs, not who runs it.
    Shared {
        issuer: "token.actions.githubusercontent.com",
        owners: &[
            owner("repo:", &['/', '@']),
            owner("repository:", &['/', '@']),
            owner("repository_id:", &[':']),
            owner("repository_owner:", &[':']),
            owner("repository_owner_id:", &[':']),
            owner("enterprise:", &[':']),
            owner("enterprise_id:", &[':']),
        ],
    },
    // <https://docs.gitlab.com/ci/secrets/id_token_authentication/#token-payload>
    Shared {
        issuer: "gitlab.com",
        owners: &[
            owner("project_path:", &['/']),
            owner("namespace_path:", &['/', ':']),
            owner("project_id:", &[':']),
            owner("namespace_id:", &[':']),
        ],
    },
    // <https://developer.hashicorp.com/terraform/cloud-docs/workspaces/dynamic-provider-credentials/aws-configuration>
    Shared { issuer: "app.terraform.io", owners: &[owner("organization:", &[':'])] },
    // <https://buildkite.com/docs/agent/v3/cli-oidc>
    Shared { issuer: "agent.buildkite.com", owners: &[owner("organization:", &[':'])] },
    // <https://circleci.com/docs/openid-connect-tokens/>
    Shared { issuer: "oidc.circleci.com/", owners: &[owner("org/", &['/'])] },
    Shared { issuer: "accounts.google.com", owners: OPAQUE },
    Shared { issuer: "graph.facebook.com", owners: OPAQUE },
    Shared { issuer: "www.amazon.com", owners: OPAQUE },
    Shared { issuer: COGNITO, owners: OPAQUE },
];

/// Who issues a web identity: the beginning of its claims' keys, an address without `https://`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Issuer(String);

impl Issuer {
    /// The issuer of a `Federated` principal; none for SAML and for what is no provider.
    pub(crate) fn of_principal(principal: &str) -> Option<Self> {
        let issuer = match principal.split_once(":oidc-provider/") {
            Some((_, issuer)) => issuer,
            None if principal.starts_with("arn:") => return None,
            None => principal,
        };
        Some(Self(issuer.to_ascii_lowercase()))
    }

    /// True if a request passes the condition only with a subject of a known owner. For Cognito `amr` will
    /// do, unless it lets in those who have not signed in.
    ///
    /// Source: [role trust and permissions](https://docs.aws.amazon.com/cognito/latest/developerguide/role-trust-and-permissions.html).
    pub(crate) fn names_a_subject(&self, condition: &Condition) -> bool {
        if self.0 == COGNITO && self.is_claim(condition, "amr") {
            return demands_values(condition, signs_in);
        }
        let subject = ["sub", "user_id", "id"].iter().any(|claim| self.is_claim(condition, claim));
        subject && demands_values(condition, |value| self.is_subject(value))
    }

    /// True if a request passes the condition only with a token that was made for somebody.
    pub(crate) fn names_an_audience(&self, condition: &Condition) -> bool {
        let audience = ["aud", "app_id", "oaud"].iter().any(|claim| self.is_claim(condition, claim));
        // A pool's id begins with a region, so what begins like one can be anybody's.
        let exact = self.0 == COGNITO;
        audience && demands_values(condition, |value| names_something(value) && (!exact || is_whole(value)))
    }

    fn is_claim(&self, condition: &Condition, claim: &str) -> bool {
        condition.is_on(&format!("{}:{claim}", self.0))
    }

    fn is_subject(&self, value: &str) -> bool {
        match SHARED.iter().find(|shared| shared.is(&self.0)) {
            Some(shared) => shared.owners.iter().any(|owner| owner.is_named_by(value)),
            None => names_something(value),
        }
    }
}

impl fmt::Display for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Shared {
    fn is(&self, issuer: &str) -> bool {
        self.issuer == issuer || (self.issuer.ends_with('/') && issuer.starts_with(self.issuer))
    }
}

impl Owner {
    /// True if the value gives the whole name, before its first wildcard.
    fn is_named_by(&self, value: &str) -> bool {
        let value = value.to_ascii_lowercase();
        let (literal, whole) = literal_start(&value);
        let places = std::iter::once(literal)
            .chain(literal.match_indices(':').filter_map(|(at, _)| literal.get(at + 1..)));
        places.filter_map(|place| place.strip_prefix(self.claim)).any(|rest| {
            let name = rest.split(self.ends).next().unwrap_or_default();
            names_something(name) && (whole || name.len() < rest.len())
        })
    }
}

fn demands_values(condition: &Condition, narrow: impl Fn(&str) -> bool) -> bool {
    demands_text(condition) && condition.values.iter().all(|value| narrow(value))
}

/// A text that is nothing but wildcards and separators could be anybody's, and a variable takes whatever
/// value the caller brings along.
fn names_something(value: &str) -> bool {
    !has_variable(value) && value.chars().any(char::is_alphanumeric)
}

fn is_whole(value: &str) -> bool {
    literal_start(value).1
}

fn signs_in(value: &str) -> bool {
    names_something(value) && !matches(&Pattern::new(value.to_ascii_lowercase()), "unauthenticated")
}
