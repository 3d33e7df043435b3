//! The catalogue of what AWS can be asked to do: services, actions, resource types and condition keys.
//!
//! It is what the [Service Authorization Reference] says, in one compact blob that is part of the program and is
//! decoded on first use. `cargo xtask catalogue` makes the blob and documents every correction to its source.
//!
//! ```
//! use leastwise_iam::catalogue::{AccessLevel, Catalogue};
//!
//! let catalogue = Catalogue::get();
//! let action = catalogue.action("S3:getobject").expect("names are case-insensitive");
//! assert_eq!((action.service(), action.name()), ("s3", "GetObject"));
//! assert_eq!(action.access_level(), AccessLevel::Read);
//! assert!(action.resources().iter().any(|r| r.resource_type().matches_arn("arn:aws:s3:::bucket/a/key")));
//! assert!(action.supports_condition_key("s3:ExistingObjectTag/team"));
//! assert!(catalogue.expand("iam:*AccessKey").any(|action| action.name() == "CreateAccessKey"));
//! ```
//!
//! [Service Authorization Reference]: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html

mod action;
pub mod blob;
mod build;
mod condition_key;
mod expand;
mod global_keys;
mod resource_type;
mod service;
mod template;

use std::cmp::Ordering;
use std::sync::LazyLock;

pub use action::{AccessLevel, Action, ActionId, ActionResource};
pub use blob::CatalogueError;
pub use condition_key::{ConditionKey, KeyType};
pub use global_keys::global_condition_keys;
pub use resource_type::{PolicyBearing, ResourceType};
pub use service::Service;

/// The committed blob.
const BLOB: &[u8] = include_bytes!("../data/catalogue.bin");

#[expect(
    clippy::expect_used,
    reason = "the blob is part of the program, and tests decode it; \
    an empty catalogue in its place would make every action unknown without a word"
)]
static CATALOGUE: LazyLock<Catalogue> =
    LazyLock::new(|| Catalogue::decode(BLOB).expect("the catalogue inside this program is damaged"));

/// Services, actions, resource types and condition keys.
///
/// Actions are sorted by their lower-case full name (`s3:getobject`) and numbered in that order, so that a set of
/// actions can be a set of bits.
pub struct Catalogue {
    version: &'static str,
    date: &'static str,
    services: Box<[Service]>,
    actions: &'static [Action],
    keys: &'static [ConditionKey],
}

impl Catalogue {
    /// The catalogue of this program; decoded on first use.
    pub fn get() -> &'static Self {
        &CATALOGUE
    }

    /// Decodes a blob that [`blob::encode`] made.
    ///
    /// What it holds is never freed: a catalogue lives as long as the program. Use [`Catalogue::get`] unless the
    /// blob is another one than the program's own.
    ///
    /// # Errors
    /// Where the bytes are damaged, or parts of the catalogue refer to what is not there.
    pub fn decode(bytes: &[u8]) -> Result<Self, CatalogueError> {
        build::decode(bytes)
    }

    /// The version of the package that the catalogue was made from.
    pub fn version(&self) -> &'static str {
        self.version
    }

    /// The day on which that package's data was current, as `YYYY-MM-DD`.
    pub fn date(&self) -> &'static str {
        self.date
    }

    /// All services, in the order of their actions: `ec2-instance-connect` before `ec2`, as `-` is before `:`.
    pub fn services(&self) -> &[Service] {
        &self.services
    }

    /// The service with this prefix, such as `s3`, in any case.
    pub fn service(&self, prefix: &str) -> Option<&Service> {
        let found = self.services.binary_search_by(|s| compare_prefixes(s.prefix(), prefix)).ok()?;
        self.services.get(found)
    }

    /// All actions, sorted by lower-case full name.
    pub fn actions(&self) -> &'static [Action] {
        self.actions
    }

    /// The number of actions; ids are below it.
    pub fn len(&self) -> usize {
        self.actions.len()
    }

    /// True if there is no action at all.
    pub fn is_empty(&self) -> bool {
        self.actions.is_empty()
    }

    /// The action with this full name, such as `s3:GetObject`, in any case. No wildcards: see
    /// [`expand`](Self::expand).
    pub fn action(&self, full_name: &str) -> Option<&'static Action> {
        let found = self.actions.binary_search_by(|a| compare(a.lower_name(), full_name)).ok()?;
        self.actions.get(found)
    }

    /// The action with this id.
    pub fn action_by_id(&self, id: ActionId) -> Option<&'static Action> {
        self.actions.get(id.index())
    }

    /// The actions that a pattern of an `Action` element means, in the order of their ids.
    ///
    /// `*` stands for any run of characters and `?` for any one, anywhere in `service:Action`; case does not
    /// matter. A name without wildcards gives that action, or none if the catalogue lacks it.
    ///
    /// Source: [IAM JSON policy elements: Action](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html).
    ///
    /// ```
    /// # use leastwise_iam::catalogue::Catalogue;
    /// let names: Vec<&str> = Catalogue::get().expand("SQS:send*").map(|a| a.full_name()).collect();
    /// assert_eq!(names, ["sqs:SendMessage"]);
    /// ```
    pub fn expand(&self, pattern: &str) -> impl Iterator<Item = &'static Action> + use<> {
        expand::expand(self.actions, pattern)
    }

    /// The condition key that this text names, in any case; a global one before a service's own.
    ///
    /// `aws:ResourceTag/team` names the key `aws:ResourceTag/${TagKey}`.
    pub fn condition_key(&self, name: &str) -> Option<&'static ConditionKey> {
        let global = global_condition_keys().iter().find(|key| key.matches(name));
        global.or_else(|| self.exact_key(name)).or_else(|| self.keys.iter().find(|key| key.matches(name)))
    }

    /// The first of the keys with exactly this name; keys are sorted by name.
    fn exact_key(&self, name: &str) -> Option<&'static ConditionKey> {
        let from = self.keys.partition_point(|key| compare(key.name(), name).is_lt());
        self.keys.get(from).filter(|key| key.name().eq_ignore_ascii_case(name))
    }
}

/// The order of two names without regard to ASCII case.
fn compare(a: &str, b: &str) -> Ordering {
    lower(a).cmp(lower(b))
}

/// The order of two services: that of their actions.
fn compare_prefixes(a: &str, b: &str) -> Ordering {
    lower(a).chain(std::iter::once(b':')).cmp(lower(b).chain(std::iter::once(b':')))
}

fn lower(text: &str) -> impl Iterator<Item = u8> + '_ {
    text.bytes().map(|b| b.to_ascii_lowercase())
}

#[cfg(test)]
mod tests;
