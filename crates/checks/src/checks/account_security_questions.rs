use leastwise_model::{Account, Severity};

use crate::check::check;
use crate::{Context, Judge, Judged, Verdict};

check! {
    /// ## What it checks
    /// Nothing by itself: no interface tells whether security questions are registered (CIS 1.3), so this is
    /// always a manual row.
    /// ## Why it matters
    /// AWS Support may ask them of somebody who has lost access to the root user.
    /// ## How to fix
    /// Sign in as root and open *Account*. AWS has stopped offering security questions to accounts that had
    /// none; where the section is missing, there is nothing to do.
    pub static ACCOUNT_SECURITY_QUESTIONS = {
        id: "account-security-questions", title: "security questions are registered",
        severity: Severity::Info, judge: Judge::Account(account_security_questions),
    }
}

fn account_security_questions(_: &Account, _: &Context<'_>) -> Judged {
    Verdict::manual("as root, see whether the *Account* page shows security questions; no interface tells")
}

#[cfg(test)]
mod tests {
    use leastwise_model::Status;

    use super::*;
    use crate::testing;

    #[test]
    fn always_manual() {
        testing::expect(&ACCOUNT_SECURITY_QUESTIONS, &testing::account(), &[("account", Status::Manual)]);
    }
}
