//! Rules of single services that change what policies come to.

pub(crate) mod iam;
pub(crate) mod kms;
pub(crate) mod s3;
pub(crate) mod sts;

use crate::request::View;

/// True where the resource's policy has to allow the caller, so that an identity policy alone never does:
/// KMS keys and the trust policies of roles.
///
/// Source: [evaluation in an account](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html),
/// *Resource-based policies*.
pub(crate) fn resource_policy_must_allow(view: &View<'_>) -> bool {
    kms::is_about_a_key(view) || sts::is_about_trust(view)
}

/// True for an action on some resource that may be one whose policy has to allow.
pub(crate) fn resource_policy_may_have_to_allow(view: &View<'_>) -> bool {
    let action = &view.request.action;
    let is_of_such_a_kind = action.service() == "kms" || sts::is_for_roles(action.lower());
    view.resource.is_unknown() && !action.facts().account_level && is_of_such_a_kind
}

/// The services that decisions ask for by name.
pub(crate) const NAMED: [&str; 2] = ["kms", "s3"];

/// True for actions, in lower case, that a rule here names: no other action need share their decision.
pub(crate) fn has_rules_of_its_own(action: &str) -> bool {
    action.starts_with("sts:")
        || iam::CHANGES.contains(&action)
        || s3::MENDING.contains(&action)
        || kms::is_operation_of_grants(action)
}
