//! Users, from authorization details, the credential report and live reads.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use leastwise_model::{Credentials, Known, Missing, Reason, User};

use crate::counts::{Counted, Counts, Source};
use crate::credential_report::{CredentialReport, ReportedUser};
use crate::text::quote;

/// How far the two sources' creation dates may be apart before they mean two users of one name.
const SAME_USER: SignedDuration = SignedDuration::from_mins(1);

/// Puts the sources together. The details tell who exists; without them, the report does.
///
/// Whoever is missing from what tells who exists would be in no verdict: then the whole list is unknown.
pub(crate) fn merge(
    details: Result<Vec<User>, Missing>,
    report: &Result<CredentialReport, Missing>,
    live: &BTreeMap<String, Credentials>,
    counts: &Counts<'_>,
) -> Known<Vec<User>> {
    let users = match (details, report) {
        (Ok(users), _) => users_of_details(users, report, counts),
        (Err(why), Ok(report)) => users_of_report(report, &why, counts),
        (Err(why), Err(_)) => Err(why),
    };
    users.map(|users| users.into_iter().map(|user| with_live(user, live)).collect()).into()
}

/// Live details are newer than the report. The age of files is not known, so they have to agree.
fn users_of_details(
    users: Vec<User>,
    report: &Result<CredentialReport, Missing>,
    counts: &Counts<'_>,
) -> Result<Vec<User>, Missing> {
    counts.check(Counted::Users, users.len())?;
    match (counts.source, report) {
        (Source::Live, _) => {}
        (Source::Files { .. }, Ok(report)) => report.is_whole().and_then(|()| all_in(&users, report))?,
        (Source::Files { .. }, Err(_)) => counts.confirm(Counted::Users, users.len())?,
    }
    Ok(users.into_iter().map(|user| with_credentials(user, report)).collect())
}

/// Fails if the report names somebody whom the details lack.
fn all_in(users: &[User], report: &CredentialReport) -> Result<(), Missing> {
    let exact: BTreeSet<&str> = users.iter().map(|user| user.name.as_str()).collect();
    let lacks = |name: &&String| {
        !exact.contains(name.as_str()) && !exact.iter().any(|user| user.eq_ignore_ascii_case(name))
    };
    match report.users.keys().find(lacks) {
        Some(name) => Err(Missing::invalid(format!(
            "the credential report names user `{}`, which the authorization details lack; write both again",
            quote(name)
        ))),
        None => Ok(()),
    }
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
    report.user(&user.name).filter(|row| match row.created {
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

fn users_of_report(
    report: &CredentialReport,
    why: &Missing,
    counts: &Counts<'_>,
) -> Result<Vec<User>, Missing> {
    report.is_whole()?;
    counts.check(Counted::Users, report.users.len())?;
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

    const LIVE: Counts<'static> = Counts { summary: None, source: Source::Live };
    const FILES: Counts<'static> = Counts { summary: None, source: Source::Files { in_pages: false } };

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
        let users = merge(Ok(details), &Ok(report), &live, &LIVE);
        assert_eq!(names(&users), ["a", "b", "reborn"]);
        let [a, b, reborn] = users.value().unwrap().as_slice() else { panic!() };
        assert_eq!(a.credentials.get().unwrap().mfa_active, Known::Known(true));
        assert!(b.credentials.missing().unwrap().detail.contains("--recheck b"));
        assert_eq!(reborn.credentials.get().unwrap().mfa_active, Known::Known(false));
    }

    #[test]
    fn without_details_the_report_does() {
        let why = Missing::invalid("no details");
        let users = merge(Err(why.clone()), &Ok(report(&[("b", OLD), ("a", OLD)])), &BTreeMap::new(), &LIVE);
        assert_eq!(names(&users), ["a", "b"]);
        assert_eq!(users.value().unwrap()[0].details, Known::Unknown(why.clone()));
        let undated = merge(Err(why.clone()), &Ok(report(&[("a", "never")])), &BTreeMap::new(), &LIVE);
        assert!(undated.missing().unwrap().detail.contains("never"));
        let neither = merge(Err(why.clone()), &Err(Missing::invalid("no report")), &BTreeMap::new(), &LIVE);
        assert_eq!(neither, Known::Unknown(why));
    }

    #[test]
    fn without_a_report_credentials_are_unknown() {
        let why = Missing::invalid("no report");
        let users = merge(Ok(vec![user("a", OLD)]), &Err(why.clone()), &BTreeMap::new(), &LIVE);
        assert_eq!(users.value().unwrap()[0].credentials, Known::Unknown(why));
    }

    fn in_files(users: Vec<User>, report: &Result<CredentialReport, Missing>) -> Result<usize, String> {
        match merge(Ok(users), report, &BTreeMap::new(), &FILES) {
            Known::Known(users) => Ok(users.len()),
            Known::Unknown(why) => Err(why.detail),
        }
    }

    #[test]
    fn files_have_to_agree() {
        let root = "<root_account>,arn:aws:iam::123456789012:root,2020-01-01T00:00:00Z,true";
        let nobody = CredentialReport::parse(format!("{HEADER}\n{root}").as_bytes(), None).unwrap();
        let cut = CredentialReport::parse(HEADER.as_bytes(), None).unwrap();
        let lacking = || Err(Missing::invalid("no report"));
        let lost = in_files(vec![], &Ok(report(&[("x", OLD)]))).unwrap_err();
        assert!(lost.contains("names user `x`, which the authorization details lack"), "{lost}");
        assert!(in_files(vec![user("a", OLD)], &Ok(report(&[("a", OLD), ("x", OLD)]))).is_err());
        assert_eq!(in_files(vec![user("a", OLD), user("b", OLD)], &Ok(report(&[("a", OLD)]))), Ok(2));
        assert_eq!(in_files(vec![], &Ok(nobody)), Ok(0));
        assert!(in_files(vec![], &Ok(cut)).is_err());
        assert!(in_files(vec![], &lacking()).unwrap_err().contains("--filter"));
        assert_eq!(in_files(vec![user("a", OLD)], &lacking()), Ok(1));
    }

    #[test]
    fn a_population_smaller_than_the_count_is_unknown() {
        let summary = crate::parts::summary(BTreeMap::from([("Users".to_owned(), 2)]));
        let counts = Counts { summary: Some(&summary), ..LIVE };
        let why = || Err::<Vec<User>, _>(Missing::invalid("no details"));
        let one = merge(why(), &Ok(report(&[("a", OLD)])), &BTreeMap::new(), &counts);
        assert!(one.missing().unwrap().detail.contains("AWS counts 2 users"));
        let two = merge(why(), &Ok(report(&[("a", OLD), ("b", OLD)])), &BTreeMap::new(), &counts);
        assert_eq!(names(&two), ["a", "b"]);
        let details =
            merge(Ok(vec![user("a", OLD)]), &Err(Missing::invalid("no report")), &BTreeMap::new(), &counts);
        assert!(details.missing().unwrap().detail.contains("AWS counts 2 users"));
    }

    #[test]
    fn a_row_that_names_nobody_spoils_the_population_of_the_report() {
        let rows = "a,arn:aws:iam::123456789012:user/a,2020-01-01T00:00:00Z,true\n,arn:x,x,true";
        let report = CredentialReport::parse(format!("{HEADER}\n{rows}").as_bytes(), None);
        let users = merge(Err(Missing::invalid("no details")), &report, &BTreeMap::new(), &LIVE);
        assert!(users.missing().unwrap().detail.contains("line 3"), "{users:?}");
    }

    #[test]
    fn names_are_the_same_whatever_their_case() {
        let report = report(&[("Alice", OLD)]);
        assert_eq!(unreported(&[user("alice", OLD)], &report), Vec::<&str>::new());
        assert_eq!(in_files(vec![user("alice", OLD)], &Ok(report.clone())), Ok(1));
        let users = merge(Ok(vec![user("alice", OLD)]), &Ok(report), &BTreeMap::new(), &FILES);
        assert!(users.value().unwrap()[0].credentials.value().is_some());
    }
}
