//! Log files: whether they are what digests say of them.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jiff::Timestamp;

use super::chains::{Link, Links, Lost, Standing, union};
use super::document::{Hash, LogFile, Object};
use super::intake::Contents;
use super::place::{ChainId, Delivery, Place, stem};
use super::verdict::{Invalid, Judged, NotNamed, Span, Unknown, Verdict};

/// A file that is no digest.
pub(super) struct Candidate {
    pub(super) place: Place,
    pub(super) contents: Contents,
}

impl Candidate {
    fn hash(&self) -> Option<Hash> {
        match &self.contents {
            Contents::Whole { hash, .. } => Some(*hash),
            _ => None,
        }
    }
}

/// What one digest says of one log file.
#[derive(Clone, Copy)]
struct Entry<'l> {
    link: &'l Link,
    log: &'l LogFile,
}

/// What all digests say of log files.
pub(super) struct Ledger<'l> {
    by_name: HashMap<&'l str, Vec<Entry<'l>>>,
    covered: HashMap<(String, String), Vec<Span>>,
}

impl<'l> Ledger<'l> {
    pub(super) fn new(links: &'l Links) -> Self {
        let mut by_name: HashMap<&str, Vec<Entry<'_>>> = HashMap::new();
        let mut spans: BTreeMap<(String, String), Vec<Span>> = BTreeMap::new();
        for link in &links.all {
            for log in &link.digest.logs {
                by_name.entry(stem(&log.object.key)).or_default().push(Entry { link, log });
            }
            if !matches!(link.standing, Standing::Forged(_)) {
                let ChainId { account, region, .. } = ChainId::of(&link.digest);
                let span = Span { from: link.digest.start, to: link.digest.end };
                spans.entry((account, region)).or_default().push(span);
            }
        }
        let covered = spans.into_iter().map(|(place, spans)| (place, union(spans))).collect();
        Self { by_name, covered }
    }

    /// What digests say of the file at a place.
    fn of<'e>(&'e self, place: &'e Place) -> impl Iterator<Item = Entry<'l>> + 'e {
        let named = self.by_name.get(place.stem()).map_or(&[][..], Vec::as_slice);
        named.iter().copied().filter(|entry| place.is(&entry.log.object))
    }

    /// The verdicts on all log files, and the files that are none.
    pub(super) fn judge(&self, files: Vec<Candidate>, lost: &Lost<'_>) -> (Vec<Judged>, Vec<String>) {
        let mut vacant = self.vacant(&files);
        let by_hash = self.by_hash();
        let (mut logs, mut others) = (Vec::new(), Vec::new());
        for file in files {
            let best = self.of(&file.place).map(|entry| (judge(&file.contents, entry), entry)).min_by(better);
            let (verdict, digest) = match best {
                Some((verdict, entry)) => (Some(verdict), Some(Arc::clone(&entry.link.name))),
                None => self.unnamed(&file, &by_hash, &mut vacant),
            };
            match verdict {
                Some(verdict) => logs.push(Judged { place: file.place.to_string(), digest, verdict }),
                None => others.push(file.place.to_string()),
            }
        }
        let absent = vacant.into_values().filter(|slot| !slot.is_elsewhere);
        logs.extend(absent.map(|Slot { entry: Entry { link, log }, .. }| Judged {
            place: log.object.to_string(),
            digest: Some(Arc::clone(&link.name)),
            verdict: lost(&link.standing, &log.object),
        }));
        (logs, others)
    }

    /// The log files that are not where digests say.
    fn vacant(&self, files: &[Candidate]) -> BTreeMap<&'l Object, Slot<'l>> {
        let mut there = std::collections::HashSet::new();
        for file in files {
            there.extend(self.of(&file.place).map(|entry| &entry.log.object));
        }
        let entries = self.entries().into_iter().filter(|entry| !there.contains(&entry.log.object));
        let mut vacant: BTreeMap<&Object, Slot<'_>> = BTreeMap::new();
        for entry in entries {
            let slot = vacant.entry(&entry.log.object).or_insert(Slot { entry, is_elsewhere: false });
            if rank(&entry.link.standing) < rank(&slot.entry.link.standing) {
                slot.entry = entry;
            }
        }
        vacant
    }

    /// All that digests say, in the order of the objects and then of the digests.
    fn entries(&self) -> Vec<Entry<'l>> {
        let mut names: Vec<&str> = self.by_name.keys().copied().collect();
        names.sort_unstable();
        names.iter().filter_map(|name| self.by_name.get(name)).flatten().copied().collect()
    }

    /// What digests say, by the hash of the contents.
    fn by_hash(&self) -> HashMap<Hash, Vec<Entry<'l>>> {
        let mut by_hash: HashMap<Hash, Vec<Entry<'_>>> = HashMap::new();
        for entry in self.entries() {
            if !matches!(entry.link.standing, Standing::Forged(_)) {
                by_hash.entry(entry.log.hash).or_default().push(entry);
            }
        }
        by_hash
    }

    /// A file of which no digest speaks, at least not at this place; nothing is said of what is no log file.
    fn unnamed(
        &self,
        file: &Candidate,
        by_hash: &HashMap<Hash, Vec<Entry<'l>>>,
        vacant: &mut BTreeMap<&'l Object, Slot<'l>>,
    ) -> (Option<Verdict>, Option<Arc<str>>) {
        let same = file.hash().and_then(|hash| by_hash.get(&hash)).map_or(&[][..], Vec::as_slice);
        for entry in same {
            if let Some(slot) = vacant.get_mut(&entry.log.object) {
                slot.is_elsewhere = true;
                let moved = Verdict::Invalid(Invalid::Moved(entry.log.object.to_string()));
                return (Some(moved), Some(Arc::clone(&entry.link.name)));
            }
        }
        let not_named = match (&file.contents, Delivery::of(&file.place.path), same.first()) {
            (Contents::Unread(why), ..) => Some(Verdict::Unknown(Unknown::Unread(why.clone()))),
            (Contents::Damaged(why), Some(_), _) => Some(Verdict::Invalid(Invalid::Damaged(why.clone()))),
            (_, _, Some(entry)) => Some(Verdict::NotNamed(NotNamed::Copy(entry.log.object.to_string()))),
            (_, Some(delivery), None) if self.covers(&delivery) => Some(Verdict::NotNamed(NotNamed::LeftOut)),
            (_, Some(_), None) => Some(Verdict::NotNamed(NotNamed::NotCovered)),
            (_, None, None) => None,
        };
        (not_named, None)
    }

    fn covers(&self, delivery: &Delivery<'_>) -> bool {
        let place = (delivery.account.to_owned(), delivery.region.to_owned());
        let spans = self.covered.get(&place).map_or(&[][..], Vec::as_slice);
        let at: Timestamp = delivery.time;
        spans.iter().any(|span| span.from <= at && at < span.to)
    }
}

/// A place that a digest names and where no file is.
struct Slot<'l> {
    entry: Entry<'l>,
    is_elsewhere: bool,
}

/// What one digest's word makes of a file.
fn judge(contents: &Contents, Entry { link, log }: Entry<'_>) -> Verdict {
    let hash = match contents {
        Contents::Whole { hash, .. } => hash,
        Contents::Damaged(why) => return Verdict::Invalid(Invalid::Damaged(why.clone())),
        Contents::Unread(why) => return Verdict::Unknown(Unknown::Unread(why.clone())),
        Contents::Ignored => return Verdict::Unknown(Unknown::Unread("its name is another".to_owned())),
    };
    match (&link.standing, *hash == log.hash) {
        (Standing::Authentic, true) => Verdict::Valid,
        (Standing::Authentic, false) => Verdict::Invalid(Invalid::Altered),
        (Standing::Unverified(_), true) => Verdict::Unknown(Unknown::DigestUnknown),
        (Standing::Unverified(_), false) => Verdict::Invalid(Invalid::Contradiction(Arc::clone(&link.name))),
        (Standing::Forged(_), _) => Verdict::Unknown(Unknown::DigestInvalid),
    }
}

/// Where several digests name a file, the surest word counts.
fn better(one: &(Verdict, Entry<'_>), other: &(Verdict, Entry<'_>)) -> std::cmp::Ordering {
    let key = |(verdict, entry): &(Verdict, Entry<'_>)| {
        let order = match verdict {
            Verdict::Valid => 0,
            Verdict::Invalid(_) => 1,
            Verdict::Unknown(_) | Verdict::NotNamed(_) => 2,
        };
        (rank(&entry.link.standing), order)
    };
    key(one).cmp(&key(other)).then_with(|| one.1.link.place.cmp(&other.1.link.place))
}

const fn rank(standing: &Standing) -> u8 {
    match standing {
        Standing::Authentic => 0,
        Standing::Unverified(_) => 1,
        Standing::Forged(_) => 2,
    }
}
