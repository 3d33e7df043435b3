//! A hit: a rule, and the events for which it matched.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Serialize, Serializer};

use crate::sigma::{Compiled, Level, View};
use crate::{Event, Field};

/// What a hit says of its rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct RuleInfo {
    /// The rule's id.
    pub rule: String,
    /// The rule's title.
    pub title: String,
    /// How bad it is.
    pub level: Level,
    /// `single`, `first_seen`, or the type of the correlation.
    pub kind: &'static str,
    /// The rule's tags, such as `attack.t1098`.
    pub tags: Vec<String>,
}

impl RuleInfo {
    pub(crate) fn new(rule: &Compiled) -> Self {
        Self {
            rule: rule.meta.id.clone(),
            title: rule.meta.title.clone(),
            level: rule.meta.level,
            kind: rule.kind().name(),
            tags: rule.meta.tags.clone(),
        }
    }
}

/// A rule that matched. For several events, the fields are those of the last one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Hit {
    /// When it happened.
    pub time: Option<Timestamp>,
    /// The ids of the events; of many, the last [`EVENT_IDS`](super::EVENT_IDS).
    pub event_ids: Vec<String>,
    /// The rule.
    #[serde(flatten, serialize_with = "info")]
    pub info: Arc<RuleInfo>,
    /// The account that the event belongs to.
    pub account: Option<String>,
    /// The region.
    pub region: Option<String>,
    /// Who did it: the user, or the role without its session.
    pub principal: Option<String>,
    /// From where.
    pub source_address: Option<String>,
    /// The service, as `eventSource` names it.
    pub event_source: Option<String>,
    /// What was done.
    pub event_name: Option<String>,
    /// The error, if it was not done.
    pub error_code: Option<String>,
    /// The fields that the rule looks at, with the values for which it matched.
    #[serde(serialize_with = "fields")]
    pub matched: Vec<(String, Vec<String>)>,
}

/// An `Arc` is written as what it holds.
fn info<S: Serializer>(info: &Arc<RuleInfo>, serializer: S) -> Result<S::Ok, S::Error> {
    info.as_ref().serialize(serializer)
}

fn fields<S: Serializer>(fields: &[(String, Vec<String>)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(fields.iter().map(|(name, values)| (name, values)))
}

impl Hit {
    /// A hit of a rule about single events.
    pub(super) fn single(
        info: &Arc<RuleInfo>,
        view: &mut View<'_, '_>,
        matched: Vec<(String, Vec<String>)>,
    ) -> Self {
        let event = view.event;
        let text = |field| event.str(field).map(str::to_owned);
        Self {
            time: event.time(),
            event_ids: text(Field::EventId).into_iter().collect(),
            info: Arc::clone(info),
            account: account(event).map(str::to_owned),
            region: text(Field::AwsRegion),
            principal: view.principal().map(str::to_owned),
            source_address: text(Field::SourceIpAddress),
            event_source: text(Field::EventSource),
            event_name: text(Field::EventName),
            error_code: text(Field::ErrorCode),
            matched: matched
                .into_iter()
                .map(|(name, values)| (name, values.into_iter().map(cut).collect()))
                .collect(),
        }
    }
}

/// Whose event it is; older records have only the account of the caller.
pub(super) fn account<'r>(event: &Event<'r>) -> Option<&'r str> {
    let caller = || event.field(Field::UserIdentity)?.get("accountId")?.as_str();
    event.str(Field::RecipientAccountId).or_else(caller)
}

/// Longer values are not for people to read.
const LONGEST: usize = 300;

/// A value short enough to be shown.
pub(super) fn cut(value: String) -> String {
    if value.len() <= LONGEST {
        return value;
    }
    let mut short: String = value.chars().take(LONGEST).collect();
    if short.len() < value.len() {
        short.push('…');
    }
    short
}
