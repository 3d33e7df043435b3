//! Trees that are signed here, and what becomes of the verdicts when something is done to them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::sync::LazyLock;

use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::{SignedDuration, Timestamp};
use rand::SeedableRng;
use rand::rngs::StdRng;
use ring::digest::{SHA256, digest};
use rsa::pkcs1::EncodeRsaPublicKey;
use rsa::pkcs1v15::SigningKey;
use rsa::sha2::Sha256;
use rsa::signature::{SignatureEncoding, Signer};
use rsa::{PrivateKey, PublicKey};
use serde_json::{Value, json};

use super::*;

const ACCOUNT: &str = "111122223333";
const BUCKET: &str = "trail-bucket";

/// Keys by fingerprint.
static SIGNERS: LazyLock<BTreeMap<&str, SigningKey<Sha256>>> = LazyLock::new(|| {
    let mut random = StdRng::seed_from_u64(7);
    ["aa", "bb"]
        .into_iter()
        .map(|name| (name, SigningKey::new(PrivateKey::new(&mut random, 2048).unwrap())))
        .collect()
});

fn keys(names: &[&str]) -> PublicKeys {
    let mut keys = PublicKeys::default();
    for name in names {
        let public = PublicKey::from(SIGNERS[name].as_ref());
        keys.add(name, public.to_pkcs1_der().unwrap().as_bytes()).unwrap();
    }
    keys
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn hex(bytes: &[u8]) -> String {
    let digits = "0123456789abcdef".as_bytes();
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|half| digits[usize::from(half)] as char)
        .collect()
}

fn hash(bytes: &[u8]) -> String {
    hex(digest(&SHA256, bytes).as_ref())
}

/// One trail's way of delivering.
#[derive(Clone)]
struct Trail {
    root: &'static str,
    account: &'static str,
    region: &'static str,
    name: &'static str,
    key: &'static str,
}

const MAIN: Trail =
    Trail { root: "AWSLogs/", account: ACCOUNT, region: "us-east-2", name: "main", key: "aa" };

/// What a bucket holds: the bytes by key, and the signatures of digests.
#[derive(Clone, Default)]
struct Bucket {
    objects: BTreeMap<String, Vec<u8>>,
    signatures: BTreeMap<String, String>,
}

fn hour(number: i64) -> Timestamp {
    "2026-01-01T00:17:05Z".parse::<Timestamp>().unwrap() + SignedDuration::from_hours(number)
}

impl Trail {
    fn digest_key(&self, number: i64) -> String {
        let Self { root, account, region, name, .. } = self;
        let end = hour(number + 1);
        let (day, time) = (end.strftime("%Y/%m/%d"), end.strftime("%Y%m%dT%H%M%SZ"));
        format!(
            "{root}{account}/CloudTrail-Digest/{region}/{day}/{account}_CloudTrail-Digest_{region}_{name}_us-east-1_{time}.json.gz"
        )
    }

    fn log_key(&self, number: i64, part: usize) -> String {
        let Self { root, account, region, name, .. } = self;
        let at = hour(number) + SignedDuration::from_mins(10);
        let (day, time) = (at.strftime("%Y/%m/%d"), at.strftime("%Y%m%dT%H%MZ"));
        format!(
            "{root}{account}/CloudTrail/{region}/{day}/{account}_CloudTrail_{region}_{time}_{name}{number}x{part}.json.gz"
        )
    }

    /// Delivers the hours, `logs` log files in each; the first one starts a chain.
    fn deliver(&self, bucket: &mut Bucket, hours: std::ops::Range<i64>, logs: usize) {
        let mut previous: Option<(String, String, String)> = None;
        for number in hours {
            let mut named = Vec::new();
            for part in 0..logs {
                let (key, text) = (self.log_key(number, part), format!("{{\"Records\":[{number},{part}]}}"));
                named.push(json!({"s3Bucket": BUCKET, "s3Object": key, "hashValue": hash(text.as_bytes()),
                    "hashAlgorithm": "SHA-256", "newestEventTime": null, "oldestEventTime": null}));
                bucket.objects.insert(key, gzip(text.as_bytes()));
            }
            let key = self.digest_key(number);
            let text = self.text(number, previous.as_ref(), &named).to_string();
            let signature = self.sign(&text);
            bucket.objects.insert(key.clone(), gzip(text.as_bytes()));
            bucket.signatures.insert(key.clone(), signature.clone());
            previous = Some((key, hash(text.as_bytes()), signature));
        }
    }

    fn text(&self, number: i64, previous: Option<&(String, String, String)>, logs: &[Value]) -> Value {
        json!({
            "awsAccountId": self.account,
            "digestStartTime": hour(number).to_string(),
            "digestEndTime": hour(number + 1).to_string(),
            "digestS3Bucket": BUCKET,
            "digestS3Object": self.digest_key(number),
            "digestPublicKeyFingerprint": self.key,
            "digestSignatureAlgorithm": "SHA256withRSA",
            "newestEventTime": null,
            "oldestEventTime": null,
            "previousDigestS3Bucket": previous.map(|_| BUCKET),
            "previousDigestS3Object": previous.map(|(key, ..)| key),
            "previousDigestHashValue": previous.map(|(_, hash, _)| hash),
            "previousDigestHashAlgorithm": previous.map(|_| "SHA-256"),
            "previousDigestSignature": previous.map(|(.., signature)| signature),
            "logFiles": logs,
        })
    }

    /// Signs as the documentation says, without the code that is tested.
    fn sign(&self, text: &str) -> String {
        let digest: Value = serde_json::from_str(text).unwrap();
        let string = |name: &str| digest[name].as_str().unwrap_or("null").to_owned();
        let message = [
            string("digestEndTime"),
            format!("{}/{}", string("digestS3Bucket"), string("digestS3Object")),
            hash(text.as_bytes()),
            string("previousDigestSignature"),
        ]
        .join("\n");
        hex(&SIGNERS[self.key].sign(message.as_bytes()).to_bytes())
    }
}

impl Bucket {
    fn with(hours: std::ops::Range<i64>, logs: usize) -> Self {
        let mut bucket = Self::default();
        MAIN.deliver(&mut bucket, hours, logs);
        bucket
    }

    /// Replaces the text of an object.
    fn edit(&mut self, key: &str, from: &str, to: &str) {
        let Contents::Whole { .. } = Intake::of(&self.objects[key]) else { panic!("{key}") };
        let mut text = String::new();
        std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(&*self.objects[key]), &mut text)
            .unwrap();
        assert!(text.contains(from), "{text}");
        self.objects.insert(key.to_owned(), gzip(text.replace(from, to).as_bytes()));
    }

    fn rename(&mut self, from: &str, to: &str) {
        let bytes = self.objects.remove(from).unwrap();
        self.objects.insert(to.to_owned(), bytes);
    }

    /// As a folder on this machine.
    fn folder(&self) -> Tree {
        let file = |(key, bytes): (&String, &Vec<u8>)| File {
            place: Place::local(format!("copy/{key}")),
            contents: Intake::of(bytes),
            signature: None,
        };
        Tree { files: self.objects.iter().map(file).collect(), unlisted: Vec::new() }
    }

    /// As objects in S3.
    fn bucket(&self) -> Tree {
        let file = |(key, bytes): (&String, &Vec<u8>)| File {
            place: Place::object(BUCKET, key.clone()),
            contents: Intake::of(bytes),
            signature: self.signatures.get(key).cloned(),
        };
        Tree { files: self.objects.iter().map(file).collect(), unlisted: Vec::new() }
    }
}

/// What a validation says of one file, by the end of its place.
fn verdict<'v>(validation: &'v Validation, key: &str) -> &'v Verdict {
    let mut found =
        validation.digests.iter().chain(&validation.logs).filter(|file| file.place.ends_with(key));
    let (file, more) = (found.next().unwrap_or_else(|| panic!("{key}")), found.next());
    assert_eq!(more, None, "{key}");
    &file.verdict
}

/// All verdicts but those that an untouched tree of the same kind has.
fn changes(bucket: &Bucket, before: &Bucket) -> Vec<String> {
    let of = |bucket: &Bucket| {
        let validation = validate(bucket.folder(), &keys(&["aa", "bb"]));
        let files = validation.digests.into_iter().chain(validation.logs);
        files.map(|file| (short(&file.place), short(&format!("{:?}", file.verdict)))).collect::<BTreeSet<_>>()
    };
    let before = of(before);
    of(bucket).difference(&before).map(|(place, verdict)| format!("{place} {verdict}")).collect()
}

/// `D3` for the digest of hour 3, `L3x1` for the second log file of hour 3.
fn short(text: &str) -> String {
    let mut text = text.to_owned();
    for number in 0..30 {
        let digest = MAIN.digest_key(number);
        for name in [format!("s3://{BUCKET}/{digest}"), format!("copy/{digest}")] {
            text = text.replace(&name, &format!("D{number}"));
        }
        for part in 0..3 {
            let log = MAIN.log_key(number, part);
            for name in [format!("s3://{BUCKET}/{log}"), format!("copy/{log}")] {
                text = text.replace(&name, &format!("L{number}x{part}"));
            }
        }
    }
    text
}

#[test]
fn an_untouched_folder_is_valid_up_to_its_newest_digest() {
    let validation = validate(Bucket::with(0..5, 2).folder(), &keys(&["aa"]));
    let counts = (validation.digest_counts(), validation.log_counts());
    assert_eq!(counts.0, Counts { valid: 4, unknown: 1, ..Counts::default() });
    assert_eq!(counts.1, Counts { valid: 8, unknown: 2, ..Counts::default() });
    assert_eq!(*verdict(&validation, &MAIN.digest_key(4)), Verdict::Unknown(Unknown::Newest));
    assert_eq!(*verdict(&validation, &MAIN.log_key(4, 0)), Verdict::Unknown(Unknown::DigestUnknown));
    let [chain] = &*validation.chains else { panic!() };
    assert_eq!((chain.digests, chain.empty, &chain.before, &*chain.gaps), (5, 0, &None, &[][..]));
    assert_eq!(chain.span, Span { from: hour(0), to: hour(5) });
    assert_eq!(chain.covered, [Span { from: hour(0), to: hour(4) }]);
    assert!(!validation.is_invalid() && validation.is_incomplete());
}

#[test]
fn with_the_signatures_of_the_objects_all_is_valid() {
    let bucket = Bucket::with(0..5, 1);
    let validation = validate(bucket.bucket(), &keys(&["aa"]));
    assert_eq!((validation.digest_counts().valid, validation.log_counts().valid), (5, 5));
    assert!(!validation.is_invalid() && !validation.is_incomplete());
    // Whoever alters the metadata alters nothing where the chain has the signature too.
    let mut altered = bucket.clone();
    let other = altered.signatures[&MAIN.digest_key(1)].clone();
    for number in [2, 4] {
        altered.signatures.insert(MAIN.digest_key(number), other.clone());
    }
    let validation = validate(altered.bucket(), &keys(&["aa"]));
    assert_eq!(*verdict(&validation, &MAIN.digest_key(2)), Verdict::Valid);
    assert_eq!(*verdict(&validation, &MAIN.digest_key(4)), Verdict::Invalid(Invalid::Signature));
    assert_eq!(*verdict(&validation, &MAIN.log_key(4, 0)), Verdict::Unknown(Unknown::DigestInvalid));
    altered.signatures.insert(MAIN.digest_key(4), "no signature".to_owned());
    let validation = validate(altered.bucket(), &keys(&["aa"]));
    assert_eq!(*verdict(&validation, &MAIN.digest_key(4)), Verdict::Invalid(Invalid::Signature));
}

fn d(number: i64) -> String {
    MAIN.digest_key(number)
}

fn l(number: i64, part: usize) -> String {
    MAIN.log_key(number, part)
}

/// Checks which verdicts change, and to what, when something is done to a folder of six hours.
#[track_caller]
fn check(name: &str, change: &dyn Fn(&mut Bucket), expected: &[&str]) {
    let before = Bucket::with(0..6, 2);
    let mut bucket = before.clone();
    change(&mut bucket);
    assert_eq!(changes(&bucket, &before), expected, "{name}");
}

#[test]
fn log_files_that_were_altered() {
    check("nothing", &|_| {}, &[]);
    check(
        "compressed anew",
        &|b| {
            let bytes = gzip(b"{\"Records\":[2,0]}");
            b.objects.insert(l(2, 0), [bytes, gzip(b"")].concat());
        },
        &[],
    );
    check(
        "inflated",
        &|b| {
            b.objects.remove(&l(2, 0));
            b.objects.insert(l(2, 0).replace(".gz", ""), b"{\"Records\":[2,0]}".to_vec());
        },
        &["copy/".to_owned() + &l(2, 0).replace(".gz", "") + " Valid"].each_ref().map(String::as_str),
    );
    check("an altered log file", &|b| b.edit(&l(2, 0), "2,0", "2,9"), &["L2x0 Invalid(Altered)"]);
    check(
        "an altered log file of the newest digest",
        &|b| b.edit(&l(5, 0), "5,0", "5,9"),
        &["L5x0 Invalid(Contradiction(\"D5\"))"],
    );
    check(
        "a flipped byte",
        &|b| {
            let bytes = b.objects.get_mut(&l(2, 0)).unwrap();
            let at = bytes.len() - 5;
            bytes[at] ^= 1;
        },
        &["L2x0 Invalid(Damaged(\"corrupt gzip stream does not have a matching checksum\"))"],
    );
    check(
        "something behind",
        &|b| {
            b.objects.get_mut(&l(2, 0)).unwrap().extend(gzip(b"{\"Records\":[]}"));
        },
        &["L2x0 Invalid(Altered)"],
    );
    check("a removed log file", &|b| drop(b.objects.remove(&l(3, 1))), &["L3x1 Invalid(Missing)"]);
    check(
        "a removed log file of the newest digest",
        &|b| drop(b.objects.remove(&l(5, 1))),
        &["L5x1 Invalid(Missing)"],
    );
}

#[test]
fn log_files_that_were_moved() {
    check(
        "swapped log files",
        &|b| {
            b.rename(&l(1, 0), "x");
            b.rename(&l(2, 0), &l(1, 0));
            b.rename("x", &l(2, 0));
        },
        &["L1x0 Invalid(Altered)", "L2x0 Invalid(Altered)"],
    );
    let elsewhere = l(2, 0).replace("2026/01/01", "2026/01/02");
    check(
        "a moved log file",
        &|b| b.rename(&l(2, 0), &elsewhere),
        &[&format!("copy/{elsewhere} Invalid(Moved(\"L2x0\"))")],
    );
    check(
        "a renamed log file",
        &|b| b.rename(&l(2, 0), "AWSLogs/notes.json.gz"),
        &["copy/AWSLogs/notes.json.gz Invalid(Moved(\"L2x0\"))"],
    );
    check(
        "a copied log file",
        &|b| {
            let bytes = b.objects[&l(2, 0)].clone();
            b.objects.insert("AWSLogs/notes.json.gz".to_owned(), bytes);
        },
        &["copy/AWSLogs/notes.json.gz NotNamed(Copy(\"L2x0\"))"],
    );
    check(
        "a log file more",
        &|b| {
            b.objects.insert(l(2, 2), gzip(b"{}"));
            b.objects.insert(l(9, 2), gzip(b"{}"));
        },
        &["L2x2 NotNamed(LeftOut)", "L9x2 NotNamed(NotCovered)"],
    );
}

#[test]
fn digests_that_were_removed() {
    check(
        "a removed digest",
        &|b| drop(b.objects.remove(&d(3))),
        &[
            "D2 Unknown(Unsigned)",
            "D3 Invalid(Missing)",
            "L2x0 Unknown(DigestUnknown)",
            "L2x1 Unknown(DigestUnknown)",
            "L3x0 NotNamed(NotCovered)",
            "L3x1 NotNamed(NotCovered)",
        ],
    );
    check(
        "the newest digests are removed",
        &|b| {
            for number in [4, 5] {
                b.objects.remove(&d(number));
            }
        },
        &[
            "D3 Unknown(Newest)",
            "L3x0 Unknown(DigestUnknown)",
            "L3x1 Unknown(DigestUnknown)",
            "L4x0 NotNamed(NotCovered)",
            "L4x1 NotNamed(NotCovered)",
            "L5x0 NotNamed(NotCovered)",
            "L5x1 NotNamed(NotCovered)",
        ],
    );
    check(
        "the oldest digests are removed",
        &|b| {
            for number in [0, 1] {
                b.objects.remove(&d(number));
            }
        },
        &[
            "L0x0 NotNamed(NotCovered)",
            "L0x1 NotNamed(NotCovered)",
            "L1x0 NotNamed(NotCovered)",
            "L1x1 NotNamed(NotCovered)",
        ],
    );
    check(
        "swapped digests",
        &|b| {
            b.rename(&d(1), "x");
            b.rename(&d(3), &d(1));
            b.rename("x", &d(3));
        },
        &["D1 Invalid(Moved(\"D3\"))", "D3 Invalid(Moved(\"D1\"))"],
    );
    check(
        "a digest put over another",
        &|b| {
            let bytes = b.objects[&d(1)].clone();
            b.objects.insert(d(3), bytes);
        },
        &[
            "D2 Unknown(Unsigned)",
            "D3 Invalid(Missing)",
            "D3 Invalid(Moved(\"D1\"))",
            "L2x0 Unknown(DigestUnknown)",
            "L2x1 Unknown(DigestUnknown)",
            "L3x0 NotNamed(NotCovered)",
            "L3x1 NotNamed(NotCovered)",
        ],
    );
    check(
        "a digest that is none",
        &|b| drop(b.objects.insert(d(3), gzip(b"{}"))),
        &[
            "D2 Unknown(Unsigned)",
            "D3 Invalid(Malformed(\"it has other contents\"))",
            "L2x0 Unknown(DigestUnknown)",
            "L2x1 Unknown(DigestUnknown)",
            "L3x0 NotNamed(NotCovered)",
            "L3x1 NotNamed(NotCovered)",
        ],
    );
}

#[test]
fn digests_that_were_altered() {
    check(
        "an altered digest, and its log file with it",
        &|b| {
            let (from, to) = (hash(b"{\"Records\":[2,0]}"), hash(b"{\"Records\":[2,9]}"));
            b.edit(&l(2, 0), "2,0", "2,9");
            b.edit(&d(2), &from, &to);
        },
        &["D2 Invalid(Altered)", "L2x0 Unknown(DigestInvalid)", "L2x1 Unknown(DigestInvalid)"],
    );
    check(
        "an altered newest digest",
        &|b| b.edit(&d(5), &hash(b"{\"Records\":[5,0]}"), &hash(b"")),
        &["L5x0 Invalid(Contradiction(\"D5\"))"],
    );
    check(
        "an altered signature of the digest before",
        &|b| {
            let signature = b.signatures[&d(2)].clone();
            b.edit(&d(3), &signature, &signature.replace('a', "b"));
        },
        &[
            "D2 Unknown(FollowerInvalid(\"D3\"))",
            "D3 Invalid(Altered)",
            "L2x0 Unknown(DigestUnknown)",
            "L2x1 Unknown(DigestUnknown)",
            "L3x0 Unknown(DigestInvalid)",
            "L3x1 Unknown(DigestInvalid)",
        ],
    );
    check(
        "an altered signature in the newest digest",
        &|b| {
            let signature = b.signatures[&d(4)].clone();
            b.edit(&d(5), &signature, &signature.replace('a', "b"));
        },
        &["D4 Invalid(Contradiction(\"D5\"))", "L4x0 Unknown(DigestInvalid)", "L4x1 Unknown(DigestInvalid)"],
    );
    check(
        "another key",
        &|b| b.edit(&d(2), "Fingerprint\":\"aa", "Fingerprint\":\"bb"),
        &["D2 Invalid(Altered)", "L2x0 Unknown(DigestInvalid)", "L2x1 Unknown(DigestInvalid)"],
    );
    let other = format!("s3://other-bucket/{} Invalid(Missing)", d(1));
    check(
        "a digest that says it is in another bucket",
        &|b| b.edit(&d(2), BUCKET, "other-bucket"),
        &[
            "D1 Unknown(Unsigned)",
            "D2 Invalid(Missing)",
            "D2 Unknown(Unsigned)",
            "L1x0 Unknown(DigestUnknown)",
            "L1x1 Unknown(DigestUnknown)",
            "L2x0 Unknown(DigestUnknown)",
            "L2x1 Unknown(DigestUnknown)",
            &other,
        ],
    );
}

/// One chain's gaps, and where it was before.
fn gaps(validation: &Validation) -> Vec<String> {
    let [chain] = &*validation.chains else { panic!() };
    let gaps =
        chain.gaps.iter().map(|Gap { span, why }| short(&format!("{} {} {why:?}", span.from, span.to)));
    gaps.chain(chain.before.as_ref().map(|before| format!("before {}", short(before)))).collect()
}

#[test]
fn times_that_no_digest_accounts_for() {
    let whole = Bucket::with(0..6, 0);
    let check = |bucket: &Bucket, expected: &[&str]| {
        let validation = validate(bucket.folder(), &keys(&["aa"]));
        assert_eq!(gaps(&validation), expected);
        assert!(validation.is_incomplete());
    };
    check(&whole, &[]);
    let mut cut = whole.clone();
    cut.objects.remove(&MAIN.digest_key(0));
    check(&cut, &["before D0"]);
    cut.objects.remove(&MAIN.digest_key(2));
    cut.objects.remove(&MAIN.digest_key(3));
    check(&cut, &["2026-01-01T02:17:05Z 2026-01-01T04:17:05Z Lost(\"D3\")", "before D0"]);
    let mut again = Bucket::with(0..2, 1);
    MAIN.deliver(&mut again, 4..6, 1);
    check(&again, &["2026-01-01T02:17:05Z 2026-01-01T04:17:05Z Restarted"]);
    let mut altered = whole.clone();
    altered.edit(&MAIN.digest_key(3), "\"newestEventTime\":null", "\"newestEventTime\":\"\"");
    check(&altered, &["2026-01-01T03:17:05Z 2026-01-01T04:17:05Z Lost(\"D3\")"]);
    let chain = &validate(altered.folder(), &keys(&["aa"])).chains[0];
    let span = |from, to| Span { from: hour(from), to: hour(to) };
    assert_eq!((chain.empty, &*chain.covered), (6, &[span(0, 3), span(4, 5)][..]));
}

#[test]
fn the_last_digest_before_a_restart_has_no_signature() {
    let mut bucket = Bucket::with(0..2, 1);
    MAIN.deliver(&mut bucket, 4..6, 1);
    let validation = validate(bucket.folder(), &keys(&["aa"]));
    assert_eq!(*verdict(&validation, &MAIN.digest_key(1)), Verdict::Unknown(Unknown::Unsigned));
    assert_eq!(*verdict(&validation, &MAIN.digest_key(5)), Verdict::Unknown(Unknown::Newest));
    let validation = validate(bucket.bucket(), &keys(&["aa"]));
    assert_eq!(validation.digest_counts(), Counts { valid: 4, ..Counts::default() });
}

#[test]
fn many_trails_in_one_tree() {
    let trails = [
        MAIN,
        Trail { region: "eu-west-1", key: "bb", ..MAIN },
        Trail { name: "my_other", ..MAIN },
        Trail { account: "444455556666", ..MAIN },
        Trail { root: "shared/AWSLogs/o-a1b2c3d4e5/", ..MAIN },
        Trail {
            root: "shared/AWSLogs/o-a1b2c3d4e5/",
            account: "444455556666",
            region: "eu-west-1",
            key: "bb",
            ..MAIN
        },
    ];
    let mut bucket = Bucket::default();
    for trail in &trails {
        trail.deliver(&mut bucket, 0..3, 1);
    }
    bucket.objects.insert("README.txt".to_owned(), b"not a log file".to_vec());
    let validation = validate(bucket.folder(), &keys(&["aa", "bb"]));
    assert_eq!(validation.digest_counts(), Counts { valid: 12, unknown: 6, ..Counts::default() });
    assert_eq!(validation.log_counts(), Counts { valid: 12, unknown: 6, ..Counts::default() });
    assert_eq!(validation.chains.len(), 6);
    assert!(validation.chains.iter().all(|chain| chain.digests == 3 && chain.gaps.is_empty()));
    assert_eq!(validation.others, ["copy/README.txt"]);
    let all = validate(bucket.bucket(), &keys(&["aa", "bb"]));
    assert_eq!((all.digest_counts().valid, all.log_counts().valid), (18, 18));

    let span = Span { from: hour(0), to: hour(3) };
    let expected = BTreeMap::from([("eu-west-1".to_owned(), span), ("us-east-2".to_owned(), span)]);
    assert_eq!(signed(&bucket.folder().files), expected);

    let one_key = validate(bucket.bucket(), &keys(&["aa"]));
    assert_eq!(one_key.digest_counts(), Counts { valid: 12, unknown: 6, ..Counts::default() });
    let Verdict::Unknown(why) = verdict(&one_key, &trails[1].digest_key(1)) else { panic!() };
    assert!(
        why.to_string().contains("`bb`; give what `aws cloudtrail list-public-keys --region eu-west-1"),
        "{why}"
    );
    assert!(why.to_string().contains(&format!("--start-time {} --end-time {}`", hour(0), hour(3))), "{why}");
    assert_eq!(*verdict(&one_key, &trails[1].log_key(1, 0)), Verdict::Unknown(Unknown::DigestUnknown));
    assert!(!one_key.is_invalid() && one_key.is_incomplete());
}

#[test]
fn a_file_that_disagrees_is_found_without_any_key() {
    let mut bucket = Bucket::with(0..4, 1);
    assert!(!validate(bucket.folder(), &keys(&[])).is_invalid());
    bucket.edit(&MAIN.digest_key(1), &hash(b"{\"Records\":[1,0]}"), &hash(b""));
    let validation = validate(bucket.folder(), &keys(&[]));
    let Verdict::Invalid(Invalid::Contradiction(by)) = verdict(&validation, &MAIN.digest_key(1)) else {
        panic!()
    };
    assert_eq!(short(by), "D2");
}

#[test]
fn a_wrong_key_verifies_nothing() {
    let mut wrong = PublicKeys::default();
    let public = PublicKey::from(SIGNERS["bb"].as_ref());
    wrong.add("aa", public.to_pkcs1_der().unwrap().as_bytes()).unwrap();
    let validation = validate(Bucket::with(0..3, 1).bucket(), &wrong);
    assert_eq!(validation.digest_counts(), Counts { invalid: 3, ..Counts::default() });
    assert_eq!(validation.log_counts(), Counts { unknown: 3, ..Counts::default() });
    assert!(validation.chains[0].covered.is_empty());
}

#[test]
fn keys_change_within_a_chain() {
    let mut bucket = Bucket::default();
    let other = Trail { key: "bb", ..MAIN };
    MAIN.deliver(&mut bucket, 0..2, 1);
    let last = MAIN.digest_key(1);
    let text = flate2::read::GzDecoder::new(&*bucket.objects[&last]);
    let text = std::io::read_to_string(text).unwrap();
    let previous = (last.clone(), hash(text.as_bytes()), bucket.signatures[&last].clone());
    let text = other.text(2, Some(&previous), &[]).to_string();
    bucket.signatures.insert(other.digest_key(2), other.sign(&text));
    bucket.objects.insert(other.digest_key(2), gzip(text.as_bytes()));
    let valid = |names: &[&str]| validate(bucket.bucket(), &keys(names)).digest_counts().valid;
    assert_eq!((valid(&["aa", "bb"]), valid(&["aa"]), valid(&["bb"]), valid(&[])), (3, 2, 1, 0));
}

#[test]
fn what_was_not_read_is_neither_missing_nor_valid() {
    let bucket = Bucket::with(0..4, 1);
    let mut tree = bucket.folder();
    for file in &mut tree.files {
        if [MAIN.digest_key(1), MAIN.log_key(2, 0)].iter().any(|key| file.place.path.ends_with(key)) {
            file.contents = Contents::Unread("permission denied".to_owned());
        }
    }
    let validation = validate(tree, &keys(&["aa"]));
    let unread = Verdict::Unknown(Unknown::Unread("permission denied".to_owned()));
    assert_eq!(*verdict(&validation, &MAIN.digest_key(1)), unread);
    assert_eq!(*verdict(&validation, &MAIN.log_key(2, 0)), unread);
    assert_eq!(*verdict(&validation, &MAIN.digest_key(0)), Verdict::Unknown(Unknown::Unsigned));
    assert!(!validation.is_invalid());

    let mut part = bucket.clone();
    for key in [MAIN.digest_key(1), MAIN.log_key(2, 0)] {
        part.objects.remove(&key);
    }
    let validation =
        validate(Tree { unlisted: vec![Place::local("copy/AWSLogs")], ..part.folder() }, &keys(&["aa"]));
    assert_eq!(*verdict(&validation, &MAIN.digest_key(1)), Verdict::Unknown(Unknown::Unlisted));
    assert_eq!(*verdict(&validation, &MAIN.log_key(2, 0)), Verdict::Unknown(Unknown::Unlisted));
    assert!(!validation.is_invalid());
    let unlisted = vec![Place::local(format!("copy/AWSLogs/{ACCOUNT}/CloudTrail"))];
    let validation = validate(Tree { unlisted, ..part.folder() }, &keys(&["aa"]));
    assert_eq!(*verdict(&validation, &MAIN.digest_key(1)), Verdict::Invalid(Invalid::Missing));
    assert_eq!(*verdict(&validation, &MAIN.log_key(2, 0)), Verdict::Unknown(Unknown::Unlisted));
}

#[test]
fn a_tree_and_its_copy_are_both_judged() {
    let bucket = Bucket::with(0..3, 1);
    let mut tree = bucket.folder();
    let mut altered = bucket.clone();
    altered.edit(&MAIN.log_key(1, 0), "1,0", "1,9");
    altered.edit(&MAIN.digest_key(0), "SHA-256", "SHA256");
    tree.files.extend(altered.folder().files.into_iter().map(|mut file| {
        file.place.path = format!("again/{}", file.place.path);
        file
    }));
    let validation = validate(tree, &keys(&["aa"]));
    let of = |place: &str| verdict(&validation, place).clone();
    assert_eq!(of(&format!("again/copy/{}", MAIN.log_key(1, 0))), Verdict::Invalid(Invalid::Altered));
    let malformed = of(&format!("again/copy/{}", MAIN.digest_key(0)));
    assert!(matches!(malformed, Verdict::Invalid(Invalid::Malformed(_))), "{malformed:?}");
    assert_eq!(validation.log_counts(), Counts { valid: 3, invalid: 1, unknown: 2, not_named: 0 });
    assert_eq!(validation.digest_counts(), Counts { valid: 3, invalid: 1, unknown: 2, not_named: 0 });
}

#[test]
fn a_late_digest_is_no_gap() {
    let mut bucket = Bucket::with(0..4, 1);
    let late = MAIN.digest_key(1).replace("Z.json", "Z_backfill.json");
    let log = MAIN.log_key(1, 2);
    let named =
        json!({"s3Bucket": BUCKET, "s3Object": log, "hashValue": hash(b"late"), "hashAlgorithm": "SHA-256"});
    let mut text = MAIN.text(1, None, &[named]);
    text["digestS3Object"] = late.clone().into();
    let text = text.to_string();
    bucket.objects.insert(log.clone(), gzip(b"late"));
    bucket.objects.insert(late.clone(), gzip(text.as_bytes()));
    bucket.signatures.insert(late, MAIN.sign(&text));
    let validation = validate(bucket.bucket(), &keys(&["aa"]));
    assert_eq!(*verdict(&validation, &log), Verdict::Valid);
    assert_eq!((validation.digest_counts().valid, gaps(&validation)), (5, Vec::new()));
}

#[test]
fn digests_that_name_each_other_or_themselves_come_to_an_end() {
    let mut bucket = Bucket::with(0..3, 0);
    let (first, last) = (MAIN.digest_key(0), MAIN.digest_key(2));
    let text = MAIN.text(0, Some(&(last.clone(), hash(b""), "00".to_owned())), &[]).to_string();
    bucket.objects.insert(first.clone(), gzip(text.as_bytes()));
    let text = MAIN.text(2, Some(&(last.clone(), hash(b""), "00".to_owned())), &[]).to_string();
    bucket.objects.insert(last.clone(), gzip(text.as_bytes()));
    let validation = validate(bucket.folder(), &keys(&["aa"]));
    assert_eq!(validation.digest_counts().valid, 0);
    assert!(validation.is_invalid());
}

#[test]
fn the_order_of_the_files_does_not_matter() {
    let mut bucket = Bucket::with(0..6, 2);
    Trail { region: "eu-west-1", key: "bb", ..MAIN }.deliver(&mut bucket, 0..6, 1);
    bucket.objects.remove(&MAIN.digest_key(3));
    bucket.edit(&MAIN.log_key(1, 0), "1,0", "1,9");
    let expected = validate(bucket.folder(), &keys(&["aa"]));
    for step in [1, 3, 7] {
        let mut tree = bucket.folder();
        let count = tree.files.len();
        tree.files.rotate_left(step * 3 % count);
        tree.files.reverse();
        tree.files.swap(step, count / 2);
        assert_eq!(validate(tree, &keys(&["aa"])), expected);
    }
}

#[test]
fn an_empty_tree_is_not_a_pass() {
    let validation = validate(Tree { files: Vec::new(), unlisted: Vec::new() }, &keys(&["aa"]));
    assert!(!validation.is_invalid() && validation.is_incomplete());
}

/// Signed by Python's `cryptography`, whose private key was thrown away.
#[test]
fn a_digest_that_another_program_signed() {
    let text = include_bytes!("signed/digest.json");
    let digest = Digest::parse(text).unwrap();
    let mut keys = PublicKeys::default();
    keys.read(include_bytes!("signed/keys.json")).unwrap();
    let file = |object: &Object, bytes: &[u8], signature: Option<&str>| File {
        place: Place::object(&*object.bucket, &*object.key),
        contents: Intake::of(&gzip(bytes)),
        signature: signature.map(ToOwned::to_owned),
    };
    let signature = include_str!("signed/signature.txt").trim();
    let log = file(&digest.logs[0].object, b"{\"Records\":[]}", None);
    let check = |text: &[u8], signature: &str| {
        let files = vec![file(&digest.object, text, Some(signature)), log.clone()];
        let validation = validate(Tree { files, unlisted: Vec::new() }, &keys);
        (
            validation.digests[0].verdict.clone(),
            validation.logs[0].verdict.clone(),
            validation.is_incomplete(),
        )
    };
    assert_eq!(check(text, signature), (Verdict::Valid, Verdict::Valid, false));
    let forged = Verdict::Invalid(Invalid::Signature);
    let unknown = Verdict::Unknown(Unknown::DigestInvalid);
    assert_eq!(check(&[&text[..], b" "].concat(), signature), (forged.clone(), unknown.clone(), true));
    let other = format!("00{}", signature.get(2..).unwrap());
    assert_eq!(check(text, &other), (forged, unknown, true));
}
