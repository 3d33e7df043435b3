//! The view of a record that knows CloudTrail's fields.

use jiff::Timestamp;

use crate::json::Value;

macro_rules! fields {
    ($($variant:ident $name:literal,)*) => {
        /// A documented top-level field of a CloudTrail record.
        ///
        /// Source: [record contents](https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Field { $(#[doc = concat!("`", $name, "`.")] $variant,)* }

        impl Field {
            /// All of them.
            pub const ALL: [Self; [$($name,)*].len()] = [$(Self::$variant,)*];

            const NAMES: [&str; Self::ALL.len()] = [$($name,)*];

            /// The name in a record.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The field of that name in a record.
            pub fn named(name: &str) -> Option<Self> {
                let field = PLACES.get(place(name.as_bytes())).copied().flatten()?;
                (field.name() == name).then_some(field)
            }
        }
    };
}

fields! {
    AdditionalEventData "additionalEventData",
    Addendum "addendum",
    ApiVersion "apiVersion",
    AwsRegion "awsRegion",
    EdgeDeviceDetails "edgeDeviceDetails",
    ErrorCode "errorCode",
    ErrorMessage "errorMessage",
    EventCategory "eventCategory",
    EventContext "eventContext",
    EventId "eventID",
    EventName "eventName",
    EventSource "eventSource",
    EventTime "eventTime",
    EventType "eventType",
    EventVersion "eventVersion",
    ManagementEvent "managementEvent",
    ReadOnly "readOnly",
    RecipientAccountId "recipientAccountId",
    RequestId "requestID",
    RequestParameters "requestParameters",
    Resources "resources",
    ResponseElements "responseElements",
    ServiceEventDetails "serviceEventDetails",
    SessionCredentialFromConsole "sessionCredentialFromConsole",
    SharedEventId "sharedEventID",
    SourceIpAddress "sourceIPAddress",
    TlsDetails "tlsDetails",
    UserAgent "userAgent",
    UserIdentity "userIdentity",
    VpcEndpointAccountId "vpcEndpointAccountId",
    VpcEndpointId "vpcEndpointId",
}

/// Each field at the place that its name gives it, so that a name need be compared with one other only.
static PLACES: [Option<Field>; 64] = places();

/// The place of a name. The factors were searched for: no two fields have the same place.
const fn place(name: &[u8]) -> usize {
    match name {
        [first, .., third_last, _, _] => (name.len() * 37 + *first as usize * 23 + *third_last as usize) % 64,
        _ => 0,
    }
}

#[allow(
    clippy::indexing_slicing,
    clippy::panic,
    reason = "evaluated by the compiler: a panic is an error there"
)]
const fn places() -> [Option<Field>; 64] {
    let (mut places, mut at) = ([None; 64], 0);
    while at < Field::ALL.len() {
        let place = place(Field::NAMES[at].as_bytes());
        assert!(places[place].is_none(), "two fields have one place: search for other factors");
        places[place] = Some(Field::ALL[at]);
        at += 1;
    }
    places
}

/// A record of one event. Fields that are absent and fields that are `null` are told apart only by [`Event::root`].
#[derive(Debug, Clone, Copy)]
pub struct Event<'r> {
    root: Value<'r>,
    fields: [Option<Value<'r>>; Field::ALL.len()],
    others: bool,
}

impl<'r> Event<'r> {
    /// The event in a record; nothing if it is no object.
    pub fn new(root: Value<'r>) -> Option<Self> {
        if !matches!(root.shape(), crate::json::Shape::Object) {
            return None;
        }
        let mut event = Self { root, fields: [None; Field::ALL.len()], others: false };
        for (name, value) in root.members() {
            match Field::named(name).and_then(|field| event.fields.get_mut(field as usize)) {
                Some(slot) => {
                    slot.get_or_insert(value);
                }
                None => event.others = true,
            }
        }
        Some(event)
    }

    /// The whole record.
    pub fn root(&self) -> Value<'r> {
        self.root
    }

    /// True if the record has members that are not documented.
    pub fn has_others(&self) -> bool {
        self.others
    }

    /// A documented top-level field.
    pub fn field(&self, field: Field) -> Option<Value<'r>> {
        self.fields.get(field as usize).copied().flatten()
    }

    /// A top-level field that is a text.
    pub fn str(&self, field: Field) -> Option<&'r str> {
        self.field(field)?.as_str()
    }

    /// When the call completed, as the service saw it.
    pub fn time(&self) -> Option<Timestamp> {
        self.str(Field::EventTime)?.parse().ok()
    }

    /// The value at a path through objects. Lists on the way end it: who wants to look into them walks by itself.
    pub fn find(&self, path: &Path) -> Option<Value<'r>> {
        let first = match &path.head {
            Head::Known(field) => self.field(*field),
            Head::Other(name) => self.root.get(name),
        };
        path.rest.iter().try_fold(first?, |value, name| value.get(name))
    }
}

/// The place of a value in a record, such as `userIdentity.sessionContext.attributes.mfaAuthenticated`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Path {
    head: Head,
    rest: Vec<Box<str>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Head {
    Known(Field),
    Other(Box<str>),
}

impl Path {
    /// Reads a path with dots between the names.
    pub fn new(dotted: &str) -> Self {
        let (head, rest) = dotted.split_once('.').map_or((dotted, None), |(head, rest)| (head, Some(rest)));
        let head = Field::named(head).map_or_else(|| Head::Other(head.into()), Head::Known);
        Self { head, rest: rest.into_iter().flat_map(|rest| rest.split('.')).map(Box::from).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Record;

    #[test]
    fn fields_have_their_place() {
        for (index, field) in Field::ALL.into_iter().enumerate() {
            assert_eq!((field as usize, Field::named(field.name())), (index, Some(field)));
        }
    }

    #[test]
    fn paths() {
        let text = br#"{"eventName":"RunInstances","userIdentity":{"sessionContext":{"attributes":{"mfaAuthenticated":"false"}}},"x":{"y":1}}"#;
        let record = Record::parse(text).unwrap();
        let event = Event::new(record.root()).unwrap();
        let text = |path: &str| event.find(&Path::new(path)).and_then(Value::text);
        assert_eq!(text("eventName").as_deref(), Some("RunInstances"));
        assert_eq!(text("userIdentity.sessionContext.attributes.mfaAuthenticated").as_deref(), Some("false"));
        assert_eq!(text("x.y").as_deref(), Some("1"));
        assert_eq!((text("x.z"), text("userIdentity.type"), text("none")), (None, None, None));
    }
}
