//! What validation comes to.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;

use super::place::ChainId;

/// What is said of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// Where the file is, or should be.
    pub place: String,
    /// The digest that names a log file.
    pub digest: Option<Arc<str>>,
    /// What was found.
    pub verdict: Verdict,
}

/// What is said of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// CloudTrail delivered it here, as it is.
    Valid,
    /// Something was done to it.
    Invalid(Invalid),
    /// It cannot be told.
    Unknown(Unknown),
    /// No digest speaks of it.
    NotNamed(NotNamed),
}

/// What was done to a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Invalid {
    /// A digest names it, and it is not there.
    Missing,
    /// Its contents are not those that a valid digest has the hash of.
    Altered,
    /// Its contents are not those that a digest says, which is not verified itself: one of the two was altered.
    Contradiction(Arc<str>),
    /// The signature is not one of this digest.
    Signature,
    /// It was delivered at another place.
    Moved(String),
    /// It cannot be inflated.
    Damaged(String),
    /// It has a digest's name and is none.
    Malformed(String),
}

/// Why something cannot be told of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unknown {
    /// The digest is the newest of its chain, and its own signature was not given.
    Newest,
    /// The signature is in the digest that follows, and that one is not there.
    Unsigned,
    /// The signature is in the digest that follows, and that one was altered.
    FollowerInvalid(Arc<str>),
    /// There is no key to verify the signature with.
    NoKey {
        /// The key's fingerprint.
        fingerprint: String,
        /// Where AWS has it.
        region: String,
        /// The time of all digests here that it signed.
        span: Span,
    },
    /// It is signed in a way that is not documented.
    Algorithm(String),
    /// The file is as its digest says, and the digest is not verified.
    DigestUnknown,
    /// Its digest is not valid.
    DigestInvalid,
    /// It could not be read.
    Unread(String),
    /// It was not found, and not all of the tree could be listed.
    Unlisted,
}

/// How it is that no digest names a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotNamed {
    /// Digests of its account and region account for the time of its delivery, and leave it out.
    LeftOut,
    /// No digest here accounts for the time of its delivery.
    NotCovered,
    /// It has the same contents as a file that is named.
    Copy(String),
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Valid => f.write_str("valid"),
            Self::Invalid(why) => why.fmt(f),
            Self::Unknown(why) => why.fmt(f),
            Self::NotNamed(why) => why.fmt(f),
        }
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("it is missing, and a digest names it"),
            Self::Altered => f.write_str("its contents were altered: a valid digest has another hash"),
            Self::Contradiction(other) => {
                write!(f, "`{other}` says otherwise, and is not verified: one of the two was altered")
            }
            Self::Signature => f.write_str("its signature is not valid: it was altered"),
            Self::Moved(from) => write!(f, "it was delivered as `{from}`, and moved"),
            Self::Damaged(why) => write!(f, "it cannot be inflated: {why}"),
            Self::Malformed(why) => write!(f, "it has the name of a digest and is none: {why}"),
        }
    }
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Newest => f.write_str(
                "it is the newest of its chain, whose signature the next one will hold; the object in S3 has it in its \
                 metadata",
            ),
            Self::Unsigned => f.write_str("the digest that follows holds its signature, and is not there"),
            Self::FollowerInvalid(follower) => {
                write!(f, "`{follower}` holds its signature, and was altered")
            }
            Self::NoKey { fingerprint, region, span: Span { from, to } } => {
                let region = if region.is_empty() { "REGION" } else { region };
                write!(
                    f,
                    "no public key has the fingerprint `{fingerprint}`; give what `aws cloudtrail list-public-keys \
                     --region {region} --start-time {from} --end-time {to}` prints"
                )
            }
            Self::Algorithm(name) => write!(f, "it is signed by `{name}`, which is not documented"),
            Self::DigestUnknown => f.write_str("it is as its digest says, and the digest is not verified"),
            Self::DigestInvalid => f.write_str("its digest is not valid"),
            Self::Unread(why) => write!(f, "it could not be read: {why}"),
            Self::Unlisted => f.write_str("it was not found, and not all could be listed"),
        }
    }
}

impl fmt::Display for NotNamed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LeftOut => f.write_str(
                "the digests of its time leave it out: it is of a trail without validation, or was put there",
            ),
            Self::NotCovered => f.write_str("no digest is there that accounts for its time"),
            Self::Copy(of) => write!(f, "it is a copy of `{of}`"),
        }
    }
}

/// A stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// Its start.
    pub from: Timestamp,
    /// Its end.
    pub to: Timestamp,
}

/// A chain of digests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    /// Which one.
    pub id: ChainId,
    /// How many digests of it were read.
    pub digests: usize,
    /// How many of them say that there was no log file.
    pub empty: usize,
    /// From the start of the oldest to the end of the newest.
    pub span: Span,
    /// The times that valid digests account for.
    pub covered: Vec<Span>,
    /// The times that none accounts for.
    pub gaps: Vec<Gap>,
    /// The digest before the oldest one; none where the oldest one starts the chain.
    pub before: Option<String>,
}

/// A time that no digest of a chain accounts for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// When.
    pub span: Span,
    /// Why.
    pub why: GapReason,
}

/// Why no digest accounts for a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GapReason {
    /// A digest is named by the one after, and is not there or not valid.
    Lost(String),
    /// Validation or logging was off: the digest after starts a chain.
    Restarted,
    /// The digest after does not start where the one before ends.
    Skipped,
}

impl fmt::Display for GapReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lost(digest) => write!(f, "`{digest}` is missing or not valid"),
            Self::Restarted => f.write_str("validation or logging was off, and began anew"),
            Self::Skipped => f.write_str("the digests leave this time out"),
        }
    }
}

/// How many files came to what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Valid ones.
    pub valid: usize,
    /// Invalid ones, missing ones among them.
    pub invalid: usize,
    /// Those of which it cannot be told.
    pub unknown: usize,
    /// Those that no digest names.
    pub not_named: usize,
}

impl Counts {
    fn of(files: &[Judged]) -> Self {
        let mut counts = Self::default();
        for file in files {
            let count = match file.verdict {
                Verdict::Valid => &mut counts.valid,
                Verdict::Invalid(_) => &mut counts.invalid,
                Verdict::Unknown(_) => &mut counts.unknown,
                Verdict::NotNamed(_) => &mut counts.not_named,
            };
            *count += 1;
        }
        counts
    }

    /// All of them.
    pub fn all(&self) -> usize {
        self.valid + self.invalid + self.unknown + self.not_named
    }
}

/// What validation of a tree comes to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Validation {
    /// The digests, in the order of their places.
    pub digests: Vec<Judged>,
    /// The log files, in the order of their places.
    pub logs: Vec<Judged>,
    /// The files that neither are log files nor look like them.
    pub others: Vec<String>,
    /// The chains, in the order of account, region and trail.
    pub chains: Vec<Chain>,
}

impl Validation {
    /// How many digests came to what.
    pub fn digest_counts(&self) -> Counts {
        Counts::of(&self.digests)
    }

    /// How many log files came to what.
    pub fn log_counts(&self) -> Counts {
        Counts::of(&self.logs)
    }

    /// True if something was done to a file.
    pub fn is_invalid(&self) -> bool {
        self.digest_counts().invalid + self.log_counts().invalid > 0
    }

    /// True if something cannot be told: files of which nothing is known, and times that no digest accounts for.
    pub fn is_incomplete(&self) -> bool {
        let open = |counts: Counts| counts.unknown + counts.not_named > 0;
        open(self.digest_counts())
            || open(self.log_counts())
            || self.digests.is_empty()
            || self.chains.iter().any(|chain| chain.before.is_some() || !chain.gaps.is_empty())
    }
}
