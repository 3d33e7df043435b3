use leastwise_model::{Account, Severity};

use crate::check::check;
use crate::{Context, Judge, Judged, Verdict};

check! {
    /// ## What it checks
    /// The account has a security contact (CIS 1.2).
    /// ## Why it matters
    /// AWS sends security notices to it. Without one they go to the root user's mailbox only.
    /// ## How to fix
    /// `aws account put-alternate-contact --alternate-contact-type SECURITY …`, with the address of the
    /// security team's group.
    pub static ACCOUNT_SECURITY_CONTACT = {
        id: "account-security-contact", title: "a security contact is registered",
        severity: Severity::Medium, judge: Judge::Account(account_security_contact),
    }
}

fn account_security_contact(account: &Account, _: &Context<'_>) -> Judged {
    match account.alternate_contacts.security.get()? {
        None => Verdict::fail("the account has no security contact"),
        Some(contact) => {
            let email = contact.email.as_deref().unwrap_or("no e-mail address");
            Verdict::pass(format!("the security contact is {} ({email})", contact.name))
        }
    }
}

#[cfg(test)]
mod tests {
    use leastwise_model::{Known, Status};

    use super::*;
    use crate::testing::{self, missing};

    #[test]
    fn registered_or_not() {
        let mut account = testing::account();
        testing::expect(&ACCOUNT_SECURITY_CONTACT, &account, &[("account", Status::Pass)]);
        account.alternate_contacts.security = Known::Known(None);
        testing::expect(&ACCOUNT_SECURITY_CONTACT, &account, &[("account", Status::Fail)]);
        account.alternate_contacts.security = Known::Unknown(missing());
        testing::expect(&ACCOUNT_SECURITY_CONTACT, &account, &[("account", Status::Unknown)]);
    }
}
