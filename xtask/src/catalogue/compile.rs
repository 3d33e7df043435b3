//! From the corrected source to the blob.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail, ensure};
use leastwise_iam::catalogue::blob::{Blob, BlobAction, BlobKey, BlobService, BlobType, BlobUse, encode};
use leastwise_iam::catalogue::{KeyType, PolicyBearing, global_condition_keys};

use super::rcps;
use super::resource_policies::{self, POLICIES};
use super::source::{Action, ResourceType, Service, Source};

pub(super) fn compile(source: &Source) -> Result<Vec<u8>> {
    lists_agree(source)?;
    resource_policies::is_complete(source)?;
    let mut compiler = Compiler::new(source)?;
    let services = ordered(source).map(|(prefix, service)| compiler.service(prefix, service));
    let services = services.collect::<Result<_>>()?;
    let blob = Blob {
        version: &source.version,
        date: &source.date,
        keys: compiler.keys.into_iter().collect(),
        key_sets: compiler.key_sets.into_values(),
        uses: compiler.uses.into_values(),
        action_sets: compiler.action_sets.into_values(),
        services,
    };
    Ok(encode(&blob)?)
}

/// Services in the order of their actions' full names.
fn ordered(source: &Source) -> impl Iterator<Item = (&str, &Service)> {
    let mut services: Vec<_> =
        source.services.iter().map(|(prefix, service)| (prefix.as_str(), service)).collect();
    services.sort_by_key(|(prefix, _)| format!("{prefix}:"));
    services.into_iter()
}

fn lists_agree(source: &Source) -> Result<()> {
    let ours: BTreeSet<&str> = rcps::SERVICES.into();
    let theirs: BTreeSet<&str> = source.rcps.iter().map(String::as_str).collect();
    let differing: Vec<&&str> = ours.symmetric_difference(&theirs).collect();
    ensure!(
        differing.is_empty(),
        "the services with RCPs differ between AWS's list in xtask/src/catalogue/rcps.rs and the package: \
         {differing:?}; read AWS's page again"
    );
    for service in rcps::SERVICES {
        ensure!(
            source.services.contains_key(service),
            "there is no service `{service}`, which is said to have RCPs"
        );
    }
    for full_name in rcps::EXEMPT {
        let found = full_name.split_once(':').map(|(service, name)| (service, name.to_ascii_lowercase()));
        let found = found.and_then(|(service, name)| source.services.get(service)?.actions.get(&name));
        ensure!(found.is_some(), "there is no action `{full_name}`, which is said to be exempt from RCPs");
    }
    Ok(())
}

/// Lists that stand once, and their numbers.
struct Interned<T>(BTreeMap<T, u32>);

impl<T: Ord + Default> Interned<T> {
    /// Number 0 is the empty list.
    fn new() -> Self {
        Self(BTreeMap::from([(T::default(), 0)]))
    }

    fn number(&mut self, value: T) -> Result<u32> {
        let next = u32::try_from(self.0.len())?;
        Ok(*self.0.entry(value).or_insert(next))
    }

    fn into_values(self) -> Vec<T> {
        let mut values: Vec<(u32, T)> = self.0.into_iter().map(|(value, number)| (number, value)).collect();
        values.sort_by_key(|(number, _)| *number);
        values.into_iter().map(|(_, value)| value).collect()
    }
}

/// A condition key as the catalogue sorts it: by lower-case name, then with its own service's first.
type SortedKey<'a> = (String, bool, BlobKey<'a>);

struct Compiler<'a> {
    keys: Vec<BlobKey<'a>>,
    /// Where each service's key of a lower-case name is in `keys`.
    places: BTreeMap<(&'a str, String), u32>,
    /// Global keys that no service's table has.
    action_numbers: BTreeMap<String, u32>,
    type_numbers: BTreeMap<(&'a str, &'a str), u32>,
    key_sets: Interned<Vec<u32>>,
    uses: Interned<Vec<BlobUse>>,
    action_sets: Interned<Vec<u32>>,
}

impl<'a> Compiler<'a> {
    fn new(source: &'a Source) -> Result<Self> {
        let (keys, places) = keys(source)?;
        Ok(Self {
            keys,
            places,
            action_numbers: numbered(ordered(source).flat_map(|(prefix, service)| {
                service.actions.keys().map(move |name| format!("{prefix}:{name}"))
            }))?,
            type_numbers: numbered(ordered(source).flat_map(|(prefix, service)| {
                service.resource_types.keys().map(move |name| (prefix, name.as_str()))
            }))?,
            key_sets: Interned::new(),
            uses: Interned::new(),
            action_sets: Interned::new(),
        })
    }

    fn service(&mut self, prefix: &'a str, service: &'a Service) -> Result<BlobService<'a>> {
        let own_keys = service.condition_keys.values().map(|key| key.key.as_str());
        let types = service.resource_types.values().map(|kind| self.resource_type(prefix, kind));
        let resource_types = types.collect::<Result<_>>()?;
        let actions = service.actions.values().map(|action| self.action(prefix, action));
        Ok(BlobService {
            prefix,
            name: &service.name,
            honours_rcps: rcps::SERVICES.contains(&prefix),
            actions: actions.collect::<Result<_>>()?,
            keys: self.key_set(prefix, own_keys)?,
            resource_types,
        })
    }

    fn resource_type(&mut self, prefix: &'a str, kind: &'a ResourceType) -> Result<BlobType<'a>> {
        let arns: Vec<&str> = kind.arn.split(", ").collect();
        for arn in &arns {
            let fields = arn.split(':').count();
            ensure!(
                arn.starts_with("arn:")
                    && fields >= 6
                    && !arn.contains("//")
                    && !arn.contains(char::is_whitespace),
                "`{arn}`, of `{prefix}:{}`, is not the form of an ARN; correct it in corrections.rs",
                kind.key
            );
        }
        Ok(BlobType {
            name: &kind.key,
            arns,
            keys: self.key_set(prefix, kind.condition_keys.iter().map(String::as_str))?,
            policy: bearing(prefix, &kind.key),
        })
    }

    fn action(&mut self, prefix: &'a str, action: &'a Action) -> Result<BlobAction<'a>> {
        let full_name = format!("{prefix}:{}", action.name);
        let mut uses = Vec::new();
        let mut dependents: BTreeSet<&String> = action.dependent_actions.iter().collect();
        for resource in &action.resource_types {
            let lower = resource.name.to_ascii_lowercase();
            let number = self.type_numbers.get(&(prefix, lower.as_str()));
            uses.push(BlobUse {
                resource_type: *number
                    .with_context(|| format!("`{full_name}` names resource type `{lower}`"))?,
                required: resource.required,
                keys: self.key_set(prefix, resource.condition_keys.iter().map(String::as_str))?,
            });
            dependents.extend(&resource.dependent_actions);
        }
        Ok(BlobAction {
            name: &action.name,
            level: action.access_level,
            honours_rcps: !rcps::EXEMPT.contains(&full_name.as_str()),
            uses: self.uses.number(uses)?,
            keys: self.key_set(prefix, action.condition_keys.iter().map(String::as_str))?,
            dependents: self.dependents(&full_name, dependents)?,
        })
    }

    fn key_set<'n>(&mut self, prefix: &'a str, names: impl Iterator<Item = &'n str>) -> Result<u32> {
        let mut set = BTreeSet::new();
        for name in names {
            let place = self.places.get(&(prefix, name.to_ascii_lowercase()));
            set.insert(
                *place.with_context(|| {
                    format!("`{prefix}` names condition key `{name}`, which is in no table")
                })?,
            );
        }
        self.key_sets.number(set.into_iter().collect())
    }

    fn dependents(&mut self, full_name: &str, names: BTreeSet<&String>) -> Result<u32> {
        let mut set = BTreeSet::new();
        for name in names {
            let number = self.action_numbers.get(&name.to_ascii_lowercase());
            set.insert(
                *number.with_context(|| format!("`{full_name}` depends on `{name}`, which there is not"))?,
            );
        }
        self.action_sets.number(set.into_iter().collect())
    }
}

fn numbered<K: Ord>(names: impl Iterator<Item = K>) -> Result<BTreeMap<K, u32>> {
    names.zip(0_u64..).map(|(name, number)| Ok((name, u32::try_from(number)?))).collect()
}

type Keys<'a> = (Vec<BlobKey<'a>>, BTreeMap<(&'a str, String), u32>);

/// Every different key, and where each service finds its own.
fn keys(source: &Source) -> Result<Keys<'_>> {
    let mut sorted: BTreeSet<SortedKey<'_>> = BTreeSet::new();
    let mut wanted = Vec::new();
    for (prefix, service) in ordered(source) {
        for (lower, key) in &service.condition_keys {
            let (key_type, multivalued) = key.key_type()?;
            let foreign = lower.split(':').next() != Some(prefix);
            let key = BlobKey { name: &key.key, key_type, multivalued };
            agrees_with_global(&key)?;
            sorted.insert((lower.clone(), foreign, key));
            wanted.push((prefix, lower, foreign, key));
        }
    }
    let places: BTreeMap<&SortedKey<'_>, u32> = numbered(sorted.iter())?;
    let mut by_service = BTreeMap::new();
    for (prefix, lower, foreign, key) in wanted {
        let place = places.get(&(lower.clone(), foreign, key)).context("a key was lost")?;
        by_service.insert((prefix, lower.clone()), *place);
    }
    Ok((sorted.iter().map(|(_, _, key)| *key).collect(), by_service))
}

/// Where a service's table and the table of global keys name the same key, they must say the same of it.
fn agrees_with_global(key: &BlobKey<'_>) -> Result<()> {
    let same = global_condition_keys().iter().find(|global| global.name().eq_ignore_ascii_case(key.name));
    match same {
        Some(global) if (global.key_type(), global.is_multivalued()) != (key.key_type, key.multivalued) => {
            known_difference(key)
        }
        None if key.name.starts_with("aws:") => {
            bail!("`{}` is not in crates/iam/src/catalogue/global_keys.rs; read AWS's page again", key.name)
        }
        _ => Ok(()),
    }
}

/// `identitystore:UserId` has several values in the requests of Amazon Q, one in all others.
fn known_difference(key: &BlobKey<'_>) -> Result<()> {
    let known = key.name == "identitystore:UserId" && key.key_type == KeyType::String && key.multivalued;
    ensure!(known, "`{}` has another type as a global key", key.name);
    Ok(())
}

fn bearing(prefix: &str, kind: &str) -> PolicyBearing {
    let mut own_service = POLICIES.iter().filter(|policy| policy.service == prefix);
    if own_service.clone().any(|policy| policy.attached_to.contains(&kind)) {
        PolicyBearing::Own
    } else if own_service.any(|policy| policy.speaks_for.contains(&kind)) {
        PolicyBearing::Container
    } else {
        PolicyBearing::None
    }
}
