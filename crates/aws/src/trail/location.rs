use std::fmt;
use std::str::FromStr;

/// Where in S3 something lies: a bucket, and what the keys begin with.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// The bucket's name.
    pub bucket: String,
    /// What the keys begin with; empty for the whole bucket.
    pub prefix: String,
}

/// The text names no place in S3.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no place in S3; write one such as `s3://my-bucket/AWSLogs/`")]
pub struct LocationError(String);

impl FromStr for Location {
    type Err = LocationError;

    /// Source: [names of buckets](https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html); those
    /// in `us-east-1` that are old may have capitals and underscores, and be longer.
    fn from_str(text: &str) -> Result<Self, LocationError> {
        let error = || LocationError(text.to_owned());
        let path = text.strip_prefix("s3://").ok_or_else(error)?;
        let (bucket, prefix) = path.split_once('/').unwrap_or((path, ""));
        let is_name = (3..=255).contains(&bucket.len())
            && bucket.chars().all(|c| c.is_ascii_alphanumeric() || ".-_".contains(c));
        if !is_name {
            return Err(error());
        }
        Ok(Self { bucket: bucket.to_owned(), prefix: prefix.to_owned() })
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "s3://{}/{}", self.bucket, self.prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_in_s3() {
        let of = |text: &str| text.parse::<Location>().map(|place| (place.bucket, place.prefix));
        let is = |bucket: &str, prefix: &str| Ok((bucket.to_owned(), prefix.to_owned()));
        assert_eq!(of("s3://my-bucket"), is("my-bucket", ""));
        assert_eq!(of("s3://my-bucket/"), is("my-bucket", ""));
        assert_eq!(of("s3://my.bucket/p/AWSLogs/"), is("my.bucket", "p/AWSLogs/"));
        assert_eq!(of("s3://my-bucket//odd key"), is("my-bucket", "/odd key"));
        for bad in ["", "my-bucket", "s3:/my-bucket", "s3://", "s3:///x", "s3://a b/x", "s3://ab", "S3://abc"]
        {
            assert!(of(bad).unwrap_err().to_string().contains("s3://my-bucket/"), "{bad}");
        }
        assert_eq!("s3://abc/d".parse::<Location>().unwrap().to_string(), "s3://abc/d");
    }
}
