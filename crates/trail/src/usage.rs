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
mod kept;
mod lean;
mod leaves;
mod meaning;
mod pairs;
mod part;
mod plan;
mod progress;
mod resources;
mod sink;
mod table;
mod who;
mod words;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use leastwise_iam::catalogue::{Action, ActionId, Catalogue};
use leastwise_model::{Caller, Merge, Usage};

use self::condition::Condition;
use self::counts::Counts;
use self::hash::{Map, Prints};
use self::identity::Identity;
use self::meaning::Meanings;
use self::pairs::Pairs;
use self::plan::{Plan, Plans};
use self::resources::{Place, Resources};
use self::sink::Sink;
use self::table::{Meaning, Step};
use self::who::Everybody;
use crate::json::{Shape, Value};
use crate::{Analysis, Event, Field, moment};

pub use part::UsagePart;
pub use progress::{FileMark, Progress, ProgressError, Seen};

/// How many kinds of events are remembered with their meaning; there are some ten thousand.
const MOST_MEANINGS: usize = 1 << 16;

/// Makes [`Usage`] of events.
pub struct UsageAnalysis {
    meanings: Meanings,
    plans: Plans,
    prints: Prints,
    known: RwLock<Map<u128, Arc<Meaning>>>,
    everybody: Everybody,
    pass_role: Option<&'static Action>,
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
            prints: Prints::default(),
            known: RwLock::default(),
            everybody: Everybody::default(),
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
        let seconds = moment::seconds(event);
        cover(part, &place, seconds);
        if let Some(kind) = no_call(event) {
            self.no_call(part, event, &identity, kind, seconds);
        } else {
            count_kind(part, event);
            self.call(part, &Call::new(event, identity, place, seconds));
        }
    }

    fn join(&self, whole: &mut UsageWhole, mut part: UsagePart) {
        whole.counts.join(&mut part);
        for id in part.shared {
            whole.pairs.counted(id, &mut whole.counts);
        }
        for held in part.held {
            whole.pairs.held(held, &mut whole.counts);
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
    time: Option<i64>,
    denied: bool,
    failed: bool,
}

impl<'e, 'r> Call<'e, 'r> {
    fn new(event: &'e Event<'r>, identity: Identity<'r>, place: Place<'r>, time: Option<i64>) -> Self {
        let code = event.str(Field::ErrorCode).filter(|code| !code.is_empty());
        let denied = code.is_some_and(denial::is_denial);
        Self { event, identity, place, time, denied, failed: code.is_some() && !denied }
    }

    /// Who else logs the call.
    fn shared(&self) -> Shared {
        let Some(id) = self.event.str(Field::SharedEventId) else { return Shared::No };
        let Some(id) = pairs::uuid(id) else { return Shared::Unclear };
        match self.identity.account() {
            Some(account) if account == self.place.account => Shared::Here(id),
            _ => Shared::Elsewhere(id),
        }
    }
}

/// Whether and where a call is logged twice.
enum Shared {
    /// It is not.
    No,
    /// It may be: its shared id is none.
    Unclear,
    /// This is the log of the caller's account.
    Here(u128),
    /// It is not, or the caller has none.
    Elsewhere(u128),
}

impl UsageAnalysis {
    fn call(&self, part: &mut UsagePart, call: &Call<'_, '_>) {
        let meaning = self.meaning(part, call.event);
        let usage = &mut part.usage;
        let steps = match &*meaning {
            Meaning::All(steps) => steps.as_slice(),
            Meaning::OneOf(steps) => one(steps, call.event),
            Meaning::Nothing | Meaning::Unmapped => &[],
        };
        let apart = match &*meaning {
            Meaning::OneOf(_) if steps.is_empty() => Some(usage.ambiguous.entry(&name(call.event))),
            Meaning::All(_) | Meaning::OneOf(_) => None,
            Meaning::Nothing => Some(usage.permissionless.entry(&name(call.event))),
            Meaning::Unmapped => Some(usage.unmapped.entry(&name(call.event))),
        };
        if let Some(tally) = apart {
            tally.merge(lean::Lean::one(call.time).tally());
        }
        self.count(part, call, steps);
    }

    fn count(&self, part: &mut UsagePart, call: &Call<'_, '_>, steps: &[Step]) {
        let print = call.identity.print(&self.prints);
        match call.shared() {
            Shared::Elsewhere(id) if !steps.is_empty() => {
                let who = self.everybody.who(print, &call.identity);
                let mut sink = Sink::apart(id, call, Arc::clone(&who));
                self.steps(&mut sink, call, steps, &who.caller);
                part.held.extend(sink.held());
                return;
            }
            Shared::Here(id) => part.shared.push(id),
            Shared::Unclear => part.usage.shared_unsearched.merge(1),
            Shared::No | Shared::Elsewhere(_) => {}
        }
        let row = part.row(print, || self.everybody.who(print, &call.identity));
        part.call(row, call.time, call.event.str(Field::SourceIpAddress).unwrap_or("unknown"));
        let Some(who) = part.rows.get(row as usize).map(|row| Arc::clone(&row.who)) else { return };
        self.steps(&mut Sink::here(part, row, call), call, steps, &who.caller);
    }

    fn steps(&self, sink: &mut Sink<'_>, call: &Call<'_, '_>, steps: &[Step], caller: &Caller) {
        let listed = !steps.iter().any(|step| matches!(step.condition, Condition::From(_)));
        for step in steps {
            if step.condition.holds(call.event)
                && let Some(plan) = self.plans.of(step.action)
            {
                let found = resources_of(call, step, plan, caller, listed);
                let unknown = found.arns.is_empty() && plan.action.is_resource_level();
                let lean = lean::Lean::of(call.time, call.failed, false, unknown);
                sink.add(plan.action.id(), call.denied, lean, &found.arns);
                if plan.passes() && !call.denied && !call.failed {
                    self.further(sink, call, plan, &found.roles);
                }
            }
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
            sink.add(action, false, lean::Lean::of(call.time, false, true, arns.is_empty()), &arns);
        }
    }

    /// What the event means: from the part's memory, else from that of all parts.
    fn meaning(&self, part: &mut UsagePart, event: &Event<'_>) -> Arc<Meaning> {
        let (source, name) = names(event);
        let print = self.prints.of([source, name].into_iter().map(Some));
        if let Some(meaning) = part.meanings.get(&print) {
            return Arc::clone(meaning);
        }
        let meaning = self.meaning_of(print, source, name);
        if part.meanings.len() < MOST_MEANINGS {
            part.meanings.insert(print, Arc::clone(&meaning));
        }
        meaning
    }

    fn meaning_of(&self, print: u128, source: &str, name: &str) -> Arc<Meaning> {
        let found = self.known.read().unwrap_or_else(PoisonError::into_inner).get(&print).map(Arc::clone);
        if let Some(meaning) = found {
            return meaning;
        }
        let meaning = Arc::new(self.meanings.of(source, name));
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() < MOST_MEANINGS {
            known.insert(print, Arc::clone(&meaning));
        }
        meaning
    }

    /// Counts an event that is no call: an act of a service, a sign-in, an Insight.
    fn no_call(
        &self,
        part: &mut UsagePart,
        event: &Event<'_>,
        identity: &Identity<'_>,
        kind: &str,
        time: Option<i64>,
    ) {
        part.usage.no_calls.count(kind);
        if event.str(Field::EventName) == Some("ConsoleLogin") {
            let answer = event.field(Field::ResponseElements).and_then(|answer| answer.get("ConsoleLogin"));
            let success = answer.and_then(Value::as_str) == Some("Success");
            let print = identity.print(&self.prints);
            let row = part.row(print, || self.everybody.who(print, identity));
            part.sign_ins.push((row, success, time));
        }
    }
}

/// What a step of a call was on.
fn resources_of<'r>(
    call: &Call<'_, 'r>,
    step: &Step,
    plan: &Plan,
    caller: &Caller,
    listed: bool,
) -> Resources<'r> {
    let mut found = match &step.condition {
        Condition::From(path) => {
            let text = call.event.find(path).and_then(Value::as_str);
            let object = text.and_then(|text| resources::copied_object(text, &call.place));
            Resources { arns: object.into_iter().map(Cow::Owned).collect(), roles: Vec::new() }
        }
        _ => Resources::of(plan, call.event, &call.place, listed),
    };
    if found.arns.is_empty() && !call.denied {
        let own = resources::caller_itself(plan, call.event, caller);
        found.arns.extend(own.map(|arn| Cow::Owned(arn.to_owned())));
    }
    found
}

/// The one whose condition holds, if it is one only.
fn one<'s>(steps: &'s [Step], event: &Event<'_>) -> &'s [Step] {
    let mut holding = steps.iter().filter(|step| step.condition.holds(event));
    let first = holding.next().filter(|_| holding.next().is_none());
    first.map_or(&[], std::slice::from_ref)
}

fn names<'r>(event: &Event<'r>) -> (&'r str, &'r str) {
    let text = |field| event.str(field).unwrap_or("unknown");
    (text(Field::EventSource), text(Field::EventName))
}

fn name(event: &Event<'_>) -> String {
    let (source, name) = names(event);
    format!("{source} {name}")
}

/// Counts where and when something was logged.
fn cover(part: &mut UsagePart, place: &Place<'_>, time: Option<i64>) {
    let [account, region] =
        [place.account, place.region].map(|text| if text.is_empty() { "unknown" } else { text });
    part.seen(account, region, time.and_then(|seconds| jiff::Timestamp::from_second(seconds).ok()));
    if time.is_none() {
        part.usage.coverage.undated.merge(1);
    }
}

/// Counts what kind of call it was.
fn count_kind(part: &mut UsagePart, event: &Event<'_>) {
    let coverage = &mut part.usage.coverage;
    let data = event.str(Field::EventCategory) == Some("Data") || is(event, Field::ManagementEvent, false);
    if data {
        coverage.data.count(names(event).0);
    } else if is(event, Field::ReadOnly, true) {
        coverage.management_reads.merge(1);
    } else {
        coverage.management_writes.merge(1);
    }
}

/// True if the field is this truth value, or the word for it.
fn is(event: &Event<'_>, field: Field, wanted: bool) -> bool {
    match event.field(field).map(Value::shape) {
        Some(Shape::Bool(value)) => value == wanted,
        Some(Shape::String(text)) => text == if wanted { "true" } else { "false" },
        _ => false,
    }
}

#[cfg(test)]
mod tests;
