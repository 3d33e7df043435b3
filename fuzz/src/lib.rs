//! Requests with their policies, for the fuzz targets.

pub mod case;
pub mod universe;

use leastwise_iam::{Document, Effect};
use leastwise_policy::{Policies, Policy, PolicyKind, Request};

/// A request and the documents that apply to it.
#[derive(Debug, Clone)]
pub struct Case {
    pub request: Request,
    pub documents: Documents,
}

/// Documents by type, as in [`Policies`].
#[derive(Debug, Clone, Default)]
pub struct Documents {
    pub identity: Vec<Document>,
    pub resource: Option<Document>,
    pub boundary: Option<Vec<Document>>,
    pub session: Option<Vec<Document>>,
    pub scp: Option<Vec<Vec<Document>>>,
    pub rcp: Option<Vec<Vec<Document>>>,
    pub endpoint: Option<Vec<Document>>,
}

impl Case {
    /// The policies; a document that is none of its kind is left out.
    pub fn prepare(&self) -> Policies {
        let given = &self.documents;
        let list = |documents: &[Document], kind| -> Vec<Policy> {
            documents.iter().filter_map(|document| Policy::new(document.clone(), kind).ok()).collect()
        };
        let levels = |levels: &[Vec<Document>], kind| levels.iter().map(|level| list(level, kind)).collect();
        Policies {
            identity: list(&given.identity, PolicyKind::Identity),
            resource: given.resource.clone().and_then(|d| Policy::new(d, PolicyKind::Resource).ok()),
            boundary: given.boundary.as_ref().map(|l| list(l, PolicyKind::Boundary)),
            session: given.session.as_ref().map(|l| list(l, PolicyKind::Session)),
            scp: given.scp.as_ref().map(|l| levels(l, PolicyKind::ServiceControl)),
            rcp: given.rcp.as_ref().map(|l| levels(l, PolicyKind::ResourceControl)),
            endpoint: given.endpoint.as_ref().map(|l| list(l, PolicyKind::Endpoint)),
        }
    }

    /// The case as if nothing were denied. Elements that no policy of its kind may have stay out of the way:
    /// a document that cannot be prepared before is not there afterwards either.
    pub fn without_denials(&self) -> Self {
        let mut case = self.clone();
        case.documents.keep_valid();
        case.documents.each(|document| document.statements.retain(|s| s.effect == Effect::Allow));
        case
    }

    /// The case with statements, and policies of one list, in reverse order.
    pub fn reversed(&self) -> Self {
        let mut case = self.clone();
        case.documents.each(|document| document.statements.reverse());
        case.documents.lists(|list| list.reverse());
        case
    }
}

impl Documents {
    fn keep_valid(&mut self) {
        let is_valid = |document: &Document, kind| Policy::new(document.clone(), kind).is_ok();
        self.identity.retain(|document| is_valid(document, PolicyKind::Identity));
        self.resource = self.resource.take().filter(|d| is_valid(d, PolicyKind::Resource));
        for (list, kind) in [
            (&mut self.boundary, PolicyKind::Boundary),
            (&mut self.session, PolicyKind::Session),
            (&mut self.endpoint, PolicyKind::Endpoint),
        ] {
            list.iter_mut().for_each(|list| list.retain(|document| is_valid(document, kind)));
        }
        for (levels, kind) in
            [(&mut self.scp, PolicyKind::ServiceControl), (&mut self.rcp, PolicyKind::ResourceControl)]
        {
            levels.iter_mut().flatten().for_each(|level| level.retain(|document| is_valid(document, kind)));
        }
    }

    /// Every list of policies.
    pub fn lists(&mut self, mut change: impl FnMut(&mut Vec<Document>)) {
        change(&mut self.identity);
        let lists = [&mut self.boundary, &mut self.session, &mut self.endpoint];
        let levels = [&mut self.scp, &mut self.rcp];
        let all = lists.into_iter().flatten().chain(levels.into_iter().flatten().flatten());
        all.for_each(change);
    }

    /// Every document.
    pub fn each(&mut self, mut change: impl FnMut(&mut Document)) {
        self.resource.iter_mut().for_each(&mut change);
        self.lists(|list| list.iter_mut().for_each(&mut change));
    }
}
