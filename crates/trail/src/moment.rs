//! The time of an event, read quickly.

use jiff::Timestamp;

use crate::{Event, Field};

/// The first second at which `CloudTrail` can have logged anything: it began in November 2013.
///
/// Source: [document history](https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-document-history.html).
const FIRST: i64 = 1_383_264_000;

/// The first second of the year 2100: what is later is no time of an event.
const END: i64 = 4_102_444_800;

/// The time of an event as seconds since 1970; nothing if the record tells none that can be one.
pub(crate) fn seconds(event: &Event<'_>) -> Option<i64> {
    let text = event.str(Field::EventTime)?;
    let seconds = usual(text.as_bytes()).or_else(|| Some(text.parse::<Timestamp>().ok()?.as_second()))?;
    (FIRST..END).contains(&seconds).then_some(seconds)
}

/// Reads the one form that all services write: `2026-01-31T23:59:59Z`.
fn usual(text: &[u8]) -> Option<i64> {
    let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, b'T', h1, h2, b':', n1, n2, b':', s1, s2, b'Z'] = text
    else {
        return None;
    };
    let year = two(y1, y2)? * 100 + two(y3, y4)?;
    let (month, day) = (two(m1, m2)?, two(d1, d2)?);
    let (hour, minute, second) = (two(h1, h2)?, two(n1, n2)?, two(s1, s2)?);
    // The last days of months and leap seconds are for the general reader.
    let plausible = (1..=12).contains(&month) && (1..=28).contains(&day) && year >= 1970;
    let in_day = hour < 24 && minute < 60 && second < 60;
    (plausible && in_day).then(|| days(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second)
}

fn two(tens: u8, ones: u8) -> Option<i64> {
    (tens.is_ascii_digit() && ones.is_ascii_digit())
        .then(|| i64::from(tens - b'0') * 10 + i64::from(ones - b'0'))
}

/// Days since 1970 of a day from then on; years are counted from March, so that leap days come last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let from_march = (month + 9) % 12;
    let day_of_year = (153 * from_march + 2) / 5 + day - 1;
    year * 365 + year / 4 - year / 100 + year / 400 + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::json::Record;

    fn of(text: &str) -> Option<i64> {
        let json = format!(r#"{{"eventTime":"{text}"}}"#);
        let record = Record::parse(json.as_bytes()).unwrap();
        seconds(&Event::new(record.root()).unwrap())
    }

    #[test]
    fn times() {
        let table = [
            ("2023-07-10T12:05:54Z", Some(1_688_990_754)),
            ("2023-07-10T12:05:54.25Z", Some(1_688_990_754)),
            ("2024-02-29T00:00:00Z", Some(1_709_164_800)),
            ("2023-02-29T00:00:00Z", None),
            ("2023-12-31T23:59:59Z", Some(1_704_067_199)),
            ("2023-13-01T00:00:00Z", None),
            ("2013-10-31T23:59:59Z", None),
            ("2100-01-01T00:00:00Z", None),
            ("", None),
        ];
        for (text, expected) in table {
            assert_eq!(of(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn agrees_with_the_general_reader(seconds in FIRST..END) {
            let text = Timestamp::from_second(seconds).unwrap().to_string();
            prop_assert_eq!(of(&text), Some(seconds));
            prop_assert!(usual(text.as_bytes()).is_none_or(|own| own == seconds));
        }
    }
}
