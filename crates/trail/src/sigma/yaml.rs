//! YAML as the readers of rules need it: every value knows its line, nothing is converted before it is asked for.

use std::borrow::Cow;
use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span, StrInput, Tag};

/// More values than any file of rules has; what aliases stand for counts each time.
const MAX_VALUES: usize = 500_000;
/// Deeper than any rule, test event or policy inside one is nested.
const MAX_DEPTH: usize = 64;

/// A value in a YAML text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    /// Where it begins, counted from 1.
    pub line: usize,
    pub kind: Kind,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    Scalar(Scalar),
    List(Vec<Node>),
    Map(Vec<(Box<str>, Node)>),
}

/// A single value, by the core schema of YAML 1.2: `no` and `on` are texts.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scalar {
    /// Anything in quotes, and what is nothing of the below.
    Text(Box<str>),
    /// A number, as it is written.
    Number(Box<str>),
    /// `true` or `false`.
    Bool(bool),
    /// `null`, `~` or nothing at all.
    Null,
}

impl Scalar {
    /// The value as a text; nothing for `null`.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Number(text) => Some(text),
            Self::Bool(value) => Some(if *value { "true" } else { "false" }),
            Self::Null => None,
        }
    }
}

/// Why a text is not YAML, or not what we read of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct YamlError {
    pub line: usize,
    pub reason: String,
}

/// What reading finds: the documents up to the first error, and that error.
pub(super) type Documents = (Vec<Node>, Option<YamlError>);

/// The text without the blocks of top-level members of that name, which are most of a file of rules. Lines keep their
/// numbers. What is not written as a block is left to [`documents`].
pub(super) fn without_blocks(text: &str, name: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut inside = false;
    for line in text.split_inclusive('\n') {
        inside = match line.chars().next() {
            // Lines that begin further in, comments, and the ends of lists and maps in brackets belong to the block.
            Some(' ' | '\t' | '#' | '\r' | '\n' | '}' | ']') => inside,
            _ => line
                .strip_prefix(name)
                .and_then(|rest| rest.strip_prefix(':'))
                .is_some_and(|rest| rest.trim().is_empty()),
        };
        kept.push_str(if inside { "\n" } else { line });
    }
    kept
}

/// Reads all documents. Values of top-level members named `leave_out` are read over.
pub(super) fn documents(text: &str, leave_out: Option<&str>) -> Documents {
    let mut builder = Builder { leave_out, ..Builder::default() };
    let error = builder.read(Parser::new_from_str(text)).err();
    (builder.documents, error)
}

impl Node {
    pub fn scalar(&self) -> Option<&Scalar> {
        match &self.kind {
            Kind::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    pub fn map(&self) -> Option<&[(Box<str>, Node)]> {
        match &self.kind {
            Kind::Map(members) => Some(members),
            _ => None,
        }
    }

    pub fn get(&self, name: &str) -> Option<&Node> {
        self.map()?.iter().find(|(key, _)| **key == *name).map(|(_, value)| value)
    }

    /// What the value is, for messages.
    pub fn what(&self) -> &'static str {
        match &self.kind {
            Kind::Scalar(Scalar::Text(_)) => "a text",
            Kind::Scalar(Scalar::Number(_)) => "a number",
            Kind::Scalar(Scalar::Bool(_)) => "a truth value",
            Kind::Scalar(Scalar::Null) => "null",
            Kind::List(_) => "a list",
            Kind::Map(_) => "a map",
        }
    }

    /// The same value in JSON.
    pub fn to_json(&self) -> serde_json::Value {
        match &self.kind {
            Kind::Scalar(Scalar::Text(text)) => (**text).into(),
            Kind::Scalar(Scalar::Number(text)) => {
                serde_json::from_str(text).unwrap_or_else(|_| (**text).into())
            }
            Kind::Scalar(Scalar::Bool(value)) => (*value).into(),
            Kind::Scalar(Scalar::Null) => serde_json::Value::Null,
            Kind::List(items) => items.iter().map(Self::to_json).collect(),
            Kind::Map(members) => {
                members.iter().map(|(key, value)| (key.to_string(), value.to_json())).collect()
            }
        }
    }

    /// This value with what `other` has in addition; of maps member by member, else `other` wins.
    pub fn overlaid(self, other: Self) -> Self {
        let (mut members, others) = match (self.kind, other.kind) {
            (Kind::Map(members), Kind::Map(others)) => (members, others),
            (_, kind) => return Self { line: other.line, kind },
        };
        for (key, value) in others {
            match members.iter().position(|(name, _)| *name == key) {
                Some(at) => {
                    let (_, old) = members.remove(at);
                    members.insert(at, (key, old.overlaid(value)));
                }
                None => members.push((key, value)),
            }
        }
        Self { line: other.line, kind: Kind::Map(members) }
    }
}

#[derive(Default)]
struct Builder<'o> {
    leave_out: Option<&'o str>,
    documents: Vec<Node>,
    open: Vec<Open>,
    anchors: BTreeMap<usize, Node>,
    values: usize,
    /// How many lists and maps are open inside a value that is read over.
    skipping: Option<usize>,
}

/// A list or map whose end is not read yet.
struct Open {
    line: usize,
    anchor: usize,
    parts: Parts,
}

enum Parts {
    List(Vec<Node>),
    Map(Vec<(Box<str>, Node)>, Option<Box<str>>),
}

impl Builder<'_> {
    fn read(&mut self, mut parser: Parser<'_, StrInput<'_>>) -> Result<(), YamlError> {
        while let Some(event) = parser.next_event() {
            let (event, span) = event.map_err(|error| scan_error(&error))?;
            if !self.passed_over(&event) {
                self.event(event, span)?;
            }
        }
        Ok(())
    }

    /// True for what belongs to a value that is read over.
    fn passed_over(&mut self, event: &Event<'_>) -> bool {
        let Some(depth) = self.skipping else { return false };
        let depth = match event {
            Event::SequenceStart(..) | Event::MappingStart(..) => depth + 1,
            Event::SequenceEnd | Event::MappingEnd => depth.saturating_sub(1),
            _ => depth,
        };
        self.skipping = (depth > 0).then_some(depth);
        if self.skipping.is_none() {
            self.forget_key();
        }
        true
    }

    fn forget_key(&mut self) {
        if let Some(Open { parts: Parts::Map(_, key), .. }) = self.open.last_mut() {
            *key = None;
        }
    }

    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), YamlError> {
        let line = span.start.line();
        match event {
            Event::DocumentStart(_) => self.anchors.clear(),
            Event::Alias(anchor) => {
                let node = self.anchors.get(&anchor).cloned();
                let mut node = node.ok_or_else(|| error(line, "an alias stands before its anchor"))?;
                self.count(&node, line)?;
                node.line = line;
                self.attach(node, 0)?;
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.values += 1;
                self.attach(Node { line, kind: Kind::Scalar(scalar(text, style, tag.as_deref())) }, anchor)?;
            }
            Event::SequenceStart(anchor, _) => self.start(line, anchor, Parts::List(Vec::new()))?,
            Event::MappingStart(anchor, _) => self.start(line, anchor, Parts::Map(Vec::new(), None))?,
            Event::SequenceEnd | Event::MappingEnd => self.end()?,
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
        }
        if self.values > MAX_VALUES {
            return Err(error(line, &format!("there are more than {MAX_VALUES} values; split the file")));
        }
        Ok(())
    }

    fn count(&mut self, node: &Node, line: usize) -> Result<(), YamlError> {
        self.values += 1;
        if self.values > MAX_VALUES {
            return Err(error(line, &format!("aliases stand for more than {MAX_VALUES} values")));
        }
        match &node.kind {
            Kind::Scalar(_) => Ok(()),
            Kind::List(items) => items.iter().try_for_each(|item| self.count(item, line)),
            Kind::Map(members) => members.iter().try_for_each(|(_, value)| self.count(value, line)),
        }
    }

    fn start(&mut self, line: usize, anchor: usize, parts: Parts) -> Result<(), YamlError> {
        if self.to_leave_out() {
            self.skipping = Some(1);
            return Ok(());
        }
        if self.open.len() >= MAX_DEPTH {
            return Err(error(line, &format!("values are nested deeper than {MAX_DEPTH} levels")));
        }
        self.values += 1;
        self.open.push(Open { line, anchor, parts });
        Ok(())
    }

    /// True if the next value is that of a top-level member to leave out.
    fn to_leave_out(&self) -> bool {
        match self.open.as_slice() {
            [Open { parts: Parts::Map(_, Some(key)), .. }] => Some(&**key) == self.leave_out,
            _ => false,
        }
    }

    fn end(&mut self) -> Result<(), YamlError> {
        let Some(Open { line, anchor, parts }) = self.open.pop() else { return Ok(()) };
        let kind = match parts {
            Parts::List(items) => Kind::List(items),
            Parts::Map(members, _) => Kind::Map(members),
        };
        self.attach(Node { line, kind }, anchor)
    }

    /// Puts a complete value where it belongs.
    fn attach(&mut self, node: Node, anchor: usize) -> Result<(), YamlError> {
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
        }
        match self.open.last_mut().map(|open| &mut open.parts) {
            None => self.documents.push(node),
            Some(Parts::List(items)) => items.push(node),
            Some(Parts::Map(members, pending)) => match pending.take() {
                Some(key) => members.push((key, node)),
                None => *pending = Some(key_of(&node, members)?),
            },
        }
        Ok(())
    }
}

fn key_of(node: &Node, members: &[(Box<str>, Node)]) -> Result<Box<str>, YamlError> {
    let key = match &node.kind {
        Kind::Scalar(scalar) => scalar.text().unwrap_or_default(),
        _ => return Err(error(node.line, &format!("the name of a member is {}; give a text", node.what()))),
    };
    if key == "<<" {
        return Err(error(node.line, "merge keys (`<<`) are not of YAML 1.2; write the members out"));
    }
    if members.iter().any(|(name, _)| **name == *key) {
        return Err(error(node.line, &format!("`{key}` is given twice in one map")));
    }
    Ok(key.into())
}

fn scalar(text: Cow<'_, str>, style: ScalarStyle, tag: Option<&Tag>) -> Scalar {
    let is_text = tag.is_some_and(|tag| tag.is_yaml_core_schema() && tag.suffix == "str");
    if style != ScalarStyle::Plain || is_text {
        return Scalar::Text(text.into());
    }
    match &*text {
        "" | "~" | "null" | "Null" | "NULL" => Scalar::Null,
        "true" | "True" | "TRUE" => Scalar::Bool(true),
        "false" | "False" | "FALSE" => Scalar::Bool(false),
        number if is_number(number) => Scalar::Number(number.into()),
        _ => Scalar::Text(text.into()),
    }
}

/// Decimal numbers only: who writes `0x10` in a rule means the text.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && digits.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E' | b'+' | b'-'))
        && digits.parse::<f64>().is_ok()
}

fn error(line: usize, reason: &str) -> YamlError {
    YamlError { line, reason: reason.to_owned() }
}

fn scan_error(found: &ScanError) -> YamlError {
    error(found.marker().line(), &format!("this is not YAML: {}", found.info()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Node {
        let (mut documents, error) = documents(text, None);
        assert_eq!((documents.len(), error), (1, None), "{text}");
        documents.remove(0)
    }

    #[test]
    fn scalars() {
        let node = one("[a, 'b', 1, 1.5, -2e3, 0x10, true, no, ~, null, '', '1', !!str 7, 012, 1.2.3.4]");
        let found: Vec<_> = match node.kind {
            Kind::List(items) => items.iter().map(|item| item.scalar().unwrap().clone()).collect(),
            _ => panic!(),
        };
        let text = |text: &str| Scalar::Text(text.into());
        let number = |text: &str| Scalar::Number(text.into());
        let expected = [
            text("a"),
            text("b"),
            number("1"),
            number("1.5"),
            number("-2e3"),
            text("0x10"),
            Scalar::Bool(true),
            text("no"),
            Scalar::Null,
            Scalar::Null,
            text(""),
            text("1"),
            text("7"),
            number("012"),
            text("1.2.3.4"),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn lines_and_documents() {
        let (found, error) = documents("a: 1\nb:\n  - c\n---\nd: e\n", None);
        assert_eq!((found.len(), error), (2, None));
        assert_eq!(found[0].get("b").unwrap().line, 3);
        assert_eq!(found[1].get("d").unwrap().line, 5);
    }

    #[test]
    fn members_can_be_left_out() {
        let text = "a: 1\ntests:\n  match: [{x: {y: [1]}}]\nb: {tests: 2}\n";
        let (found, error) = documents(text, Some("tests"));
        assert_eq!(error, None);
        assert_eq!(found[0].to_json(), serde_json::json!({"a": 1, "b": {"tests": 2}}));
    }

    #[test]
    fn blocks_can_be_left_out_without_reading_them() {
        let text = "a: 1\ntests:\n  match:\n    - x: 1\n# note\n  no_match: []\nb: |\n  tests:\n    c\n---\ntests: {a: 1}\n";
        let kept = without_blocks(text, "tests");
        assert_eq!(kept, "a: 1\n\n\n\n\n\nb: |\n  tests:\n    c\n---\ntests: {a: 1}\n");
        assert_eq!(documents(&kept, Some("tests")), documents(text, Some("tests")));
    }

    #[test]
    fn aliases_stand_for_values() {
        assert_eq!(one("a: &x [1]\nb: *x").to_json(), serde_json::json!({"a": [1], "b": [1]}));
        let mut bomb = "a: &a [1,1,1,1,1,1,1,1,1,1]\n".to_owned();
        for (new, old) in "bcdefgh".chars().zip("abcdefg".chars()) {
            let items = vec![format!("*{old}"); 10].join(",");
            bomb = format!("{bomb}{new}: &{new} [{items}]\n");
        }
        assert!(documents(&bomb, None).1.unwrap().reason.contains("more than"));
    }

    #[test]
    fn errors_name_the_line() {
        let cases = [
            ("a: 1\na: 2\n", 2, "`a` is given twice in one map"),
            ("a: [1\nb: 2", 2, "this is not YAML"),
            ("<<: {a: 1}", 1, "merge keys"),
            ("? [a]\n: 1", 1, "the name of a member is a list"),
            ("a: *x", 1, "this is not YAML"),
        ];
        for (text, line, reason) in cases {
            let error = documents(text, None).1.unwrap_or_else(|| panic!("{text}"));
            assert!(error.line == line && error.reason.contains(reason), "{text}: {error:?}");
        }
        assert!(documents(&"[".repeat(1000), None).1.is_some());
    }

    #[test]
    fn overlays() {
        let merged = one("a: {b: 1, c: 2}\nd: 3").overlaid(one("a: {c: 4}\ne: [5]"));
        assert_eq!(merged.to_json(), serde_json::json!({"a": {"b": 1, "c": 4}, "d": 3, "e": [5]}));
    }
}
