use super::overlap::Shape;
use super::subject::{Facts, Subject};
use crate::catalogue::Action;
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
        let mut form_fits = vec![false; forms.shapes.len()];
        for (shape, entry) in shapes.iter().zip(&mut entries) {
            for ((_, form), fits) in forms.shapes.iter().zip(&mut form_fits) {
                subject.spend(shape.cost(form)).then_some(())?;
                if shape.overlaps(form) {
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

/// The forms of all resource types of some actions, each once, sorted by where the text lies in the catalogue, which
/// is quicker than by what it says.
struct Forms {
    shapes: Vec<(*const u8, Shape)>,
}

impl Forms {
    fn of(actions: &[&'static Action]) -> Self {
        let mut texts: Vec<&'static str> = actions.iter().flat_map(|action| templates(action)).collect();
        texts.sort_unstable_by_key(|text| text.as_ptr());
        texts.dedup_by_key(|text| text.as_ptr());
        let shape = |text: &str| (text.as_ptr(), Shape::of_pattern(text, Version::V2012));
        Self { shapes: texts.into_iter().map(shape).collect() }
    }

    /// True if one of the action's forms fits.
    fn any(&self, action: &'static Action, fits: &[bool]) -> bool {
        templates(action).any(|text| {
            let at = self.shapes.binary_search_by_key(&text.as_ptr(), |(place, _)| *place);
            at.is_ok_and(|at| fits.get(at).is_some_and(|fits| *fits))
        })
    }
}

fn templates(action: &'static Action) -> impl Iterator<Item = &'static str> {
    action.resources().iter().flat_map(|resource| resource.resource_type().arn_templates())
}
