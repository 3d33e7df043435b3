use leastwise_model::{InlinePolicy, Missing, PrincipalPolicies, Severity};

use super::iam_policy_full_admin::administrator_by;
use crate::check::check;
use crate::grants::{conditional_administrator, full_administrator};
use crate::{Context, Judge, Judged, PrincipalOf, Verdict};

check! {
    /// ## What it checks
    /// No user, group or role is an administrator (BP-01, CIS 1.16) by `AdministratorAccess` or by a policy that
    /// allows everything, attached or embedded; for users also through their groups. Break-glass users and
    /// the `administrators` of the configuration are meant to be. A policy that allows everything only with a
    /// condition, such as MFA, makes no administrator; the evidence names it.
    /// ## Why it matters
    /// Every administrator is one stolen session away from losing the account.
    /// ## How to fix
    /// Keep one role with MFA for administration and list it under `administrators` in `leastwise.toml`, as well as
    /// `role/OrganizationAccountAccessRole` if that is how you enter accounts. Give everybody else what they use.
    pub static IAM_PRINCIPAL_ADMINISTRATOR = {
        id: "iam-principal-administrator", title: "a principal is no administrator, unless meant to be",
        severity: Severity::High, judge: Judge::Principal(iam_principal_administrator),
    }
}

fn iam_principal_administrator(principal: &PrincipalOf<'_>, context: &Context<'_>) -> Judged {
    let Some(by) = administrator(principal, context)? else {
        return Verdict::pass(match conditionally(principal, context) {
            Some(how) => format!("no policy allows everything without a condition; {how}"),
            None => "no policy allows everything".to_owned(),
        });
    };
    if is_meant(principal, context) {
        return Verdict::pass(format!("administrator by {by}, as the configuration says"));
    }
    Verdict::fail(format!("administrator by {by}"))
}

fn is_meant(principal: &PrincipalOf<'_>, context: &Context<'_>) -> bool {
    let break_glass = matches!(principal, PrincipalOf::User(user) if context.is_break_glass(user));
    break_glass || context.config.is_administrator(context.account.id, &principal.subject().to_string())
}

/// By what the principal is an administrator; the first thing that makes it one counts, whatever else could
/// not be read.
fn administrator(principal: &PrincipalOf<'_>, context: &Context<'_>) -> Result<Option<String>, Missing> {
    let own = principal.policies().and_then(|policies| by_policies(policies, context));
    if let Ok(Some(by)) = own {
        return Ok(Some(by));
    }
    let mut unread = own.err();
    if let PrincipalOf::User(user) = principal {
        for name in &user.details.get()?.groups {
            match context.group(name).and_then(|group| by_policies(&group.policies, context)) {
                Ok(Some(by)) => return Ok(Some(format!("{by}, through group `{name}`"))),
                Ok(None) => {}
                Err(missing) => unread = Some(missing),
            }
        }
    }
    unread.map_or(Ok(None), Err)
}

fn by_policies(policies: &PrincipalPolicies, context: &Context<'_>) -> Result<Option<String>, Missing> {
    let attached = policies.attached.iter().map(|attachment| administrator_by(attachment, context));
    let inline = policies.inline.iter().map(by_inline);
    let mut unread = None;
    for by in attached.chain(inline) {
        match by {
            Ok(Some(by)) => return Ok(Some(by)),
            Ok(None) => {}
            Err(missing) => unread = Some(missing),
        }
    }
    unread.map_or(Ok(None), Err)
}

/// Which policy allows everything with a condition: `policy `x`: statement 1 allows …`.
fn conditionally(principal: &PrincipalOf<'_>, context: &Context<'_>) -> Option<String> {
    let groups = match principal {
        PrincipalOf::User(user) => user.details.value().map(|details| details.groups.as_slice()),
        PrincipalOf::Group(_) | PrincipalOf::Role(_) => None,
    };
    let groups = groups.unwrap_or_default().iter().filter_map(|name| context.group(name).ok());
    let own = principal.policies().ok();
    own.into_iter().chain(groups.map(|group| &group.policies)).find_map(|policies| {
        let attached = policies.attached.iter().filter_map(|attachment| {
            let policy = context.policy(&attachment.arn).ok()??;
            Some((&policy.name, &policy.document))
        });
        let inline = policies.inline.iter().map(|policy| (&policy.name, &policy.document));
        attached.chain(inline).find_map(|(name, document)| {
            let how = conditional_administrator(document.value()?.document().ok()?)?;
            Some(format!("policy `{name}`: {how}"))
        })
    })
}

fn by_inline(policy: &InlinePolicy) -> Result<Option<String>, Missing> {
    let document = policy.document.get()?.document()?;
    Ok(full_administrator(document).map(|_| format!("inline policy `{}`", policy.name)))
}

#[cfg(test)]
mod tests {
    use leastwise_model::{Known, Status};

    use super::*;
    use crate::Config;
    use crate::testing::{
        self, ADMIN, attach, attach_to, details, embed, group, managed, missing, role, user,
    };

    const ADMINISTRATOR_ACCESS: &str = "arn:aws:iam::aws:policy/AdministratorAccess";

    fn account() -> leastwise_model::Account {
        let mut account = testing::account();
        account.policies = Known::Known(vec![managed("everything", ADMIN)]);
        let (mut direct, mut inline, mut through) = (user("direct"), user("inline"), user("through"));
        attach(&mut direct, "arn:aws:iam::123456789012:policy/everything");
        embed(&mut inline, "mine", ADMIN);
        details(&mut through).groups = vec!["staff".to_owned(), "admins".to_owned()];
        account.users = Known::Known(vec![user("alice"), direct, inline, through]);
        let mut admins = group("admins");
        attach_to(&mut admins.policies, ADMINISTRATOR_ACCESS);
        account.groups = Known::Known(vec![group("staff"), admins]);
        let mut admin = role("arn:aws:iam::123456789012:role/Admin", "{}");
        attach_to(&mut admin.policies, ADMINISTRATOR_ACCESS);
        let mut sso =
            role("arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_A_0", "{}");
        attach_to(&mut sso.policies, ADMINISTRATOR_ACCESS);
        account.roles = Known::Known(vec![admin, sso]);
        account
    }

    #[test]
    fn direct_embedded_and_through_groups() {
        testing::expect(
            &IAM_PRINCIPAL_ADMINISTRATOR,
            &account(),
            &[
                ("user/alice", Status::Pass),
                ("user/direct", Status::Fail),
                ("user/inline", Status::Fail),
                ("user/through", Status::Fail),
                ("group/staff", Status::Pass),
                ("group/admins", Status::Fail),
                ("role/Admin", Status::Fail),
                ("role/AWSReservedSSO_A_0", Status::NotApplicable),
            ],
        );
    }

    #[test]
    fn administrators_on_purpose() {
        let mut account = account();
        account.users = Known::Known(Vec::new());
        let config = Config::from_toml("administrators = [\"123456789012/role/Admin\"]").unwrap();
        testing::expect_in(
            &IAM_PRINCIPAL_ADMINISTRATOR,
            &testing::snapshot(account),
            &config,
            &[
                ("group/staff", Status::Pass),
                ("group/admins", Status::Fail),
                ("role/Admin", Status::Pass),
                ("role/AWSReservedSSO_A_0", Status::NotApplicable),
            ],
        );
    }

    #[test]
    fn what_is_unread_could_make_an_administrator() {
        let mut account = account();
        account.policies = Known::Unknown(missing());
        account.groups = Known::Unknown(missing());
        account.roles = Known::Known(Vec::new());
        testing::expect(
            &IAM_PRINCIPAL_ADMINISTRATOR,
            &account,
            &[
                ("user/alice", Status::Unknown),
                ("user/direct", Status::Unknown),
                ("user/inline", Status::Fail),
                ("user/through", Status::Unknown),
                ("group", Status::Unknown),
            ],
        );
    }

    #[test]
    fn the_evidence_names_the_condition() {
        let document =
            ADMIN.replace("}}", r#","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}}"#);
        let mut account = testing::account();
        account.policies = Known::Known(vec![managed("with-mfa", &document)]);
        let mut admins = group("admins");
        attach_to(&mut admins.policies, "arn:aws:iam::123456789012:policy/with-mfa");
        account.groups = Known::Known(vec![admins]);
        let (mut attached, mut inline, mut through) = (user("attached"), user("inline"), user("through"));
        attach(&mut attached, "arn:aws:iam::123456789012:policy/with-mfa");
        embed(&mut inline, "mine", &document);
        details(&mut through).groups = vec!["admins".to_owned()];
        for user in [&mut attached, &mut inline] {
            details(user).groups.clear();
        }
        let (snapshot, config) = (testing::snapshot(account), Config::default());
        let all = crate::Selection::default();
        let context = Context::new(&snapshot, &snapshot.accounts[0], None, &config, &all, testing::now());
        for (user, policy) in [(&attached, "with-mfa"), (&inline, "mine"), (&through, "with-mfa")] {
            let evidence = format!(
                "no policy allows everything without a condition; policy `{policy}`: statement 1 allows everything only with a condition on `aws:MultiFactorAuthPresent`"
            );
            assert_eq!(
                iam_principal_administrator(&PrincipalOf::User(user), &context),
                Verdict::pass(evidence)
            );
        }
    }
}
