//! How the ARNs of an action's resources are made: worked out once for each action.

use std::sync::OnceLock;

use leastwise_iam::catalogue::{Action, ActionResource, Catalogue, ResourceType};

use super::table::{Filler, FillerHow, Passed, Tables};

/// What has to be known of an action to tell its resources.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) action: &'static Action,
    /// The forms of ARNs that can be made.
    pub(super) forms: Vec<Form>,
    /// True if the call may pass a role, by the catalogue.
    pub(super) passes_role: bool,
    /// What else it may need, by our table.
    pub(super) passed: &'static [Passed],
    /// True if the answer names the resource that the call made.
    pub(super) makes: bool,
    /// True if it is on users only: without a name, on the caller itself.
    pub(super) on_user: bool,
}

/// One form of ARN.
#[derive(Debug)]
pub(super) struct Form {
    pub(super) parts: Vec<Part>,
    pub(super) holes: Vec<Hole>,
    /// True for the documents of Systems Manager: the ARNs of those that AWS owns have no account.
    pub(super) of_documents: bool,
}

/// A part of an ARN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Text(&'static str),
    Partition,
    Region,
    Account,
    /// The hole of this number.
    Hole(usize),
}

/// A part that a member of the request fills.
#[derive(Debug)]
pub(super) struct Hole {
    /// Names of members, in lower case.
    names: Vec<(String, FillerHow)>,
    /// True if `name` at the top of the request fills it too: there is nothing else that it could name.
    top_name: bool,
    /// True if the hole's name does not say what it names.
    vague: bool,
}

/// Names of holes that do not say what they name.
const VAGUE: [&str; 8] = ["Alias", "Id", "Name", "ResourceId", "Token", "Type", "UUID", "Version"];

impl Hole {
    /// How a member of this name fills it, if it does.
    pub(super) fn filled_by(&self, name: &str, top: bool) -> Option<&FillerHow> {
        let found = self.names.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, how)| how);
        found.or_else(|| (top && self.top_name && name == "name").then_some(&FillerHow::Plain))
    }
}

/// The plans of all actions; each is made when it is first asked for.
pub(super) struct Plans(Box<[OnceLock<Plan>]>);

impl Plans {
    pub(super) fn new() -> Self {
        Self((0..Catalogue::get().len()).map(|_| OnceLock::new()).collect())
    }

    /// The plan of an action; nothing only if the action is of another catalogue.
    pub(super) fn of(&self, action: &'static Action) -> Option<&Plan> {
        Some(self.0.get(action.id().index())?.get_or_init(|| Plan::new(action)))
    }
}

/// Beginnings of actions that make what their answer names.
const MAKING: [&str; 7] = ["Allocate", "Copy", "Create", "Import", "Publish", "Register", "Run"];

impl Plan {
    fn new(action: &'static Action) -> Self {
        let catalogue = Catalogue::get();
        let mut dependent = action.dependent_actions().iter().filter_map(|id| catalogue.action_by_id(*id));
        let kinds = action.resources().iter().map(ActionResource::resource_type);
        let one_kind = action.resources().len() == 1;
        Self {
            action,
            forms: kinds.flat_map(forms).map(|form| form.only(one_kind)).collect(),
            passes_role: dependent.any(|action| action.full_name() == "iam:PassRole"),
            passed: Tables::get().passed.get(action.lower_name()).map_or(&[], Vec::as_slice),
            makes: MAKING.iter().any(|word| action.name().starts_with(word)),
            on_user: action.service() == "iam"
                && one_kind
                && action.resources().iter().all(|resource| resource.resource_type().name() == "user"),
        }
    }

    /// True if it has to be looked into the request whatever the record tells of resources.
    pub(super) fn passes(&self) -> bool {
        self.passes_role || !self.passed.is_empty()
    }
}

fn forms(kind: &'static ResourceType) -> impl Iterator<Item = Form> {
    kind.arn_templates().filter_map(|template| Form::read(kind, template))
}

impl Form {
    /// The form of a template; nothing for one without holes, which would be there whatever the call was on, and for
    /// one with wildcards.
    fn read(kind: &ResourceType, template: &'static str) -> Option<Self> {
        let mut form = Self {
            parts: Vec::new(),
            holes: Vec::new(),
            of_documents: kind.service() == "ssm" && kind.name() == "document",
        };
        let mut rest = template;
        while let Some((text, after)) = rest.split_once("${") {
            let (name, after) = after.split_once('}')?;
            form.push_text(text);
            form.push_hole(kind, name);
            rest = after;
        }
        form.push_text(rest);
        (!form.holes.is_empty() && !template.contains(['*', '<'])).then_some(form)
    }

    fn push_text(&mut self, text: &'static str) {
        if !text.is_empty() {
            self.parts.push(Part::Text(text));
        }
    }

    fn push_hole(&mut self, kind: &ResourceType, name: &'static str) {
        self.parts.push(match name {
            "Partition" => Part::Partition,
            "Region" => Part::Region,
            "Account" => Part::Account,
            _ => Part::Hole(self.holes.len()),
        });
        if matches!(self.parts.last(), Some(Part::Hole(_))) {
            self.holes.push(Hole::new(kind, name));
        }
    }

    /// Where it is the only form of the action's only kind of resource, and has one hole, `name` can mean nothing
    /// else; where there are more kinds, `resourceId` and the like can mean any of them.
    fn only(mut self, one_kind: bool) -> Self {
        let one_hole = self.holes.len() == 1;
        for hole in &mut self.holes {
            hole.top_name &= one_kind && one_hole;
            if !one_kind && hole.vague {
                hole.names.clear();
            }
        }
        self
    }
}

impl Hole {
    fn new(kind: &ResourceType, hole: &'static str) -> Self {
        let fillers = fillers(kind, hole);
        let mut names: Vec<_> =
            fillers.iter().map(|filler| (filler.member.to_ascii_lowercase(), filler.how.clone())).collect();
        let lower = hole.to_ascii_lowercase();
        let short = lower.strip_suffix("name").filter(|short| !short.is_empty()).map(ToOwned::to_owned);
        for name in [Some(format!("{lower}s")), short, Some(lower)].into_iter().flatten() {
            if names.iter().all(|(own, _)| *own != name) {
                names.push((name, FillerHow::Plain));
            }
        }
        Self { names, top_name: hole.ends_with("Name"), vague: VAGUE.contains(&hole) }
    }
}

/// The rows for a hole of this kind of resource, else for the hole of any kind of the service.
fn fillers(kind: &ResourceType, hole: &str) -> &'static [Filler] {
    let of = |hole: &str| Tables::get().fillers.get(&format!("{} {hole}", kind.service())).map(Vec::as_slice);
    of(&format!("{}/{hole}", kind.name())).or_else(|| of(hole)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(name: &str) -> Plan {
        Plan::new(Catalogue::get().action(name).unwrap())
    }

    #[test]
    fn plans() {
        assert!(plan("lambda:CreateFunction").passes_role && plan("ec2:RunInstances").makes);
        assert!(
            plan("iam:GetUser").on_user
                && !plan("iam:ListUsers").on_user
                && !plan("iam:AttachRolePolicy").on_user
        );
        assert!(plan("s3:ListAllMyBuckets").forms.is_empty());
        let form = &plan("ec2:TerminateInstances").forms[0];
        assert_eq!(form.parts.len(), 8);
        assert!(form.holes[0].filled_by("instanceId", false).is_some());
        assert!(form.holes[0].filled_by("InstanceIds", false).is_some());
        assert!(form.holes[0].filled_by("name", true).is_none());
        assert!(plan("eks:DescribeCluster").forms[0].holes[0].filled_by("name", true).is_some());
    }
}
