//! Who used what: from events to [`Usage`].
//!
//! An event becomes a caller, the IAM actions that the call needed, and the ARNs of what it was on. Most events are
//! named as the action is; the tables in `usage/data` have the others. ARNs are those that the record lists, else what
//! the request or its answer names, put into the catalogue's templates; what cannot be told is counted as an unknown
//! resource. What a call needs besides is inferred, above all `iam:PassRole`, which is never logged.
//!
//! Limits: the account in a made ARN is that of the log, which is another than the owner's for what accounts share
//! (subnets, images); a role that was deleted and made again is one role.
//!
//! Sources: [record contents](https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html),
//! [Service Authorization Reference](https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html).

mod condition;
mod counts;
mod denial;
pub(crate) mod hash;
pub(crate) mod identity;
mod leaves;
mod meaning;
mod pairs;
mod plan;
mod progress;
mod resources;
mod table;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use jiff::Timestamp;
use leastwise_iam::catalogue::{Action, ActionId, Catalogue};
use leastwise_model::{Caller, Calls, Usage};

use self::condition::Condition;
use self::counts::{CallerId, Counts, Key};
use self::hash::Map;
use self::identity::Identity;
use self::meaning::Meanings;
use self::pairs::{Pairs, Shared};
use self::plan::{Plan, Plans};
use self::resources::{Place, Resources};
use self::table::{Meaning, Step};
use crate::json::Shape;
use crate::{Analysis, Event, Field, moment};

pub use progress::{FileMark, Progress, ProgressError, Seen};

/// How many kinds of events are remembered with their meaning; there are some ten thousand.
const MOST_MEANINGS: usize = 1 << 16;

/// How many resources of one call are kept apart.
const MOST_RESOURCES: usize = 100;

/// Makes [`Usage`] of events.
pub struct UsageAnalysis {
    meanings: Meanings,
    plans: Plans,
    known: RwLock<Map<Box<str>, Arc<Meaning>>>,
    pass_role: Option<&'static Action>,
}

/// What the events of one file come to.
#[derive(Debug, Default)]
pub struct UsagePart {
    counts: Counts,
    shared: Vec<Shared>,
    callers: Map<Box<str>, Option<CallerId>>,
    meanings: Map<Box<str>, Arc<Meaning>>,
    key: String,
}

/// What all events come to.
#[derive(Debug, Default)]
pub struct UsageWhole {
    counts: Counts,
    pairs: Pairs,
}

impl UsageWhole {
    /// The usage, when all parts are in.
    pub fn finish(mut self) -> Usage {
        self.pairs.finish(&mut self.counts);
        self.counts.finish()
    }
}

impl Default for UsageAnalysis {
    fn default() -> Self {
        Self::new()
    }
}

impl UsageAnalysis {
    /// Unfolds the catalogue and the tables, if nothing else has done so yet.
    pub fn new() -> Self {
        Self {
            meanings: Meanings::new(),
            plans: Plans::new(),
            known: RwLock::default(),
            pass_role: Catalogue::get().action("iam:PassRole"),
        }
    }
}

impl Analysis for UsageAnalysis {
    type Part = UsagePart;
    type Whole = UsageWhole;

    fn part(&self) -> UsagePart {
        UsagePart::default()
    }

    fn event(&self, part: &mut UsagePart, event: &Event<'_>) {
        let identity = Identity::of(event);
        let place = Place::of(event, &identity);
        let time = moment::instant(event);
        part.cover(&place, time);
        if let Some(kind) = no_call(event) {
            part.no_call(event, &identity, kind, time);
        } else {
            part.kind(event);
            self.call(part, &Call::new(event, identity, place, time));
        }
    }

    fn join(&self, whole: &mut UsageWhole, part: UsagePart) {
        whole.counts.join(part.counts);
        for shared in part.shared {
            whole.pairs.take(shared, &mut whole.counts);
        }
    }
}

/// What an event is that is no call: an act of a service, a sign-in, what an endpoint saw, an Insight.
///
/// Sources: [record contents, `eventType`](https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html),
/// [Insights events](https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-insights-events-with-cloudtrail.html).
fn no_call<'r>(event: &Event<'r>) -> Option<&'r str> {
    let kind = event.str(Field::EventType).filter(|kind| !kind.eq_ignore_ascii_case("AwsApiCall"));
    kind.or_else(|| event.str(Field::EventCategory).filter(|category| *category == "Insight"))
}

/// One call of an interface of AWS.
struct Call<'e, 'r> {
    event: &'e Event<'r>,
    identity: Identity<'r>,
    place: Place<'r>,
    time: Option<Timestamp>,
    denied: bool,
    failed: bool,
}

impl<'e, 'r> Call<'e, 'r> {
    fn new(event: &'e Event<'r>, identity: Identity<'r>, place: Place<'r>, time: Option<Timestamp>) -> Self {
        let code = event.str(Field::ErrorCode).filter(|code| !code.is_empty());
        let denied = code.is_some_and(denial::is_denial);
        Self { event, identity, place, time, denied, failed: code.is_some() && !denied }
    }

    /// Counts the call itself.
    fn count(&self, calls: &mut Calls) {
        calls.tally.add(self.time);
        if self.failed {
            calls.failed = calls.failed.saturating_add(1);
        }
        if !self.place.region.is_empty() {
            calls.regions.count(self.place.region);
        }
        if let Some(service) = self.identity.via() {
            calls.via.count(service);
        }
    }

    /// Counts what follows from the call.
    fn infer(&self, calls: &mut Calls, arns: &[Cow<'_, str>]) {
        self.count(calls);
        calls.inferred = calls.inferred.saturating_add(1);
        on(calls, arns, true);
    }

    /// The number of a call that another account logs too, and whether this is the caller's account.
    fn shared(&self) -> Option<(Option<u128>, bool)> {
        let id = pairs::uuid(self.event.str(Field::SharedEventId)?);
        let account = self.identity.account().filter(|_| !self.identity.is_service());
        Some((id, account.is_none_or(|account| account == self.place.account)))
    }
}

/// Counts what calls were on.
fn on(calls: &mut Calls, arns: &[Cow<'_, str>], resource_level: bool) {
    if arns.is_empty() && resource_level {
        calls.unknown_resource = calls.unknown_resource.saturating_add(1);
    }
    arns.iter().take(MOST_RESOURCES).for_each(|arn| calls.resources.count(arn));
    calls.resources.add_other(arns.len().saturating_sub(MOST_RESOURCES) as u64);
}

/// Where calls are counted: at their caller, or apart until their pair is found.
enum Sink<'p> {
    Counts(&'p mut Counts, CallerId),
    Apart(BTreeMap<(ActionId, bool), Calls>),
}

impl Sink<'_> {
    fn calls(&mut self, action: ActionId, denied: bool) -> &mut Calls {
        match self {
            Self::Counts(counts, caller) => counts.calls(Key { caller: *caller, action, denied }),
            Self::Apart(calls) => calls.entry((action, denied)).or_default(),
        }
    }
}

impl UsageAnalysis {
    fn call(&self, part: &mut UsagePart, call: &Call<'_, '_>) {
        let meaning = self.meaning(part, call.event);
        let steps = match &*meaning {
            Meaning::All(steps) => steps.as_slice(),
            Meaning::OneOf(steps) => match one(steps, call.event) {
                Some(step) => std::slice::from_ref(step),
                None => return part.counts.usage.ambiguous.entry(&name(call.event)).add(call.time),
            },
            Meaning::Nothing | Meaning::Unmapped => &[],
        };
        match &*meaning {
            Meaning::Nothing => part.counts.usage.permissionless.entry(&name(call.event)).add(call.time),
            Meaning::Unmapped => part.counts.usage.unmapped.entry(&name(call.event)).add(call.time),
            Meaning::All(_) | Meaning::OneOf(_) => {}
        }
        self.count(part, call, steps);
    }

    fn count(&self, part: &mut UsagePart, call: &Call<'_, '_>, steps: &[Step]) {
        match call.shared() {
            Some((Some(id), from_caller)) if !steps.is_empty() => {
                let caller = call.identity.caller();
                let mut sink = Sink::Apart(BTreeMap::new());
                self.steps(&mut sink, call, steps, &caller);
                let session = call.identity.session().map(Box::from);
                if from_caller {
                    part.caller(call);
                }
                if let Sink::Apart(calls) = sink {
                    part.shared.push(Shared { id, from_caller, caller, session, calls });
                }
            }
            shared => {
                if let Some((None, _)) = shared {
                    part.counts.usage.shared_unsearched =
                        part.counts.usage.shared_unsearched.saturating_add(1);
                }
                self.count_here(part, call, steps);
            }
        }
    }

    fn count_here(&self, part: &mut UsagePart, call: &Call<'_, '_>, steps: &[Step]) {
        let Some(id) = part.caller(call) else { return part.counts.other_caller(call.time) };
        let Some((caller, row)) = part.counts.caller(id) else { return };
        if let Some(session) = call.identity.session() {
            row.sessions.count(session);
        }
        let caller = caller.clone();
        self.steps(&mut Sink::Counts(&mut part.counts, id), call, steps, &caller);
    }

    fn steps(&self, sink: &mut Sink<'_>, call: &Call<'_, '_>, steps: &[Step], caller: &Caller) {
        let listed = !steps.iter().any(|step| matches!(step.condition, Condition::From(_)));
        for step in steps {
            if step.condition.holds(call.event)
                && let Some(plan) = self.plans.of(step.action)
            {
                self.step(sink, call, step, plan, caller, listed);
            }
        }
    }

    fn step(
        &self,
        sink: &mut Sink<'_>,
        call: &Call<'_, '_>,
        step: &Step,
        plan: &Plan,
        caller: &Caller,
        listed: bool,
    ) {
        let mut found = match &step.condition {
            Condition::From(path) => {
                let text = call.event.find(path).and_then(crate::json::Value::as_str);
                let object = text.and_then(|text| resources::copied_object(text, &call.place));
                Resources { arns: object.into_iter().map(Cow::Owned).collect(), roles: Vec::new() }
            }
            _ => Resources::of(plan, call.event, &call.place, listed),
        };
        if found.arns.is_empty() && !call.denied {
            let own = resources::caller_itself(plan, call.event, caller);
            found.arns.extend(own.map(|arn| Cow::Owned(arn.to_owned())));
        }
        let calls = sink.calls(plan.action.id(), call.denied);
        call.count(calls);
        on(calls, &found.arns, plan.action.is_resource_level());
        if plan.passes() && !call.denied && !call.failed {
            self.further(sink, call, plan, &found.roles);
        }
    }

    /// Counts what the call needed besides: only where it succeeded, as else it is not known to have got so far.
    fn further(&self, sink: &mut Sink<'_>, call: &Call<'_, '_>, plan: &Plan, roles: &[&str]) {
        let mut inferred: BTreeMap<ActionId, Vec<Cow<'_, str>>> = BTreeMap::new();
        if let (Some(action), false) = (self.pass_role, roles.is_empty()) {
            inferred.entry(action.id()).or_default().extend(roles.iter().map(|role| Cow::Borrowed(*role)));
        }
        for passed in plan.passed {
            if let Some(arns) = resources::passed(passed, call.event, &call.place) {
                inferred.entry(passed.action.id()).or_default().extend(arns);
            }
        }
        for (action, mut arns) in inferred {
            arns.sort_unstable();
            arns.dedup();
            call.infer(sink.calls(action, false), &arns);
        }
    }

    /// What the event means: from the part's memory, else from that of all parts.
    fn meaning(&self, part: &mut UsagePart, event: &Event<'_>) -> Arc<Meaning> {
        let (source, name) = names(event);
        part.key.clear();
        part.key.push_str(source);
        part.key.push('\0');
        part.key.push_str(name);
        if let Some(meaning) = part.meanings.get(part.key.as_str()) {
            return Arc::clone(meaning);
        }
        let meaning = self.meaning_of(&part.key, source, name);
        if part.meanings.len() < MOST_MEANINGS {
            part.meanings.insert(part.key.as_str().into(), Arc::clone(&meaning));
        }
        meaning
    }

    fn meaning_of(&self, key: &str, source: &str, name: &str) -> Arc<Meaning> {
        let found = self.known.read().unwrap_or_else(PoisonError::into_inner).get(key).map(Arc::clone);
        if let Some(meaning) = found {
            return meaning;
        }
        let meaning = Arc::new(self.meanings.of(source, name));
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() < MOST_MEANINGS {
            known.insert(key.into(), Arc::clone(&meaning));
        }
        meaning
    }
}

/// The one whose condition holds, if it is one only.
fn one<'s>(steps: &'s [Step], event: &Event<'_>) -> Option<&'s Step> {
    let mut holding = steps.iter().filter(|step| step.condition.holds(event));
    holding.next().filter(|_| holding.next().is_none())
}

fn names<'r>(event: &Event<'r>) -> (&'r str, &'r str) {
    let text = |field| event.str(field).unwrap_or("unknown");
    (text(Field::EventSource), text(Field::EventName))
}

fn name(event: &Event<'_>) -> String {
    let (source, name) = names(event);
    format!("{source} {name}")
}

impl UsagePart {
    /// Counts where and when something was logged.
    fn cover(&mut self, place: &Place<'_>, time: Option<Timestamp>) {
        let [account, region] =
            [place.account, place.region].map(|text| if text.is_empty() { "unknown" } else { text });
        self.counts.seen(account, region, time);
        if time.is_none() {
            let undated = &mut self.counts.usage.coverage.undated;
            *undated = undated.saturating_add(1);
        }
    }

    /// Counts what kind of call it was.
    fn kind(&mut self, event: &Event<'_>) {
        let coverage = &mut self.counts.usage.coverage;
        let data =
            event.str(Field::EventCategory) == Some("Data") || is(event, Field::ManagementEvent, false);
        if data {
            coverage.data.count(names(event).0);
        } else if is(event, Field::ReadOnly, true) {
            coverage.management_reads = coverage.management_reads.saturating_add(1);
        } else {
            coverage.management_writes = coverage.management_writes.saturating_add(1);
        }
    }

    /// Counts an event that is no call: an act of a service, a sign-in, an Insight.
    fn no_call(&mut self, event: &Event<'_>, identity: &Identity<'_>, kind: &str, time: Option<Timestamp>) {
        self.counts.usage.no_calls.count(kind);
        if event.str(Field::EventName) != Some("ConsoleLogin") {
            return;
        }
        let Some(id) = self.counts.caller_id(&identity.caller()) else { return };
        let Some((_, caller)) = self.counts.caller(id) else { return };
        let answer = event.field(Field::ResponseElements).and_then(|answer| answer.get("ConsoleLogin"));
        match answer.and_then(crate::json::Value::as_str) {
            Some("Success") => caller.sign_ins.add(time),
            _ => caller.failed_sign_ins.add(time),
        }
    }

    /// The caller, with its key counted.
    fn caller(&mut self, call: &Call<'_, '_>) -> Option<CallerId> {
        self.key.clear();
        call.identity.write_key(&mut self.key);
        let id = match self.callers.get(self.key.as_str()).copied() {
            Some(id) => id,
            None => self.new_caller(&call.identity),
        }?;
        if let (Some(key), Some((_, caller))) = (call.identity.long_term_key(), self.counts.caller(id)) {
            let key = caller.keys.entry(key);
            key.tally.add(call.time);
            key.addresses.count(call.event.str(Field::SourceIpAddress).unwrap_or("unknown"));
        }
        Some(id)
    }

    fn new_caller(&mut self, identity: &Identity<'_>) -> Option<CallerId> {
        let id = self.counts.caller_id(&identity.caller());
        if self.callers.len() < MOST_MEANINGS {
            self.callers.insert(self.key.as_str().into(), id);
        }
        id
    }
}

/// True if the field is this truth value, or the word for it.
fn is(event: &Event<'_>, field: Field, wanted: bool) -> bool {
    match event.field(field).map(crate::json::Value::shape) {
        Some(Shape::Bool(value)) => value == wanted,
        Some(Shape::String(text)) => text == if wanted { "true" } else { "false" },
        _ => false,
    }
}

#[cfg(test)]
mod tests;
