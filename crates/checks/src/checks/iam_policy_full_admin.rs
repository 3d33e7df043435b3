use leastwise_model::{Missing, Severity};

use crate::check::check;
use crate::grants::{conditional_administrator, full_administrator};
use crate::{Context, Judge, Judged, PolicyOf, PolicyPlace, Verdict};

check! {
    /// ## What it checks
    /// No policy in use allows every action on every resource without a condition (BP-01, CIS 1.16): neither a
    /// customer-managed policy that is attached to somebody, nor one embedded in a principal. AWS's own
    /// `AdministratorAccess` is judged by its holders, see `iam-principal-administrator`. A condition that every
    /// request fulfils, such as `StringLike` with `*` or `Bool` on `aws:SecureTransport`, counts as none; with
    /// any other the policy passes, and the evidence says on what it depends.
    /// ## Why it matters
    /// Whoever holds it can do everything, including giving themselves back what is taken away.
    /// ## How to fix
    /// Replace it by what its holders use. Those few that administrate the account get `AdministratorAccess`
    /// through a role with MFA.
    pub static IAM_POLICY_FULL_ADMIN = {
        id: "iam-policy-full-admin", title: "no policy in use allows everything",
        severity: Severity::High, judge: Judge::Policy(iam_policy_full_admin),
    }
}

fn iam_policy_full_admin(of: &PolicyOf<'_>, _: &Context<'_>) -> Judged {
    let document = of.document.get()?.document()?;
    let Some(statement) = full_administrator(document) else {
        let conditional = conditional_administrator(document);
        return Verdict::pass(conditional.unwrap_or_else(|| "no statement allows everything".to_owned()));
    };
    let PolicyPlace::Managed(policy) = of.place else {
        return Verdict::fail(format!("{statement} allows every action on every resource"));
    };
    match policy.attachments {
        0 => Verdict::pass(format!("{statement} allows everything, but the policy is attached to nobody")),
        holders => Verdict::fail(format!(
            "{statement} allows every action on every resource; attached to {holders} principal{}",
            if holders == 1 { "" } else { "s" }
        )),
    }
}

/// How a principal that holds this managed policy is an administrator: by AWS's `AdministratorAccess`, or
/// by a policy that says the same.
pub(super) fn administrator_by(
    attachment: &leastwise_model::Attachment,
    context: &Context<'_>,
) -> Result<Option<String>, Missing> {
    if attachment.arn.is_owned_by_aws() && attachment.arn.name() == "AdministratorAccess" {
        return Ok(Some("AdministratorAccess".to_owned()));
    }
    let document = match context.policy(&attachment.arn)? {
        Some(policy) => policy.document.get()?.document()?,
        // AWS has no other policy that allows everything, so one the source does not hold is none.
        None if attachment.arn.is_owned_by_aws() => return Ok(None),
        None => {
            let why = format!("policy `{}` is not in the snapshot", attachment.arn);
            return Err(Missing::not_collected(why));
        }
    };
    Ok(full_administrator(document).map(|_| format!("policy `{}`", attachment.name)))
}

#[cfg(test)]
mod tests {
    use leastwise_model::{Known, Status};

    use super::*;
    use crate::testing::{self, ADMIN, embed, embed_in_role, managed, missing, role, user};

    const MFA: &str = r#","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}}"#;
    const TLS: &str = r#","Condition":{"Bool":{"aws:SecureTransport":"true"}}}}"#;

    #[test]
    fn attached_unattached_embedded_and_unread() {
        let mut account = testing::account();
        let mut unused = managed("unused", ADMIN);
        unused.attachments = 0;
        let mut unread = managed("unread", ADMIN);
        unread.document = Known::Unknown(missing());
        account.policies = Known::Known(vec![
            managed("admin", ADMIN),
            unused,
            managed("broken", "no policy"),
            unread,
            managed("mfa", &ADMIN.replace("}}", MFA)),
            managed("tls", &ADMIN.replace("}}", TLS)),
            managed("narrow", r#"{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}"#),
        ]);
        let mut alice = user("alice");
        embed(&mut alice, "mine", ADMIN);
        account.users = Known::Known(vec![alice]);
        let mut sso =
            role("arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_A_0", "{}");
        embed_in_role(&mut sso, "permission-set", ADMIN);
        account.roles = Known::Known(vec![sso]);
        testing::expect(
            &IAM_POLICY_FULL_ADMIN,
            &account,
            &[
                ("policy/admin", Status::Fail),
                ("policy/unused", Status::Pass),
                ("policy/broken", Status::Unknown),
                ("policy/unread", Status::Unknown),
                ("policy/mfa", Status::Pass),
                ("policy/tls", Status::Fail),
                ("policy/narrow", Status::Pass),
                ("inline-policy/user/alice/mine", Status::Fail),
                ("inline-policy/role/AWSReservedSSO_A_0/permission-set", Status::NotApplicable),
            ],
        );
    }

    #[test]
    fn unread_populations_each_have_a_row() {
        let mut account = testing::account();
        account.users = Known::Unknown(missing());
        account.policies = Known::Unknown(missing());
        testing::expect(
            &IAM_POLICY_FULL_ADMIN,
            &account,
            &[("policy", Status::Unknown), ("inline-policy/user", Status::Unknown)],
        );
    }

    #[test]
    fn the_evidence_names_the_condition() {
        let policy = managed("mfa", &ADMIN.replace("}}", MFA));
        let of = PolicyOf { place: PolicyPlace::Managed(&policy), document: &policy.document };
        let (snapshot, config) = (testing::snapshot(testing::account()), crate::Config::default());
        let all = crate::Selection::default();
        let context = Context::new(&snapshot, &snapshot.accounts[0], None, &config, &all, testing::now());
        let evidence = "statement 1 allows everything only with a condition on `aws:MultiFactorAuthPresent`";
        assert_eq!(iam_policy_full_admin(&of, &context), Verdict::pass(evidence));
    }
}
