use leastwise_model::{Account, Severity};

use super::root_mfa::NO_CREDENTIALS;
use crate::check::check;
use crate::root::{Mfa, mfa, virtual_device};
use crate::{Context, Judge, Judged, Verdict};

check! {
    /// ## What it checks
    /// The root user's MFA is not a virtual device (BP-21, CIS 1.6). AWS tells virtual from not virtual; it
    /// does not tell a hardware key from a synced passkey, so a pass says "not virtual".
    /// ## Why it matters
    /// A virtual device is a secret in an app: it can be copied with the telephone's backup. A hardware key
    /// can be locked away, and be held by somebody who does not know the password.
    /// ## How to fix
    /// Sign in as root, register a hardware security key (register two, and keep them apart), then remove
    /// the virtual device.
    pub static ROOT_HARDWARE_MFA = {
        id: "root-hardware-mfa", title: "the root user's MFA is a hardware device",
        severity: Severity::Medium, judge: Judge::Root(root_hardware_mfa),
    }
}

fn root_hardware_mfa(account: &Account, context: &Context<'_>) -> Judged {
    match mfa(context)? {
        Mfa::NoCredentials => Verdict::not_applicable(NO_CREDENTIALS),
        Mfa::Off => Verdict::fail("the root user has no MFA"),
        Mfa::On if virtual_device(account)? => Verdict::fail("the root user's MFA is a virtual device"),
        Mfa::On => {
            Verdict::pass("the root user's MFA is not virtual (a synced passkey looks the same as hardware)")
        }
    }
}

#[cfg(test)]
mod tests {
    use leastwise_model::{Known, Status, VirtualMfaDevice};

    use super::*;
    use crate::testing::{self, missing};

    #[test]
    fn virtual_hardware_and_unknown() {
        let mut account = testing::account();
        testing::expect(&ROOT_HARDWARE_MFA, &account, &[("root", Status::Pass)]);
        for (serial, user) in [
            ("arn:aws:iam::123456789012:mfa/phone", Some(account.root_arn())),
            ("arn:aws:iam::123456789012:mfa/root-account-mfa-device", None),
        ] {
            let device = VirtualMfaDevice { serial: serial.to_owned(), user, enabled: None };
            account.virtual_mfa_devices = Known::Known(vec![device]);
            testing::expect(&ROOT_HARDWARE_MFA, &account, &[("root", Status::Fail)]);
        }
        account.virtual_mfa_devices = Known::Unknown(missing());
        testing::expect(&ROOT_HARDWARE_MFA, &account, &[("root", Status::Unknown)]);
    }
}
