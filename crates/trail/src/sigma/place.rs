//! Where in an event a test looks.
//!
//! A field is a path with dots. A path that meets a list goes on in each of its elements, and a test holds if it
//! holds for any value found; `not` in a condition is about the whole. Where an object has no member of the next name,
//! a member is taken whose own name is several names of the path, with dots in it.

use std::borrow::Cow;

use crate::json::{Shape, Value};
use crate::{Event, Field};

use super::fold::fold_into;
use super::principal::principal;

/// Something in an event that tests can be about.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Place {
    /// Every text of the record, names of members included: for keywords.
    Record,
    Path(Dotted),
    /// `leastwise.principal`
    Principal,
}

/// A path, taken apart.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Dotted {
    names: Box<[Box<str>]>,
    /// The first name, if it is that of a documented field.
    head: Option<Field>,
}

impl Dotted {
    fn new(name: &str) -> Self {
        let names: Box<[Box<str>]> = name.split('.').map(Box::from).collect();
        Self { head: names.first().and_then(|name| Field::named(name)), names }
    }
}

/// What is found at a place.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Found<'v> {
    Text(&'v str),
    /// Never a list.
    Value(Value<'v>),
}

impl<'v> Found<'v> {
    pub fn is_null(self) -> bool {
        matches!(self, Self::Value(value) if value.is_null())
    }

    /// The text of a scalar.
    pub fn text(self) -> Option<Cow<'v, str>> {
        match self {
            Self::Text(text) => Some(Cow::Borrowed(text)),
            Self::Value(value) => value.text(),
        }
    }

    /// The text of a scalar, or an object in JSON without spaces: a search for a text may look into an object.
    pub fn searchable(self) -> Option<Cow<'v, str>> {
        match self {
            Self::Value(value) if matches!(value.shape(), Shape::Object) => {
                Some(Cow::Owned(value.to_json().to_string()))
            }
            _ => self.text(),
        }
    }

    /// A number, or a text that is one.
    pub fn number(self) -> Option<f64> {
        match self {
            Self::Text(text) => text.parse().ok(),
            Self::Value(value) => match value.shape() {
                Shape::Bool(_) | Shape::Null => None,
                _ => value.text()?.parse().ok(),
            },
        }
        .filter(|number: &f64| number.is_finite())
    }
}

impl Place {
    /// The place a field name of a rule means.
    ///
    /// # Errors
    /// The reason why there is no such place.
    pub fn named(name: &str) -> Result<Self, String> {
        match name {
            "leastwise.principal" => Ok(Self::Principal),
            "leastwise.asn" => Err("`leastwise.asn`: no ASN data".to_owned()),
            _ if name.starts_with("leastwise.") => {
                Err(format!("there is no field `{name}`; there is `leastwise.principal`"))
            }
            _ => Ok(Self::Path(Dotted::new(name))),
        }
    }

    /// The name in rules.
    pub fn name(&self) -> String {
        match self {
            Self::Record => "record".to_owned(),
            Self::Principal => "leastwise.principal".to_owned(),
            Self::Path(path) => path.names.join("."),
        }
    }
}

/// An event, with what was found in it so far.
pub(crate) struct View<'e, 'r> {
    pub event: &'e Event<'r>,
    /// Whether a top-level name has dots, once somebody asked.
    dotted: Option<bool>,
    /// Who did it, once somebody asked: an empty text if that is not known.
    principal: Option<Cow<'r, str>>,
    slots: [Slot<'r>; KNOWN],
    filled: u8,
    marks: Marks,
}

/// More places than rules look at in an ordinary event.
const KNOWN: usize = 32;

/// Which places are known, and where: memory that is used again for the next event.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    /// By the number of the place: the event, and the number of the slot.
    places: Vec<(u32, u8)>,
    event: u32,
    /// By the number of the slot: the event, and the text there without its case.
    folded: Vec<(u32, String)>,
    /// A text without its case at a place that is not kept.
    unkept: String,
}

impl Marks {
    fn begin(&mut self) {
        self.event = self.event.wrapping_add(1);
        if self.event == 0 {
            self.places.clear();
            self.folded.clear();
            self.event = 1;
        }
    }

    /// The text at a place without its case; kept if the place is.
    fn folded(&mut self, place: u16, text: &str) -> &str {
        let Some(slot) = self.get(place) else {
            fold_into(text, &mut self.unkept);
            return &self.unkept;
        };
        if self.folded.len() <= slot {
            self.folded.resize_with(slot + 1, Default::default);
        }
        let Some((event, folded)) = self.folded.get_mut(slot) else { return "" };
        if *event != self.event {
            *event = self.event;
            fold_into(text, folded);
        }
        folded
    }

    fn get(&self, place: u16) -> Option<usize> {
        let (event, slot) = self.places.get(usize::from(place))?;
        (*event == self.event).then_some(usize::from(*slot))
    }

    fn set(&mut self, place: u16, slot: u8) {
        let place = usize::from(place);
        if self.places.len() <= place {
            self.places.resize(place + 1, (0, 0));
        }
        if let Some(mark) = self.places.get_mut(place) {
            *mark = (self.event, slot);
        }
    }
}

/// What is at a place, before lists are taken apart.
#[derive(Debug, Clone, Copy)]
enum Slot<'r> {
    Nothing,
    One(Value<'r>),
    /// It is looked up each time.
    Several,
}

impl<'e, 'r> View<'e, 'r> {
    pub fn new(event: &'e Event<'r>) -> Self {
        Self::with_memory(event, Marks::default())
    }

    /// With memory from the view of another event.
    pub fn with_memory(event: &'e Event<'r>, mut marks: Marks) -> Self {
        marks.begin();
        Self { event, dotted: None, principal: None, slots: [Slot::Nothing; KNOWN], filled: 0, marks }
    }

    /// The memory, for the next view.
    pub fn memory(self) -> Marks {
        self.marks
    }

    /// True if `test` holds for anything at the place. Places with the same number are the same.
    pub fn any(&mut self, number: u16, place: &Place, test: &mut dyn FnMut(Found<'_>) -> bool) -> bool {
        match place {
            Place::Record => any_text(self.event.root(), test),
            Place::Principal => self.principal().is_some_and(|principal| test(Found::Text(principal))),
            Place::Path(path) => match self.slot(number, path) {
                Slot::Nothing => false,
                Slot::One(value) => any_item(value, test),
                Slot::Several => self.walk(path, &mut |value| any_item(value, test)),
            },
        }
    }

    /// True if the place is there, whatever is in it.
    pub fn present(&mut self, number: u16, place: &Place) -> bool {
        match place {
            Place::Record => true,
            Place::Principal => self.principal().is_some(),
            Place::Path(path) => !matches!(self.slot(number, path), Slot::Nothing),
        }
    }

    /// The only text at the place, if there is exactly one value there and it is a text.
    pub fn only_text(&mut self, number: u16, place: &Place) -> Option<&'r str> {
        match place {
            Place::Path(path) => match self.slot(number, path) {
                Slot::One(value) => value.as_str(),
                _ => None,
            },
            _ => None,
        }
    }

    /// The same without its case; `text` is what [`View::only_text`] gave.
    pub fn only_folded(&mut self, number: u16, text: &str) -> &str {
        self.marks.folded(number, text)
    }

    /// Who did it, without the session.
    pub fn principal(&mut self) -> Option<&str> {
        let event = self.event;
        let who = self.principal.get_or_insert_with(|| principal(event).unwrap_or_default());
        (!who.is_empty()).then_some(who)
    }

    fn slot(&mut self, number: u16, path: &Dotted) -> Slot<'r> {
        if let Some(slot) = self.marks.get(number).and_then(|at| self.slots.get(at)) {
            return *slot;
        }
        let slot = self.find(path);
        if let Some(known) = self.slots.get_mut(usize::from(self.filled)) {
            *known = slot;
            self.marks.set(number, self.filled);
            self.filled += 1;
        }
        slot
    }

    fn find(&mut self, path: &Dotted) -> Slot<'r> {
        let names = path.names.get(1..).unwrap_or_default();
        let head = self.head(path);
        if head.is_none() && names.is_empty() {
            return Slot::Nothing;
        }
        if let Some(slot) = head.and_then(|head| straight(head, names)) {
            return slot;
        }
        let mut slot = Slot::Nothing;
        self.walk(path, &mut |value| {
            slot = match slot {
                Slot::Nothing => Slot::One(value),
                _ => Slot::Several,
            };
            matches!(slot, Slot::Several)
        });
        slot
    }

    fn head(&self, path: &Dotted) -> Option<Value<'r>> {
        match path.head {
            Some(field) => self.event.field(field),
            None if self.event.has_others() => self.event.root().get(path.names.first()?),
            None => None,
        }
    }

    /// Calls `stop` with each value at a path until it says true.
    fn walk(&mut self, path: &Dotted, stop: &mut dyn FnMut(Value<'r>) -> bool) -> bool {
        let names = &*path.names;
        let rest = names.get(1..).unwrap_or_default();
        match self.head(path) {
            Some(head) => walk(head, rest, stop),
            None => {
                !rest.is_empty() && self.has_dotted_names() && walk_dotted(self.event.root(), names, stop)
            }
        }
    }

    fn has_dotted_names(&mut self) -> bool {
        let event = self.event;
        let has_dots = || event.has_others() && event.root().members().any(|(name, _)| name.contains('.'));
        *self.dotted.get_or_insert_with(has_dots)
    }
}

/// What is at the end of a path that leads through objects only; nothing if it is not so simple.
fn straight<'r>(head: Value<'r>, names: &[Box<str>]) -> Option<Slot<'r>> {
    let mut value = head;
    for (index, name) in names.iter().enumerate() {
        match value.shape() {
            Shape::Array => return None,
            Shape::Object => {}
            _ => return Some(Slot::Nothing),
        }
        let is_last = index + 1 == names.len();
        let mut dotted = false;
        let member = value.members().find(|(key, _)| {
            dotted |= !is_last && key.as_bytes().get(name.len()) == Some(&b'.');
            **key == **name
        });
        match member {
            Some((_, member)) => value = member,
            None if dotted => return None,
            None => return Some(Slot::Nothing),
        }
    }
    Some(Slot::One(value))
}

fn walk<'r>(value: Value<'r>, names: &[Box<str>], stop: &mut dyn FnMut(Value<'r>) -> bool) -> bool {
    let Some((first, rest)) = names.split_first() else { return stop(value) };
    match value.shape() {
        Shape::Array => value.items().any(|item| walk(item, names, stop)),
        Shape::Object => match value.get(first) {
            Some(member) => walk(member, rest, stop),
            None => !rest.is_empty() && walk_dotted(value, names, stop),
        },
        _ => false,
    }
}

/// Goes on in members whose names are several names of the path with dots between them.
fn walk_dotted<'r>(value: Value<'r>, names: &[Box<str>], stop: &mut dyn FnMut(Value<'r>) -> bool) -> bool {
    let mut seen: Vec<&str> = Vec::new();
    for (key, member) in value.members() {
        if let Some(rest) = after_dotted(key, names)
            && !seen.contains(&key)
        {
            seen.push(key);
            if walk(member, rest, stop) {
                return true;
            }
        }
    }
    false
}

/// The names of the path behind a key that stands for at least two of them.
fn after_dotted<'n>(key: &str, names: &'n [Box<str>]) -> Option<&'n [Box<str>]> {
    let (first, mut rest) = names.split_first()?;
    let mut key = key.strip_prefix(&**first)?;
    while let Some((next, after)) = rest.split_first() {
        key = key.strip_prefix('.')?.strip_prefix(&**next)?;
        rest = after;
        if key.is_empty() {
            return Some(rest);
        }
    }
    None
}

/// Takes lists apart, also lists in lists.
fn any_item(value: Value<'_>, test: &mut dyn FnMut(Found<'_>) -> bool) -> bool {
    match value.shape() {
        Shape::Array => value.items().any(|item| any_item(item, test)),
        _ => test(Found::Value(value)),
    }
}

fn any_text(value: Value<'_>, test: &mut dyn FnMut(Found<'_>) -> bool) -> bool {
    match value.shape() {
        Shape::Null => false,
        Shape::Array => value.items().any(|item| any_text(item, test)),
        Shape::Object => {
            value.members().any(|(name, member)| test(Found::Text(name)) || any_text(member, test))
        }
        _ => test(Found::Value(value)),
    }
}
