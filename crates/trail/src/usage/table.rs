//! The tables of this folder's `data`: what the names of events and parameters do not say by themselves.
//!
//! Each file has one row a line and tabs between columns; lines that begin with `#` are notes. An action that the
//! catalogue lacks is an error in the table, which the tests of this crate find: a vocabulary that changes must not
//! make a row silently say nothing.

use std::sync::LazyLock;

use leastwise_iam::catalogue::{Action, Catalogue, ResourceType};

use super::condition::Condition;
use super::hash::Map;

/// One of the tables is damaged, or names what the catalogue does not have.
#[derive(Debug, thiserror::Error)]
#[error("row `{row}`: {why}")]
pub(super) struct TableError {
    row: String,
    why: String,
}

/// What a call needs.
#[derive(Debug, Clone)]
pub(super) enum Meaning {
    /// Nothing: the call needs no permission.
    Nothing,
    /// All of these, where their conditions hold.
    All(Vec<Step>),
    /// One of these: the one whose condition holds.
    OneOf(Vec<Step>),
    /// It is not known what.
    Unmapped,
}

/// An action that a call needs.
#[derive(Debug, Clone)]
pub(super) struct Step {
    pub(super) action: &'static Action,
    pub(super) condition: Condition,
}

/// A permission that a call needs besides its own.
#[derive(Debug)]
pub(super) struct Passed {
    pub(super) action: &'static Action,
    pub(super) member: Vec<Box<str>>,
    pub(super) how: PassedHow,
}

/// What a member of a request tells of what is passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PassedHow {
    /// The ARN of the resource.
    Arn,
    /// The name of a role.
    Role,
    /// That there is one, but not which.
    There,
}

/// A member that fills a hole of an ARN template.
#[derive(Debug)]
pub(super) struct Filler {
    pub(super) member: Box<str>,
    pub(super) how: FillerHow,
}

/// How a value fills a hole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum FillerHow {
    /// As it stands.
    Plain,
    /// Below a path that is not told.
    Path,
    /// With six characters after it that are not told.
    Secret,
    /// Without the slash it begins with.
    Slash,
    /// The last part of a URL.
    Url,
    /// As it stands, if it begins so.
    Prefix(Box<str>),
}

/// All tables.
#[derive(Debug)]
pub(super) struct Tables {
    /// Event source without its ending → prefix of the actions.
    pub(super) services: Map<&'static str, &'static str>,
    /// Event source and event, in lower case with a space between → what it needs.
    events: Map<String, Meaning>,
    /// The same for events of which only the beginning is given.
    beginnings: Vec<(&'static str, String, Meaning)>,
    /// Action, in lower case → what it needs besides.
    pub(super) passed: Map<&'static str, Vec<Passed>>,
    /// Service and hole, or `KIND/HOLE`, with a space between → members.
    pub(super) fillers: Map<String, Vec<Filler>>,
}

#[expect(
    clippy::expect_used,
    reason = "the tables are part of the program, and tests read them; \
    empty ones in their place would map calls to wrong actions without a word"
)]
static TABLES: LazyLock<Tables> =
    LazyLock::new(|| Tables::read().expect("a table inside this program is damaged"));

impl Tables {
    pub(super) fn get() -> &'static Self {
        &TABLES
    }

    fn read() -> Result<Self, TableError> {
        let mut tables = Self {
            services: Map::default(),
            events: Map::default(),
            beginnings: Vec::new(),
            passed: Map::default(),
            fillers: Map::default(),
        };
        for (line, [source, prefix]) in rows(include_str!("data/services.tsv")) {
            Catalogue::get()
                .service(prefix)
                .ok_or_else(|| error(line, "the catalogue has no such service"))?;
            tables.services.insert(source, prefix);
        }
        for (line, row) in rows(include_str!("data/events.tsv")) {
            tables.add_event(line, row)?;
        }
        for (line, [action, further, member, how]) in rows(include_str!("data/passed.tsv")) {
            let (action, further) = (known(line, action)?, known(line, further)?);
            let member = member.split('.').map(Box::from).collect();
            let passed = Passed { action: further, member, how: passed_how(line, how)? };
            tables.passed.entry(action.lower_name()).or_default().push(passed);
        }
        for (line, [service, hole, member, how]) in rows(include_str!("data/parameters.tsv")) {
            check_hole(line, service, hole)?;
            let filler = Filler { member: member.into(), how: filler_how(how) };
            tables.fillers.entry(format!("{service} {hole}")).or_default().push(filler);
        }
        Ok(tables)
    }

    fn add_event(
        &mut self,
        line: &str,
        [source, event, actions]: [&'static str; 3],
    ) -> Result<(), TableError> {
        let meaning = meaning(line, actions)?;
        if let Some(beginning) = event.strip_suffix('*') {
            self.beginnings.push((source, beginning.to_ascii_lowercase(), meaning));
        } else if self.events.insert(key(source, &event.to_ascii_lowercase()), meaning).is_some() {
            return Err(error(line, "the event has another row"));
        }
        Ok(())
    }

    /// What the tables say of an event; its name in lower case.
    pub(super) fn event(&self, source: &str, lower: &str) -> Option<&Meaning> {
        let begins =
            |(own, beginning, _): &&(&str, String, Meaning)| *own == source && lower.starts_with(beginning);
        let beginning = || self.beginnings.iter().find(begins).map(|(_, _, meaning)| meaning);
        self.events.get(&key(source, lower)).or_else(beginning)
    }
}

fn key(source: &str, event: &str) -> String {
    format!("{source} {event}")
}

/// The rows of a table, each with its line; one with another number of columns is an error of the last column.
fn rows<const N: usize>(table: &'static str) -> impl Iterator<Item = (&'static str, [&'static str; N])> {
    let lines = table.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| {
        let mut columns = line.splitn(N, '\t');
        (line, std::array::from_fn(|_| columns.next().unwrap_or_default()))
    })
}

fn error(line: &str, why: &str) -> TableError {
    TableError { row: line.to_owned(), why: why.to_owned() }
}

fn known(line: &str, name: &str) -> Result<&'static Action, TableError> {
    let missing = || error(line, &format!("the catalogue has no action `{name}`"));
    Catalogue::get().action(name).ok_or_else(missing)
}

fn meaning(line: &str, text: &'static str) -> Result<Meaning, TableError> {
    if text == "none" {
        return Ok(Meaning::Nothing);
    }
    let (one_of, list) = match text.strip_prefix("one of ") {
        Some(list) => (true, list),
        None => (false, text),
    };
    let steps = list.split(", ").map(|text| step(line, text)).collect::<Result<Vec<_>, _>>()?;
    Ok(if one_of { Meaning::OneOf(steps) } else { Meaning::All(steps) })
}

fn step(line: &str, text: &str) -> Result<Step, TableError> {
    let (name, condition) = text.split_once(' ').unwrap_or((text, ""));
    let condition = Condition::read(condition).ok_or_else(|| error(line, "the condition makes no sense"))?;
    Ok(Step { action: known(line, name)?, condition })
}

fn passed_how(line: &str, text: &str) -> Result<PassedHow, TableError> {
    match text {
        "arn" => Ok(PassedHow::Arn),
        "role" => Ok(PassedHow::Role),
        "there" => Ok(PassedHow::There),
        _ => Err(error(line, "the last column is `arn`, `role` or `there`")),
    }
}

fn filler_how(text: &str) -> FillerHow {
    match text {
        "" => FillerHow::Plain,
        "path" => FillerHow::Path,
        "secret" => FillerHow::Secret,
        "slash" => FillerHow::Slash,
        "url" => FillerHow::Url,
        prefix => FillerHow::Prefix(prefix.into()),
    }
}

/// An error if no template of the service has the hole.
fn check_hole(line: &str, service: &str, hole: &str) -> Result<(), TableError> {
    let service =
        Catalogue::get().service(service).ok_or_else(|| error(line, "the catalogue has no such service"))?;
    let (kind, hole) = hole.split_once('/').map_or((None, hole), |(kind, hole)| (Some(kind), hole));
    let hole = format!("${{{hole}}}");
    let kinds = service.resource_types().iter().filter(|own| kind.is_none_or(|kind| kind == own.name()));
    let mut templates = kinds.flat_map(ResourceType::arn_templates);
    if templates.any(|template| template.contains(&hole)) {
        Ok(())
    } else {
        Err(error(line, "no ARN template of the service has this part"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_fit_the_catalogue() {
        let tables = Tables::read().unwrap();
        assert_eq!(tables.services.len(), 30);
        assert!(tables.events.len() > 80 && tables.fillers.len() > 40 && tables.passed.len() > 10);
    }

    #[test]
    fn rows_that_make_no_sense_are_errors() {
        let mut tables = Tables::read().unwrap();
        for (row, why) in [
            (["s3", "X", "s3:NoSuchAction"], "the catalogue has no action `s3:NoSuchAction`"),
            (["s3", "X", "s3:GetObject sometimes"], "the condition makes no sense"),
            (["s3", "X", ""], "the catalogue has no action ``"),
            (["s3", "ListBuckets", "none"], "the event has another row"),
        ] {
            assert_eq!(tables.add_event("", row).unwrap_err().why, why);
        }
    }

    #[test]
    fn beginnings_come_after_whole_names() {
        let name = |event| match Tables::get().event("apigateway", event) {
            Some(Meaning::All(steps)) => steps[0].action.full_name(),
            _ => "",
        };
        assert_eq!(
            (name("importrestapi"), name("getrestapis"), name("x")),
            ("apigateway:POST", "apigateway:GET", "")
        );
    }
}
