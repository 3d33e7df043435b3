//! Ages and dates in evidence.

use jiff::Timestamp;
use leastwise_model::{CredentialSource, Credentials, Missing};

const DAY: i64 = 24 * 60 * 60;

/// Whole days from `then` to `now`. Clocks differ a little: up to a day in the future counts as now.
///
/// # Errors
/// `then` lies further in the future, which makes no sense.
pub(crate) fn days_between(then: Timestamp, now: Timestamp) -> Result<u64, Missing> {
    let seconds = now.as_second().saturating_sub(then.as_second());
    if seconds < -DAY {
        return Err(Missing::invalid(format!("{} lies in the future", day(then))));
    }
    Ok(u64::try_from(seconds / DAY).unwrap_or(0))
}

/// The day, as `2026-03-01`.
pub(crate) fn day(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d").to_string()
}

/// `N days ago (2026-03-01)`.
pub(crate) fn ago(then: Timestamp, now: Timestamp) -> String {
    let days = days_between(then, now).unwrap_or(0);
    let plural = if days == 1 { "" } else { "s" };
    format!("{days} day{plural} ago ({})", day(then))
}

/// Where credentials were read, for the end of a sentence: AWS repeats a report for up to four hours.
pub(crate) fn source(credentials: &Credentials) -> String {
    match credentials.source {
        CredentialSource::Report(made) => {
            format!("credential report of {} UTC", made.strftime("%Y-%m-%d %H:%M"))
        }
        CredentialSource::Live(_) => "read live".to_owned(),
        CredentialSource::UndatedReport => "credential report of unknown age".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_days() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let now = at("2026-03-10T12:00:00Z");
        assert_eq!(days_between(at("2026-03-09T12:00:01Z"), now), Ok(0));
        assert_eq!(days_between(at("2026-03-09T12:00:00Z"), now), Ok(1));
        assert_eq!(days_between(at("2026-03-11T12:00:00Z"), now), Ok(0));
        assert!(days_between(at("2026-03-11T12:00:01Z"), now).is_err());
        assert_eq!(ago(at("2026-03-09T11:00:00Z"), now), "1 day ago (2026-03-09)");
    }
}
