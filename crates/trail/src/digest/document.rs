//! What a digest file says.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use serde::Deserialize;

/// A digest file: the log files that CloudTrail delivered in about an hour, their hashes, and the digest before.
///
/// Source: [digest file structure](https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-digest-file-structure.html).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digest {
    /// The account whose log files it names.
    pub account: String,
    /// From when on it accounts for what was delivered.
    pub start: Timestamp,
    /// Until when it does.
    pub end: Timestamp,
    /// Where CloudTrail put it.
    pub object: Object,
    /// Which key signed it.
    pub fingerprint: String,
    /// How it was signed.
    pub signature_algorithm: String,
    /// The digest before; a digest without one starts a chain.
    pub previous: Option<Previous>,
    /// The log files; an hour in which none were delivered has a digest all the same.
    pub logs: Vec<LogFile>,
    /// The end as it is written, and the signature of the digest before: both are signed.
    signed: (String, Option<String>),
}

/// An object in S3.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Object {
    /// Its bucket.
    pub bucket: Arc<str>,
    /// Its key.
    pub key: Box<str>,
}

/// What a digest says of the digest before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Previous {
    /// Where CloudTrail put it.
    pub object: Object,
    /// The hash of its contents.
    pub hash: Option<Hash>,
    /// Its signature, in hexadecimal digits.
    pub signature: Option<String>,
}

/// A log file that a digest names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogFile {
    /// Where CloudTrail put it.
    pub object: Object,
    /// The hash of its contents.
    pub hash: Hash,
}

/// A SHA-256 of a file's contents, as they are before compression.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    fn parse(text: &str) -> Option<Self> {
        unhex(text)?.try_into().ok().map(Self)
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "s3://{}/{}", self.bucket, self.key)
    }
}

/// The bytes that hexadecimal digits stand for.
pub(super) fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let bytes = pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect();
    if rest.is_empty() { bytes } else { None }
}

impl Digest {
    /// Reads a digest from its contents.
    ///
    /// # Errors
    /// It is no digest; the text says why.
    pub fn parse(text: &[u8]) -> Result<Self, String> {
        let raw: Raw = serde_json::from_slice(text).map_err(|error| error.to_string())?;
        raw.try_into()
    }

    /// What CloudTrail signs: the end, the place, the hash of the contents and the signature of the digest before, for
    /// which a digest that starts a chain has the word `null`.
    ///
    /// Source: [the data signing string](https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-custom-validation.html#cloudtrail-log-file-custom-validation-steps-recreate-data-signing-string);
    /// the word `null` is what `aws cloudtrail validate-logs` puts there.
    pub fn string_to_sign(&self, hash: Hash) -> String {
        let (end, previous) = &self.signed;
        let Object { bucket, key } = &self.object;
        format!("{end}\n{bucket}/{key}\n{hash}\n{}", previous.as_deref().unwrap_or("null"))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Raw {
    aws_account_id: String,
    digest_start_time: Timestamp,
    digest_end_time: String,
    #[serde(rename = "digestS3Bucket")]
    bucket: String,
    #[serde(rename = "digestS3Object")]
    object: String,
    digest_public_key_fingerprint: String,
    digest_signature_algorithm: String,
    #[serde(rename = "previousDigestS3Bucket")]
    previous_bucket: Option<String>,
    #[serde(rename = "previousDigestS3Object")]
    previous_object: Option<String>,
    previous_digest_hash_value: Option<String>,
    previous_digest_hash_algorithm: Option<String>,
    previous_digest_signature: Option<String>,
    log_files: Vec<RawLog>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawLog {
    #[serde(rename = "s3Bucket")]
    bucket: String,
    #[serde(rename = "s3Object")]
    object: String,
    hash_value: String,
    hash_algorithm: String,
}

impl TryFrom<Raw> for Digest {
    type Error = String;

    fn try_from(raw: Raw) -> Result<Self, String> {
        let end = raw.digest_end_time.parse().map_err(|_| "`digestEndTime` is no time".to_owned())?;
        let mut buckets = Buckets::default();
        let previous_hash = match (&raw.previous_digest_hash_value, &raw.previous_digest_hash_algorithm) {
            (None, _) => None,
            (Some(value), algorithm) => Some(stated(value, algorithm.as_deref().unwrap_or_default())?),
        };
        let previous = match (&raw.previous_bucket, raw.previous_object) {
            (Some(bucket), Some(key)) => Some(Previous {
                object: buckets.object(bucket, key),
                hash: previous_hash,
                signature: raw.previous_digest_signature.clone(),
            }),
            (None, None) => None,
            _ => return Err("it names half of the digest before".to_owned()),
        };
        let log = |log: RawLog| {
            let hash = stated(&log.hash_value, &log.hash_algorithm)?;
            Ok::<_, String>(LogFile { object: buckets.object(&log.bucket, log.object), hash })
        };
        Ok(Self {
            logs: raw.log_files.into_iter().map(log).collect::<Result<_, _>>()?,
            account: raw.aws_account_id,
            start: raw.digest_start_time,
            end,
            object: buckets.object(&raw.bucket, raw.object),
            fingerprint: raw.digest_public_key_fingerprint.to_ascii_lowercase(),
            signature_algorithm: raw.digest_signature_algorithm,
            previous,
            signed: (raw.digest_end_time, raw.previous_digest_signature),
        })
    }
}

/// The names of buckets, of which a digest has few.
#[derive(Default)]
struct Buckets(Vec<Arc<str>>);

impl Buckets {
    fn object(&mut self, bucket: &str, key: String) -> Object {
        let known = self.0.iter().find(|known| ***known == *bucket).cloned();
        let bucket = known.unwrap_or_else(|| {
            let new: Arc<str> = bucket.into();
            self.0.push(Arc::clone(&new));
            new
        });
        Object { bucket, key: key.into() }
    }
}

fn stated(value: &str, algorithm: &str) -> Result<Hash, String> {
    if algorithm != "SHA-256" {
        return Err(format!("`{algorithm}` is a way to hash that CloudTrail does not document"));
    }
    Hash::parse(value).ok_or_else(|| format!("`{value}` is no SHA-256"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As on the documentation's page, with fewer names.
    const EMPTY: &str = r#"{"awsAccountId":"111122223333","digestStartTime":"2015-08-20T17:01:31Z",
        "digestEndTime":"2015-08-20T18:01:31Z","digestS3Bucket":"example-bucket-name","digestS3Object":"AWSLogs/d",
        "digestPublicKeyFingerprint":"31E8b5433410dfb61a9dc45cc65b22ff","digestSignatureAlgorithm":"SHA256withRSA",
        "newestEventTime":null,"oldestEventTime":null,"previousDigestS3Bucket":"example-bucket-name",
        "previousDigestS3Object":"AWSLogs/c",
        "previousDigestHashValue":"ed96c4bac9eaa8fe9716ca0e515da51938be651b1db31d781956416a9d05cdfa",
        "previousDigestHashAlgorithm":"SHA-256","previousDigestSignature":"82705525fb","logFiles":[]}"#;

    #[test]
    fn an_hour_without_log_files() {
        let digest = Digest::parse(EMPTY.as_bytes()).unwrap();
        assert!(digest.logs.is_empty());
        assert_eq!(digest.fingerprint, "31e8b5433410dfb61a9dc45cc65b22ff");
        let previous = digest.previous.as_ref().unwrap();
        assert_eq!(previous.object.to_string(), "s3://example-bucket-name/AWSLogs/c");
        assert_eq!(previous.hash.unwrap().to_string().get(..8), Some("ed96c4ba"));
        let hash = Hash([0xab; 32]);
        let expected =
            format!("2015-08-20T18:01:31Z\nexample-bucket-name/AWSLogs/d\n{}\n82705525fb", "ab".repeat(32));
        assert_eq!(digest.string_to_sign(hash), expected);
    }

    #[test]
    fn a_chain_starts_with_the_word_null() {
        let mut start: serde_json::Value = serde_json::from_str(EMPTY).unwrap();
        for name in ["S3Bucket", "S3Object", "HashValue", "HashAlgorithm", "Signature"] {
            start[format!("previousDigest{name}")] = serde_json::Value::Null;
        }
        let digest = Digest::parse(start.to_string().as_bytes()).unwrap();
        assert_eq!(digest.previous, None);
        assert!(digest.string_to_sign(Hash([0; 32])).ends_with("\nnull"));
    }

    #[test]
    fn what_is_no_digest() {
        let table = [
            ("{\"Records\":[]}", "missing field"),
            ("[]", ""),
            ("", ""),
            (&EMPTY.replace("digestEndTime", "digestEnd"), "digestEndTime"),
            (&EMPTY.replace("2015-08-20T18:01:31Z", "soon"), "digestEndTime"),
            (&EMPTY.replace("SHA-256", "MD5"), "MD5"),
            (&EMPTY.replace("ed96c4", "ed96"), "SHA-256"),
            (&EMPTY.replace("ed96c4", "edx6c4"), "SHA-256"),
            (&EMPTY.replace("\"AWSLogs/c\"", "null"), "half"),
            (&EMPTY.replacen('{', r#"{"digestS3Object":"AWSLogs/e","#, 1), "duplicate"),
        ];
        for (text, why) in table {
            let error = Digest::parse(text.as_bytes()).unwrap_err();
            assert!(error.contains(why), "{error}");
        }
    }
}
