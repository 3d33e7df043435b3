use std::cell::OnceCell;
use std::collections::BTreeMap;

use super::overlap::Shape;
use super::subject::{Facts, Subject};
use crate::catalogue::{Action, ActionResource, ResourceType};
use crate::{Scope, Version};

/// Which resources of a statement fit which of its actions. Only for statements that name resources.
pub(crate) struct Fits {
    /// For each entry of `Resource`: true if some action has a resource type of that form.
    pub(crate) entries: Vec<bool>,
    /// Each action, and whether one of the entries has the form of one of its resource types.
    pub(crate) actions: Vec<(&'static Action, bool)>,
}

impl Fits {
    /// What [`Fits::compare`] says, which is asked once.
    pub(crate) fn of<'f>(subject: &Subject<'_>, facts: &'f Facts<'_>) -> Option<&'f Self> {
        facts.fits.get_or_init(|| Self::compare(subject, facts)).as_ref()
    }

    /// Compares the resources of a statement with the resource types of its actions. Nothing where either is not
    /// known, where the statement is about all resources, or where the document is too large.
    fn compare(subject: &Subject<'_>, facts: &Facts<'_>) -> Option<Self> {
        let Scope::Only(patterns) = &facts.statement.resources else { return None };
        if patterns.is_empty() || patterns.iter().any(|pattern| everything(pattern.as_str())) {
            return None;
        }
        let actions = facts.known_actions()?;
        let version = subject.document.version;
        let shapes: Vec<Shape> = patterns.iter().map(|p| Shape::of_pattern(p.as_str(), version)).collect();
        let forms = Forms::of(&actions);
        let mut entries = vec![false; shapes.len()];
        let mut form_fits = vec![false; forms.list.len()];
        for (shape, entry) in shapes.iter().zip(&mut entries) {
            for (form, fits) in forms.list.iter().zip(&mut form_fits) {
                subject.spend(shape.cost(&form.shape)).then_some(())?;
                if shape.overlaps(&form.shape) && !forms.is_closer_to_another(subject, shape, form)? {
                    (*entry, *fits) = (true, true);
                }
            }
        }
        let fits = |action: &&'static Action| forms.any(action, &form_fits);
        Some(Self { entries, actions: actions.iter().map(|action| (*action, fits(action))).collect() })
    }
}

/// True for texts that match all ARNs.
fn everything(text: &str) -> bool {
    matches!(text, "arn:*" | "*:*") || (!text.is_empty() && text.bytes().all(|b| b == b'*'))
}

/// A form of a resource type's ARNs.
struct Form {
    place: Place,
    resource_type: &'static ResourceType,
    literal: usize,
    shape: Shape,
}

/// A service, and where a text lies in the catalogue, which is compared quicker than what it says.
type Place = (&'static str, *const u8);

/// The forms of all resource types of some actions, each once, sorted by their places.
struct Forms {
    list: Vec<Form>,
    /// For each service, all its forms, once they are needed.
    siblings: BTreeMap<&'static str, OnceCell<Vec<(usize, Shape)>>>,
}

impl Forms {
    fn of(actions: &[&'static Action]) -> Self {
        let mut forms: Vec<_> = actions.iter().flat_map(|action| forms(action)).collect();
        forms.sort_unstable_by_key(|(place, ..)| *place);
        forms.dedup_by_key(|(place, ..)| *place);
        let form = |(place, resource_type, text, literal)| Form {
            place,
            resource_type,
            literal,
            shape: Shape::of_pattern(text, Version::V2012),
        };
        let list: Vec<Form> = forms.into_iter().map(form).collect();
        let siblings = list.iter().map(|form| (form.resource_type.service(), OnceCell::new())).collect();
        Self { list, siblings }
    }

    /// True if whatever the pattern has of the form is of another type of the service, which spells out more of it
    /// and has more parts: `arn:aws:s3:::bucket/*` are objects, no buckets. See [`ResourceType::matches_arn`]. Nothing
    /// where that would take too long.
    fn is_closer_to_another(&self, subject: &Subject<'_>, pattern: &Shape, form: &Form) -> Option<bool> {
        let shape = |(text, literal)| (literal, Shape::of_pattern(text, Version::V2012));
        let siblings = self.siblings.get(form.resource_type.service())?;
        let siblings = siblings.get_or_init(|| form.resource_type.siblings().map(shape).collect());
        let closer = siblings.iter().take_while(|(literal, _)| *literal > form.literal);
        for (_, sibling) in closer.filter(|(_, sibling)| sibling.is_deeper(&form.shape)) {
            subject.spend(pattern.cost_of_yielding(sibling)).then_some(())?;
            if pattern.yields(&form.shape, sibling) {
                return Some(true);
            }
        }
        Some(false)
    }

    /// True if one of the action's forms fits.
    fn any(&self, action: &'static Action, fits: &[bool]) -> bool {
        forms(action).any(|(place, ..)| {
            let at = self.list.binary_search_by_key(&place, |form| form.place);
            at.is_ok_and(|at| fits.get(at).is_some_and(|fits| *fits))
        })
    }
}

fn forms(
    action: &'static Action,
) -> impl Iterator<Item = (Place, &'static ResourceType, &'static str, usize)> {
    action.resources().iter().map(ActionResource::resource_type).flat_map(|kind| {
        kind.forms().map(move |(text, literal)| ((kind.service(), text.as_ptr()), kind, text, literal))
    })
}
