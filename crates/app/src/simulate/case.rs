//! The format of a case.

use std::borrow::Cow;
use std::collections::BTreeMap;

use leastwise_iam::AccountId;
use leastwise_model::in_words;
use leastwise_policy::{
    Action, Caller, Constraint, Grant, Policies, Policy, PolicyKind, PublicAccessBlock, Request, Resource,
    Verdict,
};
use serde::Deserialize;
use serde::de::{Deserializer, Error, IgnoredAny, Visitor};
use serde_json::value::RawValue;

use super::context::CaseContext;
use super::name_of;

/// One line. Fields beside these are notes for people.
#[derive(Debug, Deserialize)]
pub(super) struct Case<'a> {
    #[serde(borrow, default)]
    name: Option<&'a RawValue>,
    #[serde(borrow)]
    request: CaseRequest<'a>,
    #[serde(borrow, default)]
    policies: CasePolicies<'a>,
    #[serde(default)]
    pub expect: Option<Expectation>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Expectation {
    Allowed,
    ImplicitDeny,
    ExplicitDeny,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseRequest<'a> {
    #[serde(borrow)]
    principal: Cow<'a, str>,
    #[serde(borrow)]
    action: Cow<'a, str>,
    #[serde(borrow, default)]
    resource: Option<Cow<'a, str>>,
    #[serde(default)]
    resources: Option<Vec<String>>,
    #[serde(default)]
    resource_account: Option<AccountId>,
    #[serde(default)]
    context: Option<CaseContext>,
    #[serde(default)]
    principal_role: Option<String>,
    #[serde(default)]
    management_account: Option<ManagementAccount>,
    #[serde(default)]
    s3_public_access_block: Option<CasePublicAccessBlock>,
    #[serde(default)]
    kms_grants: Option<Vec<CaseGrant>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct CasePolicies<'a> {
    #[serde(borrow, default)]
    identity: Option<Vec<&'a RawValue>>,
    #[serde(borrow, default)]
    resource: Option<&'a RawValue>,
    #[serde(borrow, default)]
    boundary: Option<Vec<&'a RawValue>>,
    #[serde(borrow, default)]
    session: Option<Vec<&'a RawValue>>,
    #[serde(borrow, default)]
    scp: Option<Vec<Vec<&'a RawValue>>>,
    #[serde(borrow, default)]
    rcp: Option<Vec<Vec<&'a RawValue>>>,
    #[serde(borrow, default)]
    endpoint: Option<Vec<&'a RawValue>>,
}

/// The account's id, or whether it is the caller's own.
#[derive(Debug)]
enum ManagementAccount {
    Is(AccountId),
    IsCallers(bool),
}

impl<'de> Deserialize<'de> for ManagementAccount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(IdOrBoolean)
    }
}

struct IdOrBoolean;

impl Visitor<'_> for IdOrBoolean {
    type Value = ManagementAccount;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("for `management_account` an account id, or `true` for the caller's own")
    }

    fn visit_bool<E>(self, is_callers: bool) -> Result<ManagementAccount, E> {
        Ok(ManagementAccount::IsCallers(is_callers))
    }

    fn visit_str<E: Error>(self, id: &str) -> Result<ManagementAccount, E> {
        let id =
            id.parse::<AccountId>().map_err(|error| E::custom(format!("`management_account`: {error}")))?;
        Ok(ManagementAccount::Is(id))
    }
}

#[allow(clippy::struct_excessive_bools, reason = "these are AWS's own switches")]
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct CasePublicAccessBlock {
    #[serde(rename = "BlockPublicAcls", alias = "block_public_acls")]
    _block_public_acls: bool,
    #[serde(rename = "IgnorePublicAcls", alias = "ignore_public_acls")]
    _ignore_public_acls: bool,
    #[serde(rename = "BlockPublicPolicy", alias = "block_public_policy")]
    _block_public_policy: bool,
    #[serde(rename = "RestrictPublicBuckets", alias = "restrict_public_buckets")]
    restrict_public_buckets: bool,
}

/// A grant as `aws kms list-grants` prints it; names and dates do not matter.
#[derive(Debug, Deserialize)]
struct CaseGrant {
    #[serde(
        rename = "GranteePrincipal",
        alias = "GranteeServicePrincipal",
        alias = "grantee_principal",
        alias = "grantee"
    )]
    grantee: String,
    #[serde(rename = "RetiringPrincipal", alias = "retiring_principal", default)]
    retiring: Option<String>,
    #[serde(rename = "Operations", alias = "operations")]
    operations: Vec<String>,
    #[serde(rename = "Constraints", alias = "constraints", default)]
    constraints: Option<CaseConstraints>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseConstraints {
    #[serde(rename = "EncryptionContextSubset", alias = "encryption_context_subset", default)]
    subset: Option<BTreeMap<String, String>>,
    #[serde(rename = "EncryptionContextEquals", alias = "encryption_context_equals", default)]
    equals: Option<BTreeMap<String, String>>,
    #[serde(rename = "SourceArn", alias = "source_arn", default)]
    source_arn: Option<String>,
}

impl<'a> Case<'a> {
    pub fn parse(line: &'a [u8]) -> Result<Self, String> {
        if line.trim_ascii_start().first() != Some(&b'{') {
            return Err(NO_OBJECT.to_owned());
        }
        serde_json::from_slice(line).map_err(|error| format!("not a case: {}", explained(&error)))
    }

    /// The only case in a text.
    pub fn parse_only(text: &'a [u8]) -> Result<Self, String> {
        if text.trim_ascii().is_empty() {
            return Err("there is no case: nothing but blank lines".to_owned());
        }
        let values = serde_json::Deserializer::from_slice(text).into_iter::<IgnoredAny>();
        if values.take_while(Result::is_ok).take(2).count() > 1 {
            return Err("these are several cases, where one is explained at a time; `leastwise policy simulate --cases` decides them all".to_owned());
        }
        Self::parse(text)
    }

    /// Who asks, as written.
    pub fn principal(&self) -> &str {
        &self.request.principal
    }

    /// The action, as written.
    pub fn action(&self) -> &str {
        &self.request.action
    }

    pub fn name(&self) -> Option<String> {
        self.name.map(plain)
    }

    pub fn request(&self) -> Result<Request, String> {
        let given = &self.request;
        let say = |error: &dyn std::fmt::Display| error.to_string();
        let mut caller = Caller::parse(&given.principal).map_err(|e| say(&e))?;
        if let Some(role) = &given.principal_role {
            caller = caller.with_role(role).map_err(|e| format!("`principal_role`: {e}"))?;
        }
        let own = caller.account();
        let action = Action::parse(&given.action).map_err(|e| say(&e))?;
        let mut request = Request::new(caller, action, Resource::any());
        request.resources = given.resources()?;
        request.context = given.context.as_ref().map(|context| context.0.clone()).unwrap_or_default();
        request.management_account = match &given.management_account {
            Some(ManagementAccount::Is(account)) => Some(*account),
            Some(ManagementAccount::IsCallers(true)) => own,
            Some(ManagementAccount::IsCallers(false)) | None => None,
        };
        if let Some(block) = &given.s3_public_access_block {
            request.public_access_block =
                PublicAccessBlock { restrict_public_buckets: block.restrict_public_buckets };
        }
        request.kms_grants = given.kms_grants.iter().flatten().map(Into::into).collect();
        Ok(request)
    }

    /// All policies; `read` turns the text of one into a policy.
    pub fn policies(
        &self,
        mut read: impl FnMut(&str, PolicyKind) -> Result<Policy, String>,
    ) -> Result<Policies, String> {
        let given = &self.policies;
        let mut one = |text: &RawValue, kind: PolicyKind, place: &str| {
            read(text.get(), kind).map_err(|error| format!("`policies.{}{place}`: {error}", name_of(kind)))
        };
        let mut list = |texts: &[&RawValue], kind, prefix: &str| -> Result<Vec<Policy>, String> {
            let numbered = texts.iter().enumerate();
            numbered.map(|(i, text)| one(text, kind, &format!("{prefix}[{i}]"))).collect()
        };
        Ok(Policies {
            identity: list(given.identity.as_deref().unwrap_or_default(), PolicyKind::Identity, "")?,
            boundary: optional(given.boundary.as_deref(), |l| list(l, PolicyKind::Boundary, ""))?,
            session: optional(given.session.as_deref(), |l| list(l, PolicyKind::Session, ""))?,
            endpoint: optional(given.endpoint.as_deref(), |l| list(l, PolicyKind::Endpoint, ""))?,
            scp: optional(given.scp.as_deref(), |levels| {
                by_level(levels, PolicyKind::ServiceControl, &mut list)
            })?,
            rcp: optional(given.rcp.as_deref(), |levels| {
                by_level(levels, PolicyKind::ResourceControl, &mut list)
            })?,
            resource: optional(given.resource, |text| one(text, PolicyKind::Resource, ""))?,
        })
    }
}

fn by_level(
    levels: &[Vec<&RawValue>],
    kind: PolicyKind,
    list: &mut impl FnMut(&[&RawValue], PolicyKind, &str) -> Result<Vec<Policy>, String>,
) -> Result<Vec<Vec<Policy>>, String> {
    levels.iter().enumerate().map(|(i, level)| list(level, kind, &format!("[{i}]"))).collect()
}

fn optional<T, U>(
    value: Option<T>,
    change: impl FnOnce(T) -> Result<U, String>,
) -> Result<Option<U>, String> {
    value.map(change).transpose()
}

impl CaseRequest<'_> {
    fn resources(&self) -> Result<Vec<Resource>, String> {
        let several = self.resources.iter().flatten().map(String::as_str);
        let single = self.resource.as_deref().filter(|one| several.clone().all(|other| other != *one));
        let resources: Result<Vec<_>, _> = single.into_iter().chain(several).map(Resource::parse).collect();
        let resources = resources.map_err(|error| error.to_string())?;
        if resources.is_empty() {
            return Err("`request.resource` is missing; write an ARN or `*`".to_owned());
        }
        Ok(match self.resource_account {
            Some(account) => resources.into_iter().map(|resource| resource.owned_by(account)).collect(),
            None => resources,
        })
    }
}

impl From<&CaseGrant> for Grant {
    fn from(given: &CaseGrant) -> Self {
        let both = given.constraints.iter().flat_map(|constraints| {
            let equals = constraints.equals.clone().map(Constraint::Equals);
            let subset = constraints.subset.clone().map(Constraint::Subset);
            equals.into_iter().chain(subset).chain(constraints.source_arn.clone().map(Constraint::SourceArn))
        });
        let operations = given.operations.iter().map(|operation| operation.as_str().into()).collect();
        let retiring = given.retiring.as_deref().map(Into::into);
        Self { grantee: given.grantee.as_str().into(), retiring, operations, constraints: both.collect() }
    }
}

impl From<Expectation> for Verdict {
    fn from(expectation: Expectation) -> Self {
        match expectation {
            Expectation::Allowed => Self::Allowed,
            Expectation::ImplicitDeny => Self::ImplicitDeny,
            Expectation::ExplicitDeny => Self::ExplicitDeny,
        }
    }
}

/// The name in a line that is no case, if it has one.
pub(super) fn name(line: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Named<'a> {
        #[serde(borrow)]
        name: &'a RawValue,
    }
    serde_json::from_slice::<Named<'_>>(line).ok().map(|named| plain(named.name))
}

/// A name that is a text without its quotes, and any other as it is written.
fn plain(name: &RawValue) -> String {
    serde_json::from_str(name.get()).unwrap_or_else(|_| name.get().to_owned())
}

/// What is said of a line that is no object at all.
const NO_OBJECT: &str = r#"not a case: a case is a JSON object, such as `{"request": {…}, "policies": {…}}`"#;

/// A case is one line; only the column says something.
fn explained(error: &serde_json::Error) -> String {
    in_words(&error.to_string(), "an object").replace(" at line 1 column ", " at column ")
}
