//! Actions as classes: what one action of a class may do, all may.
//!
//! Policies name actions by patterns. Actions that the same statements include, and that no rule of a service
//! sets apart, get the same decision, so that one of them is enough to ask for.

use std::collections::HashMap;
use std::sync::Arc;

use leastwise_iam::Scope;
use leastwise_iam::catalogue::{self, Catalogue};

use crate::action::Action;
use crate::caller::Caller;
use crate::context::Context;
use crate::decision;
use crate::policies::Policies;
use crate::policy::Policy;
use crate::request::Request;
use crate::resource::Resource;
use crate::service;
use crate::tri::Tri;

const BITS: usize = 64;

/// A set of the catalogue's actions.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ActionSet(Box<[u64]>);

impl ActionSet {
    /// No action.
    pub fn none() -> Self {
        Self(vec![0; Catalogue::get().len().div_ceil(BITS)].into())
    }

    fn add(&mut self, action: &catalogue::Action) {
        let index = action.id().index();
        if let Some(word) = self.0.get_mut(index / BITS) {
            *word |= 1 << (index % BITS);
        }
    }

    /// How many actions there are in the set.
    pub fn len(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// True if there is no action in the set.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    /// True if the action is in the set.
    pub fn contains(&self, action: &catalogue::Action) -> bool {
        let index = action.id().index();
        self.0.get(index / BITS).is_some_and(|word| word >> (index % BITS) & 1 == 1)
    }

    /// The actions of the set, in the catalogue's order.
    pub fn iter(&self) -> impl Iterator<Item = &'static catalogue::Action> + '_ {
        let words = self.0.iter().zip(0..).filter(|(word, _)| **word != 0);
        let indices = words.flat_map(|(word, at)| {
            (0..BITS).filter(move |bit| word >> bit & 1 == 1).map(move |bit| at * BITS + bit)
        });
        indices.filter_map(|index| Catalogue::get().actions().get(index))
    }

    fn first(&self) -> Option<&'static catalogue::Action> {
        let (word, at) = self.0.iter().zip(0..).find(|(word, _)| **word != 0)?;
        Catalogue::get().actions().get(at * BITS + word.trailing_zeros() as usize)
    }

    /// Adds all actions of another set.
    pub fn extend(&mut self, other: &Self) {
        for (word, more) in self.0.iter_mut().zip(&other.0) {
            *word |= more;
        }
    }

    fn both(&self, other: &Self, without: bool) -> Self {
        let flip = if without { u64::MAX } else { 0 };
        Self(self.0.iter().zip(&other.0).map(|(a, b)| a & (b ^ flip)).collect())
    }

    fn splits(&self, other: &Self) -> bool {
        let (mut inside, mut outside) = (false, false);
        for (a, b) in self.0.iter().zip(&other.0) {
            inside |= a & b != 0;
            outside |= a & !b != 0;
        }
        inside && outside
    }
}

/// What a caller may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permissions {
    /// Always.
    pub always: ActionSet,
    /// If something holds that is not known.
    pub perhaps: ActionSet,
}

/// Finds out which of all actions are allowed, and remembers what patterns stand for.
#[derive(Debug)]
pub struct Classifier {
    patterns: HashMap<Box<str>, Arc<ActionSet>>,
    /// What rules of services set apart.
    start: Vec<ActionSet>,
}

impl Default for Classifier {
    fn default() -> Self {
        Self::new()
    }
}

impl Classifier {
    /// A classifier that remembers nothing yet.
    pub fn new() -> Self {
        let mut kinds: HashMap<String, ActionSet> = HashMap::new();
        for action in Catalogue::get().actions() {
            kinds.entry(kind(action)).or_insert_with(ActionSet::none).add(action);
        }
        let mut start: Vec<ActionSet> = kinds.into_values().collect();
        start.sort_unstable_by(|a, b| b.0.cmp(&a.0));
        Self { patterns: HashMap::new(), start }
    }

    /// Which actions a caller may carry out on a resource, in a context.
    pub fn permissions(
        &mut self,
        caller: &Caller,
        resource: &Resource,
        context: &Context,
        policies: &Policies,
    ) -> Permissions {
        let mut permissions = Permissions { always: ActionSet::none(), perhaps: ActionSet::none() };
        let mut request = None;
        for class in self.classes(policies) {
            let Some(action) = class.first().map(Action::of) else { continue };
            let request = request.get_or_insert_with(|| {
                let mut request = Request::new(caller.clone(), action.clone(), resource.clone());
                request.context = context.clone();
                request
            });
            request.action = action;
            match decision::outlook(request, policies).is_allowed() {
                Tri::Yes => permissions.always.extend(&class),
                Tri::Maybe => permissions.perhaps.extend(&class),
                Tri::No => {}
            }
        }
        permissions
    }

    /// All actions, in classes that no statement tells apart.
    fn classes(&mut self, policies: &Policies) -> Vec<ActionSet> {
        let mut classes = self.start.clone();
        for policy in policies.iter() {
            for set in self.sets(policy) {
                let mut split = Vec::with_capacity(classes.len() + 8);
                for class in classes {
                    if class.splits(&set) {
                        split.push(class.both(&set, true));
                        split.push(class.both(&set, false));
                    } else {
                        split.push(class);
                    }
                }
                classes = split;
            }
        }
        classes
    }

    /// The actions that each statement's patterns include, negated or not.
    fn sets(&mut self, policy: &Policy) -> Vec<ActionSet> {
        let mut sets = Vec::new();
        for statement in &policy.document().statements {
            let (Scope::Only(patterns) | Scope::AllBut(patterns)) = &statement.actions else { continue };
            let mut set = ActionSet::none();
            for pattern in patterns {
                set.extend(&self.expand(pattern.as_str()));
            }
            sets.push(set);
        }
        sets
    }

    fn expand(&mut self, pattern: &str) -> Arc<ActionSet> {
        if let Some(set) = self.patterns.get(pattern) {
            return Arc::clone(set);
        }
        let mut set = ActionSet::none();
        for action in Catalogue::get().expand(pattern) {
            set.add(action);
        }
        let set = Arc::new(set);
        self.patterns.insert(pattern.into(), Arc::clone(&set));
        set
    }
}

/// What sets an action apart beside its name: its service's rules, and whether it concerns single resources.
fn kind(action: &catalogue::Action) -> String {
    let name = action.lower_name();
    if service::has_rules_of_its_own(name) {
        return name.to_owned();
    }
    let prefix = name.split(':').next().filter(|prefix| service::NAMED.contains(prefix)).unwrap_or_default();
    format!("{prefix}/{}/{}", action.is_resource_level(), action.honours_rcps())
}
