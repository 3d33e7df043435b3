//! The first package's files as values. Only what the catalogue takes over is read.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use leastwise_iam::catalogue::{AccessLevel, KeyType};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// The whole package.
pub(super) struct Source {
    pub(super) version: String,
    pub(super) date: String,
    /// By prefix, in lower case.
    pub(super) services: BTreeMap<String, Service>,
    /// Prefixes of the services that the package says support resource control policies.
    pub(super) rcps: Vec<String>,
}

/// A service; its parts by lower-case name.
#[derive(Default)]
pub(super) struct Service {
    pub(super) name: String,
    pub(super) actions: BTreeMap<String, Action>,
    pub(super) resource_types: BTreeMap<String, ResourceType>,
    pub(super) condition_keys: BTreeMap<String, ConditionKey>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Action {
    pub(super) name: String,
    #[serde(deserialize_with = "access_level")]
    pub(super) access_level: AccessLevel,
    pub(super) resource_types: Vec<ActionResource>,
    pub(super) condition_keys: Vec<String>,
    pub(super) dependent_actions: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ActionResource {
    pub(super) name: String,
    pub(super) required: bool,
    pub(super) condition_keys: Vec<String>,
    pub(super) dependent_actions: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ResourceType {
    pub(super) key: String,
    /// One template, or several with `, ` between them.
    pub(super) arn: String,
    #[serde(default)]
    pub(super) condition_keys: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct ConditionKey {
    pub(super) key: String,
    #[serde(rename = "type")]
    pub(super) kind: String,
}

impl ConditionKey {
    /// The type of its values, and whether there can be several.
    pub(super) fn key_type(&self) -> Result<(KeyType, bool)> {
        let (name, multivalued) =
            self.kind.strip_prefix("ArrayOf").map_or((self.kind.as_str(), false), |one| (one, true));
        let key_type = match name {
            "String" => KeyType::String,
            "ARN" => KeyType::Arn,
            "Bool" => KeyType::Bool,
            "Date" => KeyType::Date,
            "Numeric" => KeyType::Numeric,
            "IPAddress" => KeyType::IpAddress,
            "Binary" => KeyType::Binary,
            other => bail!("condition key `{}` has the unknown type `{other}`", self.key),
        };
        Ok((key_type, multivalued))
    }
}

impl Action {
    /// An action of which no more is known.
    pub(super) fn plain(name: &str, access_level: AccessLevel) -> Self {
        Self {
            name: name.to_owned(),
            access_level,
            resource_types: Vec::new(),
            condition_keys: Vec::new(),
            dependent_actions: Vec::new(),
        }
    }
}

/// An access level as either package names it. The first marks actions that change permissions, or tags only, as
/// writing ones, too.
pub(super) fn level(text: &str) -> Option<AccessLevel> {
    Some(match text {
        "List" => AccessLevel::List,
        "Read" => AccessLevel::Read,
        "Write" => AccessLevel::Write,
        "Permissions management, Write" | "Permissions management" => AccessLevel::PermissionsManagement,
        "Tagging, Write" | "Tagging" => AccessLevel::Tagging,
        _ => return None,
    })
}

fn access_level<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<AccessLevel, D::Error> {
    let text = String::deserialize(deserializer)?;
    level(&text).ok_or_else(|| serde::de::Error::custom(format!("`{text}` is no known access level")))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Package {
    version: String,
    updated_at: String,
}

pub(super) fn read(folder: &Path) -> Result<Source> {
    let folder = folder.join("package");
    let package: Package = json(&folder.join("package.json"))?;
    let data = folder.join("data");
    let names: BTreeMap<String, String> = json(&data.join("serviceNames.json"))?;
    let prefixes: Vec<String> = json(&data.join("services.json"))?;
    let mut services = BTreeMap::new();
    for prefix in prefixes {
        let name = names.get(&prefix).with_context(|| format!("service `{prefix}` has no name"))?;
        services.insert(prefix.to_ascii_lowercase(), service(&data, &prefix, name)?);
    }
    let date = package.updated_at.split('T').next().unwrap_or_default().to_owned();
    Ok(Source {
        version: package.version,
        date,
        services,
        rcps: json(&data.join("rcpSupportedServices.json"))?,
    })
}

fn service(data: &Path, prefix: &str, name: &str) -> Result<Service> {
    let file = format!("{prefix}.json");
    Ok(Service {
        name: name.to_owned(),
        actions: json(&data.join("actions").join(&file))?,
        resource_types: json(&data.join("resourceTypes").join(&file))?,
        condition_keys: json(&data.join("conditionKeys").join(&file))?,
    })
}

fn json<T: DeserializeOwned>(path: &Path) -> Result<T> {
    let text = fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("reading {}", path.display()))
}
