//! What is around a record.

use super::text::{Records, holds_records};
use crate::json::{Shape, Value};
use crate::{Event, Field};

/// How many envelopes may be inside each other.
const DEPTH: u8 = 8;

/// What an object must have one of to be a record of CloudTrail.
const MARKS: [Field; 5] =
    [Field::EventName, Field::EventSource, Field::EventTime, Field::EventId, Field::EventVersion];

impl Records<'_> {
    /// Takes the events out of a value.
    pub(super) fn unfold(&mut self, value: Value<'_>, at: usize, depth: u8) {
        if depth > DEPTH {
            return self.refuse(at, || format!("has more than {DEPTH} envelopes around it"));
        }
        match value.shape() {
            Shape::Object => match Event::new(value).filter(is_record) {
                Some(event) => self.record(&event),
                None => self.envelope(value, at, depth),
            },
            Shape::Array => self.row_or_list(value, at, depth),
            Shape::String(text) => self.inside(text, at, depth),
            _ => self.refuse(at, || "is no object".to_owned()),
        }
    }

    fn record(&mut self, event: &Event<'_>) {
        if is_insight(event) {
            self.tally.insights += 1;
        } else {
            self.tally.events += 1;
            (self.sink)(event);
        }
    }

    fn envelope(&mut self, value: Value<'_>, at: usize, depth: u8) {
        let text = |name| value.get(name).and_then(Value::as_str);
        if value.get("digestStartTime").is_some() && value.get("logFiles").is_some() {
            self.tally.digests += 1;
        } else if text("messageType") == Some("CONTROL_MESSAGE") {
            // `CloudWatch` Logs asks whether somebody listens.
        } else if let Some(detail) = value.get("detail") {
            self.unfold(detail, at, depth + 1);
        } else if let Some(text) = text("CloudTrailEvent").or_else(|| text("message")) {
            self.inside(text, at, depth);
        } else {
            self.held(value, at, depth);
        }
    }

    /// The lists that hold records in an object that is some envelope.
    fn held(&mut self, value: Value<'_>, at: usize, depth: u8) {
        let mut known = false;
        for (_, list) in value.members().filter(|(name, _)| holds_records(name)) {
            known |= matches!(list.shape(), Shape::Array | Shape::Null);
            list.items().for_each(|item| self.unfold(item, at, depth + 1));
        }
        if !known {
            self.refuse(at, || "is no record of CloudTrail: it has no name, source, time or id".to_owned());
        }
    }

    /// A text in which there is a record.
    fn inside(&mut self, text: &str, at: usize, depth: u8) {
        match text.find(['{', '[']).and_then(|start| text.get(start..)) {
            Some(_) if depth >= DEPTH => {
                self.refuse(at, || format!("has more than {DEPTH} envelopes around it"));
            }
            Some(json) => self.alone(json.trim_end(), at, depth + 1),
            None => self.refuse(at, || "is a text without a record".to_owned()),
        }
    }

    fn row_or_list(&mut self, value: Value<'_>, at: usize, depth: u8) {
        let mut message = None;
        let mut columns = serde_json::Map::new();
        for cell in value.items() {
            match Cell::of(cell) {
                Some(Cell::Message(text)) => message = Some(text),
                Some(Cell::Column(name, value)) => drop(columns.insert(name.to_owned(), value)),
                Some(Cell::Other) => {}
                None => return value.items().for_each(|item| self.unfold(item, at, depth + 1)),
            }
        }
        match message {
            Some(text) => self.inside(text, at, depth),
            None => self.alone(&serde_json::Value::Object(columns).to_string(), at, depth + 1),
        }
    }
}

/// One value of a row.
enum Cell<'r> {
    /// The message of a query of `CloudWatch` Logs Insights.
    Message(&'r str),
    /// A column of a query of CloudTrail Lake: an object of one member.
    Column(&'r str, serde_json::Value),
    /// Another field of a row.
    Other,
}

impl<'r> Cell<'r> {
    fn of(value: Value<'r>) -> Option<Self> {
        let mut members = value.members();
        match (members.next()?, members.next(), members.next()) {
            (("eventJson", value), None, None) => value.as_str().map(Self::Message),
            ((name, value), None, None) => Some(Self::Column(name, column(value))),
            (("field", field), Some(("value", value)), None) if field.as_str() == Some("@message") => {
                value.as_str().map(Self::Message)
            }
            (("field", _), Some(("value", _)), None) => Some(Self::Other),
            _ => None,
        }
    }
}

/// The value of a column, which is always a text: lists and objects are in it as JSON.
fn column(value: Value<'_>) -> serde_json::Value {
    let nested = value.as_str().filter(|text| text.starts_with(['{', '[']));
    nested.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_else(|| value.to_json())
}

fn is_record(event: &Event<'_>) -> bool {
    MARKS.into_iter().any(|field| event.field(field).is_some())
}

/// Source: [Insights events](https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html).
fn is_insight(event: &Event<'_>) -> bool {
    event.str(Field::EventCategory) == Some("Insight")
        || event.str(Field::EventType) == Some("AwsCloudTrailInsight")
}
