use std::sync::Arc;

use leastwise_iam::{Document, DocumentError, Effect, Operator, Principals, Scope, Statement};

use crate::action::Action;
use crate::condition;
use crate::service::s3;
use crate::statement::{Prepared, Ready};

/// A policy that is ready to be asked, cheap to share.
#[derive(Debug, Clone)]
pub struct Policy(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    document: Document,
    kind: PolicyKind,
    statements: Vec<Prepared>,
    is_public_for_s3: bool,
}

/// The kinds of policies, which differ in the elements that they may have.
///
/// Source: [policy types](https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#access_policy-types).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PolicyKind {
    /// Attached to a user, group or role.
    Identity,
    /// Attached to a resource: bucket policy, key policy, trust policy …
    Resource,
    /// A permissions boundary.
    Boundary,
    /// Passed when a session starts.
    Session,
    /// Service control policy of an organisation.
    ServiceControl,
    /// Resource control policy of an organisation.
    ResourceControl,
    /// Of a VPC endpoint.
    Endpoint,
}

/// The text is no policy of its kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// It is no policy at all.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// An element is missing or may not be there.
    #[error("`Statement[{statement}]`: {why}")]
    Element {
        /// Which statement, counted from 0.
        statement: usize,
        /// What is wrong with it.
        why: &'static str,
    },
}

impl Policy {
    /// Reads a policy from its JSON.
    ///
    /// # Errors
    /// The text is no policy, or not of this kind.
    pub fn parse(text: &str, kind: PolicyKind) -> Result<Self, PolicyError> {
        Self::new(Document::parse(text)?, kind)
    }

    /// Prepares a document.
    ///
    /// # Errors
    /// An element is missing that policies of this kind need, or is there and may not be:
    /// identity policies have resources and no principals, resource policies have principals.
    pub fn new(document: Document, kind: PolicyKind) -> Result<Self, PolicyError> {
        check_elements(&document, kind)?;
        let statements = document.statements.iter().map(Prepared::new).collect();
        let is_public_for_s3 = kind == PolicyKind::Resource && s3::is_public(&document);
        Ok(Self(Arc::new(Inner { document, kind, statements, is_public_for_s3 })))
    }

    /// The document.
    pub fn document(&self) -> &Document {
        &self.0.document
    }

    /// The kind.
    pub fn kind(&self) -> PolicyKind {
        self.0.kind
    }

    /// The operators of conditions that nobody knows. What they stand for cannot be told: they allow nothing,
    /// and where they stand in a `Deny`, it applies.
    pub fn unknown_operators(&self) -> impl Iterator<Item = &Operator> {
        let conditions = self.0.document.statements.iter().flat_map(|statement| &statement.conditions);
        conditions.map(|condition| &condition.operator).filter(|operator| condition::is_unheard(operator))
    }

    /// The resources of those statements that allow an action, under whatever conditions.
    pub fn allowed_resources<'a>(&'a self, action: &'a Action) -> impl Iterator<Item = &'a Scope> {
        self.statements()
            .filter(|statement| statement.effect() == Effect::Allow && statement.is_about(action))
            .map(|statement| &statement.written.resources)
    }

    /// True if what the policy says depends on who asks, beyond whom it names: it has variables, or conditions
    /// on keys of the caller.
    pub fn depends_on_caller(&self) -> bool {
        self.0.document.statements.iter().any(depends_on_caller)
    }

    pub(crate) fn is_public_for_s3(&self) -> bool {
        self.0.is_public_for_s3
    }

    pub(crate) fn statements(&self) -> impl Iterator<Item = Ready<'_>> {
        let Inner { document, statements, .. } = &*self.0;
        let both = document.statements.iter().zip(statements);
        both.map(|(written, prepared)| Ready::new(written, prepared, document.version))
    }

    /// Where the policy is in memory: equal for copies of one, and for nothing else as long as both live.
    pub fn address(&self) -> usize {
        Arc::as_ptr(&self.0).addr()
    }
}

fn depends_on_caller(statement: &Statement) -> bool {
    let is_of_caller = |key: &str| {
        let key = key.to_ascii_lowercase();
        key.starts_with("aws:principal") || key.starts_with("aws:user")
    };
    let has_variable = |text: &str| text.contains("${");
    statement.principals != Principals::Unspecified
        || statement.resources.patterns().iter().any(|pattern| has_variable(pattern.as_str()))
        || statement.conditions.iter().any(|condition| {
            is_of_caller(&condition.key) || condition.values.iter().any(|value| has_variable(value))
        })
}

fn check_elements(document: &Document, kind: PolicyKind) -> Result<(), PolicyError> {
    for (index, statement) in document.statements.iter().enumerate() {
        let error = |why| Err(PolicyError::Element { statement: index, why });
        let has_principals = statement.principals != Principals::Unspecified;
        let has_resources = statement.resources != Scope::Unspecified;
        match kind {
            PolicyKind::Identity
            | PolicyKind::Boundary
            | PolicyKind::Session
            | PolicyKind::ServiceControl => {
                if has_principals {
                    return error("`Principal` is for policies of resources; remove it");
                }
                if !has_resources {
                    return error("`Resource` or `NotResource` is missing; add one");
                }
            }
            PolicyKind::Resource if !has_principals => {
                return error("`Principal` or `NotPrincipal` is missing; add one");
            }
            PolicyKind::Resource | PolicyKind::ResourceControl | PolicyKind::Endpoint => {}
        }
    }
    Ok(())
}
