//! From the stored form to the catalogue, whose parts point at each other.
//!
//! Everything is leaked on purpose: the catalogue lives as long as the program, and so do the references into it.

use super::blob::{self, Blob, BlobAction, BlobService, BlobType, CatalogueError};
use super::template::ArnTemplate;
use super::{
    Action, ActionId, ActionResource, Catalogue, ConditionKey, ResourceType, Service, compare_prefixes,
    global_condition_keys,
};

type KeySet = &'static [&'static ConditionKey];

pub(super) fn decode(bytes: &[u8]) -> Result<Catalogue, CatalogueError> {
    let plain: &'static [u8] = leak(blob::unfold(bytes)?);
    let blob: Blob<'static> = blob::read(plain)?;
    let keys = leak(blob.keys.iter().map(condition_key).collect());
    let key_sets = sets(&blob.key_sets, keys)?;
    let types = resource_types(&blob.services, &key_sets)?;
    let uses = uses(&blob, types, &key_sets)?;
    let actions = actions(&blob, &uses, &key_sets)?;
    let services = services(&blob.services, types, actions, &key_sets)?;
    Ok(Catalogue { version: blob.version, date: blob.date, services: services.into(), actions, keys })
}

fn leak<T>(values: Vec<T>) -> &'static [T] {
    if values.is_empty() { &[] } else { Box::leak(values.into_boxed_slice()) }
}

fn at<T: Copy>(values: &[T], index: u32) -> Result<T, CatalogueError> {
    values.get(index as usize).copied().ok_or_else(|| out_of_range(index, values.len()))
}

fn out_of_range(index: u32, length: usize) -> CatalogueError {
    CatalogueError(format!("it refers to entry {index} of a list of {length}"))
}

fn condition_key(key: &blob::BlobKey<'static>) -> ConditionKey {
    let global = global_condition_keys().iter().any(|global| global.name.eq_ignore_ascii_case(key.name));
    ConditionKey { name: key.name, key_type: key.key_type, multivalued: key.multivalued, global }
}

fn sets(sets: &[Vec<u32>], keys: &'static [ConditionKey]) -> Result<Vec<KeySet>, CatalogueError> {
    let key = |index: &u32| keys.get(*index as usize).ok_or_else(|| out_of_range(*index, keys.len()));
    sets.iter().map(|set| set.iter().map(key).collect::<Result<_, _>>().map(leak)).collect()
}

fn resource_types(
    services: &[BlobService<'static>],
    key_sets: &[KeySet],
) -> Result<&'static [ResourceType], CatalogueError> {
    let mut types = Vec::with_capacity(services.iter().map(|service| service.resource_types.len()).sum());
    for service in services {
        let own = service.resource_types.iter().map(templates).collect::<Result<Vec<_>, _>>()?;
        let mut siblings: Vec<ArnTemplate> = own.iter().copied().flatten().copied().collect();
        siblings.sort_by_key(|template| std::cmp::Reverse(template.literal()));
        let siblings = leak(siblings);
        for (blob, templates) in service.resource_types.iter().zip(own) {
            types.push(ResourceType {
                service: service.prefix,
                name: blob.name,
                templates,
                siblings,
                condition_keys: at(key_sets, blob.keys)?,
                policy: blob.policy,
            });
        }
    }
    Ok(leak(types))
}

fn templates(blob: &BlobType<'static>) -> Result<&'static [ArnTemplate], CatalogueError> {
    let template = |text: &&'static str| {
        ArnTemplate::new(text).ok_or_else(|| CatalogueError(format!("`{text}` is not the form of an ARN")))
    };
    blob.arns.iter().map(template).collect::<Result<_, _>>().map(leak)
}

fn uses(
    blob: &Blob<'_>,
    types: &'static [ResourceType],
    key_sets: &[KeySet],
) -> Result<Vec<&'static [ActionResource]>, CatalogueError> {
    let resource = |use_of: &blob::BlobUse| {
        let resource_type = types.get(use_of.resource_type as usize);
        Ok(ActionResource {
            resource_type: resource_type.ok_or_else(|| out_of_range(use_of.resource_type, types.len()))?,
            required: use_of.required,
            condition_keys: at(key_sets, use_of.keys)?,
        })
    };
    blob.uses.iter().map(|list| list.iter().map(resource).collect::<Result<_, _>>().map(leak)).collect()
}

fn actions(
    blob: &Blob<'static>,
    uses: &[&'static [ActionResource]],
    key_sets: &[KeySet],
) -> Result<&'static [Action], CatalogueError> {
    let all = || blob.services.iter().flat_map(|s| s.actions.iter().map(move |action| (s, action)));
    let total = u32::try_from(all().count()).map_err(|_| CatalogueError("it is too long".to_owned()))?;
    let names = Names::new(all().map(|(service, action)| (service.prefix, action.name)));
    let action_sets = action_sets(&blob.action_sets, total)?;
    let make = |id: u32, service: &BlobService<'_>, action: &BlobAction<'_>, (full_name, lower_name)| {
        Ok(Action {
            id: ActionId(id),
            full_name,
            lower_name,
            access_level: action.level,
            honours_rcps: service.honours_rcps && action.honours_rcps,
            resources: at(uses, action.uses)?,
            condition_keys: at(key_sets, action.keys)?,
            dependent_actions: at(&action_sets, action.dependents)?,
        })
    };
    let mut actions: Vec<Action> = Vec::with_capacity(total as usize);
    for (id, ((service, action), names)) in (0..total).zip(all().zip(names)) {
        actions.push(make(id, service, action, names)?);
    }
    if actions.len() != total as usize || !actions.is_sorted_by(|a, b| a.lower_name < b.lower_name) {
        return Err(CatalogueError("its actions are not in order".to_owned()));
    }
    Ok(leak(actions))
}

fn action_sets(sets: &[Vec<u32>], total: u32) -> Result<Vec<&'static [ActionId]>, CatalogueError> {
    let id = |index: &u32| {
        if *index < total { Ok(ActionId(*index)) } else { Err(out_of_range(*index, total as usize)) }
    };
    sets.iter().map(|set| set.iter().map(id).collect::<Result<_, _>>().map(leak)).collect()
}

/// Full names, as they are and in lower case, one after the other in two long texts.
struct Names {
    full: &'static str,
    lower: &'static str,
    lengths: std::vec::IntoIter<usize>,
}

impl Names {
    fn new<'a>(names: impl Iterator<Item = (&'a str, &'a str)> + Clone) -> Self {
        let lengths: Vec<usize> =
            names.clone().map(|(service, name)| service.len() + 1 + name.len()).collect();
        let mut full = String::with_capacity(lengths.iter().sum());
        for (service, name) in names {
            full.push_str(service);
            full.push(':');
            full.push_str(name);
        }
        let lower = full.to_ascii_lowercase();
        Self { full: full.leak(), lower: lower.leak(), lengths: lengths.into_iter() }
    }
}

impl Iterator for Names {
    type Item = (&'static str, &'static str);

    fn next(&mut self) -> Option<Self::Item> {
        let length = self.lengths.next()?;
        let (full, full_rest) = self.full.split_at_checked(length)?;
        let (lower, lower_rest) = self.lower.split_at_checked(length)?;
        (self.full, self.lower) = (full_rest, lower_rest);
        Some((full, lower))
    }
}

fn services(
    blobs: &[BlobService<'static>],
    mut types: &'static [ResourceType],
    mut actions: &'static [Action],
    key_sets: &[KeySet],
) -> Result<Vec<Service>, CatalogueError> {
    let short = || CatalogueError("its services are not in order".to_owned());
    let mut services = Vec::with_capacity(blobs.len());
    for blob in blobs {
        let (own_types, other_types) = types.split_at_checked(blob.resource_types.len()).ok_or_else(short)?;
        let (own_actions, other_actions) = actions.split_at_checked(blob.actions.len()).ok_or_else(short)?;
        (types, actions) = (other_types, other_actions);
        services.push(Service {
            prefix: blob.prefix,
            name: blob.name,
            honours_rcps: blob.honours_rcps,
            actions: own_actions,
            resource_types: own_types,
            condition_keys: at(key_sets, blob.keys)?,
        });
    }
    if !services.is_sorted_by(|a: &Service, b: &Service| compare_prefixes(a.prefix, b.prefix).is_lt()) {
        return Err(short());
    }
    Ok(services)
}
