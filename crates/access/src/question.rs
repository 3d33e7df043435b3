use leastwise_iam::{AccountId, Effect};
use leastwise_model::{Missing, OrganizationPolicyKind};
use leastwise_policy::{
    Action, ActionError, Caller, Context, Explanation, Layer, Policies, Request, Resource, ResourceError,
    Unsaid, explain,
};

use crate::answer::{Answer, Unread, answer};
use crate::candidates;
use crate::estate::Estate;
use crate::overview;
use crate::principal::{Principal, PrincipalKind};
use crate::resource::{Entry, is_key, is_role};
use crate::stranger::{self, Stranger};

/// What is asked, of whomever.
#[derive(Debug, Clone)]
pub struct Question {
    action: Action,
    /// None for "some resource".
    resource: Option<Resource>,
    /// What is said of the request.
    context: Vec<(String, Vec<String>)>,
    /// Keys that are not named are absent, rather than not known.
    exact: bool,
}

/// Whether one principal can do what was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The ARN, or the words for somebody who is not in the snapshot.
    pub principal: String,
    /// What it is.
    pub kind: &'static str,
    /// The account that it belongs to, where it has one.
    pub account: Option<AccountId>,
    /// The answer.
    pub answer: Answer,
    /// The resource that the answer is about.
    pub resource: String,
}

/// The reasons of an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Reasons {
    /// The answer.
    pub row: Row,
    /// Every statement that had a say, and what would have to change.
    pub explanation: Explanation,
    /// What could not be read and concerns the answer.
    pub unread: Vec<Missing>,
}

impl Question {
    /// Asks about an action; without a resource, about whether there is some for which it is allowed.
    ///
    /// # Errors
    /// The action has no name that a request can have.
    pub fn new(action: &str) -> Result<Self, ActionError> {
        let action = Action::parse(action)?;
        Ok(Self { action, resource: None, context: Vec::new(), exact: false })
    }

    /// Names the resource.
    ///
    /// # Errors
    /// It is neither an ARN nor `*`.
    pub fn on(mut self, resource: &str) -> Result<Self, ResourceError> {
        self.resource = Some(Resource::parse(resource)?);
        Ok(self)
    }

    /// Says something of the request: a context key and its values.
    #[must_use]
    pub fn with(mut self, key: &str, values: Vec<String>) -> Self {
        self.context.push((key.to_owned(), values));
        self
    }

    /// Says that the request has no other context keys than those that were named.
    #[must_use]
    pub const fn exactly(mut self) -> Self {
        self.exact = true;
        self
    }

    pub(crate) const fn action(&self) -> &Action {
        &self.action
    }

    /// A principal's context, and what the question says.
    pub(crate) fn context(&self, known: &Context) -> Context {
        let mut context = overview::with(known, &self.context);
        if self.exact {
            context.unsaid = Unsaid::Absent;
        }
        context
    }
}

/// Who can do what is asked: every principal of the snapshot, and whom the resource's policy names besides.
pub fn who_can(estate: &Estate<'_>, question: &Question) -> Vec<Row> {
    let setting = Setting::new(estate, question);
    let mut rows: Vec<Row> =
        estate.principals().iter().map(|principal| ask(estate, principal, question, &setting)).collect();
    if let Some(resource) = &question.resource {
        rows.extend(stranger::ask(estate, question, resource));
    }
    rows
}

/// What could not be read of the resource that is asked about: it may name principals who are missing in the answers.
pub fn unread(estate: &Estate<'_>, question: &Question) -> Vec<Missing> {
    let Some(resource) = &question.resource else { return Vec::new() };
    let scene = Scene::new(estate, &question.action, resource);
    let (_, _, unread) = scene.asked_by(Caller::anonymous(), Context::new(), Policies::default());
    unread.grants
}

/// Whether one principal can do what is asked.
pub fn can_do(estate: &Estate<'_>, principal: &Principal, question: &Question) -> Row {
    ask(estate, principal, question, &Setting::new(estate, question))
}

/// Why a principal can or cannot do what is asked.
pub fn why(estate: &Estate<'_>, principal: &Principal, question: &Question) -> Reasons {
    let row = can_do(estate, principal, question);
    let resource = question.resource.clone().or_else(|| Resource::parse(&row.resource).ok());
    let scene = Scene::new(estate, &question.action, &resource.unwrap_or_else(Resource::any));
    let (request, policies, unread) = scene.request(principal, question);
    let mut missing = [unread.grants, unread.limits].concat();
    missing.sort_unstable();
    missing.dedup();
    Reasons { row, explanation: explain(&request, &policies), unread: missing }
}

/// The resources of a question that names none, or the one that it names.
#[derive(Debug)]
struct Setting {
    scenes: Vec<Scene>,
}

impl Setting {
    fn new(estate: &Estate<'_>, question: &Question) -> Self {
        let scenes = match &question.resource {
            Some(resource) => vec![Scene::new(estate, &question.action, resource)],
            None => real_resources(estate, &question.action),
        };
        Self { scenes }
    }
}

/// The resources of the snapshot that the action may concern and that have a policy.
fn real_resources(estate: &Estate<'_>, action: &Action) -> Vec<Scene> {
    let known = leastwise_iam::catalogue::Catalogue::get().action(action.as_str());
    let arns = known.into_iter().flat_map(|known| estate.shelf.arns_for(known));
    arns.filter_map(|arn| Resource::parse(&arn).ok()).map(|r| Scene::new(estate, action, &r)).collect()
}

fn ask(estate: &Estate<'_>, principal: &Principal, question: &Question, setting: &Setting) -> Row {
    if question.resource.is_some() {
        let best = best(principal, question, &setting.scenes);
        return best.unwrap_or_else(|| row(principal, "*", Answer::Never));
    }
    let (own, is_complete) = own_scenes(estate, principal, question);
    let found = [best(principal, question, &own), best(principal, question, &setting.scenes)];
    let found =
        found.into_iter().flatten().reduce(|a, b| if b.answer.rank() > a.answer.rank() { b } else { a });
    let count = own.len() + setting.scenes.len();
    match found {
        Some(row)
            if row.answer == Answer::Never && !is_complete && !is_surely_never(principal, question, &own) =>
        {
            let why = format!("none of the {count} resources that were tried is allowed, but others may be");
            Row { answer: Answer::Unknown(vec![Missing::not_collected(why)]), ..row }
        }
        Some(row) => row,
        None => row(principal, "*", Answer::Never),
    }
}

/// Resources that the principal's own policies name, and one of each type; and whether the snapshot has all that
/// there are, so that none needs to be made up.
fn own_scenes(estate: &Estate<'_>, principal: &Principal, question: &Question) -> (Vec<Scene>, bool) {
    let mut arns = candidates::from_policies(principal, &question.action);
    if arns.is_empty() || principal.kind == PrincipalKind::Root {
        arns.extend(candidates::from_catalogue(principal, &question.action));
    }
    if arns.is_empty() {
        arns.push("*".to_owned());
    }
    let before = arns.len();
    arns.retain(|arn| !estate.shelf.lists_all_like(arn, principal.account()));
    let is_complete = before > 0 && arns.is_empty();
    let resources = arns.iter().filter_map(|arn| Resource::parse(arn).ok());
    let scenes = resources.map(|resource| Scene::imagined(estate, &question.action, &resource, principal));
    (scenes.collect(), is_complete)
}

/// True if no resource at all can be allowed: nothing allows the action, or something denies it on all.
fn is_surely_never(principal: &Principal, question: &Question, own: &[Scene]) -> bool {
    let action = &question.action;
    let silent = |policies: &[leastwise_policy::Policy]| {
        policies.iter().all(|policy| policy.allowed_resources(action).next().is_none())
    };
    let policies = &principal.policies;
    let is_bound = policies.boundary.as_deref().is_some_and(silent)
        || policies.scp.iter().flatten().any(|level| silent(level));
    is_bound
        || (silent(&policies.identity) && principal.kind != PrincipalKind::Root)
        || own.iter().any(|scene| is_denied_everywhere(scene, principal, question))
}

/// True if a statement that denies is about every resource and has no condition that could fail.
fn is_denied_everywhere(scene: &Scene, principal: &Principal, question: &Question) -> bool {
    let (request, policies, _) = scene.request(principal, question);
    let explanation = explain(&request, &policies);
    let traces = explanation.resources.iter().flat_map(|resource| &resource.statements);
    traces
        .filter(|trace| trace.effect == Effect::Deny && follows_the_caller(trace.place.layer))
        .filter(|trace| matches!(trace.outcome, leastwise_policy::Match::Applies(_)))
        .any(|trace| trace.is_about_every_resource)
}

/// True for policies that are the same whatever the resource.
const fn follows_the_caller(layer: Layer) -> bool {
    matches!(layer, Layer::Identity | Layer::Boundary | Layer::Session | Layer::ServiceControl)
}

fn best(principal: &Principal, question: &Question, scenes: &[Scene]) -> Option<Row> {
    let mut best: Option<Row> = None;
    for scene in scenes {
        let (request, policies, unread) = scene.request(principal, question);
        let answer = answer(&request, &policies, &unread);
        if best.as_ref().is_none_or(|best| answer.rank() > best.answer.rank()) {
            best = Some(row(principal, scene.resource.as_str(), answer));
        }
        if best.as_ref().is_some_and(|best| best.answer == Answer::Always) {
            break;
        }
    }
    best
}

fn row(principal: &Principal, resource: &str, answer: Answer) -> Row {
    Row {
        principal: principal.arn.to_string(),
        kind: principal.kind.as_str(),
        account: principal.account(),
        answer,
        resource: resource.to_owned(),
    }
}

/// A resource with all that is known of it.
#[derive(Debug)]
pub(crate) struct Scene {
    action: Action,
    resource: Resource,
    entry: Result<Option<Entry>, Missing>,
    rcp: Result<Option<Vec<Vec<leastwise_policy::Policy>>>, Missing>,
    management: Option<AccountId>,
    organization: Option<String>,
}

impl Scene {
    pub fn new(estate: &Estate<'_>, action: &Action, resource: &Resource) -> Self {
        let entry = estate.shelf.find(resource.as_str(), action.as_str());
        let entry = entry.and_then(|entry| fits(action, resource).map(|()| entry));
        let owner = resource.owner().or_else(|| entry.as_ref().ok()?.as_ref().map(|entry| entry.owner));
        Self::of(estate, action, resource, entry, owner)
    }

    /// A resource that need not exist, in the principal's own account and without a policy, unless it is of a kind
    /// that always has one.
    fn imagined(estate: &Estate<'_>, action: &Action, resource: &Resource, principal: &Principal) -> Self {
        let found = estate.shelf.find(resource.as_str(), action.as_str());
        let must_have_a_policy = is_key(resource.as_str()) || is_role(resource.as_str());
        let entry = if must_have_a_policy || estate.shelf.is_unread(resource.as_str(), principal.account()) {
            found
        } else {
            Ok(found.ok().flatten())
        };
        let real = entry.as_ref().ok().and_then(Option::as_ref).map(|entry| entry.owner);
        let owner = real.or(resource.owner()).or(principal.account());
        Self::of(estate, action, resource, entry, owner)
    }

    fn of(
        estate: &Estate<'_>,
        action: &Action,
        resource: &Resource,
        entry: Result<Option<Entry>, Missing>,
        owner: Option<AccountId>,
    ) -> Self {
        let bounds = &estate.bounds;
        let rcp = owner.map_or(Ok(None), |o| bounds.levels(o, OrganizationPolicyKind::ResourceControl));
        let is_member = |id| {
            let accounts = bounds.organization().and_then(|o| o.accounts.value());
            accounts.into_iter().flatten().any(|member| Some(member.id) == id)
        };
        let organization = bounds.organization().filter(|_| is_member(owner)).map(|o| o.id.clone());
        let resource = owner.map_or_else(|| resource.clone(), |owner| resource.clone().owned_by(owner));
        let management = bounds.management_account();
        Self { action: action.clone(), resource, entry, rcp, management, organization }
    }

    fn request(&self, principal: &Principal, question: &Question) -> (Request, Policies, Unread) {
        let context = question.context(&principal.context);
        let (request, policies, mut unread) =
            self.asked_by(principal.caller.clone(), context, principal.policies.clone());
        let own = Unread::of(principal);
        unread.grants.extend(own.grants);
        unread.limits.extend(own.limits);
        (request, policies, unread)
    }

    /// The request of a caller, with the policies of the resource added to its own.
    pub fn asked_by(
        &self,
        caller: Caller,
        mut context: Context,
        mut policies: Policies,
    ) -> (Request, Policies, Unread) {
        if let Some(organization) = &self.organization {
            context.set("aws:ResourceOrgID", organization.as_str());
        }
        let mut unread = Unread::default();
        let mut request = Request::new(caller, self.action.clone(), self.resource.clone());
        request.context = context;
        request.management_account = self.management;
        match &self.entry {
            Err(missing) => unread.add(missing.clone()),
            Ok(None) => {}
            Ok(Some(entry)) => {
                request.public_access_block = entry.public_access_block;
                request.kms_grants.clone_from(&entry.grants);
                unread.grants.extend(entry.unread_grants.iter().cloned());
                unread.limits.extend(entry.unread_limits.iter().cloned());
                match &entry.policy {
                    Ok(policy) => policies.resource.clone_from(policy),
                    Err(missing) => unread.add(missing.clone()),
                }
            }
        }
        match &self.rcp {
            Ok(levels) => policies.rcp.clone_from(levels),
            Err(missing) => unread.limits.push(missing.clone()),
        }
        (request, policies, unread)
    }

    /// The grants of a KMS key.
    pub fn grants(&self) -> &[leastwise_policy::Grant] {
        let entry = self.entry.as_ref().ok().and_then(Option::as_ref);
        entry.map(|entry| entry.grants.as_slice()).unwrap_or_default()
    }

    /// The resource's policy, if it has one.
    pub fn policy(&self) -> Option<&leastwise_policy::Policy> {
        self.entry.as_ref().ok()?.as_ref()?.policy.as_ref().ok()?.as_ref()
    }

    pub const fn resource(&self) -> &Resource {
        &self.resource
    }
}

/// # Errors
/// The action is about single resources, but not about this one: nobody asks for it so.
fn fits(action: &Action, resource: &Resource) -> Result<(), Missing> {
    let known = leastwise_iam::catalogue::Catalogue::get().action(action.as_str());
    let arn = resource.as_str();
    let types = || known.into_iter().flat_map(leastwise_iam::catalogue::Action::resources);
    let needs_a_policy = matches!(action.service(), "kms" | "sts");
    let is_odd = types().next().is_some()
        && (arn != "*" || needs_a_policy)
        && !types().any(|resource| resource.resource_type().matches_arn(arn));
    if !is_odd {
        return Ok(());
    }
    Err(Missing::not_collected(format!("`{}` is not asked for on `{arn}`", action.as_str())))
}

impl Stranger {
    pub(crate) fn into_row(self, resource: &str, answer: Answer) -> Row {
        Row {
            principal: self.name,
            kind: self.kind,
            account: self.account,
            answer,
            resource: resource.to_owned(),
        }
    }
}
