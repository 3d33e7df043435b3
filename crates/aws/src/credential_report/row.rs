use csv::StringRecord;
use jiff::Timestamp;
use leastwise_iam::Arn;
use leastwise_model::{AccessKey, Known, Missing, Password};

use crate::instant;
use crate::text::quote;

/// What the report writes where there is no date.
const NO_DATE: [&str; 3] = ["N/A", "no_information", "not_supported"];

/// The columns of a report.
pub(super) struct Header(Vec<String>);

impl Header {
    pub(super) fn new(record: &StringRecord) -> Self {
        Self(record.iter().map(|name| name.trim().to_owned()).collect())
    }

    pub(super) fn has(&self, column: &str) -> bool {
        self.position(column).is_some()
    }

    fn position(&self, column: &str) -> Option<usize> {
        self.0.iter().position(|name| name == column)
    }
}

/// One line of a report.
pub(super) struct Row<'a> {
    header: &'a Header,
    record: &'a StringRecord,
}

impl<'a> Row<'a> {
    pub(super) const fn new(header: &'a Header, record: &'a StringRecord) -> Self {
        Self { header, record }
    }

    /// The user's name, or `<root_account>`.
    pub(super) fn user(&self) -> &str {
        self.header.position("user").and_then(|at| self.record.get(at)).unwrap_or_default().trim()
    }

    /// That the same user has two lines.
    pub(super) fn twice(&self) -> Missing {
        Missing::invalid(format!("the credential report lists `{}` twice", quote(self.user())))
    }

    /// That the line names nobody.
    pub(super) fn nameless(&self) -> Missing {
        let line = self.record.position().map_or(0, csv::Position::line);
        Missing::invalid(format!("line {line} of the credential report has no `user`; write it again"))
    }

    /// The ARN.
    pub(super) fn arn(&self) -> Result<Arn, Missing> {
        let cell = self.cell("arn")?;
        cell.parse().map_err(|_| self.bad("arn", cell, "an ARN"))
    }

    /// The creation date, which every user has.
    pub(super) fn created(&self) -> Result<Timestamp, Missing> {
        self.given_date("user_creation_time")
    }

    /// The password; none where it is not enabled.
    pub(super) fn password(&self) -> Result<Option<Password>, Missing> {
        Ok(self.flag("password_enabled")?.then(|| Password {
            last_used: self.date("password_last_used").into(),
            last_changed: self.date("password_last_changed").into(),
        }))
    }

    /// The access keys that exist: a key that was deactivated still has the date of its creation.
    pub(super) fn access_keys(&self) -> Result<Vec<AccessKey>, Missing> {
        let first = self.access_key(
            1,
            "access_key_1_active",
            "access_key_1_last_rotated",
            "access_key_1_last_used_date",
        );
        let second = self.access_key(
            2,
            "access_key_2_active",
            "access_key_2_last_rotated",
            "access_key_2_last_used_date",
        );
        Ok(first?.into_iter().chain(second?).collect())
    }

    fn access_key(
        &self,
        slot: u8,
        active: &str,
        rotated: &str,
        used: &str,
    ) -> Result<Option<AccessKey>, Missing> {
        let active = self.flag(active)?;
        if !active && self.date(rotated)?.is_none() {
            return Ok(None);
        }
        let (created, last_used) = (self.given_date(rotated), self.date(used));
        Ok(Some(AccessKey {
            slot,
            id: None,
            active,
            created: created.into(),
            last_used: Known::from(last_used),
        }))
    }

    /// A cell that is `true` or `false`.
    pub(super) fn flag(&self, column: &str) -> Result<bool, Missing> {
        let cell = self.cell(column)?;
        if cell.eq_ignore_ascii_case("true") {
            Ok(true)
        } else if cell.eq_ignore_ascii_case("false") {
            Ok(false)
        } else {
            Err(self.bad(column, cell, "`true` or `false`"))
        }
    }

    /// A cell that is a date, or one of the words for none.
    pub(super) fn date(&self, column: &str) -> Result<Option<Timestamp>, Missing> {
        let cell = self.cell(column)?;
        if NO_DATE.contains(&cell) {
            return Ok(None);
        }
        instant::parse(cell).map(Some).ok_or_else(|| self.bad(column, cell, "a date"))
    }

    fn given_date(&self, column: &str) -> Result<Timestamp, Missing> {
        self.date(column)?.ok_or_else(|| self.bad(column, self.cell(column).unwrap_or_default(), "a date"))
    }

    fn cell(&self, column: &str) -> Result<&'a str, Missing> {
        let at = self
            .header
            .position(column)
            .ok_or_else(|| Missing::invalid(format!("the credential report has no column `{column}`")))?;
        self.record.get(at).map(str::trim).ok_or_else(|| {
            let user = quote(self.user());
            Missing::invalid(format!(
                "the credential report has no `{column}` for `{user}`: the line is cut off"
            ))
        })
    }

    fn bad(&self, column: &str, cell: &str, expected: &str) -> Missing {
        let (user, cell) = (quote(self.user()), quote(cell));
        Missing::invalid(format!(
            "the credential report has `{cell}` as `{column}` of `{user}`: {expected} is expected"
        ))
    }
}
