use leastwise_model::{Missing, Role, Severity};

use crate::check::check;
use crate::trust::{Caller, Opening, openings};
use crate::{Context, Judge, Judged, Verdict};

check! {
    /// ## What it checks
    /// A role that another company's account or organisation may assume demands an external id (BP-01). Not
    /// concerned are accounts of your own organisation and those listed under `trust` in the configuration.
    /// Where the accounts of the organisation could not be read, a role that trusts an account that is not
    /// listed is unknown, and so is one that trusts a principal of no known form. An identity provider counts as
    /// its account.
    /// ## Why it matters
    /// A company that serves many customers can be tricked into using its access to *your* account for another
    /// customer: the confused deputy. The external id is what prevents that.
    /// ## How to fix
    /// Agree on an external id with the company and demand it with `sts:ExternalId`; if the account is your
    /// own, list it under `trust.accounts` in `leastwise.toml`.
    pub static ROLE_TRUST_FOREIGN_ACCOUNT = {
        id: "role-trust-foreign-account", title: "a foreign account has to send an external id",
        severity: Severity::High, judge: Judge::Role(role_trust_foreign_account),
    }
}

fn role_trust_foreign_account(role: &Role, context: &Context<'_>) -> Judged {
    let mut unread = None;
    for opening in openings(role.trust.get()?.document()?) {
        match stranger(&opening, context) {
            Ok(Some(who)) => {
                return Verdict::fail(format!("{who} may assume the role without an external id"));
            }
            Ok(None) => {}
            Err(missing) => unread = Some(missing),
        }
    }
    match unread {
        Some(missing) => Err(missing),
        None => Verdict::pass("no foreign account may assume the role without an external id"),
    }
}

/// The first account or organisation that is not trusted and need not send an external id. Anyone at all is
/// another check's matter.
fn stranger(opening: &Opening<'_>, context: &Context<'_>) -> Result<Option<String>, Missing> {
    if opening.demands_external_id() {
        return Ok(None);
    }
    let organizations = opening.demanded_organizations();
    let trusted =
        organizations.iter().map(|id| context.trusts_organization(id)).collect::<Result<Vec<_>, _>>();
    if !organizations.is_empty() && trusted.clone().is_ok_and(|all| all.into_iter().all(|trusted| trusted)) {
        return Ok(None);
    }
    let mut unread = None;
    for caller in opening.callers() {
        let (who, trusted) = match caller {
            Caller::Anyone => continue,
            Caller::Unrecognised(what) => {
                unread = Some(Missing::invalid(what));
                continue;
            }
            Caller::Account(id) => (format!("account {id}"), context.trusts_account(id)),
            Caller::Organization(id) => (format!("organisation {id}"), context.trusts_organization(&id)),
        };
        match trusted {
            Ok(true) => {}
            Ok(false) => return Ok(Some(who)),
            Err(missing) => {
                let detail = format!("whether {who} is your own: {}", missing.detail);
                unread = Some(Missing { detail, ..missing });
            }
        }
    }
    unread.map_or(Ok(None), Err)
}

#[cfg(test)]
mod tests {
    use leastwise_model::{Known, Status};

    use super::*;
    use crate::Config;
    use crate::testing::{self, missing, role};

    fn roles() -> Vec<Role> {
        let trust = |principal: &str, condition: &str| {
            format!(
                r#"{{"Statement":{{"Effect":"Allow","Principal":{principal},"Action":"sts:AssumeRole","Condition":{condition}}}}}"#
            )
        };
        let table = [
            ("own", r#"{"AWS":"arn:aws:iam::123456789012:root"}"#, "{}"),
            ("sister", r#"{"AWS":"210987654321"}"#, "{}"),
            ("partner", r#"{"AWS":"999999999999"}"#, "{}"),
            ("stranger", r#"{"AWS":["123456789012","888888888888"]}"#, "{}"),
            ("agreed", r#"{"AWS":"888888888888"}"#, r#"{"StringEquals":{"sts:ExternalId":"7f3c2a"}}"#),
            ("own-org", r#""*""#, r#"{"StringEquals":{"aws:PrincipalOrgID":"o-own"}}"#),
            ("other-org", r#""*""#, r#"{"StringEquals":{"aws:PrincipalOrgID":"o-other"}}"#),
            (
                "stranger-in-own-org",
                r#"{"AWS":"888888888888"}"#,
                r#"{"StringEquals":{"aws:PrincipalOrgID":"o-own"}}"#,
            ),
            ("service", r#"{"Service":"ec2.amazonaws.com"}"#, "{}"),
            ("own-saml", r#"{"Federated":"arn:aws:iam::123456789012:saml-provider/x"}"#, "{}"),
            ("other-saml", r#"{"Federated":"arn:aws:iam::888888888888:saml-provider/x"}"#, "{}"),
            (
                "variable-id",
                r#"{"AWS":"888888888888"}"#,
                r#"{"StringEquals":{"sts:ExternalId":"${sts:ExternalId}"}}"#,
            ),
            ("strange", r#"{"AWS":"arn:aws-new:iam::888888888888:root"}"#, "{}"),
            ("strange-and-stranger", r#"{"AWS":["alice","888888888888"]}"#, "{}"),
        ];
        let role = |(name, principal, condition): (&str, &str, &str)| {
            role(&format!("arn:aws:iam::123456789012:role/{name}"), &trust(principal, condition))
        };
        table.into_iter().map(role).collect()
    }

    /// The roles that trust somebody outside the account who is not a partner.
    const FOREIGN: [&str; 8] = [
        "sister",
        "stranger",
        "own-org",
        "other-org",
        "stranger-in-own-org",
        "other-saml",
        "variable-id",
        "strange-and-stranger",
    ];

    /// These roles have this status, and the strange one is unknown.
    fn with_strange<'a>(names: &[&'a str], status: Status) -> Vec<(&'a str, Status)> {
        names.iter().map(|name| (*name, status)).chain([("strange", Status::Unknown)]).collect()
    }

    fn expect(snapshot: &leastwise_model::Snapshot, changes: &[(&str, Status)]) {
        let config = Config::from_toml("[trust]\naccounts = [\"999999999999\"]").unwrap();
        let names: Vec<String> = roles().iter().map(|role| format!("role/{}", role.name)).collect();
        let expected: Vec<_> = names
            .iter()
            .map(|name| {
                let change = changes.iter().find(|(changed, _)| name.strip_prefix("role/") == Some(*changed));
                (name.as_str(), change.map_or(Status::Pass, |(_, status)| *status))
            })
            .collect();
        testing::expect_in(&ROLE_TRUST_FOREIGN_ACCOUNT, snapshot, &config, &expected);
    }

    #[test]
    fn strangers_partners_and_sisters() {
        let mut account = testing::account();
        account.roles = Known::Known(roles());
        let mut snapshot = testing::snapshot(account);
        let fails = ["stranger", "other-org", "other-saml", "variable-id", "strange-and-stranger"];
        snapshot.organization =
            Known::Known(Some(testing::organization("o-own", &["123456789012", "210987654321"])));
        expect(&snapshot, &with_strange(&fails, Status::Fail));
    }

    #[test]
    fn a_standalone_account_has_no_sisters() {
        let mut account = testing::account();
        account.roles = Known::Known(roles());
        expect(&testing::snapshot(account), &with_strange(&FOREIGN, Status::Fail));
    }

    #[test]
    fn without_the_organisation_a_stranger_may_be_a_sister() {
        let mut account = testing::account();
        account.roles = Known::Known(roles());
        let mut snapshot = testing::snapshot(account);
        snapshot.organization = Known::Unknown(missing());
        expect(&snapshot, &with_strange(&FOREIGN, Status::Unknown));
    }
}
