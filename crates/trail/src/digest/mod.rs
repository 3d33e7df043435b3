//! Whether log files are as CloudTrail delivered them.
//!
//! Every hour CloudTrail delivers a digest for each trail, region and account: the names and hashes of the log files of
//! that hour, the hash and the signature of the digest before, and the fingerprint of the key that it is signed with. Its
//! own signature is in the metadata of the object in S3. So where only files are at hand, each digest is verified with
//! what the next one says, and the newest of a chain not at all.
//!
//! Source: [validating log file integrity](https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-intro.html),
//! [custom implementations](https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-custom-validation.html).

mod chains;
mod document;
mod intake;
mod keys;
mod logs;
mod place;
#[cfg(test)]
mod tests;
mod verdict;

pub use document::{Digest, Hash, LogFile, Object, Previous};
pub use intake::{Contents, Intake};
pub use keys::{PublicKeyError, PublicKeys};
pub use place::{ChainId, Place};
pub use verdict::{
    Chain, Counts, Gap, GapReason, Invalid, Judged, NotNamed, Span, Unknown, Validation, Verdict,
};

use std::collections::{BTreeMap, HashMap};

use chains::{Link, Links, Standing};
use logs::{Candidate, Ledger};

/// A file of a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Where it is.
    pub place: Place,
    /// What it holds.
    pub contents: Contents,
    /// For an object in S3, its metadata `signature`, in hexadecimal digits.
    pub signature: Option<String>,
}

/// The files to validate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tree {
    /// The files, in any order.
    pub files: Vec<File>,
    /// The folders that could not be listed: nothing is said to be missing that may be in one of them.
    pub unlisted: Vec<Place>,
}

/// Validates a tree of digests and log files. The result is the same whatever the order of the files.
pub fn validate(tree: Tree, keys: &PublicKeys) -> Validation {
    let Tree { mut files, unlisted } = tree;
    files.sort_by(|a, b| a.place.cmp(&b.place));
    let (mut links, mut candidates, mut broken) = (Vec::new(), Vec::new(), Vec::new());
    for File { place, contents, signature } in files {
        match contents {
            Contents::Whole { hash, digest: Some(Ok(digest)) } => {
                links.push(Link::new(place, digest, hash, signature));
            }
            contents if place.is_named_like_digest() => broken.push((place, no_digest(contents))),
            contents => candidates.push(Candidate { place, contents }),
        }
    }
    let links = Links::new(links, keys);
    let mut at: HashMap<String, Vec<Place>> = HashMap::new();
    for (place, _) in &broken {
        at.entry(place.stem().to_owned()).or_default().push(place.clone());
    }
    let taken = |object: &Object| {
        at.get(place::stem(&object.key)).is_some_and(|places| places.iter().any(|place| place.is(object)))
    };
    let lost = |standing: &Standing, object: &Object| match standing {
        Standing::Forged(_) => Verdict::Unknown(Unknown::DigestInvalid),
        _ if unlisted.iter().any(|folder| folder.may_hold(object)) => Verdict::Unknown(Unknown::Unlisted),
        _ => Verdict::Invalid(Invalid::Missing),
    };
    let (mut digests, chains) = links.judge(&taken, &lost);
    let broken = broken.iter();
    digests.extend(broken.map(|(place, verdict)| Judged {
        place: place.to_string(),
        digest: None,
        verdict: verdict.clone(),
    }));
    let (mut logs, others) = Ledger::new(&links).judge(candidates, &lost);
    digests.sort_by(|a, b| a.place.cmp(&b.place));
    logs.sort_by(|a, b| a.place.cmp(&b.place));
    Validation { digests, logs, others, chains }
}

/// The regions whose keys are needed, and for what time.
pub fn signed(files: &[File]) -> BTreeMap<String, Span> {
    let mut regions: BTreeMap<String, Span> = BTreeMap::new();
    for file in files {
        let Contents::Whole { digest: Some(Ok(digest)), .. } = &file.contents else { continue };
        let span = Span { from: digest.start.min(digest.end), to: digest.end.max(digest.start) };
        let region = ChainId::of(digest).region;
        if region.is_empty() {
            continue;
        }
        let whole = regions.entry(region).or_insert(span);
        *whole = Span { from: whole.from.min(span.from), to: whole.to.max(span.to) };
    }
    regions
}

/// The verdict on a file with a digest's name that is none.
fn no_digest(contents: Contents) -> Verdict {
    match contents {
        Contents::Whole { digest: Some(Err(why)), .. } | Contents::Damaged(why) => {
            Verdict::Invalid(Invalid::Malformed(why))
        }
        Contents::Whole { .. } | Contents::Ignored => {
            Verdict::Invalid(Invalid::Malformed("it has other contents".to_owned()))
        }
        Contents::Unread(why) => Verdict::Unknown(Unknown::Unread(why)),
    }
}
