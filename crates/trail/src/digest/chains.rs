//! Digests: which of them are authentic, and what times they account for.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use jiff::Timestamp;

use super::document::{Digest, Hash, Object, Previous, unhex};
use super::keys::PublicKeys;
use super::place::{ChainId, Place, is_backfill};
use super::verdict::{Chain, Gap, GapReason, Invalid, Judged, Span, Unknown, Verdict};

/// The way to sign that CloudTrail documents.
const ALGORITHM: &str = "SHA256withRSA";

/// A digest that was read.
pub(super) struct Link {
    pub(super) place: Place,
    pub(super) name: Arc<str>,
    pub(super) digest: Box<Digest>,
    hash: Hash,
    signature: Option<String>,
    chain: ChainId,
    pub(super) standing: Standing,
}

/// Whether a digest's contents are CloudTrail's, wherever it lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Standing {
    Authentic,
    Unverified(Unknown),
    Forged(Invalid),
}

/// What it comes to that an object is not there, where a digest of that standing names it.
pub(super) type Lost<'t> = dyn Fn(&Standing, &Object) -> Verdict + 't;

impl Link {
    pub(super) fn new(place: Place, digest: Box<Digest>, hash: Hash, signature: Option<String>) -> Self {
        let chain = ChainId::of(&digest);
        let name = place.to_string().into();
        Self { place, name, digest, hash, signature, chain, standing: Standing::Unverified(Unknown::Newest) }
    }

    fn is_in_place(&self) -> bool {
        self.place.is(&self.digest.object)
    }

    fn verdict(&self) -> Verdict {
        match &self.standing {
            Standing::Forged(why) => Verdict::Invalid(why.clone()),
            _ if !self.is_in_place() => Verdict::Invalid(Invalid::Moved(self.digest.object.to_string())),
            Standing::Authentic => Verdict::Valid,
            Standing::Unverified(why) => Verdict::Unknown(why.clone()),
        }
    }

    /// Why it is not verified, though there is a signature.
    fn unverified(&self) -> Unknown {
        let digest = &self.digest;
        if digest.signature_algorithm == ALGORITHM {
            Unknown::NoKey {
                fingerprint: digest.fingerprint.clone(),
                region: self.chain.region.clone(),
                span: self.span(),
            }
        } else {
            Unknown::Algorithm(digest.signature_algorithm.clone())
        }
    }

    fn span(&self) -> Span {
        Span { from: self.digest.start, to: self.digest.end.max(self.digest.start) }
    }
}

/// All digests of a tree, newest first.
pub(super) struct Links {
    pub(super) all: Vec<Link>,
    /// Those that name a digest as the one before.
    followers: HashMap<Object, Vec<usize>>,
}

impl Links {
    /// Decides which digests are authentic: newest first, since each one's signature is in the one that follows.
    pub(super) fn new(mut all: Vec<Link>, keys: &PublicKeys) -> Self {
        all.sort_by(|a, b| (b.digest.end, &b.place).cmp(&(a.digest.end, &a.place)));
        let mut followers: HashMap<Object, Vec<usize>> = HashMap::new();
        let mut newest: HashMap<ChainId, Timestamp> = HashMap::new();
        for (index, link) in all.iter().enumerate() {
            if let Some(previous) = &link.digest.previous {
                followers.entry(previous.object.clone()).or_default().push(index);
            }
            newest.entry(link.chain.clone()).or_insert(link.digest.end);
        }
        let mut links = Self { all, followers };
        for index in 0..links.all.len() {
            let standing = links.standing(index, keys, &newest);
            if let (Some(link), Some(standing)) = (links.all.get_mut(index), standing) {
                link.standing = standing;
            }
        }
        links.widen();
        links
    }

    /// Gives all digests that lack the same key the same reason: the time of all of them.
    fn widen(&mut self) {
        let mut spans: HashMap<String, Span> = HashMap::new();
        for link in &mut self.all {
            if let Standing::Unverified(Unknown::NoKey { fingerprint, span, .. }) = &link.standing {
                let whole = spans.entry(fingerprint.clone()).or_insert(*span);
                *whole = Span { from: whole.from.min(span.from), to: whole.to.max(span.to) };
            }
        }
        for link in &mut self.all {
            if let Standing::Unverified(Unknown::NoKey { fingerprint, span, .. }) = &mut link.standing {
                *span = spans.get(fingerprint).copied().unwrap_or(*span);
            }
        }
    }

    /// The digests that name one as the digest before, with what they say of it; never itself.
    fn followers(&self, of: usize) -> impl Iterator<Item = (&Link, &Previous)> {
        let object = self.all.get(of).map(|link| &link.digest.object);
        let indexes = object.and_then(|object| self.followers.get(object)).map_or(&[][..], Vec::as_slice);
        let others = indexes.iter().filter(move |index| **index != of);
        others.filter_map(|index| {
            let link = self.all.get(*index)?;
            Some((link, link.digest.previous.as_ref()?))
        })
    }

    fn standing(
        &self,
        index: usize,
        keys: &PublicKeys,
        newest: &HashMap<ChainId, Timestamp>,
    ) -> Option<Standing> {
        let link = self.all.get(index)?;
        let check = Check::new(link, keys);
        let mut words = Words::default();
        for (follower, previous) in self.followers(index) {
            words.add(follower, previous, link.hash, &check);
        }
        let own = link.signature.as_deref().map(|signature| check.signature(signature));
        words.has_signature |= own.is_some();
        words.is_verified |= own == Some(Some(true));
        let is_refused = own == Some(Some(false));
        let Words { refuted, doubted, forged, is_verified, has_signature } = words;
        let is_newest = newest.get(&link.chain).is_some_and(|newest| link.digest.end >= *newest);
        Some(match (refuted, doubted) {
            (Some(why), _) => Standing::Forged(why),
            _ if is_verified => Standing::Authentic,
            _ if is_refused => Standing::Forged(Invalid::Signature),
            (None, Some(follower)) => Standing::Forged(Invalid::Contradiction(follower)),
            (None, None) if has_signature => Standing::Unverified(link.unverified()),
            (None, None) => Standing::Unverified(match forged {
                Some(follower) => Unknown::FollowerInvalid(follower),
                None if is_newest => Unknown::Newest,
                None => Unknown::Unsigned,
            }),
        })
    }

    /// The digests that others name as the digest before, and that are not there: with the verdict on them, or none
    /// for the one before the oldest of a chain, which may never have been in the tree.
    fn absent(&self, taken: &dyn Fn(&Object) -> bool, lost: &Lost<'_>) -> Absent<'_> {
        let there: BTreeSet<&Object> = self.all.iter().map(|link| &link.digest.object).collect();
        let sound = || self.all.iter().filter(|link| !matches!(link.standing, Standing::Forged(_)));
        let oldest: HashMap<&ChainId, Timestamp> =
            sound().map(|link| (&link.chain, link.digest.end)).collect();
        let mut absent = Absent::default();
        for link in &self.all {
            let Some(previous) = &link.digest.previous else { continue };
            if there.contains(&previous.object) || taken(&previous.object) {
                continue;
            }
            if oldest.get(&link.chain) == Some(&link.digest.end) {
                absent.before.insert(&link.chain, &previous.object);
                continue;
            }
            absent.lost.insert(&previous.object, lost(&link.standing, &previous.object));
        }
        absent
    }

    /// The verdicts on all digests and what their chains account for. `taken` tells whether some file is where an
    /// object should be, and `lost` says what it comes to that one is not.
    pub(super) fn judge(
        &self,
        taken: &dyn Fn(&Object) -> bool,
        lost: &Lost<'_>,
    ) -> (Vec<Judged>, Vec<Chain>) {
        let absent = self.absent(taken, lost);
        let judged =
            |link: &Link| Judged { place: link.place.to_string(), digest: None, verdict: link.verdict() };
        let lost = absent.lost.iter().map(|(object, verdict)| Judged {
            place: object.to_string(),
            digest: None,
            verdict: verdict.clone(),
        });
        let judged = self.all.iter().map(judged).chain(lost).collect();
        let mut chains: BTreeMap<&ChainId, Vec<&Link>> = BTreeMap::new();
        for link in self.all.iter().rev() {
            chains.entry(&link.chain).or_default().push(link);
        }
        let chain = |(id, links): (&ChainId, Vec<&Link>)| chain(id, &links, absent.before.get(id).copied());
        (judged, chains.into_iter().filter_map(chain).collect())
    }
}

/// What the digests that follow say of one.
#[derive(Default)]
struct Words {
    /// An authentic one contradicts it.
    refuted: Option<Invalid>,
    /// One that is not verified contradicts it.
    doubted: Option<Arc<str>>,
    /// One was altered, so that its word does not count.
    forged: Option<Arc<str>>,
    /// One holds a signature that is right; that counts wherever it stands.
    is_verified: bool,
    /// One that was not altered holds a signature.
    has_signature: bool,
}

impl Words {
    fn add(&mut self, follower: &Link, previous: &Previous, hash: Hash, check: &Check<'_>) {
        let signed = previous.signature.as_deref().and_then(|signature| check.signature(signature));
        let differs = previous.hash.is_some_and(|stated| stated != hash);
        self.is_verified |= signed == Some(true);
        match follower.standing {
            Standing::Forged(_) => {
                self.forged = Some(Arc::clone(&follower.name));
                return;
            }
            Standing::Authentic if differs => self.refuted = Some(Invalid::Altered),
            Standing::Authentic if signed == Some(false) => self.refuted = Some(Invalid::Signature),
            Standing::Unverified(_) if differs || signed == Some(false) => {
                self.doubted = Some(Arc::clone(&follower.name));
            }
            Standing::Authentic | Standing::Unverified(_) => {}
        }
        self.has_signature |= previous.signature.is_some();
    }
}

#[derive(Default)]
struct Absent<'l> {
    lost: BTreeMap<&'l Object, Verdict>,
    before: BTreeMap<&'l ChainId, &'l Object>,
}

/// The check of one digest's signature.
struct Check<'c> {
    message: String,
    fingerprint: &'c str,
    keys: Option<&'c PublicKeys>,
}

impl<'c> Check<'c> {
    fn new(link: &'c Link, keys: &'c PublicKeys) -> Self {
        let digest = &link.digest;
        let message = digest.string_to_sign(link.hash);
        let keys = (digest.signature_algorithm == ALGORITHM).then_some(keys);
        Self { message, fingerprint: &digest.fingerprint, keys }
    }

    /// Whether a signature is one of this digest; nothing where that cannot be checked.
    fn signature(&self, digits: &str) -> Option<bool> {
        let keys = self.keys.filter(|keys| keys.has(self.fingerprint))?;
        let Some(signature) = unhex(digits) else { return Some(false) };
        keys.verify(self.fingerprint, self.message.as_bytes(), &signature)
    }
}

/// What a chain accounts for; its links are given oldest first.
fn chain(id: &ChainId, links: &[&Link], before: Option<&Object>) -> Option<Chain> {
    let from = links.iter().map(|link| link.span().from).min()?;
    let to = links.iter().map(|link| link.span().to).max()?;
    let valid = links.iter().filter(|link| link.verdict() == Verdict::Valid).map(|link| link.span());
    Some(Chain {
        id: id.clone(),
        digests: links.len(),
        empty: links.iter().filter(|link| link.digest.logs.is_empty()).count(),
        span: Span { from, to },
        covered: union(valid.collect()),
        gaps: gaps(links),
        before: before.map(ToString::to_string),
    })
}

/// The spans, with those that touch joined.
pub(super) fn union(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    let mut joined: Vec<Span> = Vec::new();
    for span in spans {
        match joined.last_mut() {
            Some(last) if span.from <= last.to => last.to = last.to.max(span.to),
            _ => joined.push(span),
        }
    }
    joined
}

/// The times between digests that none of them accounts for. What an altered digest says does not count.
fn gaps(links: &[&Link]) -> Vec<Gap> {
    let mut hourly: Vec<&&Link> = links
        .iter()
        .filter(|link| !matches!(link.standing, Standing::Forged(_)) && !is_backfill(&link.digest.object))
        .collect();
    hourly.sort_by_key(|link| link.span());
    let present: BTreeSet<&Object> = hourly.iter().map(|link| &link.digest.object).collect();
    let mut gaps = Vec::new();
    let mut until = None;
    for link in hourly {
        let span = link.span();
        if let Some(from) = until.filter(|until| *until < span.from) {
            let why = match &link.digest.previous {
                None => GapReason::Restarted,
                Some(previous) if present.contains(&previous.object) => GapReason::Skipped,
                Some(previous) => GapReason::Lost(previous.object.to_string()),
            };
            gaps.push(Gap { span: Span { from, to: span.from }, why });
        }
        until = until.max(Some(span.to));
    }
    gaps
}
