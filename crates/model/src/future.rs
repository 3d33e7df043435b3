//! Credential reports that are dated after the snapshot they are in.

use jiff::{SignedDuration, Timestamp};

use crate::{Account, CredentialSource, Known, Missing, Snapshot};

/// How far clocks may differ.
const TOLERANCE: SignedDuration = SignedDuration::from_hours(24);

impl Snapshot {
    /// Makes unknown what credential reports say that are dated more than a day after the snapshot, and leaves a
    /// notice: with such a date nobody can tell of which time they speak.
    pub fn distrust_reports_of_the_future(&mut self) {
        let latest = self.collected_at.saturating_add(TOLERANCE).unwrap_or(Timestamp::MAX);
        for account in &mut self.accounts {
            if let Some(made) = distrust(account, latest) {
                self.notices.push(format!(
                    "the credential report of account {} is dated {}, after the clock at collection ({}); what it \
                     says counts as unknown: correct the clock, or get the report again",
                    account.id,
                    day(made),
                    day(self.collected_at)
                ));
            }
        }
    }
}

/// Makes unknown what comes from a report of after `latest`; the date of one such report, if there is any.
fn distrust(account: &mut Account, latest: Timestamp) -> Option<Timestamp> {
    let made = account.credential_report.value().copied().flatten().filter(|made| *made > latest);
    if let Some(made) = made {
        account.credential_report = Known::Unknown(dated(made));
        account.root = Known::Unknown(dated(made));
    }
    let mut found = made;
    if let Known::Known(users) = &mut account.users {
        for user in users {
            let source = user.credentials.value().map(|credentials| credentials.source);
            if let Some(CredentialSource::Report(made)) = source
                && made > latest
            {
                user.credentials = Known::Unknown(dated(made));
                found = Some(made);
            }
        }
    }
    found
}

fn dated(made: Timestamp) -> Missing {
    Missing::invalid(format!("the credential report is dated {}, which lies in the future", day(made)))
}

fn day(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d").to_string()
}

#[cfg(test)]
mod tests {
    use leastwise_iam::Partition;

    use super::*;
    use crate::{Credentials, Reason, RootCredentials, SCHEMA_VERSION, User};

    const NOW: &str = "2026-03-01T12:00:00Z";

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn user(source: CredentialSource) -> User {
        User {
            name: "alice".to_owned(),
            arn: "arn:aws:iam::123456789012:user/alice".parse().unwrap(),
            created: at("2020-01-01T00:00:00Z"),
            details: Known::Unknown(Missing::invalid("")),
            credentials: Known::Known(Credentials {
                source,
                password: Known::Known(None),
                mfa_active: Known::Known(true),
                access_keys: Known::Known(Vec::new()),
            }),
        }
    }

    fn snapshot(made: Option<&str>, source: CredentialSource) -> Snapshot {
        let id = "123456789012".parse().unwrap();
        let unread = Account::unread(id, Partition::Aws, &Missing::new(Reason::NotCollected, ""));
        let root = RootCredentials {
            password_last_used: Known::Known(None),
            mfa_active: Known::Known(true),
            access_keys: Known::Known(Vec::new()),
        };
        Snapshot {
            schema_version: SCHEMA_VERSION,
            collected_at: at(NOW),
            organization: Known::Known(None),
            unlisted: None,
            skipped: Vec::new(),
            notices: Vec::new(),
            accounts: vec![Account {
                credential_report: Known::Known(made.map(at)),
                root: Known::Known(root),
                users: Known::Known(vec![user(source)]),
                ..unread
            }],
        }
    }

    #[test]
    fn what_a_report_of_the_future_says_is_unknown() {
        let future = "2099-01-01T00:00:00Z";
        let report = |made: &str| CredentialSource::Report(at(made));
        let table = [
            (Some(NOW), report(NOW), true, true),
            (None, CredentialSource::UndatedReport, true, true),
            (Some("2026-03-02T12:00:00Z"), report("2026-03-02T12:00:00Z"), true, true),
            (Some("2026-03-02T12:00:01Z"), report("2026-03-02T12:00:01Z"), false, false),
            (Some(future), report(future), false, false),
            (Some(future), CredentialSource::Live(at(NOW)), false, true),
            (None, report(future), true, false),
        ];
        for (made, source, root_known, user_known) in table {
            let mut snapshot = snapshot(made, source);
            snapshot.distrust_reports_of_the_future();
            let account = &snapshot.accounts[0];
            let user = &account.users.value().unwrap()[0];
            let known = (account.root.value().is_some(), user.credentials.value().is_some());
            assert_eq!(known, (root_known, user_known), "{made:?} {source:?}");
            assert_eq!(account.credential_report.value().is_some(), root_known);
            assert_eq!(
                snapshot.notices.len(),
                usize::from(!(root_known && user_known)),
                "{made:?} {source:?}"
            );
        }
    }
}
