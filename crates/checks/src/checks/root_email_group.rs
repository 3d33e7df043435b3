use leastwise_model::{Account, Missing, Severity};

use crate::check::check;
use crate::{Context, Judge, Judged, Verdict};

check! {
    /// ## What it checks
    /// The root user's e-mail address reaches a group, not one person (BP-20): it is among
    /// `root.group_mailboxes` of the configuration, and not among `root.people`. The address comes from AWS
    /// Organizations; that of a standalone account has to be configured under `root.emails`.
    /// ## Why it matters
    /// Whoever reads the mailbox can reset root's password. A person's mailbox goes with the person.
    /// ## How to fix
    /// Make a distribution group with two or more members, change the root user's address to it (in an
    /// organisation the management account can), and list it in `leastwise.toml`.
    pub static ROOT_EMAIL_GROUP = {
        id: "root-email-group", title: "the root user's e-mail address reaches a group",
        severity: Severity::Medium, judge: Judge::Root(root_email_group),
    }
}

fn root_email_group(account: &Account, context: &Context<'_>) -> Judged {
    let email = email(account, context)?;
    let root = &context.config.root;
    let is_in = |list: &std::collections::BTreeSet<String>| {
        list.iter().any(|entry| entry.eq_ignore_ascii_case(&email))
    };
    if is_in(&root.people) {
        Verdict::fail(format!("root's address `{email}` reaches one person"))
    } else if is_in(&root.group_mailboxes) {
        Verdict::pass(format!("root's address `{email}` reaches a group"))
    } else {
        Verdict::manual(format!(
            "see whether root's address `{email}` reaches a group, then list it in `leastwise.toml` under \
             `root.group_mailboxes` or `root.people`"
        ))
    }
}

fn email(account: &Account, context: &Context<'_>) -> Result<String, Missing> {
    if let Some(email) = context.config.root.emails.get(&account.id) {
        return Ok(email.clone());
    }
    let Some(organization) = context.snapshot.organization.get()? else {
        return Err(Missing::not_collected(
            "no interface tells the root address of a standalone account; set `root.emails` in `leastwise.toml`",
        ));
    };
    let member = organization.accounts.get()?.iter().find(|member| member.id == account.id);
    member.map(|member| member.email.clone()).ok_or_else(|| {
        Missing::not_collected(
            "the organisation does not list this account; set `root.emails` in `leastwise.toml`",
        )
    })
}

#[cfg(test)]
mod tests {
    use leastwise_model::Status;

    use super::*;
    use crate::{Config, testing};

    #[test]
    fn people_groups_and_neither() {
        let snapshot = testing::snapshot(testing::account());
        let table = [
            ("", Status::Unknown),
            ("emails = { 123456789012 = \"A@example.com\" }", Status::Manual),
            ("emails = { 123456789012 = \"A@example.com\" }\npeople = [\"a@example.com\"]", Status::Fail),
            (
                "emails = { 123456789012 = \"A@example.com\" }\ngroup_mailboxes = [\"a@example.com\"]",
                Status::Pass,
            ),
        ];
        for (text, expected) in table {
            let config = Config::from_toml(&format!("[root]\n{text}")).unwrap();
            testing::expect_in(&ROOT_EMAIL_GROUP, &snapshot, &config, &[("root", expected)]);
        }
    }
}
