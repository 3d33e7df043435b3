use leastwise_model::{Severity, User};

use crate::check::check;
use crate::time::source;
use crate::{Context, Judge, Judged, Verdict};

check! {
    /// ## What it checks
    /// Every IAM user with a console password has an MFA device (CIS 1.10). A virtual device that is assigned
    /// right now counts even where an older credential report does not know it yet.
    /// ## Why it matters
    /// A password can be phished, guessed and reused; without MFA that is all it takes.
    /// ## How to fix
    /// Have the user register a device, or, better, take the password away and let them sign in through
    /// federation.
    pub static IAM_USER_CONSOLE_MFA = {
        id: "iam-user-console-mfa", title: "a user with a console password has MFA",
        severity: Severity::High, judge: Judge::User(iam_user_console_mfa),
    }
}

fn iam_user_console_mfa(user: &User, context: &Context<'_>) -> Judged {
    let credentials = user.credentials.get()?;
    if credentials.password.get()?.is_none() {
        return Verdict::not_applicable("the user has no console password");
    }
    let devices = context.account.virtual_mfa_devices.value().into_iter().flatten();
    let assigned = devices.into_iter().any(|device| device.user.as_ref() == Some(&user.arn));
    if assigned {
        return Verdict::pass("the user has a virtual MFA device");
    }
    if *credentials.mfa_active.get()? {
        Verdict::pass(format!("the user has an MFA device ({})", source(credentials)))
    } else {
        Verdict::fail(format!("a console password and no MFA ({})", source(credentials)))
    }
}

#[cfg(test)]
mod tests {
    use leastwise_model::{Known, Status, VirtualMfaDevice};

    use super::*;
    use crate::testing::{self, credentials, missing, user};

    #[test]
    fn users_with_and_without() {
        let mut account = testing::account();
        let mut phished = user("phished");
        credentials(&mut phished).mfa_active = Known::Known(false);
        let mut machine = user("machine");
        credentials(&mut machine).password = Known::Known(None);
        let mut unread = user("unread");
        unread.credentials = Known::Unknown(missing());
        account.users = Known::Known(vec![user("alice"), phished, machine, unread]);
        testing::expect(
            &IAM_USER_CONSOLE_MFA,
            &account,
            &[
                ("user/alice", Status::Pass),
                ("user/phished", Status::Fail),
                ("user/machine", Status::NotApplicable),
                ("user/unread", Status::Unknown),
            ],
        );
    }

    #[test]
    fn a_live_virtual_device_outweighs_an_old_report() {
        let mut account = testing::account();
        let mut fresh = user("fresh");
        credentials(&mut fresh).mfa_active = Known::Known(false);
        let device =
            VirtualMfaDevice { serial: "s".to_owned(), user: Some(fresh.arn.clone()), enabled: None };
        account.virtual_mfa_devices = Known::Known(vec![device]);
        account.users = Known::Known(vec![fresh]);
        testing::expect(&IAM_USER_CONSOLE_MFA, &account, &[("user/fresh", Status::Pass)]);
    }
}
