//! Of which services a document allows something.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use leastwise_iam::catalogue::Catalogue;
use leastwise_iam::{Document, Effect, Pattern, Scope};

use super::scope::{is_every_action, is_every_resource};

/// Services, by the prefix of their actions.
#[derive(Debug, Clone, Default)]
pub(crate) struct Services {
    allowed: BTreeSet<&'static str>,
    denied: BTreeSet<&'static str>,
}

impl Services {
    /// Adds those of which a document allows an action, and those that it denies as a whole.
    pub(crate) fn add(&mut self, document: &Document) {
        for statement in &document.statements {
            let unconditional = statement.conditions.is_empty() && is_every_resource(&statement.resources);
            let counts = counts(&statement.actions);
            match statement.effect {
                Effect::Allow => self.allowed.extend(counts.keys()),
                Effect::Deny if unconditional => {
                    let whole = counts.iter().filter(|(service, count)| **count >= size(service));
                    self.denied.extend(whole.map(|(service, _)| *service));
                }
                Effect::Deny => {}
            }
        }
    }

    /// Those that are allowed, and not denied as a whole.
    pub(crate) fn granted(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.allowed.difference(&self.denied).copied()
    }
}

fn size(service: &str) -> usize {
    Catalogue::get().service(service).map_or(usize::MAX, |service| service.actions().len())
}

/// How many actions of each service the scope holds; services without any are left out.
fn counts(scope: &Scope) -> BTreeMap<&'static str, usize> {
    match scope {
        Scope::Unspecified => BTreeMap::new(),
        Scope::Only(_) if is_every_action(scope) => all().collect(),
        Scope::Only(patterns) => listed(patterns),
        Scope::AllBut(patterns) => {
            let without = listed(patterns);
            let rest = |(service, size): (&'static str, usize)| {
                let left = size.saturating_sub(without.get(service).copied().unwrap_or(0));
                (left > 0).then_some((service, left))
            };
            all().filter_map(rest).collect()
        }
    }
}

fn all() -> impl Iterator<Item = (&'static str, usize)> {
    Catalogue::get().services().iter().map(|service| (service.prefix(), service.actions().len()))
}

/// How many actions of each service the patterns match. An action that the catalogue lacks counts for its service.
fn listed(patterns: &[Pattern]) -> BTreeMap<&'static str, usize> {
    let catalogue = Catalogue::get();
    let mut names: BTreeMap<&'static str, BTreeSet<Cow<'static, str>>> = BTreeMap::new();
    let mut counts = BTreeMap::new();
    for pattern in patterns.iter().map(Pattern::as_str) {
        let parts = pattern.split_once(':');
        let service = parts.and_then(|(service, action)| Some((catalogue.service(service)?, action)));
        if let Some((service, "*")) = service {
            counts.insert(service.prefix(), service.actions().len());
            continue;
        }
        let mut matches = catalogue.expand(pattern).peekable();
        if let (None, Some((service, action))) = (matches.peek(), service) {
            names.entry(service.prefix()).or_default().insert(Cow::Owned(action.to_ascii_lowercase()));
        }
        matches.for_each(|action| {
            names.entry(action.service()).or_default().insert(Cow::Borrowed(action.lower_name()));
        });
    }
    for (service, names) in names {
        let count = counts.entry(service).or_default();
        *count = names.len().max(*count);
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn granted(statements: &str) -> Vec<&'static str> {
        let document = Document::parse(&format!(r#"{{"Statement":[{statements}]}}"#)).unwrap();
        let mut services = Services::default();
        services.add(&document);
        services.granted().collect()
    }

    #[test]
    fn what_statements_grant() {
        let allow = |actions: &str| format!(r#"{{"Effect":"Allow","Action":{actions},"Resource":"*"}}"#);
        let deny = |actions: &str, more: &str| format!(r#"{{"Effect":"Deny","Action":{actions}{more}}}"#);
        let everywhere = r#","Resource":"*""#;
        let some = allow(r#"["s3:Get*","SQS:*","ec2:NoSuchAction"]"#);
        let table = [
            (some.clone(), vec!["ec2", "s3", "sqs"]),
            (format!("{some},{}", deny(r#"["sqs:*","s3:GetObject"]"#, everywhere)), vec!["ec2", "s3"]),
            (
                format!("{some},{}", deny(r#""sqs:*""#, r#","Resource":"arn:aws:sqs:::x""#)),
                vec!["ec2", "s3", "sqs"],
            ),
            (
                format!(
                    "{some},{}",
                    deny(r#""sqs:*""#, r#","Resource":"*","Condition":{"Bool":{"x":"true"}}"#)
                ),
                vec!["ec2", "s3", "sqs"],
            ),
            (allow(r#""nosuchservice:*""#), vec![]),
        ];
        for (statements, expected) in table {
            assert_eq!(granted(&statements), expected, "{statements}");
        }
        let services = Catalogue::get().services().len();
        assert_eq!(granted(&allow(r#""*""#)).len(), services);
        let but = r#"{"Effect":"Allow","NotAction":["iam:*","s3:GetObject"],"Resource":"*"}"#;
        assert_eq!(granted(but).len(), services - 1);
    }
}
