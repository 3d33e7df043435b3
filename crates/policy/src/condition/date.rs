use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// Reads a date in one of the [W3C's forms](https://www.w3.org/TR/NOTE-datetime) of ISO 8601, or in seconds
/// since 1970; none if it is neither. What the form leaves open is the earliest that it can be, in UTC.
pub(super) fn parse(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    epoch(text).or_else(|| text.parse().ok()).or_else(|| without_seconds(text)).or_else(|| civil(text))
}

/// Four digits are a year, any other number is seconds.
fn epoch(text: &str) -> Option<Timestamp> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, _) = digits.split_once('.').unwrap_or((digits, ""));
    let is_number = !whole.is_empty() && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if !is_number || digits.len() == 4 {
        return None;
    }
    let seconds: i64 = whole.parse().ok()?;
    let seconds = if digits.len() < text.len() { seconds.checked_neg()? } else { seconds };
    Timestamp::from_second(seconds).ok()
}

/// `2026-03-01T12:00Z`
fn without_seconds(text: &str) -> Option<Timestamp> {
    let (date, time) = text.split_once(['T', 't'])?;
    let at = time.find(['Z', 'z', '+', '-'])?;
    let (clock, zone) = time.split_at_checked(at)?;
    format!("{date}T{clock}:00{zone}").parse().ok()
}

/// `2026`, `2026-03`, `2026-03-01`, `2026-03-01T12:00:00`
fn civil(text: &str) -> Option<Timestamp> {
    let full = match text.len() {
        4 => format!("{text}-01-01"),
        7 => format!("{text}-01"),
        _ => text.to_owned(),
    };
    let time = full.parse::<DateTime>().ok().or_else(|| full.parse::<Date>().ok().map(DateTime::from))?;
    TimeZone::UTC.to_timestamp(time).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_the_same_instant() {
        let forms = [
            "2026-01-01T00:00:00Z",
            "2026-01-01T00:00:00.000Z",
            "2026-01-01T00:00Z",
            "2026-01-01T02:00+02:00",
            "2026-01-01",
            "2026-01",
            "2026",
            "2026-01-01T00:00:00",
            "1767225600",
            "1767225600.0",
        ];
        for form in forms {
            assert_eq!(parse(form).map(Timestamp::as_second), Some(1_767_225_600), "{form}");
        }
        assert!(parse("-1").unwrap() < parse("0").unwrap());
        for bad in ["", "soon", "2026-13-01", "2026-01-01T25:00Z", "99999999999999999999"] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
