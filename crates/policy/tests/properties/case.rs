//! Requests with the documents that apply to them. The fuzz targets share this file.

use leastwise_iam::{Document, Effect};
use leastwise_policy::{Policies, Policy, PolicyKind, Request, Verdict, decide};

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
    /// The decision.
    pub fn verdict(&self) -> Verdict {
        decide(&self.request, &self.documents.prepare()).verdict
    }

    /// The case with every document changed.
    pub fn with_each(&self, change: impl FnMut(&mut Document)) -> Self {
        let mut case = self.clone();
        case.documents.each(change);
        case
    }

    /// The case as if nothing were denied.
    pub fn without_denials(&self) -> Self {
        self.with_each(|document| document.statements.retain(|s| s.effect == Effect::Allow))
    }

    /// The case with statements, and policies of one list, in reverse order.
    pub fn reversed(&self) -> Self {
        let mut case = self.with_each(|document| document.statements.reverse());
        case.documents.lists(|list| list.reverse());
        case
    }
}

impl Documents {
    /// The policies; a document that is none of its kind is left out.
    pub fn prepare(&self) -> Policies {
        let list = |documents: &[Document], kind| -> Vec<Policy> {
            documents.iter().filter_map(|document| Policy::new(document.clone(), kind).ok()).collect()
        };
        let levels = |levels: &[Vec<Document>], kind| levels.iter().map(|level| list(level, kind)).collect();
        Policies {
            identity: list(&self.identity, PolicyKind::Identity),
            resource: self.resource.clone().and_then(|d| Policy::new(d, PolicyKind::Resource).ok()),
            boundary: self.boundary.as_ref().map(|l| list(l, PolicyKind::Boundary)),
            session: self.session.as_ref().map(|l| list(l, PolicyKind::Session)),
            scp: self.scp.as_ref().map(|l| levels(l, PolicyKind::ServiceControl)),
            rcp: self.rcp.as_ref().map(|l| levels(l, PolicyKind::ResourceControl)),
            endpoint: self.endpoint.as_ref().map(|l| list(l, PolicyKind::Endpoint)),
        }
    }

    /// Takes away what is no policy of its kind, so that a change of statements makes none valid.
    pub fn keep_valid(&mut self) {
        let is_valid = |document: &Document, kind| Policy::new(document.clone(), kind).is_ok();
        self.identity.retain(|document| is_valid(document, PolicyKind::Identity));
        self.resource = self.resource.take().filter(|d| is_valid(d, PolicyKind::Resource));
        for (list, kind) in [
            (&mut self.boundary, PolicyKind::Boundary),
            (&mut self.session, PolicyKind::Session),
            (&mut self.endpoint, PolicyKind::Endpoint),
        ] {
            if let Some(list) = list {
                list.retain(|document| is_valid(document, kind));
            }
        }
        for (levels, kind) in
            [(&mut self.scp, PolicyKind::ServiceControl), (&mut self.rcp, PolicyKind::ResourceControl)]
        {
            for level in levels.iter_mut().flatten() {
                level.retain(|document| is_valid(document, kind));
            }
        }
    }

    /// Changes every list of policies.
    pub fn lists(&mut self, mut change: impl FnMut(&mut Vec<Document>)) {
        change(&mut self.identity);
        let lists = [&mut self.boundary, &mut self.session, &mut self.endpoint];
        let levels = [&mut self.scp, &mut self.rcp];
        let all = lists.into_iter().flatten().chain(levels.into_iter().flatten().flatten());
        all.for_each(change);
    }

    /// Changes every document.
    pub fn each(&mut self, mut change: impl FnMut(&mut Document)) {
        self.resource.iter_mut().for_each(&mut change);
        self.lists(|list| list.iter_mut().for_each(&mut change));
    }
}
