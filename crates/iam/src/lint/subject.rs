use std::cell::{Cell, OnceCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use super::PolicyKind;
use super::keys::{KeyForm, look_up};
use super::nearest::nearest;
use super::resources::Fits;
use super::spot::Spot;
use crate::catalogue::{Action, Catalogue};
use crate::{Condition, Document, Effect, Scope, Statement};

/// A document with what every rule asks of it.
pub(crate) struct Subject<'a> {
    pub(crate) document: &'a Document,
    pub(crate) kind: PolicyKind,
    pub(crate) catalogue: &'static Catalogue,
    pub(crate) statements: Vec<Facts<'a>>,
    /// How many characters the document has, where its text is known.
    pub(crate) characters: Option<usize>,
    keys: BTreeMap<&'a str, KeyForm>,
    /// Patterns that were not compared with the catalogue, because there are too many.
    pub(crate) unexamined: usize,
    suggestions: Cell<usize>,
    work: Cell<u64>,
}

/// A statement, and what its actions mean.
pub(crate) struct Facts<'a> {
    pub(crate) index: usize,
    pub(crate) statement: &'a Statement,
    pub(crate) actions: Vec<ActionFacts<'a>>,
    pub(crate) fits: OnceCell<Option<Fits>>,
}

/// An entry of `Action` or `NotAction`.
pub(crate) struct ActionFacts<'a> {
    pub(crate) spot: Spot<'a>,
    pub(crate) text: &'a str,
    pub(crate) form: Form,
}

/// What an action's text is.
#[derive(Clone)]
pub(crate) enum Form {
    /// `*` or `*:*`.
    Everything,
    /// No `service:Name`.
    Malformed(&'static str),
    /// The prefix, without wildcards, is of no service.
    UnknownService,
    /// A name or a pattern, and the actions it means.
    Means(Rc<[&'static Action]>),
    /// Not examined: the document has too many patterns.
    Unexamined,
}

/// So many actions are compared with patterns, in less than a second. AWS's own policies need a tenth of it; a
/// pattern that begins with a wildcard is compared with the whole catalogue.
const MAX_COMPARED: usize = 3_000_000;

/// So many misspelt names get a suggestion; each is compared with all names of its service.
const MAX_SUGGESTIONS: usize = 100;

/// So many steps of comparing patterns are taken, about a second; AWS's own policies need a hundredth.
const MAX_WORK: u64 = 100_000_000;

/// So many characters long a pattern of an action may be; the longest action has 70.
const MAX_PATTERN: usize = 256;

impl<'a> Subject<'a> {
    pub(crate) fn new(document: &'a Document, kind: PolicyKind, characters: Option<usize>) -> Self {
        let catalogue = Catalogue::get();
        let mut reader = Reader { catalogue, known: BTreeMap::new(), compared: 0, unexamined: 0 };
        let statements = document
            .statements
            .iter()
            .enumerate()
            .map(|(index, statement)| Facts {
                index,
                statement,
                actions: reader.actions(index, statement),
                fits: OnceCell::new(),
            })
            .collect();
        Self {
            document,
            kind,
            catalogue,
            statements,
            characters,
            keys: keys(catalogue, document),
            unexamined: reader.unexamined,
            suggestions: Cell::new(MAX_SUGGESTIONS),
            work: Cell::new(MAX_WORK),
        }
    }

    /// Takes some of the work that a document may cost. False where all is taken.
    pub(crate) fn spend(&self, steps: u64) -> bool {
        let left = self.work.get().saturating_sub(steps);
        self.work.set(left);
        left > 0
    }

    /// True if some comparisons were not made, because they would have taken too long.
    pub(crate) fn is_spent(&self) -> bool {
        self.work.get() == 0
    }

    /// Every entry of `Action` and `NotAction`.
    pub(crate) fn actions(&self) -> impl Iterator<Item = (&Facts<'a>, &ActionFacts<'a>)> {
        self.statements.iter().flat_map(|facts| facts.actions.iter().map(move |action| (facts, action)))
    }

    /// What the name of a context key is.
    pub(crate) fn key(&self, name: &str) -> KeyForm {
        self.keys.get(name).copied().unwrap_or(KeyForm::Malformed)
    }

    /// Every condition.
    pub(crate) fn conditions(&self) -> impl Iterator<Item = (&Facts<'a>, &'a Condition, Spot<'a>)> {
        self.statements.iter().flat_map(|facts| {
            let spot = move |condition| Spot::Condition(facts.index, condition);
            facts.statement.conditions.iter().map(move |condition| (facts, condition, spot(condition)))
        })
    }

    /// Every entry of `Resource` and `NotResource`.
    pub(crate) fn resources(&self) -> impl Iterator<Item = (&Facts<'a>, &'a str, Spot<'a>)> {
        self.statements
            .iter()
            .flat_map(|facts| facts.resources().map(move |(text, spot)| (facts, text, spot)))
    }

    /// The nearest of the candidates, if one is near enough to be what the author meant.
    pub(crate) fn nearest<'b>(
        &self,
        text: &str,
        candidates: impl Iterator<Item = &'b str>,
    ) -> Option<&'b str> {
        let left = self.suggestions.get().checked_sub(1)?;
        self.suggestions.set(left);
        nearest(text, candidates)
    }

    /// Words that ask whether the author meant the nearest of the candidates; none if nothing is near.
    pub(crate) fn did_you_mean<'b>(&self, text: &str, candidates: impl Iterator<Item = &'b str>) -> String {
        let near = self.nearest(text, candidates);
        near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default()
    }
}

impl<'a> Facts<'a> {
    /// The statement as a spot.
    pub(crate) const fn spot(&self) -> Spot<'a> {
        Spot::Statement(self.index)
    }

    /// An element of the statement as a spot.
    pub(crate) const fn element(&self, name: &'static str) -> Spot<'a> {
        Spot::Element(self.index, name)
    }

    /// True if the statement is an `Allow`.
    pub(crate) fn allows(&self) -> bool {
        self.statement.effect == Effect::Allow
    }

    /// The entries of `Resource` or `NotResource`.
    pub(crate) fn resources(&self) -> impl Iterator<Item = (&'a str, Spot<'a>)> + use<'a> {
        let (index, name) = (self.index, resource_element(&self.statement.resources));
        let patterns = self.statement.resources.patterns();
        let spot = move |i| Spot::Entry(index, name, i, patterns.len());
        patterns.iter().enumerate().map(move |(i, pattern)| (pattern.as_str(), spot(i)))
    }

    /// The actions that `Action` means, each once; none where that is not fully known or not bounded: with
    /// `NotAction`, with `*`, with unknown actions.
    pub(crate) fn known_actions(&self) -> Option<Vec<&'static Action>> {
        let Scope::Only(_) = &self.statement.actions else { return None };
        let mut actions = Vec::new();
        for action in &self.actions {
            match &action.form {
                Form::Means(found) if !found.is_empty() => actions.extend_from_slice(found),
                _ => return None,
            }
        }
        actions.sort_unstable_by_key(|action| action.id());
        actions.dedup_by_key(|action| action.id());
        Some(actions)
    }
}

impl ActionFacts<'_> {
    /// True for patterns.
    pub(crate) fn has_wildcard(&self) -> bool {
        self.text.contains(['*', '?'])
    }

    /// True if no action is meant, which a rule of its own finds.
    pub(crate) fn means_nothing(&self) -> bool {
        match &self.form {
            Form::Malformed(_) | Form::UnknownService => true,
            Form::Means(actions) => actions.is_empty(),
            Form::Everything | Form::Unexamined => false,
        }
    }

    /// The service's prefix and the name or pattern after it.
    pub(crate) fn halves(&self) -> (&str, &str) {
        self.text.split_once(':').unwrap_or((self.text, ""))
    }
}

/// The name of the action element in the form that the statement has.
pub(crate) const fn action_element(scope: &Scope) -> &'static str {
    if let Scope::AllBut(_) = scope { "NotAction" } else { "Action" }
}

/// The name of the resource element in the form that the statement has.
pub(crate) const fn resource_element(scope: &Scope) -> &'static str {
    if let Scope::AllBut(_) = scope { "NotResource" } else { "Resource" }
}

/// Looks every context key up, each once.
fn keys<'a>(catalogue: &'static Catalogue, document: &'a Document) -> BTreeMap<&'a str, KeyForm> {
    let mut keys = BTreeMap::new();
    for condition in document.statements.iter().flat_map(|statement| &statement.conditions) {
        keys.entry(&*condition.key).or_insert_with(|| look_up(catalogue, &condition.key));
    }
    keys
}

/// Looks actions up, each text once.
struct Reader<'a> {
    catalogue: &'static Catalogue,
    known: BTreeMap<&'a str, Form>,
    compared: usize,
    unexamined: usize,
}

impl<'a> Reader<'a> {
    fn actions(&mut self, index: usize, statement: &'a Statement) -> Vec<ActionFacts<'a>> {
        let name = action_element(&statement.actions);
        let patterns = statement.actions.patterns();
        let entries = patterns.iter().enumerate().map(|(i, pattern)| {
            let text = pattern.as_str();
            let form = match self.known.get(text) {
                Some(form) => form.clone(),
                None => self.look_up(text),
            };
            ActionFacts { spot: Spot::Entry(index, name, i, patterns.len()), text, form }
        });
        entries.collect()
    }

    fn look_up(&mut self, text: &'a str) -> Form {
        let form = self.form(text);
        if let Form::Unexamined = form {
            self.unexamined += 1;
        }
        self.known.insert(text, form.clone());
        form
    }

    /// Source: [IAM JSON policy elements: Action](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html).
    fn form(&mut self, text: &str) -> Form {
        if matches!(text, "*" | "*:*") {
            return Form::Everything;
        }
        let Some((service, name)) = text.split_once(':') else {
            return Form::Malformed("`service:Action` or `*` is expected");
        };
        if service.is_empty() || name.is_empty() {
            return Form::Malformed("the service or the action is missing");
        }
        if text.len() > MAX_PATTERN {
            return Form::Malformed("it is longer than any action");
        }
        let plain = |c: char| c.is_ascii_alphanumeric() || "*?-_.".contains(c);
        if !service.chars().chain(name.chars()).all(plain) {
            return Form::Malformed("only letters, digits and wildcards may stand in it");
        }
        let open = service.contains(['*', '?']);
        if !open && self.catalogue.service(service).is_none() {
            return Form::UnknownService;
        }
        let candidates = self.catalogue.service(service).map_or(self.catalogue.len(), |s| s.actions().len());
        self.compared += if text.contains(['*', '?']) { candidates } else { 1 };
        if self.compared > MAX_COMPARED {
            return Form::Unexamined;
        }
        Form::Means(self.catalogue.expand(text).collect())
    }
}
