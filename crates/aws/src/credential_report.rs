//! The credential report: one CSV line for each user, and one for root.
//!
//! Source: [credential reports](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html).

mod row;

use std::collections::BTreeMap;

use csv::{ReaderBuilder, StringRecord};
use jiff::Timestamp;
use leastwise_iam::Arn;
use leastwise_model::{CredentialSource, Credentials, Known, Missing, RootCredentials};

use crate::text::quote;
use row::{Header, Row};

/// The name under which the report lists the root user.
const ROOT: &str = "<root_account>";

/// A credential report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CredentialReport {
    /// When AWS made it; `None` if the source does not tell.
    pub generated: Option<Timestamp>,
    /// The root user.
    pub root: Known<RootCredentials>,
    /// The users by name.
    pub users: BTreeMap<String, ReportedUser>,
    /// The ARN of the root user, which names the account.
    pub root_arn: Option<Arn>,
    /// A row that names nobody: somebody may be missing.
    pub nameless: Option<Missing>,
}

/// A user of a credential report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ReportedUser {
    /// The ARN.
    pub arn: Result<Arn, Missing>,
    /// When the user was created.
    pub created: Result<Timestamp, Missing>,
    /// Password, MFA and access keys.
    pub credentials: Known<Credentials>,
}

impl CredentialReport {
    /// Reads a report. What one cell lacks is unknown, and nothing else.
    ///
    /// # Errors
    /// The text is no credential report at all: it has no column `user`.
    pub(crate) fn parse(content: &[u8], generated: Option<Timestamp>) -> Result<Self, Missing> {
        let text = String::from_utf8_lossy(content);
        let text = text.trim_start_matches('\u{feff}');
        let mut reader = ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        let header = reader.headers().map(Header::new).map_err(|error| not_a_report(&error.to_string()))?;
        if !header.has("user") {
            return Err(not_a_report("it has no column `user`"));
        }
        let records: Vec<StringRecord> =
            reader.records().collect::<Result<_, _>>().map_err(|error| not_a_report(&error.to_string()))?;
        Ok(Self::of_rows(records.iter().map(|record| Row::new(&header, record)), generated))
    }

    /// The row of a user: names do not differ by case alone, but an exact match comes first.
    pub(crate) fn user(&self, name: &str) -> Option<&ReportedUser> {
        let alike = || self.users.iter().find(|(other, _)| other.eq_ignore_ascii_case(name));
        self.users.get(name).or_else(|| alike().map(|(_, user)| user))
    }

    /// Fails if the report may name fewer users than the account has.
    pub(crate) fn is_whole(&self) -> Result<(), Missing> {
        match (&self.nameless, &self.root) {
            (Some(why), _) => Err(why.clone()),
            (None, Known::Unknown(why)) if self.users.is_empty() => Err(why.clone()),
            (None, _) => Ok(()),
        }
    }

    fn of_rows<'a>(rows: impl Iterator<Item = Row<'a>>, generated: Option<Timestamp>) -> Self {
        let mut report = Self {
            generated,
            root: Known::Unknown(no_root()),
            users: BTreeMap::new(),
            root_arn: None,
            nameless: None,
        };
        let mut has_root = false;
        for row in rows {
            if row.user() == ROOT {
                report.root = if has_root { Known::Unknown(row.twice()) } else { Known::Known(root(&row)) };
                report.root_arn = row.arn().ok();
                has_root = true;
            } else if row.user().is_empty() {
                report.nameless.get_or_insert_with(|| row.nameless());
            } else {
                report.add(&row);
            }
        }
        report
    }

    fn named_mut(&mut self, name: &str) -> Option<&mut ReportedUser> {
        let key = self.users.keys().find(|other| other.eq_ignore_ascii_case(name))?.clone();
        self.users.get_mut(&key)
    }

    fn add(&mut self, row: &Row<'_>) {
        let user = reported_user(row, self.generated);
        match self.named_mut(row.user()) {
            Some(known) if *known == user => {}
            Some(known) => known.credentials = Known::Unknown(row.twice()),
            None => {
                self.users.insert(row.user().to_owned(), user);
            }
        }
    }
}

fn not_a_report(why: &str) -> Missing {
    Missing::invalid(format!("not a credential report: {}", quote(why)))
}

fn no_root() -> Missing {
    Missing::invalid(format!("the credential report has no row `{ROOT}`"))
}

fn reported_user(row: &Row<'_>, generated: Option<Timestamp>) -> ReportedUser {
    let source = generated.map_or(CredentialSource::UndatedReport, CredentialSource::Report);
    let credentials = Credentials {
        source,
        password: row.password().into(),
        mfa_active: row.flag("mfa_active").into(),
        access_keys: row.access_keys().into(),
    };
    ReportedUser { arn: row.arn(), created: row.created(), credentials: Known::Known(credentials) }
}

fn root(row: &Row<'_>) -> RootCredentials {
    RootCredentials {
        password_last_used: row.date("password_last_used").into(),
        mfa_active: row.flag("mfa_active").into(),
        access_keys: row.access_keys().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,new_column";
    const DAY: &str = "2023-03-09T10:41:45+00:00";

    fn parse(text: &str) -> CredentialReport {
        CredentialReport::parse(text.as_bytes(), None).unwrap()
    }

    fn of_user(cells: &str) -> ReportedUser {
        let line = format!("u,arn:aws:iam::123456789012:user/u,{DAY},{cells}");
        parse(&format!("{HEADER}\n{line}\n")).users.remove("u").unwrap()
    }

    fn credentials(cells: &str) -> Credentials {
        of_user(cells).credentials.get().unwrap().clone()
    }

    #[test]
    fn a_user_without_credentials() {
        let none = credentials("false,N/A,N/A,N/A,false,false,N/A,N/A,N/A,N/A,false,N/A,N/A,x");
        assert_eq!(none.password, Known::Known(None));
        assert_eq!(none.mfa_active, Known::Known(false));
        assert_eq!(none.access_keys, Known::Known(vec![]));
        assert_eq!(none.source, CredentialSource::UndatedReport);
    }

    #[test]
    fn passwords_and_keys() {
        let user = credentials(&format!(
            "true,no_information,{DAY},N/A,TRUE,true,{DAY},N/A,N/A,N/A,false,{DAY},{DAY},x"
        ));
        let password = user.password.get().unwrap().as_ref().unwrap();
        assert_eq!(password.last_used, Known::Known(None));
        assert_eq!(password.last_changed, Known::Known(DAY.parse().ok()));
        assert_eq!(user.mfa_active, Known::Known(true));
        let keys = user.access_keys.get().unwrap();
        assert_eq!(
            keys.iter().map(|key| (key.slot, key.active)).collect::<Vec<_>>(),
            [(1, true), (2, false)]
        );
        assert_eq!(keys[0].last_used, Known::Known(None));
        assert_eq!(keys[1].last_used, Known::Known(DAY.parse().ok()));
    }

    #[test]
    fn a_bad_cell_is_unknown_alone_and_named() {
        let user = credentials("maybe,x,x,x,yes,true,soon,N/A,N/A,N/A,false,N/A,N/A,x");
        for missing in [user.password.missing(), user.mfa_active.missing()] {
            let detail = &missing.unwrap().detail;
            assert!(detail.contains("`u`"), "{detail}");
        }
        let keys = user.access_keys.get().unwrap();
        assert!(keys[0].created.missing().unwrap().detail.contains("access_key_1_last_rotated"));
        assert_eq!(keys[0].last_used, Known::Known(None));
    }

    #[test]
    fn a_missing_column_is_unknown_and_an_unknown_one_ignored() {
        let text = format!(
            "user,arn,user_creation_time,mfa_active,x\nu,arn:aws:iam::123456789012:user/u,{DAY},true,y"
        );
        let user = parse(&text).users.remove("u").unwrap();
        let credentials = user.credentials.get().unwrap();
        assert_eq!(credentials.mfa_active, Known::Known(true));
        assert!(credentials.password.missing().unwrap().detail.contains("no column `password_enabled`"));
        assert!(
            credentials.access_keys.missing().unwrap().detail.contains("no column `access_key_1_active`")
        );
    }

    #[test]
    fn the_root_row() {
        let row = format!(
            "{ROOT},arn:aws:iam::123456789012:root,{DAY},not_supported,no_information,not_supported,not_supported,true,false,N/A,N/A,N/A,N/A,false,N/A,N/A,x"
        );
        let report = parse(&format!("\u{feff}{HEADER}\r\n{row}\r\n"));
        let root = report.root.get().unwrap();
        assert_eq!((&root.password_last_used, &root.mfa_active), (&Known::Known(None), &Known::Known(true)));
        assert_eq!(root.access_keys, Known::Known(vec![]));
        assert_eq!(report.root_arn.unwrap().account().unwrap().to_string(), "123456789012");
        assert!(parse(HEADER).root.missing().unwrap().detail.contains(ROOT));
        assert!(parse(&format!("{HEADER}\n{row}\n{row}")).root.missing().is_some());
    }

    #[test]
    fn rows_that_come_twice() {
        let line = format!(
            "u,arn:aws:iam::123456789012:user/u,{DAY},false,N/A,N/A,N/A,false,false,N/A,N/A,,,false,N/A,N/A,"
        );
        let same = parse(&format!("{HEADER}\n{line}\n{line}"));
        assert!(same.users["u"].credentials.value().is_some());
        let other = parse(&format!("{HEADER}\n{line}\n{}", line.replace(",N/A,false,", ",N/A,true,")));
        assert!(other.users["u"].credentials.missing().unwrap().detail.contains("twice"));
    }

    #[test]
    fn short_rows_and_what_is_no_report() {
        let short = parse(&format!("{HEADER}\nu,arn:aws:iam::123456789012:user/u"));
        assert!(short.users["u"].created.is_err());
        for bad in ["", "\n", "name,arn\na,b", "{}"] {
            assert!(CredentialReport::parse(bad.as_bytes(), None).is_err(), "{bad}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in ".*", bytes: Vec<u8>) {
            for head in ["", HEADER, "user\n"] {
                let _ = CredentialReport::parse(format!("{head}\n{text}").as_bytes(), None);
                let _ = CredentialReport::parse(&[head.as_bytes(), b"\n", &bytes].concat(), None);
            }
        }
    }
}
