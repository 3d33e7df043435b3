//! Instants in the forms in which AWS writes them.

use aws_smithy_types::DateTime;
use jiff::Timestamp;
use serde::{Deserialize, Deserializer};

use crate::text::quote;

/// An instant of an answer, or the text that is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Instant(pub Result<Timestamp, String>);

impl From<DateTime> for Instant {
    fn from(value: DateTime) -> Self {
        let nanoseconds = i32::try_from(value.subsec_nanos()).unwrap_or_default();
        Self(Timestamp::new(value.secs(), nanoseconds).map_err(|_| quote(&value.to_string())))
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match serde_json::Value::deserialize(deserializer)? {
            serde_json::Value::String(text) => Ok(Self(parse(&text).ok_or_else(|| quote(&text)))),
            other => Ok(Self(from_epoch(&other).ok_or_else(|| quote(&other.to_string())))),
        }
    }
}

/// Reads `2023-03-09T10:41:45+00:00`, the same with a space or a `Z`, and seconds since the epoch.
pub(crate) fn parse(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    text.parse().ok().or_else(|| from_epoch(&serde_json::from_str(text).ok()?))
}

#[allow(clippy::cast_possible_truncation, reason = "a cast from a float saturates; the range is checked")]
fn from_epoch(number: &serde_json::Value) -> Option<Timestamp> {
    match number.as_i64() {
        Some(seconds) => Timestamp::from_second(seconds).ok(),
        None => Timestamp::from_millisecond((number.as_f64()? * 1000.0).round() as i64).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_of_an_instant() {
        for text in [
            "2023-03-09T10:41:45+00:00",
            "2023-03-09 10:41:45+00:00",
            "2023-03-09T10:41:45Z",
            "2023-03-09T11:41:45+01:00",
            "1678358505",
            "1678358505.0",
        ] {
            assert_eq!(parse(text).map(|t| t.to_string()), Some("2023-03-09T10:41:45Z".to_owned()), "{text}");
        }
        for bad in ["", "N/A", "2023-13-09T10:41:45Z", "yesterday", "{}"] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_sdk_and_the_cli_agree() {
        let sdk = Instant::from(DateTime::from_secs(1_678_358_505));
        let cli: Instant = serde_json::from_str("\"2023-03-09T10:41:45+00:00\"").unwrap();
        assert_eq!(sdk, cli);
        assert!(serde_json::from_str::<Instant>("\"never\"").unwrap().0.is_err());
        assert_eq!(serde_json::from_str::<Instant>("1678358505").unwrap(), sdk);
    }
}
