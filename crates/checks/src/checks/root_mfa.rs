use leastwise_model::{Account, Severity};

use crate::check::check;
use crate::root::{Mfa, mfa, virtual_device};
use crate::{Context, Judge, Judged, Verdict};

check! {
    /// ## What it checks
    /// The root user has MFA (BP-18, CIS 1.5); the evidence says of what kind (BP-23). An account whose root
    /// user has neither password nor access key, because root credentials are managed centrally, is not
    /// concerned.
    /// ## Why it matters
    /// Whoever has the root password has the account. MFA is what stands between a leaked mailbox and that.
    /// ## How to fix
    /// Sign in as root, open *Security credentials*, assign an MFA device: a hardware key or passkey, or a
    /// virtual one where there is no hardware.
    pub static ROOT_MFA = {
        id: "root-mfa", title: "the root user has MFA",
        severity: Severity::Critical, judge: Judge::Root(root_mfa),
    }
}

fn root_mfa(account: &Account, context: &Context<'_>) -> Judged {
    match mfa(context)? {
        Mfa::NoCredentials => Verdict::not_applicable(NO_CREDENTIALS),
        Mfa::Off => Verdict::fail("the root user has no MFA"),
        Mfa::On => Verdict::pass(match virtual_device(account) {
            Ok(true) => "the root user has a virtual MFA device",
            Ok(false) => "the root user has an MFA device that is not virtual",
            Err(_) => "the root user has an MFA device; of which kind could not be read",
        }),
    }
}

pub(super) const NO_CREDENTIALS: &str =
    "the root user has neither password nor access key: root credentials are managed centrally";

#[cfg(test)]
mod tests {
    use leastwise_model::{Known, Status};

    use super::*;
    use crate::testing::{self, missing};

    #[test]
    fn mfa_on_off_and_nothing_to_protect() {
        let mut account = testing::account();
        testing::expect(&ROOT_MFA, &account, &[("root", Status::Pass)]);
        testing::summary(&mut account).root_mfa_enabled = Known::Known(false);
        testing::expect(&ROOT_MFA, &account, &[("root", Status::Fail)]);
        testing::summary(&mut account).root_password_present = Known::Known(false);
        testing::expect(&ROOT_MFA, &account, &[("root", Status::NotApplicable)]);
        testing::summary(&mut account).root_access_keys_present = Known::Known(true);
        testing::expect(&ROOT_MFA, &account, &[("root", Status::Fail)]);
    }

    #[test]
    fn the_report_stands_in_for_the_summary() {
        let mut account = testing::account();
        account.summary = Known::Unknown(missing());
        testing::expect(&ROOT_MFA, &account, &[("root", Status::Pass)]);
        testing::root(&mut account).mfa_active = Known::Known(false);
        testing::expect(&ROOT_MFA, &account, &[("root", Status::Fail)]);
        account.root = Known::Unknown(missing());
        testing::expect(&ROOT_MFA, &account, &[("root", Status::Unknown)]);
    }
}
