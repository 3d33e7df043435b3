//! What is asked: who wants to do what, to which resource, in which context.

use leastwise_iam::AccountId;

use crate::action::Action;
use crate::caller::Caller;
use crate::context::{Context, Unsaid, Values};
use crate::key::{Derived, Key};
use crate::resource::Resource;
use crate::service::kms::Grant;
use crate::service::s3::PublicAccessBlock;

/// One request, with what AWS knows beside the policies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Who makes it.
    pub caller: Caller,
    /// What is to be done.
    pub action: Action,
    /// To what; some actions need several resources, and all of them must be allowed.
    pub resources: Vec<Resource>,
    /// The condition context.
    pub context: Context,
    /// The account that manages the organisation; organisation policies do not bind it.
    pub management_account: Option<AccountId>,
    /// What the bucket, or its account, does against public access.
    pub public_access_block: PublicAccessBlock,
    /// The grants of a KMS key.
    pub kms_grants: Vec<Grant>,
}

impl Request {
    /// A request for one resource. A resource whose ARN names no account belongs to the caller's account.
    pub fn new(caller: Caller, action: Action, resource: Resource) -> Self {
        Self {
            caller,
            action,
            resources: vec![resource],
            context: Context::new(),
            management_account: None,
            public_access_block: PublicAccessBlock::default(),
            kms_grants: Vec::new(),
        }
    }
}

/// A request as it concerns one of its resources.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View<'a> {
    pub request: &'a Request,
    pub resource: &'a Resource,
}

/// The values of a context key.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Found<'a> {
    Absent,
    Unknown,
    One(&'a str),
    Many(&'a [Box<str>]),
}

impl<'a> View<'a> {
    /// The account that owns the resource.
    pub fn owner(&self) -> Option<AccountId> {
        self.resource.owner().or(self.request.caller.account())
    }

    /// The texts that a `Resource` element may match: an action that concerns no single resource is asked for
    /// on `*`, whatever the request names. Amazon S3 takes `arn:aws:s3:::*` as well.
    ///
    /// Source: [Resource](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html)
    /// (its note on actions without resources),
    /// [an example for Amazon S3](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_s3_home-directory-console.html).
    pub fn resource_texts(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let action = &self.request.action;
        let (first, second) = match (action.facts().account_level, action.service()) {
            (true, "s3") => ("*", Some("arn:aws:s3:::*")),
            (true, _) => ("*", None),
            (false, _) => (self.resource.as_str(), None),
        };
        std::iter::once(first).chain(second)
    }

    /// What the request says of a key, else what AWS derives.
    pub fn find(&self, key: &Key) -> Found<'a> {
        match self.request.context.get(&key.name) {
            Some(Values::One(value)) => return Found::One(value),
            Some(Values::Many(values)) => {
                return match values.as_slice() {
                    [] => Found::Absent,
                    [one] => Found::One(one),
                    several => Found::Many(several),
                };
            }
            None if self.request.context.is_forgotten(&key.name) => return Found::Unknown,
            None => {}
        }
        match (key.derived.map(|derived| self.derive(derived)), self.request.context.unsaid_of(&key.name)) {
            (Some(Some(value)), _) => Found::One(value),
            // Who calls is known: a key of the caller that does not follow from it is not there.
            (Some(None), Unsaid::Unknown) if key.derived.is_some_and(Derived::is_certain) => Found::Absent,
            (_, Unsaid::Unknown) => Found::Unknown,
            (_, Unsaid::Absent) => Found::Absent,
        }
    }

    fn derive(&self, derived: Derived) -> Option<&'a str> {
        let (caller, action, resource) = (&self.request.caller, &self.request.action, self.resource);
        let anonymous = || Some("anonymous").filter(|_| caller.kind() == crate::CallerKind::Anonymous);
        let owner = || resource.owner_text().or_else(|| caller.account_text());
        match derived {
            Derived::PrincipalArn => caller.principal_arn(),
            Derived::PrincipalAccount => caller.account_text().or_else(anonymous),
            Derived::PrincipalType => caller.principal_type(),
            // Anonymous requests do not have this key.
            Derived::PrincipalIsAwsService => {
                let is_service = caller.kind() == crate::CallerKind::Service;
                Some(text(is_service)).filter(|_| caller.kind() != crate::CallerKind::Anonymous)
            }
            Derived::PrincipalServiceName => {
                Some(caller.text()).filter(|_| caller.kind() == crate::CallerKind::Service)
            }
            Derived::UserName => caller.user_name(),
            Derived::UserId => {
                let of_root = caller.account_text().filter(|_| caller.kind() == crate::CallerKind::Root);
                of_root.or_else(anonymous)
            }
            Derived::CalledViaFirst => self.called_via().next(),
            Derived::CalledViaLast => self.called_via().last(),
            Derived::ViaAwsService => self.via_aws_service(),
            Derived::ResourceAccount => owner(),
            Derived::RequestedRegion => resource.region(),
            Derived::KmsCallerAccount => caller.account_text().filter(|_| action.service() == "kms"),
            Derived::S3ResourceAccount => owner().filter(|_| action.service() == "s3"),
            Derived::FederatedProvider => {
                Some(caller.text()).filter(|_| caller.kind() == crate::CallerKind::Provider)
            }
        }
    }

    fn called_via(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.request.context.get("aws:calledvia").into_iter().flat_map(Values::iter)
    }

    /// A request that names no service in between is a direct one; where nothing is known of that, it is open.
    fn via_aws_service(&self) -> Option<&'a str> {
        let via = self.called_via().next().is_some();
        match self.request.context.unsaid {
            Unsaid::Unknown if !via => None,
            _ => Some(text(via)),
        }
    }
}

impl Derived {
    /// True if the value follows from the caller alone, so that "none" is known as well.
    const fn is_certain(self) -> bool {
        matches!(
            self,
            Self::PrincipalArn
                | Self::PrincipalAccount
                | Self::PrincipalType
                | Self::PrincipalServiceName
                | Self::UserName
                | Self::KmsCallerAccount
        )
    }
}

const fn text(flag: bool) -> &'static str {
    if flag { "true" } else { "false" }
}
