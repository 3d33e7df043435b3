//! From the YAML of a file to its rules, correlations, first-seen rules and filters.

mod several;

use super::condition::Condition;
use super::problem::{Problem, ProblemKind, Refusal, broken, unsupported};
use super::rule::{Body, Case, Detection, Filter, Item, Level, Meta, Rule, Search, Tests};
use super::yaml::{self, Kind, Node, Scalar};
use several::{read_correlation, read_first_seen};

/// What one file holds.
#[derive(Debug, Default)]
pub(super) struct File {
    pub rules: Vec<Rule>,
    pub filters: Vec<Filter>,
    pub problems: Vec<Problem>,
}

/// Reads a file. Its test events are left out unless they are asked for.
pub(super) fn file(name: &str, text: &str, with_tests: bool) -> File {
    let mut file = File::default();
    let (documents, error) = if with_tests {
        yaml::documents(text, None)
    } else {
        yaml::documents(&yaml::without_blocks(text, "tests"), Some("tests"))
    };
    let mut collection = Collection::default();
    for document in documents {
        let title = title_of(&document);
        let result = collection.next(document).and_then(|document| match document {
            Some(document) => read_document(name, &document, &mut file),
            None => Ok(()),
        });
        if let Err(refusal) = result {
            file.problems.push(refusal.problem(name, title.as_deref()));
        }
    }
    if let Some(error) = error {
        file.problems.push(broken(error.line, error.reason).problem(name, None));
    }
    file
}

fn title_of(document: &Node) -> Option<String> {
    ["title", "id", "name"].iter().find_map(|key| document.get(key)?.scalar()?.text().map(str::to_owned))
}

/// `action: global`, `reset` and `repeat` of older rule collections.
#[derive(Default)]
struct Collection {
    global: Option<Node>,
    last: Option<Node>,
}

impl Collection {
    /// The document as it is meant; nothing if it only says what the next ones mean.
    fn next(&mut self, document: Node) -> Result<Option<Node>, Refusal> {
        let line = document.line;
        let action =
            document.get("action").map(|action| action.scalar().and_then(Scalar::text).unwrap_or_default());
        let document = match action {
            None => self.with_global(document),
            Some("global") => {
                self.global = Some(without_action(document));
                return Ok(None);
            }
            Some("reset") => {
                self.global = None;
                return Ok(None);
            }
            Some("repeat") => {
                let last = self.last.clone();
                let last = last.ok_or_else(|| broken(line, "`action: repeat` has nothing to repeat"))?;
                self.with_global(last.overlaid(without_action(document)))
            }
            Some(other) => return Err(broken(line, format!("the action `{other}` is unknown"))),
        };
        self.last = Some(document.clone());
        Ok(Some(document))
    }

    fn with_global(&self, document: Node) -> Node {
        match &self.global {
            Some(global) => global.clone().overlaid(document),
            None => document,
        }
    }
}

fn without_action(mut document: Node) -> Node {
    if let Kind::Map(members) = &mut document.kind {
        members.retain(|(key, _)| **key != *"action");
    }
    document
}

fn read_document(name: &str, document: &Node, file: &mut File) -> Result<(), Refusal> {
    if document.map().is_none() {
        return Err(broken(document.line, format!("a rule is a map, and this is {}", document.what())));
    }
    if let Some(filter) = document.get("filter") {
        for_cloudtrail(document, true)?;
        file.filters.push(read_filter(name, document, filter)?);
        return Ok(());
    }
    let meta = read_meta(name, document)?;
    let body = read_body(document)?;
    let many = !matches!(body, Body::Detection(_));
    let tests = document.get("tests").map(|tests| read_tests(tests, many)).transpose()?.unwrap_or_default();
    file.rules.push(Rule { meta, body, tests });
    Ok(())
}

fn read_body(document: &Node) -> Result<Body, Refusal> {
    let detection = document.get("detection");
    match (document.get("correlation"), document.get("first_seen"), detection) {
        (Some(correlation), None, None) => Ok(Body::Correlation(read_correlation(document, correlation)?)),
        (None, Some(first_seen), Some(detection)) => {
            for_cloudtrail(document, false)?;
            Ok(Body::FirstSeen(read_detection(detection)?, read_first_seen(first_seen)?))
        }
        (None, None, Some(detection)) => {
            for_cloudtrail(document, true)?;
            Ok(Body::Detection(read_detection(detection)?))
        }
        (None, Some(node), None) => Err(broken(node.line, "`first_seen` needs a `detection` beside it")),
        (Some(node), ..) => {
            Err(broken(node.line, "`correlation` stands alone, without `detection` or `first_seen`"))
        }
        (None, None, None) => {
            Err(broken(document.line, "there is no `detection`, `correlation` or `filter`"))
        }
    }
}

/// Refuses what is about other logs. What asks for all logs of AWS asks for these too.
fn for_cloudtrail(document: &Node, needed: bool) -> Result<(), Refusal> {
    let Some(source) = document.get("logsource") else {
        return if needed { Err(broken(document.line, "there is no `logsource`")) } else { Ok(()) };
    };
    if source.map().is_none() {
        return Err(broken(source.line, format!("`logsource` is {}; give a map", source.what())));
    }
    let part = |name: &str| optional_text(source, name);
    let (category, product, service) = (part("category")?, part("product")?, part("service")?);
    let names_us = product.as_deref().is_none_or(|product| product.eq_ignore_ascii_case("aws"))
        && service.as_deref().is_none_or(|service| service.eq_ignore_ascii_case("cloudtrail"))
        && category.is_none();
    if names_us && (product.is_some() || service.is_some()) {
        return Ok(());
    }
    let names: Vec<_> = [("category", category), ("product", product), ("service", service)]
        .into_iter()
        .filter_map(|(name, value)| Some(format!("{name} `{}`", value?)))
        .collect();
    let reason = format!("its log source is {}, not CloudTrail", names.join(", "));
    Err(Refusal { kind: ProblemKind::NotForCloudTrail, line: source.line, reason })
}

fn read_meta(file: &str, document: &Node) -> Result<Meta, Refusal> {
    let title = text(document, "title")?;
    let status = optional_text(document, "status")?;
    match status.as_deref() {
        None | Some("stable" | "test" | "experimental" | "deprecated") => {}
        Some("unsupported") => {
            return Err(unsupported(
                document.line,
                "its status is `unsupported`: its authors say it cannot be used",
            ));
        }
        Some(other) => return Err(broken(document.line, format!("the status `{other}` is unknown"))),
    }
    let level = match optional_text(document, "level")? {
        None => Level::Medium,
        Some(name) => Level::named(&name)
            .ok_or_else(|| broken(document.line, format!("the level `{name}` is unknown")))?,
    };
    Ok(Meta {
        file: file.to_owned(),
        line: document.line,
        id: optional_text(document, "id")?.unwrap_or_else(|| title.clone()),
        title,
        name: optional_text(document, "name")?,
        status,
        level,
        description: optional_text(document, "description")?,
        why: optional_text(document, "why")?,
        author: optional_text(document, "author")?,
        references: texts(document, "references")?,
        falsepositives: texts(document, "falsepositives")?,
        tags: texts(document, "tags")?,
        fields: texts(document, "fields")?,
    })
}

fn text(map: &Node, name: &str) -> Result<String, Refusal> {
    optional_text(map, name)?.ok_or_else(|| broken(map.line, format!("there is no `{name}`")))
}

fn optional_text(map: &Node, name: &str) -> Result<Option<String>, Refusal> {
    match map.get(name) {
        None => Ok(None),
        Some(node) => scalar_text(node, name).map(Some),
    }
}

fn scalar_text(node: &Node, name: &str) -> Result<String, Refusal> {
    let text = node.scalar().and_then(Scalar::text);
    text.map(str::to_owned)
        .ok_or_else(|| broken(node.line, format!("`{name}` is {}; give a text", node.what())))
}

/// A list of texts, or one text; none if the member is absent.
fn texts(map: &Node, name: &str) -> Result<Vec<String>, Refusal> {
    match map.get(name).map(|node| (node, &node.kind)) {
        None | Some((_, Kind::Scalar(Scalar::Null))) => Ok(Vec::new()),
        Some((_, Kind::List(items))) => items.iter().map(|item| scalar_text(item, name)).collect(),
        Some((node, _)) => Ok(vec![scalar_text(node, name)?]),
    }
}

fn only(map: &Node, known: &[&str], place: &str) -> Result<(), Refusal> {
    let members =
        map.map().ok_or_else(|| broken(map.line, format!("`{place}` is {}; give a map", map.what())))?;
    match members.iter().find(|(key, _)| !known.contains(&&**key)) {
        None => Ok(()),
        Some((key, node)) => Err(broken(
            node.line,
            format!("`{place}` has no member `{key}`; it has {}", super::listed(known.iter().copied())),
        )),
    }
}

pub(super) fn read_detection(node: &Node) -> Result<Detection, Refusal> {
    let members =
        node.map().ok_or_else(|| broken(node.line, format!("`detection` is {}; give a map", node.what())))?;
    let mut searches = Vec::new();
    for (name, search) in members {
        match &**name {
            "condition" | "timeframe" => {}
            _ => searches.push((name.clone(), read_search(search)?)),
        }
    }
    let condition = node.get("condition").ok_or_else(|| broken(node.line, "there is no `condition`"))?;
    let conditions = match &condition.kind {
        Kind::List(items) => items.iter().map(read_condition).collect::<Result<Vec<_>, _>>()?,
        _ => vec![read_condition(condition)?],
    };
    if conditions.is_empty() {
        return Err(broken(condition.line, "the list of conditions is empty"));
    }
    Ok(Detection { searches, conditions })
}

fn read_condition(node: &Node) -> Result<(usize, Condition), Refusal> {
    let text = scalar_text(node, "condition")?;
    let condition = Condition::parse(&text).map_err(|reason| broken(node.line, reason))?;
    Ok((node.line, condition))
}

fn read_search(node: &Node) -> Result<Search, Refusal> {
    match &node.kind {
        Kind::Map(members) if members.is_empty() => Err(broken(node.line, "a search has no fields")),
        Kind::Map(members) => members
            .iter()
            .map(|(key, value)| read_item(key, value))
            .collect::<Result<_, _>>()
            .map(Search::All),
        Kind::List(items) if items.is_empty() => Err(broken(node.line, "a search is an empty list")),
        Kind::List(items) => read_list(node.line, items),
        Kind::Scalar(scalar) => Ok(keywords(node.line, vec![scalar.clone()])),
    }
}

/// Keywords beside each other are one item, so that a long list of them is one search.
fn read_list(line: usize, items: &[Node]) -> Result<Search, Refusal> {
    let words: Vec<_> = items.iter().filter_map(Node::scalar).cloned().collect();
    let mut parts = Vec::new();
    for item in items.iter().filter(|item| item.scalar().is_none()) {
        parts.push(read_search(item)?);
    }
    if !words.is_empty() {
        parts.push(keywords(line, words));
    }
    Ok(Search::Any(parts))
}

fn keywords(line: usize, values: Vec<Scalar>) -> Search {
    Search::All(vec![Item { line, field: None, modifiers: Vec::new(), values }])
}

fn read_item(key: &str, value: &Node) -> Result<Item, Refusal> {
    let mut parts = key.split('|');
    let field = parts.next().filter(|field| !field.is_empty()).map(Box::from);
    let values = match &value.kind {
        Kind::Scalar(scalar) => vec![scalar.clone()],
        Kind::List(items) => items
            .iter()
            .map(|item| {
                let scalar = item.scalar().cloned();
                scalar
                    .ok_or_else(|| broken(item.line, format!("`{key}` has {} among its values", item.what())))
            })
            .collect::<Result<_, _>>()?,
        Kind::Map(_) => {
            return Err(broken(value.line, format!("`{key}` is a map; write the path with dots")));
        }
    };
    if values.is_empty() {
        return Err(broken(value.line, format!("`{key}` has no values")));
    }
    Ok(Item { line: value.line, field, modifiers: parts.map(Box::from).collect(), values })
}

fn read_filter(file: &str, document: &Node, filter: &Node) -> Result<Filter, Refusal> {
    let rules = match filter.get("rules").map(|node| (node, &node.kind)) {
        None => None,
        Some((_, Kind::Scalar(Scalar::Text(any)))) if **any == *"any" => None,
        Some((node, Kind::List(items))) if items.is_empty() => {
            return Err(broken(node.line, "the list of rules to filter is empty"));
        }
        Some(_) => Some(texts(filter, "rules")?),
    };
    let mut detection = filter.clone();
    if let Kind::Map(members) = &mut detection.kind {
        members.retain(|(key, _)| **key != *"rules");
    }
    Ok(Filter {
        file: file.to_owned(),
        line: document.line,
        title: text(document, "title")?,
        rules,
        detection: read_detection(&detection)?,
    })
}

fn read_tests(node: &Node, many: bool) -> Result<Tests, Refusal> {
    only(node, &["match", "no_match"], "tests")?;
    let cases = |name: &str| match node.get(name).map(|node| (node, &node.kind)) {
        None => Ok(Vec::new()),
        Some((_, Kind::List(items))) => items.iter().map(|item| read_case(item, many)).collect(),
        Some((node, _)) => {
            Err(broken(node.line, format!("`{name}` is {}; give a list of events", node.what())))
        }
    };
    Ok(Tests { matching: cases("match")?, not_matching: cases("no_match")? })
}

fn read_case(node: &Node, many: bool) -> Result<Case, Refusal> {
    let events = match &node.kind {
        Kind::List(items) if many => items.iter().map(read_event).collect::<Result<_, _>>()?,
        _ if many => {
            return Err(broken(node.line, "a test of a rule about several events is a list of events"));
        }
        _ => vec![read_event(node)?],
    };
    Ok(Case { line: node.line, events })
}

/// An event is a map, or its JSON in a text.
fn read_event(node: &Node) -> Result<String, Refusal> {
    match &node.kind {
        Kind::Map(_) => Ok(node.to_json().to_string()),
        Kind::Scalar(Scalar::Text(json)) => match serde_json::from_str::<serde_json::Value>(json) {
            Ok(serde_json::Value::Object(_)) => Ok(json.to_string()),
            Ok(_) => Err(broken(node.line, "a test event is no object")),
            Err(error) => Err(broken(node.line, format!("a test event is no JSON: {error}"))),
        },
        _ => Err(broken(node.line, format!("a test event is {}; give a map", node.what()))),
    }
}
