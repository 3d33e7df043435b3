//! Users, from authorization details, the credential report and live reads.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use leastwise_model::{Credentials, Known, Missing, Reason, User};

use crate::credential_report::{CredentialReport, ReportedUser};
use crate::text::quote;

/// How far the two sources' creation dates may be apart before they mean two users of one name.
const SAME_USER: SignedDuration = SignedDuration::from_mins(1);

/// Puts the sources together. The details tell who exists; without them, the report does.
pub(crate) fn merge(
    details: Result<Vec<User>, Missing>,
    report: &Result<CredentialReport, Missing>,
    live: &BTreeMap<String, Credentials>,
) -> Known<Vec<User>> {
    let users = match (details, report) {
        (Ok(users), _) => Ok(users.into_iter().map(|user| with_credentials(user, report)).collect()),
        (Err(why), Ok(report)) => users_of_report(report, &why),
        (Err(why), Err(_)) => Err(why),
    };
    let users: Result<Vec<User>, Missing> = users;
    users.map(|users| users.into_iter().map(|user| with_live(user, live)).collect()).into()
}

/// The names of the users whom the report does not know: created, or created anew, since it was made.
pub(crate) fn unreported<'a>(users: &'a [User], report: &CredentialReport) -> Vec<&'a str> {
    users.iter().filter(|user| row_of(user, report).is_none()).map(|user| user.name.as_str()).collect()
}

fn with_credentials(mut user: User, report: &Result<CredentialReport, Missing>) -> User {
    user.credentials = match report {
        Err(why) => Known::Unknown(why.clone()),
        Ok(report) => match row_of(&user, report) {
            Some(row) => row.credentials.clone(),
            None => Known::Unknown(not_reported(&user.name)),
        },
    };
    user
}

fn with_live(mut user: User, live: &BTreeMap<String, Credentials>) -> User {
    if let Some(credentials) = live.get(&user.name) {
        user.credentials = Known::Known(credentials.clone());
    }
    user
}

/// The user's row, unless it is about an older user of the same name.
fn row_of<'a>(user: &User, report: &'a CredentialReport) -> Option<&'a ReportedUser> {
    report.users.get(&user.name).filter(|row| match row.created {
        Ok(created) => is_same_instant(created, user.created),
        Err(_) => true,
    })
}

fn is_same_instant(a: Timestamp, b: Timestamp) -> bool {
    a.duration_since(b).abs() <= SAME_USER
}

fn not_reported(name: &str) -> Missing {
    let name = quote(name);
    Missing::new(
        Reason::NotCollected,
        format!(
            "user `{name}` is newer than the credential report, which AWS repeats for four hours; add `--recheck {name}`"
        ),
    )
}

fn users_of_report(report: &CredentialReport, why: &Missing) -> Result<Vec<User>, Missing> {
    report.users.iter().map(|(name, row)| user_of_row(name, row, why)).collect()
}

fn user_of_row(name: &str, row: &ReportedUser, why: &Missing) -> Result<User, Missing> {
    Ok(User {
        name: name.to_owned(),
        arn: row.arn.clone()?,
        created: row.created.clone()?,
        details: Known::Unknown(why.clone()),
        credentials: row.credentials.clone(),
    })
}

#[cfg(test)]
mod tests {
    use leastwise_model::CredentialSource;

    use super::*;

    const HEADER: &str = "user,arn,user_creation_time,mfa_active";
    const OLD: &str = "2020-01-01T00:00:00Z";
    const NEW: &str = "2024-01-01T00:00:00Z";

    fn user(name: &str, created: &str) -> User {
        let why = Missing::not_collected("not yet");
        User {
            name: name.to_owned(),
            arn: format!("arn:aws:iam::123456789012:user/{name}").parse().unwrap(),
            created: created.parse().unwrap(),
            details: Known::Unknown(why.clone()),
            credentials: Known::Unknown(why),
        }
    }

    fn report(users: &[(&str, &str)]) -> CredentialReport {
        let rows: Vec<String> = users
            .iter()
            .map(|(name, created)| format!("{name},arn:aws:iam::123456789012:user/{name},{created},true"))
            .collect();
        CredentialReport::parse(format!("{HEADER}\n{}", rows.join("\n")).as_bytes(), None).unwrap()
    }

    fn names(users: &Known<Vec<User>>) -> Vec<&str> {
        users.value().unwrap().iter().map(|user| user.name.as_str()).collect()
    }

    #[test]
    fn details_tell_who_exists() {
        let details = vec![user("a", OLD), user("b", OLD), user("reborn", NEW)];
        let report = report(&[("a", OLD), ("gone", OLD), ("reborn", OLD)]);
        assert_eq!(unreported(&details, &report), ["b", "reborn"]);
        let live = Credentials {
            source: CredentialSource::Live(NEW.parse().unwrap()),
            password: Known::Known(None),
            mfa_active: Known::Known(false),
            access_keys: Known::Known(vec![]),
        };
        let live = BTreeMap::from([("reborn".to_owned(), live)]);
        let users = merge(Ok(details), &Ok(report), &live);
        assert_eq!(names(&users), ["a", "b", "reborn"]);
        let [a, b, reborn] = users.value().unwrap().as_slice() else { panic!() };
        assert_eq!(a.credentials.get().unwrap().mfa_active, Known::Known(true));
        assert!(b.credentials.missing().unwrap().detail.contains("--recheck b"));
        assert_eq!(reborn.credentials.get().unwrap().mfa_active, Known::Known(false));
    }

    #[test]
    fn without_details_the_report_does() {
        let why = Missing::invalid("no details");
        let users = merge(Err(why.clone()), &Ok(report(&[("b", OLD), ("a", OLD)])), &BTreeMap::new());
        assert_eq!(names(&users), ["a", "b"]);
        assert_eq!(users.value().unwrap()[0].details, Known::Unknown(why.clone()));
        let undated = merge(Err(why.clone()), &Ok(report(&[("a", "never")])), &BTreeMap::new());
        assert!(undated.missing().unwrap().detail.contains("never"));
        let neither = merge(Err(why.clone()), &Err(Missing::invalid("no report")), &BTreeMap::new());
        assert_eq!(neither, Known::Unknown(why));
    }

    #[test]
    fn without_a_report_credentials_are_unknown() {
        let why = Missing::invalid("no report");
        let users = merge(Ok(vec![user("a", OLD)]), &Err(why.clone()), &BTreeMap::new());
        assert_eq!(users.value().unwrap()[0].credentials, Known::Unknown(why));
    }
}
