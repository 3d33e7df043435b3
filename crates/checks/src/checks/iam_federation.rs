use leastwise_model::{Account, Missing, Owner, Severity};

use crate::check::check;
use crate::{Context, Judge, Judged, Verdict};

check! {
    /// ## What it checks
    /// There is a way in for people other than IAM users: a SAML provider, or roles that IAM Identity Center
    /// made (BP-13, CIS 1.21). The evidence names the providers, OpenID Connect ones too. An account without
    /// console users, break-glass ones aside, needs none.
    /// ## Why it matters
    /// People's sign-in, MFA and leaving belong in one directory.
    /// ## How to fix
    /// Enable IAM Identity Center in the organisation and connect your identity provider, or create a SAML
    /// provider in the account.
    pub static IAM_FEDERATION = {
        id: "iam-federation", title: "people can sign in through an identity provider",
        severity: Severity::Medium, judge: Judge::Account(iam_federation),
    }
}

fn iam_federation(account: &Account, context: &Context<'_>) -> Judged {
    let people = ways_in_for_people(account, context);
    if let Ok(names) = &people
        && !names.is_empty()
    {
        return Verdict::pass(format!("{}{}", names.join(", "), workloads(account)));
    }
    if !has_console_users(account, context)? {
        return Verdict::not_applicable(format!("no IAM user signs in to the console{}", workloads(account)));
    }
    people?;
    Verdict::fail(format!(
        "IAM users sign in to the console, and nothing else lets people in{}",
        workloads(account)
    ))
}

/// SAML providers whose metadata has not expired, and Identity Center; what is known of them, or what is
/// missing if nothing is.
fn ways_in_for_people(account: &Account, context: &Context<'_>) -> Result<Vec<String>, Missing> {
    let mut names = Vec::new();
    let saml = account.saml_providers.get().map(|providers| {
        let valid =
            providers.iter().filter(|provider| provider.valid_until.is_none_or(|until| until > context.now));
        names.extend(valid.map(|provider| format!("SAML provider `{}`", provider.arn.name())));
    });
    let roles = account.roles.get().map(|roles| {
        if roles.iter().any(|role| role.owner == Owner::IdentityCenter) {
            names.push("IAM Identity Center".to_owned());
        }
    });
    if names.is_empty() {
        saml.and(roles)?;
    }
    Ok(names)
}

/// OpenID Connect providers, which mostly let workloads in.
fn workloads(account: &Account) -> String {
    let issuer = |arn: &leastwise_iam::Arn| {
        let resource = arn.resource();
        resource.strip_prefix("oidc-provider/").unwrap_or(resource).to_owned()
    };
    match account.oidc_providers.get() {
        Ok(providers) if providers.is_empty() => String::new(),
        Ok(providers) => {
            let issuers: Vec<String> = providers.iter().map(|provider| issuer(&provider.arn)).collect();
            format!("; OpenID Connect: {}", issuers.join(", "))
        }
        Err(missing) => format!("; OpenID Connect providers: {missing}"),
    }
}

fn has_console_users(account: &Account, context: &Context<'_>) -> Result<bool, Missing> {
    let mut unread = None;
    for user in account.users.get()?.iter().filter(|user| !context.is_break_glass(user)) {
        match user.credentials.get().and_then(|credentials| credentials.password.get()) {
            Ok(Some(_)) => return Ok(true),
            Ok(None) => {}
            Err(missing) => unread = Some(missing),
        }
    }
    unread.map_or(Ok(false), Err)
}

#[cfg(test)]
mod tests {
    use leastwise_model::{Known, SamlProvider, Status};

    use super::*;
    use crate::testing::{self, missing, role, user};

    #[test]
    fn providers_and_console_users() {
        let mut account = testing::account();
        testing::expect(&IAM_FEDERATION, &account, &[("account", Status::NotApplicable)]);
        account.users = Known::Known(vec![user("alice")]);
        testing::expect(&IAM_FEDERATION, &account, &[("account", Status::Fail)]);
        let arn = "arn:aws:iam::123456789012:saml-provider/okta".parse().unwrap();
        let provider = SamlProvider { arn, valid_until: None };
        account.saml_providers = Known::Known(vec![provider.clone()]);
        testing::expect(&IAM_FEDERATION, &account, &[("account", Status::Pass)]);
        let expired = SamlProvider { valid_until: Some(testing::days_ago(1)), ..provider };
        account.saml_providers = Known::Known(vec![expired]);
        testing::expect(&IAM_FEDERATION, &account, &[("account", Status::Fail)]);
    }

    #[test]
    fn what_is_unread_could_be_the_way_in() {
        let mut account = testing::account();
        account.users = Known::Known(vec![user("alice")]);
        account.saml_providers = Known::Unknown(missing());
        testing::expect(&IAM_FEDERATION, &account, &[("account", Status::Unknown)]);
        let sso =
            role("arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_A_0", "{}");
        account.roles = Known::Known(vec![sso]);
        testing::expect(&IAM_FEDERATION, &account, &[("account", Status::Pass)]);
    }
}
