use leastwise_model::{Account, Severity};

use crate::check::check;
use crate::{Context, Judge, Judged, Verdict};

check! {
    /// ## What it checks
    /// The account has a primary contact (CIS 1.1). Whether the details are still right is for a person to
    /// see, so an account with a contact is a manual row that shows it.
    /// ## Why it matters
    /// AWS writes to this contact when it sees abuse, and suspends the account when nobody answers.
    /// ## How to fix
    /// Open *Account* in the console, or `aws account put-contact-information`, and enter a group's address
    /// and telephone.
    pub static ACCOUNT_CONTACT_DETAILS = {
        id: "account-contact-details", title: "the primary contact is current",
        severity: Severity::Low, judge: Judge::Account(account_contact_details),
    }
}

fn account_contact_details(account: &Account, _: &Context<'_>) -> Judged {
    match account.primary_contact.get()? {
        None => Verdict::fail("the account has no primary contact"),
        Some(contact) => {
            let company = contact.role.as_ref().map(|role| format!(", {role}")).unwrap_or_default();
            Verdict::manual(format!("see whether the primary contact is current: {}{company}", contact.name))
        }
    }
}

#[cfg(test)]
mod tests {
    use leastwise_model::{Known, Status};

    use super::*;
    use crate::testing::{self, missing};

    #[test]
    fn a_contact_is_for_a_person_to_judge() {
        let mut account = testing::account();
        testing::expect(&ACCOUNT_CONTACT_DETAILS, &account, &[("account", Status::Manual)]);
        account.primary_contact = Known::Known(None);
        testing::expect(&ACCOUNT_CONTACT_DETAILS, &account, &[("account", Status::Fail)]);
        account.primary_contact = Known::Unknown(missing());
        testing::expect(&ACCOUNT_CONTACT_DETAILS, &account, &[("account", Status::Unknown)]);
    }
}
