//! What the path of a log file says.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use leastwise_iam::AccountId;

/// What CloudTrail delivers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Events.
    Log,
    /// Hashes and signatures of log files.
    Digest,
    /// Insight events.
    Insight,
}

/// What the name of a file says, in the layout in which CloudTrail delivers:
/// `AWSLogs/[ORGANISATION/]ACCOUNT/CloudTrail/REGION/YYYY/MM/DD/ACCOUNT_CloudTrail_REGION_YYYYMMDDTHHMMZ_UNIQUE.json.gz`.
/// The file's own name is enough; of the folders only the organisation's is looked at.
///
/// Sources: [log files](https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-examples.html),
/// [finding them](https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html),
/// [digest files](https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-digest-file-structure.html).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place<'p> {
    /// Whose events are in the file.
    pub account: AccountId,
    /// The organisation, if its trail delivered the file: `o-…`.
    pub organisation: Option<&'p str>,
    /// The region of the events.
    pub region: &'p str,
    /// When the file was *delivered*: its events happened before, as a rule within a quarter of an hour.
    pub delivered: Timestamp,
    /// What is in it.
    pub kind: Kind,
}

impl<'p> Place<'p> {
    /// Reads a path, or the key of an object in S3; nothing if it is not of that layout.
    pub fn new(path: &'p str) -> Option<Self> {
        let mut folders = path.rsplit(['/', '\\']);
        let mut parts = folders.next()?.split('_');
        let account = parts.next()?.parse().ok()?;
        let kind = match parts.next()? {
            "CloudTrail" => Kind::Log,
            "CloudTrail-Digest" => Kind::Digest,
            "CloudTrail-Insight" => Kind::Insight,
            _ => return None,
        };
        let region = parts.next()?;
        // The name of a trail, in that of a digest file, may have such parts too: the last one is the time.
        let delivered = parts.filter_map(time).next_back()?;
        let organisation = folders.find(|folder| folder.starts_with("o-"));
        Some(Self { account, organisation, region, delivered, kind })
    }
}

/// `YYYYMMDDTHHMMZ`, or with seconds, and what may follow after a dot.
fn time(part: &str) -> Option<Timestamp> {
    let part = part.split('.').next()?.strip_suffix('Z')?;
    let (date, time) = part.split_once('T')?;
    let two = |text: &str, at: usize| text.get(at..at + 2)?.parse().ok();
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if date.len() != 8 || !matches!(time.len(), 4 | 6) || !digits(date) || !digits(time) {
        return None;
    }
    let seconds = if time.len() == 6 { two(time, 4)? } else { 0 };
    let year = date.get(..4)?.parse().ok()?;
    let time =
        DateTime::new(year, two(date, 4)?, two(date, 6)?, two(time, 0)?, two(time, 2)?, seconds, 0).ok()?;
    TimeZone::UTC.to_timestamp(time).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places() {
        let logs = "AWSLogs/o-abc123/111122223333/CloudTrail/us-east-2/2015/08/01/111122223333_CloudTrail_us-east-2_20150801T0210Z_Mu0KsOhtH1ar15ZZ.json.gz";
        let place = Place::new(logs).unwrap();
        assert_eq!(
            (place.account.to_string().as_str(), place.organisation),
            ("111122223333", Some("o-abc123"))
        );
        assert_eq!((place.region, place.kind), ("us-east-2", Kind::Log));
        assert_eq!(place.delivered.to_string(), "2015-08-01T02:10:00Z");
        let bare = logs.rsplit('/').next().unwrap();
        assert_eq!(Place::new(bare), Some(Place { organisation: None, ..place }));
        assert_eq!(Place::new(&logs.replace('/', "\\")), Some(place));
        let unzipped = logs.replace(".json.gz", ".json");
        assert_eq!(Place::new(&unzipped), Some(place));
    }

    #[test]
    fn digests_and_insights() {
        let digest = "p/AWSLogs/111122223333/CloudTrail-Digest/eu-west-1/2024/07/01/111122223333_CloudTrail-Digest_eu-west-1_my_trail_20200101T000000Z_us-east-1_20240701T101112Z.json.gz";
        let place = Place::new(digest).unwrap();
        assert_eq!(
            (place.kind, place.delivered.to_string().as_str()),
            (Kind::Digest, "2024-07-01T10:11:12Z")
        );
        let insight = "111122223333_CloudTrail-Insight_us-east-1_20240701T1010Z_x.json.gz";
        assert_eq!(Place::new(insight).map(|place| place.kind), Some(Kind::Insight));
    }

    #[test]
    fn other_names() {
        for path in [
            "",
            "events.json",
            "1_CloudTrail_us-east-1_20240701T1010Z_x.json.gz",
            "111122223333_Config_us-east-1_20240701T1010Z_x.json.gz",
            "111122223333_CloudTrail_us-east-1_20241301T1010Z_x.json.gz",
            "111122223333_CloudTrail_us-east-1_20240701T10é0Z_x.json.gz",
            "111122223333_CloudTrail_us-east-1_+0240701T1010Z_x.json.gz",
            "111122223333_CloudTrail_us-east-1.json",
        ] {
            assert_eq!(Place::new(path), None, "{path}");
        }
    }
}
