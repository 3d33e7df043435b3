//! Where files are, and what their names say.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::document::{Digest, Object};

/// Where a file was found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Its bucket; none for a file on this machine.
    pub bucket: Option<String>,
    /// Its key, or its path with `/` between the folders.
    pub path: String,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.bucket {
            Some(bucket) => write!(f, "s3://{bucket}/{}", self.path),
            None => f.write_str(&self.path),
        }
    }
}

impl Place {
    /// A file on this machine.
    pub fn local(path: impl Into<String>) -> Self {
        Self { bucket: None, path: path.into() }
    }

    /// An object in S3.
    pub fn object(bucket: impl Into<String>, key: impl Into<String>) -> Self {
        Self { bucket: Some(bucket.into()), path: key.into() }
    }

    /// True if a file here is the object, as far as the place tells. Files on this machine lie below any folder, so it
    /// is what follows `AWSLogs/` that counts, and without that folder the name alone. They may be inflated already.
    pub(super) fn is(&self, object: &Object) -> bool {
        match &self.bucket {
            Some(bucket) => **bucket == *object.bucket && *self.path == *object.key,
            None => match below_logs(&self.path) {
                Some(below) => {
                    below_logs(&object.key).is_some_and(|key| without_suffix(key) == without_suffix(below))
                }
                None => self.stem() == stem(&object.key),
            },
        }
    }

    /// True if the object may be in this folder, as far as the names tell.
    pub(super) fn may_hold(&self, object: &Object) -> bool {
        let folder = format!("{}/", self.path.trim_end_matches('/'));
        match &self.bucket {
            Some(bucket) => **bucket == *object.bucket && object.key.starts_with(&self.path),
            None => match (below_logs(&folder), below_logs(&object.key)) {
                (Some(folder), Some(key)) => key.starts_with(folder),
                _ => true,
            },
        }
    }

    /// The file's name without the mark of its compression.
    pub(super) fn stem(&self) -> &str {
        stem(&self.path)
    }

    /// True if the name is one that CloudTrail gives to digests.
    pub fn is_named_like_digest(&self) -> bool {
        base(&self.path).contains("_CloudTrail-Digest_")
    }

    /// True if the name is one that CloudTrail gives to log files, those of Insights events included.
    pub fn is_named_like_log(&self) -> bool {
        Delivery::of(&self.path).is_some()
    }
}

fn below_logs(path: &str) -> Option<&str> {
    match path.rsplit_once("/AWSLogs/") {
        Some((_, below)) => Some(below),
        None => path.strip_prefix("AWSLogs/"),
    }
}

fn base(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, base)| base)
}

pub(super) fn stem(path: &str) -> &str {
    without_suffix(base(path))
}

fn without_suffix(path: &str) -> &str {
    path.strip_suffix(".gz").unwrap_or(path)
}

/// A chain of digests: those of one trail in one region of one account.
///
/// Source: [digest file location](https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-digest-file-structure.html#cloudtrail-log-file-validation-digest-file-location).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChainId {
    /// The organisation, for an organisation's trail.
    pub organization: Option<String>,
    /// The account whose events are logged.
    pub account: String,
    /// The region whose events are logged.
    pub region: String,
    /// The trail's name.
    pub trail: String,
    /// The region in which the trail was created.
    pub home: String,
}

impl ChainId {
    /// The chain that a digest belongs to, as its key says; a key of another form is a chain of its own.
    pub fn of(digest: &Digest) -> Self {
        let key = &*digest.object.key;
        let own = || Self {
            organization: None,
            account: digest.account.clone(),
            region: String::new(),
            trail: key.to_owned(),
            home: String::new(),
        };
        Self::parse(key).unwrap_or_else(own)
    }

    /// `111122223333_CloudTrail-Digest_us-east-2_my_trail_us-east-1_20150817T150131Z.json.gz`; regions have no
    /// underscores, names of trails may.
    fn parse(key: &str) -> Option<Self> {
        let (account, rest) = base(key).split_once("_CloudTrail-Digest_")?;
        let (region, rest) = rest.split_once('_')?;
        let rest = without_suffix(rest).strip_suffix(".json")?;
        let (rest, _) = rest.strip_suffix("_backfill").unwrap_or(rest).rsplit_once('_')?;
        let (trail, home) = rest.rsplit_once('_')?;
        let organization =
            below_logs(key).and_then(|below| below.split('/').next()).filter(|name| name.starts_with("o-"));
        Some(Self {
            organization: organization.map(ToOwned::to_owned),
            account: account.to_owned(),
            region: region.to_owned(),
            trail: trail.to_owned(),
            home: home.to_owned(),
        })
    }
}

impl fmt::Display for ChainId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { account, region, trail, .. } = self;
        write!(f, "trail `{trail}`, account {account}, {region}")?;
        match &self.organization {
            Some(organization) => write!(f, ", organisation {organization}"),
            None => Ok(()),
        }
    }
}

/// True for a digest that was delivered late, for log files that the digest of their hour lacks; it is no link of the
/// hourly chain.
pub(super) fn is_backfill(object: &Object) -> bool {
    stem(&object.key).strip_suffix(".json").is_some_and(|name| name.ends_with("_backfill"))
}

/// What a log file's name says of its delivery.
///
/// Source: [names of log files](https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-examples.html#cloudtrail-log-filename-format).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Delivery<'p> {
    pub(super) account: &'p str,
    pub(super) region: &'p str,
    pub(super) time: Timestamp,
}

impl<'p> Delivery<'p> {
    /// `111122223333_CloudTrail_us-east-2_20150817T1445Z_9nYN7gp2eWAJHIfT.json.gz`.
    pub(super) fn of(path: &'p str) -> Option<Self> {
        let mut parts = stem(path).strip_suffix(".json")?.split('_');
        let (account, kind, region, time) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let known = kind.starts_with("CloudTrail") && kind != "CloudTrail-Digest";
        if !known || parts.next().is_none() {
            return None;
        }
        let time = DateTime::strptime("%Y%m%dT%H%MZ", time).ok()?;
        let time = TimeZone::UTC.to_timestamp(time).ok()?;
        Some(Self { account, region, time })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(key: &str) -> Object {
        Object { bucket: "b".into(), key: key.into() }
    }

    #[test]
    fn places() {
        let below = "AWSLogs/1/CloudTrail/r/2015/08/17/x.json.gz";
        let key = &*format!("p/{below}");
        let table = [
            (Place::object("b", key), true),
            (Place::object("c", key), false),
            (Place::object("b", below), false),
            (Place::local(key), true),
            (Place::local(below), true),
            (Place::local("copy/of/AWSLogs/1/CloudTrail/r/2015/08/17/x.json"), true),
            (Place::local("AWSLogs/1/CloudTrail/r/2015/08/18/x.json.gz"), false),
            (Place::local("AWSLogs/1/CloudTrail/r/2015/08/17/y.json.gz"), false),
            (Place::local("x.json.gz"), true),
            (Place::local("downloads/x.json"), true),
            (Place::local("y.json.gz"), false),
        ];
        for (place, expected) in table {
            assert_eq!(place.is(&object(key)), expected, "{place}");
        }
    }

    #[test]
    fn folders() {
        let key = "p/AWSLogs/1/CloudTrail/r/2015/08/17/x.json.gz";
        let table = [
            (Place::local("any"), true),
            (Place::local("copy/AWSLogs"), true),
            (Place::local("copy/AWSLogs/1/CloudTrail/"), true),
            (Place::local("copy/AWSLogs/1/Cloud"), false),
            (Place::local("copy/AWSLogs/2"), false),
            (Place::object("b", "p/AWSLogs/1/"), true),
            (Place::object("b", "p/AWSLogs/2/"), false),
            (Place::object("c", ""), false),
        ];
        for (place, expected) in table {
            assert_eq!(place.may_hold(&object(key)), expected, "{place}");
        }
    }

    #[test]
    fn chains_have_the_names_of_their_digests() {
        let of = |key: &str| ChainId::parse(key).map(|chain| chain.to_string());
        let own = "AWSLogs/111122223333/CloudTrail-Digest/us-east-2/2015/08/17/111122223333_CloudTrail-Digest_us-east-2_my_own.trail_us-east-1_20150817T150131Z.json.gz";
        assert_eq!(of(own).as_deref(), Some("trail `my_own.trail`, account 111122223333, us-east-2"));
        assert_eq!(ChainId::parse(own).unwrap().home, "us-east-1");
        let late = own.replace("Z.json", "Z_backfill.json");
        assert_eq!(ChainId::parse(own), ChainId::parse(&late));
        assert!(is_backfill(&object(&late)) && !is_backfill(&object(own)));
        let shared = own.replace("AWSLogs/", "logs/AWSLogs/o-a1b2c3d4e5/");
        assert_eq!(ChainId::parse(&shared).unwrap().organization.as_deref(), Some("o-a1b2c3d4e5"));
        assert_eq!(of("x_CloudTrail-Digest_y.json.gz"), None);
    }

    #[test]
    fn deliveries() {
        let path = "a/111122223333_CloudTrail_us-east-2_20150817T1445Z_9nYN7gp2eWAJHIfT.json.gz";
        let delivery = Delivery::of(path).unwrap();
        assert_eq!((delivery.account, delivery.region), ("111122223333", "us-east-2"));
        assert_eq!(delivery.time.to_string(), "2015-08-17T14:45:00Z");
        for other in
            ["x.json", "1_CloudTrail-Digest_r_t_r_20150817T144500Z.json", "1_CloudTrail_r_now_x.json"]
        {
            assert_eq!(Delivery::of(other), None);
        }
    }
}
